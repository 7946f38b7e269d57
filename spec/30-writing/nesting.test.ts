/** A row with those that hang on it, in one body and one transaction. */
import { expect } from 'vitest'
import { everyDatabase } from './world.ts'

const rep = 'return=representation'
const project = { id: 5, owner_id: 1, code: 'BENCH-5', title: 'Bench' }

everyDatabase('a row is put in with the rows that refer to it', async ({ send, held }) => {
  const body = { ...project, tasks: [{ title: 'Legs' }, { title: 'Seat' }], members: [{ person_id: 2 }] }
  const answered = await send('ann', 'POST', 'projects?select=title,tasks(title),members(person(name),may)&tasks.order=title', body, rep)
  expect(answered).toMatchObject({
    status: 201,
    body: [{ title: 'Bench', tasks: [{ title: 'Legs' }, { title: 'Seat' }], members: [{ person: { name: 'Bob' }, may: 'read' }] }],
  })
  expect(await held('tasks?project_id=eq.5&select=count()')).toEqual([{ count: 2 }])
})

everyDatabase('several rows are put in, each with its own', async ({ send, held }) => {
  const rows = [
    { ...project, tasks: [{ title: 'Legs' }] },
    { ...project, id: 6, code: 'B-6', tasks: [] },
    { ...project, id: 7, code: 'B-7', tasks: [{ title: 'Top' }, { title: 'Drawer' }] },
  ]
  expect(await send('ann', 'POST', 'projects', rows, 'count=exact')).toMatchObject({ status: 201, headers: { 'content-range': '*/3' } })
  expect(await held('tasks?project_id=gte.5&project_id=lt.9&select=project_id,title&order=project_id,title')).toEqual([
    { project_id: 5, title: 'Legs' },
    { project_id: 7, title: 'Drawer' },
    { project_id: 7, title: 'Top' },
  ])
})

everyDatabase('a row is put in with the one that it refers to', async ({ send }) => {
  const body = { id: 6, owner_id: 1, code: 'LEG-6', title: 'Leg', parent: project }
  const answered = await send('ann', 'POST', 'projects?select=title,parent:parent_id(title)', body, rep)
  expect(answered.body).toEqual([{ title: 'Leg', parent: { title: 'Bench' } }])
})

everyDatabase('rows nest as deep as they hang together', async ({ send, held }) => {
  const body = { ...project, parts: [{ id: 6, owner_id: 1, code: 'LEG-6', title: 'Leg', tasks: [{ title: 'Saw' }] }] }
  expect(await send('ann', 'POST', 'projects', body)).toMatchObject({ status: 201 })
  expect(await held('tasks?title=eq.Saw&select=project(title,parent(title))')).toEqual([
    { project: { title: 'Leg', parent: { title: 'Bench' } } },
  ])
})

everyDatabase('an id that nobody gives is made, so that rows can hang on it', async ({ send, held }) => {
  await send('service', 'POST', 'tasks', { title: 'Sand', project: { ...project, id: 5 } })
  expect(await held('tasks?title=eq.Sand&select=project(title)')).toEqual([{ project: { title: 'Bench' } }])
})

everyDatabase('where one row is refused, none is put in', async ({ send, held }) => {
  const before = [await held('projects?select=id&order=id'), await held('tasks?select=title&order=title')]
  const refused = async (body: object): Promise<unknown> => (await send('ann', 'POST', 'projects', body)).body
  expect(await refused({ ...project, tasks: [{ title: 'Legs' }, { title: 'Legs' }] })).toMatchObject({ code: '23505' })
  expect(await refused({ ...project, tasks: [{ title: 'Legs', assignee_id: 404 }] })).toMatchObject({ code: '23503' })
  expect(await refused({ ...project, tasks: [{ title: 'Legs', done: 'x' }] })).toMatchObject({ code: '22P02' })
  expect(await refused({ ...project, notices: [{ id: 1 }] })).toMatchObject({ code: 'PGRST204' })
  // Ann may make a project for Dan neither by itself nor as a part of her own.
  expect(await refused({ ...project, parts: [{ id: 6, owner_id: 4, code: 'X-6', title: 'X' }] })).toMatchObject({ code: '42501' })
  expect([await held('projects?select=id&order=id'), await held('tasks?select=title&order=title')]).toEqual(before)
})

everyDatabase('what hangs a row on another cannot be said twice', async ({ send }) => {
  expect((await send('ann', 'POST', 'projects', { ...project, tasks: [{ project_id: 1, title: 'Legs' }] })).body).toMatchObject({
    code: '42701',
  })
  expect(
    (await send('ann', 'POST', 'projects', { ...project, parent_id: 1, parent: { ...project, id: 6, code: 'B-6' } })).body,
  ).toMatchObject({ code: '42701' })
})

everyDatabase('a row hangs on another only by a column that the asker may write', async ({ send, held }) => {
  const template = { ...project, id: 6, code: 'T-6' }
  const copy = { template_id: 5, id: 7, owner_id: 1, code: 'C-7', title: 'Copy' }
  const refusal = { status: 403, body: { code: '42501', message: 'column "template_id" of table "projects" may not be written' } }
  expect(await send('ann', 'POST', 'projects', { ...project, template })).toMatchObject(refusal)
  expect(await send('ann', 'POST', 'projects', { ...project, copies: [{ ...copy, template_id: undefined }] })).toMatchObject(refusal)
  expect(await send('ann', 'POST', 'projects', [project, copy])).toMatchObject({ status: 400 })
  expect(await held('projects?id=in.(5,6,7)')).toEqual([])
  expect(await send('ada', 'POST', 'projects', { ...project, template })).toMatchObject({ status: 201 })
})

everyDatabase('rows are not nested where some may be there already', async ({ send }) => {
  expect((await send('ann', 'POST', 'projects', { ...project, tasks: [] }, 'resolution=merge-duplicates')).body).toMatchObject({
    code: 'PGRST127',
  })
})
