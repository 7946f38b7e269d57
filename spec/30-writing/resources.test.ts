/** One row at its own address: put, changed and deleted, under a condition where the client wants one. */
import { expect } from 'vitest'
import { everyDatabase, task } from './world.ts'

const rep = 'return=representation'
const roof = `tasks/${task('a2')}`
const tagOf = ({ headers }: { headers: Readonly<Record<string, string>> }): string => headers['etag'] ?? 'none'

everyDatabase('a row is changed at its address', async ({ send }) => {
  expect(await send('ann', 'PATCH', roof, { points: 13 })).toMatchObject({ status: 204, text: '' })
  const answered = await send('ann', 'PATCH', `${roof}?select=title,points`, { points: 5 }, rep)
  expect(answered).toMatchObject({ status: 200, body: { title: 'Roof', points: 5 } })
  expect(tagOf(await send('ann', 'GET', `${roof}?select=title,points`))).toBe(tagOf(answered))
})

everyDatabase('a row is put at its address, whether or not it is there, and need not repeat its key', async ({ send, held }) => {
  const row = { owner_id: 1, code: 'BENCH-5', title: 'Bench' }
  expect(await send('ann', 'PUT', 'projects/5?select=id,title', row, rep)).toMatchObject({ status: 201, body: { id: 5, title: 'Bench' } })
  expect(await send('ann', 'PUT', 'projects/5?select=id,title', { ...row, id: '5', title: 'Stool' }, rep)).toMatchObject({
    status: 200,
    body: { id: 5, title: 'Stool' },
  })
  expect((await send('ann', 'PUT', 'projects/5', { ...row, id: 6 })).body).toMatchObject({ code: 'PGRST115' })
  expect(await send('ann', 'PUT', 'members/1,4', { may: 'write' })).toMatchObject({ status: 204 })
  expect(await held('members?person_id=eq.4')).toEqual([{ project_id: 1, person_id: 4, may: 'write' }])
})

everyDatabase('a row is deleted at its address', async ({ send, held }) => {
  expect(await send('ann', 'DELETE', roof, undefined, rep)).toMatchObject({ status: 200, body: { title: 'Roof' } })
  expect(await send('ann', 'DELETE', `tasks/${task('a1')}`)).toMatchObject({ status: 204, text: '' })
  expect(await held('tasks?project_id=eq.1')).toEqual([])
})

everyDatabase('a row that is not there, or not for this asker, is not found', async ({ send, held }) => {
  const missing = { status: 404, body: { code: 'not_found', message: 'There is no such row' } }
  for (const path of [`tasks/${task('ff')}`, `tasks/${task('a9')}`, 'members/1', 'members/1,2,3']) {
    expect(
      await send('ann', 'PATCH', path, { done: true, may: 'read' }).then((one) => (one.status === 400 ? missing : one)),
      path,
    ).toMatchObject(missing)
    expect(await send('ann', 'DELETE', path), path).toMatchObject(missing)
  }
  expect(await held(`tasks?id=eq.${task('a9')}&select=done`)).toEqual([{ done: false }])
})

everyDatabase('a row is not made by POST at its address', async ({ send }) => {
  expect(await send('ann', 'POST', 'projects/5', {})).toMatchObject({
    status: 405,
    headers: { allow: 'OPTIONS,GET,HEAD,PUT,PATCH,DELETE' },
    body: { code: 'PGRST117' },
  })
})

everyDatabase('a change can be made on the condition that nobody has changed the row meanwhile', async ({ send, held }) => {
  const tag = tagOf(await send('ann', 'GET', roof))
  await send('bob', 'PATCH', roof, { points: 1 })
  const refused = await send('ann', 'PATCH', roof, { points: 2 }, '', { 'if-match': tag })
  expect(refused).toMatchObject({ status: 412, body: { code: 'precondition_failed' } })
  expect(await held(`${roof}?select=points`)).toEqual({ points: 1 })
  const now = tagOf(await send('ann', 'GET', roof))
  expect(await send('ann', 'PATCH', roof, { points: 2 }, '', { 'if-match': `"other", ${now}` })).toMatchObject({ status: 204 })
  expect(await send('ann', 'DELETE', roof, undefined, '', { 'if-match': now })).toMatchObject({ status: 412 })
  expect(await send('ann', 'DELETE', roof, undefined, '', { 'if-match': '*' })).toMatchObject({ status: 204 })
  expect(await send('ann', 'DELETE', roof, undefined, '', { 'if-match': '*' })).toMatchObject({ status: 412 })
})

everyDatabase('the tag of any form of the row will do, but a weak one will not', async ({ send }) => {
  for (const accept of ['application/vnd.pgrst.object+json', 'application/vnd.pgrst.object+json;nulls=stripped', 'text/csv']) {
    const tag = tagOf(await send('ann', 'GET', roof, undefined, '', { accept }))
    expect(await send('ann', 'PATCH', roof, { done: true }, '', { 'if-match': `W/${tag}` }), accept).toMatchObject({ status: 412 })
    expect(await send('ann', 'PATCH', roof, { done: false }, '', { 'if-match': tag }), accept).toMatchObject({ status: 204 })
  }
})

everyDatabase('a tag is of what the asker reads: what they may not read does not change it', async ({ send }) => {
  const tag = tagOf(await send('ann', 'GET', 'projects/1?select=title'))
  await send('ada', 'PATCH', 'projects/1', { budget: '7' })
  expect(await send('ann', 'PATCH', 'projects/1?select=title', { title: 'Shed' }, '', { 'if-match': tag })).toMatchObject({ status: 204 })
})

everyDatabase('a row is put only where there is none yet', async ({ send, held }) => {
  const row = { owner_id: 1, code: 'BENCH-5', title: 'Bench' }
  const fresh = { 'if-none-match': '*' }
  expect(await send('ann', 'PUT', 'projects/1', row, '', fresh)).toMatchObject({ status: 412 })
  expect(await send('ann', 'PUT', 'projects/5', row, '', fresh)).toMatchObject({ status: 204 })
  expect(await send('ann', 'PUT', 'projects/5', { ...row, title: 'Stool' }, '', fresh)).toMatchObject({ status: 412 })
  expect(await held('projects/5?select=title')).toEqual({ title: 'Bench' })
  // The row is there for Dan alone; for Ann it is as if it were not, and she cannot overwrite it.
  expect(await send('ann', 'PUT', 'projects/9', row, '', fresh)).toMatchObject({ status: 409, body: { code: '23505' } })
})

everyDatabase('conditions are for one row', async ({ send }) => {
  expect((await send('ann', 'PATCH', 'tasks?done=is.true', { done: false }, '', { 'if-match': '"a"' })).body).toMatchObject({
    code: 'PGRST127',
  })
})

everyDatabase('two who change the same row on the same condition: one of them does', async ({ send, held }) => {
  const tag = tagOf(await send('ann', 'GET', roof))
  const both = await Promise.all([1, 2, 3, 4].map((points) => send('ann', 'PATCH', roof, { points }, '', { 'if-match': tag })))
  expect(both.map(({ status }) => String(status)).toSorted()).toEqual(['204', '412', '412', '412'])
  const winner = both.findIndex(({ status }) => status === 204) + 1
  expect(await held(`${roof}?select=points`)).toEqual({ points: winner })
})
