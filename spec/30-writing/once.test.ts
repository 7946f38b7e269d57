/** `Idempotency-Key`: a write that is sent again is done once, and answered as it was the first time. */
import { expect } from 'vitest'
import { everyDatabase, task, type Written } from './world.ts'

const rep = 'return=representation'
const project = { id: 5, owner_id: 1, code: 'BENCH-5', title: 'Bench' }
let last = 0
/** A key that nobody has used. */
const fresh = (): string => `00000000-0000-4000-8000-${String((last += 1)).padStart(12, '0')}`
const keyed = (key: string): Record<string, string> => ({ 'idempotency-key': key })

everyDatabase('the same request with the same key is done once, and answered as it was', async ({ send, held }) => {
  const again = keyed(fresh())
  const first = await send('ann', 'POST', 'projects?select=id,title', project, `${rep}, count=exact`, again)
  expect(first).toMatchObject({ status: 201, body: [{ id: 5, title: 'Bench' }], headers: { 'content-range': '*/1' } })
  expect(first.headers['idempotent-replayed']).toBeUndefined()
  const second = await send('ann', 'POST', 'projects?select=id,title', project, `${rep}, count=exact`, again)
  expect(second).toEqual({ ...first, headers: { ...first.headers, 'idempotent-replayed': 'true' } })
  expect(await held('projects?id=eq.5&select=id')).toEqual([{ id: 5 }])
})

everyDatabase('without a key it is done again', async ({ send }) => {
  expect(await send('ann', 'POST', 'projects', project)).toMatchObject({ status: 201 })
  expect(await send('ann', 'POST', 'projects', project)).toMatchObject({ status: 409, body: { code: '23505' } })
})

everyDatabase('a failure is not kept: when it is mended, the same request goes through', async ({ send, sql }) => {
  const again = keyed(fresh())
  const taken = { ...project, code: 'SHED-1' }
  expect(await send('ann', 'POST', 'projects', taken, undefined, again)).toMatchObject({ status: 409, body: { code: '23505' } })
  await sql(`UPDATE projects SET code = 'SHED-2' WHERE id = 1`)
  expect(await send('ann', 'POST', 'projects', taken, undefined, again)).toMatchObject({ status: 201 })
})

everyDatabase('the same key with another body is refused', async ({ send, held }) => {
  const again = keyed(fresh())
  await send('ann', 'POST', 'projects', project, undefined, again)
  const other = await send('ann', 'POST', 'projects', { ...project, id: 6, code: 'BENCH-6' }, undefined, again)
  expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
  expect(await held('projects?id=eq.6')).toEqual([])
})

everyDatabase('a key belongs to who asks, to the method, the URL and the headers that shape the answer', async ({ send, held }) => {
  const again = keyed(fresh())
  const words = { words: 'Hello' }
  await send('ann', 'POST', 'messages', words, undefined, again)
  await send('bob', 'POST', 'messages', words, undefined, again)
  await send('service', 'POST', 'messages', words, undefined, again)
  await send('ann', 'POST', 'messages?columns=words', words, undefined, again)
  await send('ann', 'POST', 'messages', words, 'missing=default', again)
  expect(await held('messages?select=count()')).toEqual([{ count: 5 }])
  await send('ann', 'POST', 'messages', words, undefined, again)
  expect(await held('messages?select=count()')).toEqual([{ count: 5 }])
})

everyDatabase('a stranger’s key must be one that nobody guesses', async ({ send, held }) => {
  for (const weak of ['1', 'order-42', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'abcdef0123456789']) {
    expect(await send('stranger', 'POST', 'messages', { words: 'Hi' }, undefined, keyed(weak))).toMatchObject({
      status: 400,
      body: { code: 'weak_idempotency_key', hint: 'Make it anew for each thing that is done: crypto.randomUUID().' },
    })
  }
  const strong = keyed(crypto.randomUUID())
  for (const _ of [1, 2])
    expect(await send('stranger', 'POST', 'messages', { words: 'Hi' }, undefined, strong)).toMatchObject({ status: 201 })
  expect(await held('messages?select=count()')).toEqual([{ count: 1 }])
})

everyDatabase('a key is visible ASCII, with quotes or without', async ({ send, held }) => {
  for (const bad of ['', 'ü', 'a b', 'x'.repeat(256)])
    expect(await send('ann', 'POST', 'messages', { words: 'Hi' }, undefined, keyed(bad))).toMatchObject({
      status: 400,
      body: { code: 'bad_request' },
    })
  await send('ann', 'POST', 'messages', { words: 'Hi' }, undefined, keyed('"quoted"'))
  await send('ann', 'POST', 'messages', { words: 'Hi' }, undefined, keyed('quoted'))
  expect(await held('messages?select=count()')).toEqual([{ count: 1 }])
})

everyDatabase('of two that come at once one is done, and the other is told so', async ({ send, held }) => {
  const again = keyed(fresh())
  const answers = await Promise.all(Array.from({ length: 6 }, () => send('ann', 'POST', 'messages', { words: 'Once' }, undefined, again)))
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
  expect(answers.find(({ status }) => status !== 201)).toMatchObject({
    status: 409,
    body: { code: 'idempotency_key_running' },
    headers: { 'retry-after': '1' },
  })
  expect(await held('messages?select=count()')).toEqual([{ count: 1 }])
})

everyDatabase('changes and deletions are done once, too', async ({ send, held }) => {
  const change = keyed(fresh())
  const changed = await send('ann', 'PATCH', 'tasks?points=lt.5&select=title,points', { points: 13 }, rep, change)
  expect(changed.body).toEqual([{ title: 'Floor', points: 13 }])
  await send('ann', 'PATCH', `tasks?id=eq.${task('a1')}`, { points: 1 })
  const rechanged = await send('ann', 'PATCH', 'tasks?points=lt.5&select=title,points', { points: 13 }, rep, change)
  expect(rechanged).toMatchObject({ body: changed.body, headers: { 'idempotent-replayed': 'true' } })
  expect(await held(`tasks?id=eq.${task('a1')}&select=points`)).toEqual([{ points: 1 }])

  const path = `tasks/${task('a1')}`
  const removal = keyed(fresh())
  expect(await send('ann', 'DELETE', path, undefined, undefined, removal)).toMatchObject({ status: 204 })
  expect(await send('ann', 'DELETE', path, undefined, undefined, removal)).toMatchObject({
    status: 204,
    headers: { 'idempotent-replayed': 'true' },
  })
  expect(await send('ann', 'DELETE', path)).toMatchObject({ status: 404 })
})

everyDatabase('one row at its own address, under a condition that held the first time', async ({ send, ask }) => {
  const path = `tasks/${task('a1')}?select=title,points`
  const { headers } = await ask(`/rest/v1/${path}`, { as: 'ann' })
  const again = { ...keyed(fresh()), 'if-match': String(headers['etag']) }
  const first = await send('ann', 'PATCH', path, { points: 21 }, rep, again)
  expect(first).toMatchObject({ status: 200, body: { title: 'Floor', points: 21 } })
  const second = await send('ann', 'PATCH', path, { points: 21 }, rep, again)
  expect(second).toMatchObject({ status: 200, text: first.text, headers: { etag: first.headers['etag'], 'idempotent-replayed': 'true' } })
})

everyDatabase('a rehearsal keeps nothing', async ({ send, held }) => {
  const again = keyed(fresh())
  await send('ann', 'POST', 'projects', project, 'tx=rollback', again)
  expect(await send('ann', 'POST', 'projects', project, 'tx=rollback', again)).toMatchObject({ status: 201 })
  expect(await held('projects?id=eq.5')).toEqual([])
})

// ── What may be read today ──

/** Bob writes a task of Ann's project and is then put out of it. */
async function afterLeaving(
  { send, sql }: Written,
  method: string,
  path: string,
  body: unknown,
): Promise<readonly [first: unknown, again: unknown]> {
  const again = keyed(fresh())
  const first = await send('bob', method, path, body, rep, again)
  await sql('DELETE FROM members WHERE person_id = 2')
  const second = await send('bob', method, path, body, rep, again)
  expect(second.headers['idempotent-replayed']).toBe('true')
  return [first.body, second.body]
}

everyDatabase('rows that may not be read any more do not come again', async (here) => {
  const body = { project_id: 1, title: 'Door' }
  expect(await afterLeaving(here, 'POST', 'tasks?select=title', body)).toEqual([[{ title: 'Door' }], []])
})

everyDatabase('nor do changed ones', async (here) => {
  expect(await afterLeaving(here, 'PATCH', 'tasks?title=eq.Floor&select=title,points', { points: 4 })).toEqual([
    [{ title: 'Floor', points: 4 }],
    [],
  ])
})

everyDatabase('nor deleted ones of which others said who may read them', async (here) => {
  expect(await afterLeaving(here, 'DELETE', 'tasks?title=eq.Floor&select=title', undefined)).toEqual([[{ title: 'Floor' }], []])
})

everyDatabase('a deleted row of which nothing but itself said who may read it comes again', async ({ send }) => {
  const again = keyed(fresh())
  const path = 'notices?id=eq.1&select=words'
  const first = await send('service', 'DELETE', path, undefined, rep, again)
  const second = await send('service', 'DELETE', path, undefined, rep, again)
  expect([first.body, second.body]).toEqual([[{ words: 'Closed on Sundays' }], [{ words: 'Closed on Sundays' }]])
})

everyDatabase('what a row shows of others is what may be read of them today', async ({ send, sql }) => {
  const again = keyed(fresh())
  const ask = (): Promise<unknown> =>
    send('ann', 'POST', 'projects?select=id,parent(title)', { ...project, parent_id: 2 }, rep, again).then(({ body }) => body)
  expect(await ask()).toEqual([{ id: 5, parent: { title: 'Boat' } }])
  await sql('UPDATE projects SET owner_id = 4 WHERE id = 2')
  expect(await ask()).toEqual([{ id: 5, parent: null }])
})

everyDatabase('a row that somebody changed meanwhile comes as it was answered', async ({ send, sql }) => {
  const again = keyed(fresh())
  const ask = (): Promise<unknown> => send('ann', 'POST', 'projects?select=id,title', project, rep, again).then(({ body }) => body)
  await ask()
  await sql(`UPDATE projects SET title = 'Another' WHERE id = 5`)
  expect(await ask()).toEqual([{ id: 5, title: 'Bench' }])
})

everyDatabase('after a day the key is free', async ({ send, sql, held }) => {
  const again = keyed(fresh())
  await send('ann', 'POST', 'messages', { words: 'Daily' }, undefined, again)
  await sql(`UPDATE plinth_answers SET made_at = '2026-11-20T11:59:59.000000+00:00'`)
  await send('ann', 'POST', 'messages', { words: 'Daily' }, undefined, again)
  expect(await held('messages?select=count()')).toEqual([{ count: 2 }])
  await send('ann', 'POST', 'messages', { words: 'Daily' }, undefined, again)
  expect(await held('messages?select=count()')).toEqual([{ count: 2 }])
})
