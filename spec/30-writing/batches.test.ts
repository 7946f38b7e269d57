/** Batches: several operations in one request and one transaction, later ones with what earlier ones answered. */
import { expect } from 'vitest'
import type { Answered } from '../harness.ts'
import { everyDatabase, task, type Written } from './world.ts'

const TYPE = 'application/vnd.plinth.batch+json'
const rep = { Prefer: 'return=representation' }
const project = { id: 5, owner_id: 1, code: 'BENCH-5', title: 'Bench' }

type Somebody = Parameters<Written['send']>[0]
const batch = (
  { send }: Written,
  operations: unknown,
  { as = 'ann', prefer, key }: { readonly as?: Somebody; readonly prefer?: string; readonly key?: string } = {},
): Promise<Answered> =>
  send(as, 'POST', '', operations === undefined ? undefined : { operations }, prefer, {
    'content-type': TYPE,
    ...(key && { 'idempotency-key': key }),
  })

everyDatabase('several operations are answered together, each as it would be alone', async (here) => {
  const answered = await batch(here, [
    { id: 'made', method: 'POST', path: 'projects?select=id,budget', headers: rep, body: { ...project, budget: '12.50' } },
    { method: 'PATCH', path: 'projects?id=eq.5', body: { title: 'Long bench' } },
    { method: 'GET', path: 'projects?id=eq.5&select=title', headers: { Accept: 'application/vnd.pgrst.object+json' } },
    { method: 'DELETE', path: 'projects/5' },
  ])
  expect(answered).toMatchObject({ status: 200, headers: { 'content-type': `${TYPE}; charset=utf-8` } })
  expect(answered.text).toContain('{"id":"made","status":201,')
  expect(answered.text).toContain('"body":[{"id":5,"budget":12.50}]')
  expect(answered.body).toMatchObject({
    results: [
      { id: 'made', status: 201, headers: { 'Preference-Applied': 'return=representation' } },
      { status: 204, body: null, headers: { 'Content-Range': '0-0/*' } },
      { status: 200, body: { title: 'Long bench' } },
      { status: 204, body: null },
    ],
  })
  expect(await here.held('projects?id=eq.5')).toEqual([])
})

everyDatabase('a later one may use what an earlier one answered, in its body, its path and its filters', async (here) => {
  const answered = await batch(here, [
    { id: 'parent', method: 'POST', path: 'projects?select=id,code,title', headers: rep, body: project },
    {
      id: 'part',
      method: 'POST',
      path: 'projects?select=id',
      headers: rep,
      body: { ...project, id: 6, code: 'BENCH-6', parent_id: { $ref: 'parent/0/id' } },
    },
    {
      method: 'POST',
      path: 'tasks',
      body: [
        { project_id: { $ref: '1/0/id' }, title: 'Saw', details: { of: [{ $ref: 'parent/0/title' }], as: { $value: { $ref: 'x' } } } },
      ],
    },
    { method: 'PATCH', path: 'projects/${part/0/id}', body: { title: 'Leg' } },
    { method: 'GET', path: 'projects?code=eq.${parent/0/code}&select=title,parts(title)' },
  ])
  expect(answered.body).toMatchObject({ results: [{}, {}, {}, { status: 204 }, { body: [{ title: 'Bench', parts: [{ title: 'Leg' }] }] }] })
  expect(await here.held('tasks?title=eq.Saw&select=project_id,details')).toEqual([
    { project_id: 6, details: { of: ['Bench'], as: { $ref: 'x' } } },
  ])
})

everyDatabase('where one fails nothing of the others is kept, and the failure says which it was', async (here) => {
  const before = await here.held('projects?select=id,title&order=id')
  const failed = await batch(here, [
    { method: 'POST', path: 'projects', body: project },
    { method: 'PATCH', path: 'projects?id=eq.1', body: { title: 'Renamed' } },
    { id: 'double', method: 'POST', path: 'projects', body: { ...project, id: 7 } },
    { method: 'DELETE', path: 'projects?id=eq.1' },
  ])
  expect(failed).toMatchObject({ status: 409, body: { code: '23505', operation: 'double', message: expect.stringContaining('unique') } })
  expect(await here.held('projects?select=id,title&order=id')).toEqual(before)
  const nameless = await batch(here, [{ path: 'notices' }, { path: 'nowhere' }])
  expect(nameless).toMatchObject({ status: 404, body: { code: 'PGRST205', operation: '1' } })
})

everyDatabase('rules hold for each, and what may not be read cannot be referred to', async (here) => {
  expect(await batch(here, [{ method: 'POST', path: 'notices', body: { id: 2, words: 'Mine' } }])).toMatchObject({
    status: 403,
    body: { code: '42501' },
  })
  const unseen = await batch(here, [
    { id: 'left', method: 'POST', path: 'messages', headers: rep, body: { words: 'Hello' } },
    { method: 'GET', path: 'tasks?id=eq.${left/0/id}' },
  ])
  expect(unseen).toMatchObject({
    status: 400,
    body: { code: 'PGRST102', operation: '1', message: '"left/0/id" is not in what was answered' },
  })
  const others = await batch(here, [
    { id: 'all', path: 'projects?select=id,title&order=id' },
    { method: 'PATCH', path: 'projects?id=eq.9', body: { title: 'Taken' }, headers: { prefer: 'count=exact' } },
  ])
  expect(others.body).toMatchObject({ results: [{ body: [{ id: 1 }, { id: 2 }] }, { headers: { 'Content-Range': '*/0' } }] })
})

everyDatabase('a rehearsal answers all of it and keeps none', async (here) => {
  const answered = await batch(here, [{ method: 'POST', path: 'projects?select=id', headers: rep, body: project }], {
    prefer: 'tx=rollback',
  })
  expect(answered).toMatchObject({
    status: 200,
    headers: { 'preference-applied': 'tx=rollback' },
    body: { results: [{ body: [{ id: 5 }] }] },
  })
  expect(await here.held('projects?id=eq.5')).toEqual([])
})

everyDatabase('with a key it is done once, and answered again as far as it may be read', async (here) => {
  const operations = [
    { id: 'task', method: 'POST', path: 'tasks?select=id,title', headers: rep, body: { project_id: 1, title: 'Door' } },
    { method: 'PATCH', path: 'tasks?id=eq.${task/0/id}', body: { points: 2 }, headers: { prefer: 'count=exact' } },
  ]
  const once = { as: 'bob', key: 'batch-1' } as const
  const first = await batch(here, operations, once)
  expect(first).toMatchObject({
    status: 200,
    body: { results: [{ body: [{ title: 'Door' }] }, { headers: { 'Content-Range': '0-0/1' } }] },
  })
  const again = await batch(here, operations, once)
  expect(again.headers['idempotent-replayed']).toBe('true')
  expect(again.body).toMatchObject({ results: [{ body: Object(first.body).results[0].body }, { headers: { 'Content-Range': '0-0/1' } }] })
  await here.sql('DELETE FROM members WHERE person_id = 2')
  expect(await batch(here, operations, once)).toMatchObject({ status: 200, body: { results: [{ body: [] }, {}] } })
  expect(await here.held('tasks?title=eq.Door&select=points')).toEqual([{ points: 2 }])
  expect(await batch(here, operations.slice(0, 1), once)).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
})

everyDatabase('each row under a condition, one at its own address', async (here) => {
  const { headers } = await here.ask(`/rest/v1/tasks/${task('a1')}`, { as: 'ann' })
  const patch = (etag: string): object => ({
    method: 'PATCH',
    path: `tasks/${task('a1')}`,
    headers: { 'If-Match': etag },
    body: { points: 5 },
  })
  expect(await batch(here, [patch(String(headers['etag'])), patch(String(headers['etag']))])).toMatchObject({
    status: 412,
    body: { code: 'precondition_failed', operation: '1' },
  })
  expect(await here.held(`tasks?id=eq.${task('a1')}&select=points`)).toEqual([{ points: 3 }])
  expect(await batch(here, [patch(String(headers['etag']))])).toMatchObject({ status: 200 })
})

everyDatabase('numbers keep every digit on their way from one operation to another', async (here) => {
  const answered = await batch(here, [
    {
      id: 'a',
      method: 'POST',
      path: 'tasks?select=points',
      headers: rep,
      body: { project_id: 1, title: 'Big', points: '9007199254740993' },
    },
    { method: 'POST', path: 'tasks?select=points', headers: rep, body: { project_id: 1, title: 'Bigger', points: { $ref: 'a/0/points' } } },
  ])
  expect(answered.text.match(/9007199254740993/g)).toHaveLength(2)
})

everyDatabase('what is no batch is refused, and says what one looks like', async (here) => {
  const refused = async (body: unknown): Promise<unknown> =>
    (await here.send('ann', 'POST', '', body, undefined, { 'content-type': TYPE })).body
  for (const body of ['', '{', '[]', '{}', '{"operations":[]}', '{"operations":{}}', '{"operations":[{}],"more":1}'])
    expect(await refused(body)).toMatchObject({ code: 'PGRST102', status: 400 })
  const wrong: readonly (readonly [object, string])[] = [
    [{ path: 'a', verb: 'GET' }, 'Operation 0 has a member "verb" that is not known or is there twice'],
    [{ path: 'a', method: 'OPTIONS' }, 'Operation 0 has a method that is not there: OPTIONS'],
    [{ path: '/rest/v1/a' }, 'Operation 0 has no path of a table or function'],
    [{ path: '' }, 'Operation 0 has no path of a table or function'],
    [{ path: 5 }, 'Operation 0, path is no text'],
    [{ path: 'a', id: '0' }, 'Operation 0 has an id that is no word'],
    [{ path: 'a', headers: { Authorization: 'x' } }, "Operation 0 has the header authorization, which is the batch's to send"],
  ]
  for (const [operation, message] of wrong)
    expect(await batch(here, [operation])).toMatchObject({ status: 400, body: { code: 'PGRST102', message } })
  expect(
    await batch(here, [
      { path: 'a', id: 'x' },
      { path: 'a', id: 'x' },
    ]),
  ).toMatchObject({ body: { message: 'Two operations are called "x"' } })
  expect(await batch(here, [{ path: 'tasks?id=eq.${later/0}' }, { id: 'later', path: 'tasks' }])).toMatchObject({
    status: 400,
    body: { message: 'Nothing that was asked before is called "later"' },
  })
  expect(await here.send('ann', 'POST', '', { operations: [] })).toMatchObject({ status: 404, body: { code: 'PGRST125' } })
})
