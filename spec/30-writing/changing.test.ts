/** Changing and deleting rows by filters: which are touched, how many, what comes back. */
import { expect } from 'vitest'
import { everyDatabase, task } from './world.ts'

const rep = 'return=representation'

everyDatabase('a change touches the rows that match, and tells how many they were', async ({ send, held }) => {
  const answered = await send('ann', 'PATCH', 'tasks?project_id=eq.1', { done: true }, 'count=exact')
  expect(answered).toMatchObject({ status: 204, text: '', headers: { 'content-range': '0-1/2' } })
  expect(await held('tasks?done=is.true&select=title&order=title')).toEqual([{ title: 'Floor' }, { title: 'Roof' }])
})

everyDatabase('changed rows come back as they are now, by the key or in the order that is asked for', async ({ send }) => {
  const answered = await send(
    'ann',
    'PATCH',
    'tasks?project_id=eq.1&select=title,done,assignee(name)&order=title.desc',
    { done: true },
    rep,
  )
  expect(answered).toMatchObject({ status: 200, headers: { 'content-range': '0-1/*' } })
  expect(answered.body).toEqual([
    { title: 'Roof', done: true, assignee: null },
    { title: 'Floor', done: true, assignee: { name: 'Bob' } },
  ])
})

everyDatabase('no row that matches is no failure', async ({ send }) => {
  expect(await send('ann', 'PATCH', 'tasks?title=eq.Cellar', { done: true }, rep)).toMatchObject({
    status: 200,
    body: [],
    headers: { 'content-range': '*/*' },
  })
  expect(await send('ann', 'DELETE', 'tasks?title=eq.Cellar')).toMatchObject({ status: 204, headers: { 'content-range': '*/*' } })
})

everyDatabase('nothing is changed by nothing', async ({ send, held }) => {
  const before = await held('tasks')
  for (const body of [{}, [], [{}]]) {
    expect(await send('ann', 'PATCH', 'tasks', body)).toMatchObject({ status: 204, headers: { 'content-range': '*/*' } })
    expect(await send('ann', 'PATCH', 'tasks', body, rep)).toMatchObject({ status: 200, body: [] })
  }
  expect(await held('tasks')).toEqual(before)
})

everyDatabase('without a filter every row is changed that the asker may change', async ({ send, held }) => {
  await send('bob', 'PATCH', 'tasks', { points: 1 })
  expect(await held('tasks?select=title,points&order=title')).toEqual([
    { title: 'CANARY', points: null },
    { title: 'Floor', points: 1 },
    { title: 'Roof', points: 1 },
  ])
})

everyDatabase('a value is set to NULL, or to its default where that is asked for', async ({ send }) => {
  await send('ann', 'PATCH', 'projects?id=eq.2', { state: 'open' })
  const path = 'projects?id=eq.2&columns=state,parent_id&select=state,parent_id'
  const answered = await send('ann', 'PATCH', path, { parent_id: null }, `${rep}, missing=default`)
  expect(answered).toMatchObject({
    body: [{ state: 'draft', parent_id: null }],
    headers: { 'preference-applied': `missing=default, ${rep}` },
  })
})

everyDatabase('a key can be changed, and the row is given back under the new one', async ({ send }) => {
  expect((await send('ann', 'PATCH', 'projects?id=eq.2&select=id,title', { id: 22 }, rep)).body).toEqual([{ id: 22, title: 'Boat' }])
  expect((await send('ann', 'PATCH', 'projects?id=eq.22', { id: 1 })).body).toMatchObject({ code: '23505' })
})

everyDatabase('the time of the last change is kept by the database', async ({ send, held, sql }) => {
  await sql(`UPDATE "projects" SET "updated_at" = '2020-01-01T00:00:00.000000+00:00', "created_at" = '2020-01-01T00:00:00.000000+00:00'`)
  await send('ann', 'PATCH', 'projects?id=eq.1', { title: 'Shed' })
  const [row] = (await held('projects?id=eq.1&select=created_at,updated_at')) as { created_at: string; updated_at: string }[]
  expect(row?.created_at).toBe('2020-01-01T00:00:00.000000+00:00')
  expect(Date.parse(row?.updated_at ?? '')).toBeGreaterThan(Date.UTC(2024))
})

everyDatabase('rows are found by related ones, by lists, by logic', async ({ send, held }) => {
  await send('ann', 'PATCH', 'tasks?or=(title.eq.Roof,points.lt.4)&id=in.(' + [task('a1'), task('a2')].join() + ')', { points: 5 })
  expect(await held('tasks?select=title,points&points=eq.5&order=title')).toEqual([
    { title: 'Floor', points: 5 },
    { title: 'Roof', points: 5 },
  ])
  await send('ann', 'PATCH', 'projects?parts=not.is.null&select=*,parts()', { title: 'Has parts' })
  expect(await held('projects?title=eq.Has parts&select=id')).toEqual([{ id: 1 }])
})

everyDatabase('an inner embed picks among the rows that come back, not among those that are changed', async ({ send, held }) => {
  const answered = await send('ann', 'PATCH', 'tasks?project_id=eq.1&select=title,assignee!inner(name)', { done: true }, rep)
  expect(answered.body).toEqual([{ title: 'Floor', assignee: { name: 'Bob' } }])
  expect(await held('tasks?done=is.true&select=count()')).toEqual([{ count: 2 }])
})

everyDatabase('more rows than were meant are not touched', async ({ send, held }) => {
  const before = await held('tasks')
  const strict = 'handling=strict, max-affected=1'
  expect(await send('ann', 'PATCH', 'tasks?project_id=eq.1', { done: true }, strict)).toMatchObject({
    status: 400,
    body: { code: 'PGRST124', message: 'Query result exceeds max-affected preference constraint', details: 'The query affects 2 rows' },
  })
  expect((await send('ann', 'DELETE', 'tasks?project_id=eq.1', undefined, strict)).body).toMatchObject({ code: 'PGRST124' })
  expect(await held('tasks')).toEqual(before)
  expect(await send('ann', 'DELETE', 'tasks?project_id=eq.1', undefined, 'max-affected=1')).toMatchObject({ status: 204 })
  expect(await held('tasks?project_id=eq.1')).toEqual([])
})

everyDatabase('limits are refused, because they would be misunderstood', async ({ send }) => {
  for (const [method, path] of [
    ['PATCH', 'tasks?limit=1'],
    ['DELETE', 'tasks?offset=1'],
    ['DELETE', 'tasks?after='],
  ] as const)
    expect((await send('ann', method, path, { done: true })).body).toMatchObject({ code: 'PGRST127' })
})

everyDatabase('a change that breaks a constraint changes nothing', async ({ send, held }) => {
  const before = await held('projects?order=id')
  expect((await send('ann', 'PATCH', 'projects', { code: 'SAME-1' })).body).toMatchObject({
    code: '23505',
    message: expect.stringContaining('"projects_code_key"'),
  })
  expect((await send('ann', 'PATCH', 'projects?id=eq.1', { state: 'lost' })).body).toMatchObject({ code: '23514' })
  expect((await send('ann', 'PATCH', 'projects?id=eq.2', { parent_id: 404 })).body).toMatchObject({ code: '23503' })
  expect((await send('ann', 'PATCH', 'projects?id=eq.1', { margin: 1 })).body).toMatchObject({ code: '428C9' })
  expect((await send('ann', 'PATCH', 'projects?id=eq.1', { colour: 1 })).body).toMatchObject({ code: 'PGRST204' })
  expect(await held('projects?order=id')).toEqual(before)
})

everyDatabase('a change is one object', async ({ send }) => {
  expect((await send('ann', 'PATCH', 'tasks?id=eq.1', [{ done: true }, { done: false }])).body).toMatchObject({ code: 'PGRST102' })
  expect((await send('ann', 'PATCH', 'tasks', '')).body).toMatchObject({ code: 'PGRST102' })
})

everyDatabase('deleted rows come back as they were, with what was related to them', async ({ send, held }) => {
  const answered = await send(
    'ann',
    'DELETE',
    'tasks?project_id=eq.1&select=title,project(title),assignee(name)&order=title',
    undefined,
    `${rep}, count=exact`,
  )
  expect(answered).toMatchObject({ status: 200, headers: { 'content-range': '*/2' } })
  expect(answered.body).toEqual([
    { title: 'Floor', project: { title: 'Garden shed' }, assignee: { name: 'Bob' } },
    { title: 'Roof', project: { title: 'Garden shed' }, assignee: null },
  ])
  expect(await held('tasks?select=title')).toEqual([{ title: 'CANARY' }])
})

everyDatabase('a delete does what the references say: cascade, set null, or refuse', async ({ send, held }) => {
  expect((await send('ann', 'DELETE', 'projects?id=eq.1')).body).toMatchObject({ code: '23503' })
  await send('service', 'DELETE', 'tasks?project_id=eq.1')
  await send('service', 'PATCH', 'projects?id=eq.2', { parent_id: null })
  expect(await send('ann', 'DELETE', 'projects?id=eq.1')).toMatchObject({ status: 204 })
  expect(await held('members')).toEqual([])
})

everyDatabase('a row that goes with another is counted and given back where it is meant itself', async ({ send, held }) => {
  const thread = async (): Promise<void> => {
    await send('service', 'POST', 'messages', { words: 'A', answers: [{ words: 'B', answers: [{ words: 'C' }] }] })
  }
  await thread()
  const given = await send('service', 'DELETE', 'messages?select=words&order=words', undefined, `${rep}, count=exact`)
  expect(given).toMatchObject({ body: [{ words: 'A' }, { words: 'B' }, { words: 'C' }], headers: { 'content-range': '*/3' } })
  await thread()
  expect((await send('service', 'DELETE', 'messages?words=eq.A', undefined, 'count=exact')).headers).toMatchObject({
    'content-range': '*/1',
  })
  expect(await held('messages')).toEqual([])
  await thread()
  const strict = 'count=exact, handling=strict, max-affected=2'
  expect((await send('service', 'DELETE', 'messages', undefined, strict)).body).toMatchObject({
    code: 'PGRST124',
    details: 'The query affects 3 rows',
  })
  expect((await send('service', 'DELETE', 'messages', undefined, 'count=exact')).headers).toMatchObject({ 'content-range': '*/3' })
})

everyDatabase('what references set to NULL is NULL', async ({ send, held }) => {
  await send('service', 'DELETE', 'members')
  await send('service', 'DELETE', 'people?id=eq.2')
  expect(await held(`tasks?id=eq.${task('a1')}&select=assignee_id`)).toEqual([{ assignee_id: null }])
})

everyDatabase('a change that is rehearsed is answered and leaves nothing behind', async ({ send, held }) => {
  const before = await held('tasks?order=id')
  expect((await send('ann', 'PATCH', 'tasks?title=eq.Roof&select=points', { points: 99 }, `${rep}, tx=rollback`)).body).toEqual([
    { points: 99 },
  ])
  expect(await send('ann', 'DELETE', 'tasks', undefined, 'tx=rollback, count=exact')).toMatchObject({
    status: 204,
    headers: { 'content-range': '*/2' },
  })
  expect(await held('tasks?order=id')).toEqual(before)
})

everyDatabase('one row is changed as an object, and several or none are refused', async ({ send, held }) => {
  const accept = { accept: 'application/vnd.pgrst.object+json' }
  expect(await send('ann', 'PATCH', 'tasks?title=eq.Roof&select=points', { points: 1 }, rep, accept)).toMatchObject({
    status: 200,
    body: { points: 1 },
  })
  expect((await send('ann', 'PATCH', 'tasks?select=points', { points: 2 }, rep, accept)).body).toMatchObject({ code: 'PGRST116' })
  expect((await send('ann', 'PATCH', 'tasks?title=eq.None', { points: 2 }, rep, accept)).body).toMatchObject({ code: 'PGRST116' })
  expect((await send('ann', 'DELETE', 'tasks?project_id=eq.1', undefined, rep, accept)).body).toMatchObject({ code: 'PGRST116' })
  expect(await held('tasks?select=points&points=eq.2')).toEqual([])
})

everyDatabase('what comes back can be counted, and written as CSV or without nulls', async ({ send }) => {
  const csv = await send('ann', 'PATCH', 'tasks?project_id=eq.1&select=title,points&order=title', { done: true }, rep, {
    accept: 'text/csv',
  })
  expect(csv.text).toBe('title,points\nFloor,3\nRoof,8')
  const stripped = { accept: 'application/vnd.pgrst.array+json;nulls=stripped' }
  const answered = await send('ann', 'PATCH', 'tasks?title=eq.Roof&select=title,points,assignee_id', { points: null }, rep, stripped)
  expect(answered.text).toBe('[{"title":"Roof"}]')
  const counted = await send('ann', 'PATCH', 'tasks?project_id=eq.1&select=done,count()', { done: true }, rep)
  expect(counted.body).toEqual([{ done: true, count: 2 }])
})
