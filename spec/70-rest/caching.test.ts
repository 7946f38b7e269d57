import { expect } from 'vitest'
import { everyDatabaseOf } from '../harness.ts'
import { cinema, rows } from './films.ts'

const everyDatabase = everyDatabaseOf({ backend: cinema, rows, people: {} })

everyDatabase('a row that has not changed is not sent again, and one that has is', async ({ ask, sql }) => {
  const first = await ask('/rest/v1/marks/1')
  const tag = first.headers['etag'] ?? ''
  const known = { headers: { 'if-none-match': tag } }
  expect(await ask('/rest/v1/marks/1', known)).toMatchObject({ status: 304, text: '', headers: { etag: tag } })
  await sql(`UPDATE marks SET name = 'another' WHERE id = 1`)
  const second = await ask('/rest/v1/marks/1', known)
  expect(second).toMatchObject({ status: 200, body: { id: 1, name: 'another' } })
  expect(second.headers['etag']).not.toBe(tag)
})

everyDatabase('each form of a row has a tag of its own', async ({ ask }) => {
  const tags = await Promise.all(
    ['/rest/v1/marks/2', '/rest/v1/marks/2?select=name', '/rest/v1/marks/3'].map(async (path) => (await ask(path)).headers['etag']),
  )
  const csv = (await ask('/rest/v1/marks/2', { headers: { accept: 'text/csv' } })).headers['etag']
  expect(new Set([...tags, csv]).size).toBe(4)
})

everyDatabase('HEAD of a row has the tag of GET', async ({ ask }) => {
  const { headers } = await ask('/rest/v1/marks/2')
  expect(await ask('/rest/v1/marks/2', { method: 'HEAD' })).toMatchObject({ status: 200, text: '', headers })
})

everyDatabase('a list is tagged for a client that asks with a tag', async ({ ask }) => {
  expect((await ask('/rest/v1/marks')).headers['etag']).toBeUndefined()
  const { headers } = await ask('/rest/v1/marks', { headers: { 'if-none-match': '""' } })
  expect(await ask('/rest/v1/marks', { headers: { 'if-none-match': headers['etag'] ?? '' } })).toMatchObject({ status: 304, text: '' })
})

everyDatabase('If-Match wants this very representation', async ({ ask }) => {
  const { headers } = await ask('/rest/v1/marks/2')
  expect((await ask('/rest/v1/marks/2', { headers: { 'if-match': headers['etag'] ?? '' } })).status).toBe(200)
  expect(await ask('/rest/v1/marks/2', { headers: { 'if-match': '"other"' } })).toMatchObject({
    status: 412,
    body: { code: 'precondition_failed' },
  })
})
