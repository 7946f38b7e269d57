/** Handlers of plain HTTP: a Request in, a Response out, at /functions/v1/<name>. */
import { createClient } from '@supabase/supabase-js'
import { expect } from 'vitest'
import { credentials, urlOf } from '../listening.ts'
import { everyDatabase, left } from './world.ts'

everyDatabase('a handler is given the request as it was sent, and its response goes out as it is', async ({ ask }) => {
  const answered = await ask('/functions/v1/hook/deeper?x=1', {
    as: 'ann',
    method: 'PUT',
    headers: { host: 'shop.example', 'x-kind': 'test', 'content-type': 'text/plain' },
    body: 'some words',
  })
  expect(answered).toMatchObject({ status: 202, headers: { 'content-type': 'application/json', 'x-hook': 'yes' } })
  expect(answered.body).toEqual({
    method: 'PUT',
    url: 'http://shop.example/functions/v1/hook/deeper?x=1',
    header: 'test',
    sent: 'some words',
    who: 'user',
    names: [{ name: 'Ann' }],
  })
})

everyDatabase('headers that are the server’s own are not the handler’s to say', async (here) => {
  const response = await fetch(`${await urlOf(here)}/functions/v1/hook`, { headers: credentials(here, 'ann') })
  expect(response.status).toBe(202)
  expect(response.headers.get('x-request-id')).not.toBe('mine')
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
})

everyDatabase('cookies stay one header each', async (here) => {
  const response = await fetch(`${await urlOf(here)}/functions/v1/cookies`, { headers: credentials(here, 'ann') })
  expect(response.headers.getSetCookie()).toEqual(['a=1; HttpOnly', 'b=2'])
  expect([response.headers.get('content-type'), await response.text()]).toEqual(['text/html', '<p>hello'])
})

everyDatabase('a handler that is not there, that this asker may not call, or that is a function, is not found', async ({ ask }) => {
  for (const path of ['cookies', 'nothing', 'transfer', '', 'co%6Fkies']) {
    expect(await ask(`/functions/v1/${path}`)).toMatchObject({ status: 404, body: { code: 'PGRST202' } })
  }
  expect(await ask('/functions/v1/%zz')).toMatchObject({ status: 400, body: { code: 'bad_request' } })
})

everyDatabase('a body may come by pieces, for as long as the client listens', async (here) => {
  const url = `${await urlOf(here)}/functions/v1/ticks`
  Object.assign(left, { ticks: 0, cancelled: 0 })
  const whole = await fetch(url, { headers: credentials(here, 'ann') })
  expect(await whole.text()).toBe('tick [{"name":"Ann"}]\n'.repeat(3))
  expect(left.ticks).toBe(3)

  left.ticks = 10
  const gone = new AbortController()
  const cut = await fetch(url, { headers: credentials(here, 'ann'), signal: gone.signal })
  await cut.body?.getReader().read()
  gone.abort()
  await expect.poll(() => left.cancelled).toBe(1)
})

everyDatabase('a handler that fails is told as any failure is', async ({ ask }) => {
  expect(await ask('/functions/v1/refuses')).toMatchObject({ status: 418, body: { code: 'teapot', message: 'I am a teapot.' } })
  expect(await ask('/functions/v1/no_response')).toMatchObject({ status: 500, body: { code: 'XX000' } })
})

everyDatabase('supabase-js invokes it', async (here) => {
  const client = createClient(await urlOf(here), here.backend.keys.publishable, { auth: { persistSession: false } })
  const invoked = await client.functions.invoke('hook', { body: { a: 1 }, headers: { Authorization: `Bearer ${here.as.ann}` } })
  expect(invoked.data).toMatchObject({ method: 'POST', sent: '{"a":1}', who: 'user' })
  const failed = await client.functions.invoke('refuses')
  expect(failed.error).toMatchObject({ name: 'FunctionsHttpError' })
  expect(failed.response?.status).toBe(418)
})
