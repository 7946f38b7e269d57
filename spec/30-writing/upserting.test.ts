/** Rows that may be there already: merged, ignored, put as a whole. */
import { expect } from 'vitest'
import { everyDatabase, task } from './world.ts'

const rep = 'return=representation'
const merge = `resolution=merge-duplicates, ${rep}`
const ignore = `resolution=ignore-duplicates, ${rep}`
const member = (person_id: number, may: string) => ({ project_id: 1, person_id, may })

everyDatabase('rows that are there are changed in what is given, and the others are put in', async ({ send, held }) => {
  const answered = await send('ann', 'POST', 'members?select=person_id,may', [member(3, 'write'), member(4, 'read')], merge)
  expect(answered).toMatchObject({
    status: 201,
    body: [
      { person_id: 3, may: 'write' },
      { person_id: 4, may: 'read' },
    ],
    headers: { 'preference-applied': merge },
  })
  expect(await held('members?select=person_id,may&order=person_id')).toEqual([
    { person_id: 2, may: 'write' },
    { person_id: 3, may: 'write' },
    { person_id: 4, may: 'read' },
  ])
})

everyDatabase('nothing new is 200', async ({ send }) => {
  expect(await send('ann', 'POST', 'members', [member(3, 'write')], merge)).toMatchObject({ status: 200 })
  expect(await send('ann', 'POST', 'members', [], merge)).toMatchObject({ status: 200, body: [] })
  expect(await send('ann', 'POST', 'members', [{ project_id: 1, person_id: 2 }], merge)).toMatchObject({
    status: 200,
    body: [{ project_id: 1, person_id: 2, may: 'write' }],
  })
})

everyDatabase('what is not given of a row stays as it is', async ({ send }) => {
  const rows = [{ id: task('a1'), project_id: 1, title: 'Floor', done: true }]
  expect((await send('ann', 'POST', 'tasks?select=title,points,done', rows, merge)).body).toEqual([
    { title: 'Floor', points: 3, done: true },
  ])
})

everyDatabase('rows are told apart by other unique columns where these are named', async ({ send, held }) => {
  const rows = [
    { project_id: 1, title: 'Floor', points: 30 },
    { project_id: 1, title: 'Door', points: 1 },
  ]
  const answered = await send('ann', 'POST', 'tasks?on_conflict=project_id,title&select=title,points', rows, merge)
  expect(answered).toMatchObject({
    status: 201,
    body: [
      { title: 'Floor', points: 30 },
      { title: 'Door', points: 1 },
    ],
  })
  expect(await held('tasks?title=eq.Floor&select=id')).toEqual([{ id: task('a1') }])
  expect((await send('ann', 'POST', 'tasks?on_conflict=points', rows, merge)).body).toMatchObject({ code: '42P10' })
  expect((await send('ann', 'POST', 'tasks?on_conflict=nothing', rows, merge)).body).toMatchObject({ code: 'PGRST204' })
})

everyDatabase('rows that are there are left alone where duplicates are ignored', async ({ send, held }) => {
  const answered = await send('ann', 'POST', 'members?select=person_id,may', [member(3, 'write'), member(4, 'read')], ignore)
  expect(answered).toMatchObject({ status: 201, body: [{ person_id: 4, may: 'read' }] })
  expect(await send('ann', 'POST', 'members', [member(3, 'write')], ignore)).toMatchObject({ status: 201, body: [] })
  expect(await held('members?person_id=eq.3&select=may')).toEqual([{ may: 'read' }])
})

everyDatabase('the same row twice is ignored the second time, and cannot be merged', async ({ send, held }) => {
  const twice = [member(4, 'read'), member(4, 'write')]
  expect((await send('ann', 'POST', 'members?select=may', twice, ignore)).body).toEqual([{ may: 'read' }])
  expect(await send('ann', 'POST', 'members', twice, merge)).toMatchObject({ status: 400, body: { code: '21000' } })
  expect(await held('members?person_id=eq.4&select=may')).toEqual([{ may: 'read' }])
})

everyDatabase('rows without a key are new', async ({ send }) => {
  const rows = [
    { id: task('a1'), project_id: 1, title: 'Floor, level' },
    { project_id: 1, title: 'Door' },
  ]
  const path = 'tasks?columns=id,project_id,title&select=title,points'
  expect((await send('ann', 'POST', path, rows, `${merge}, missing=default`)).body).toEqual([
    { title: 'Floor, level', points: 3 },
    { title: 'Door', points: null },
  ])
})

everyDatabase('another unique value that is taken is a conflict all the same', async ({ send }) => {
  const rows = [{ id: 2, owner_id: 1, code: 'SHED-1', title: 'Boat' }]
  expect((await send('ann', 'POST', 'projects', rows, merge)).body).toMatchObject({
    code: '23505',
    message: expect.stringContaining('"projects_code_key"'),
  })
  expect((await send('ann', 'POST', 'projects', [{ ...rows[0], id: 7 }], ignore)).body).toMatchObject({ code: '23505' })
})

everyDatabase('PUT puts a row in, or in the place of the one that is there', async ({ send, held }) => {
  const row = { id: 5, owner_id: 1, code: 'BENCH-5', title: 'Bench', state: 'open', parent_id: 1 }
  expect(await send('ann', 'PUT', 'projects?id=eq.5', row)).toMatchObject({ status: 204, text: '' })
  const { body, status } = await send(
    'ann',
    'PUT',
    'projects?id=eq.5&select=title,state,parent_id',
    { id: 5, owner_id: 1, code: 'BENCH-5', title: 'Stool' },
    rep,
  )
  expect({ body, status }).toEqual({ status: 200, body: [{ title: 'Stool', state: 'draft', parent_id: null }] })
  expect(await send('ann', 'PUT', 'members?project_id=eq.2&person_id=eq.4', member(4, 'read'), rep)).toMatchObject({
    body: { code: 'PGRST115' },
  })
  expect(await held('projects?select=count()')).toEqual([{ count: 4 }])
})

everyDatabase('PUT leaves alone what the server makes by itself, and what the asker may not write', async ({ send, held, sql }) => {
  await sql(`UPDATE "projects" SET "created_at" = '2020-01-01T00:00:00.000000+00:00', "pin" = 'CANARY'`)
  expect((await send('cat', 'PUT', 'projects?id=eq.1', { id: 1, owner_id: 1, code: 'SHED-1', title: 'Shed' })).body).toMatchObject({
    code: '42501',
  })
  await send('ada', 'PUT', 'projects?id=eq.1', { id: 1, owner_id: 1, code: 'SHED-1', title: 'Shed' })
  expect(await held('projects?id=eq.1&select=title,state,budget,pin,created_at')).toEqual([
    { title: 'Shed', state: 'draft', budget: 0, pin: 'CANARY', created_at: '2020-01-01T00:00:00.000000+00:00' },
  ])
})

everyDatabase('PUT names one row by its whole key, and says the same in its body', async ({ send }) => {
  const row = { id: 5, owner_id: 1, code: 'BENCH-5', title: 'Bench' }
  const refused = async (path: string, body: unknown = row): Promise<unknown> => (await send('ann', 'PUT', path, body)).body
  expect(await refused('projects?title=eq.Bench')).toMatchObject({ code: 'PGRST105', status: 405 })
  expect(await refused('projects?id=not.eq.5')).toMatchObject({ code: 'PGRST105' })
  expect(await refused('projects?id=in.(5)')).toMatchObject({ code: 'PGRST105' })
  expect(await refused('projects?and=(id.eq.5)')).toMatchObject({ code: 'PGRST105' })
  expect(await refused('members?project_id=eq.1', member(4, 'read'))).toMatchObject({ code: 'PGRST105' })
  expect(await refused('projects')).toMatchObject({ code: 'PGRST105' })
  expect(await refused('projects?id=eq.6')).toMatchObject({ code: 'PGRST115', status: 400 })
  expect(await refused('projects?id=eq.5&limit=1')).toMatchObject({ code: 'PGRST114' })
  expect(await refused('projects?id=eq.5', [row, row])).toMatchObject({ code: 'PGRST102' })
  expect(await refused('projects?id=eq.5', [])).toMatchObject({ code: 'PGRST102' })
})
