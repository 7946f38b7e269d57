/**
 * A reference to a row that the asker may not read is refused as one to a row that is not there: the same code, the
 * same words, whatever else is wrong with the request.
 */
import { expect } from 'vitest'
import { everyDatabase, task, type Written } from '../30-writing/world.ts'

const project = { id: 5, owner_id: 1, code: 'BENCH-5', title: 'Bench' }

/** Project 9 is Dan's, and there is no project 8. What is told of both must differ in the number alone. */
async function alike(write: (id: number) => ReturnType<Written['send']>, is: object): Promise<void> {
  const [unreadable, absent] = [await write(9), await write(8)]
  expect(unreadable).toMatchObject(is)
  expect(unreadable.text.replaceAll('(9)', '(8)')).toBe(absent.text)
  expect({ ...unreadable, text: '', body: '' }).toEqual({ ...absent, text: '', body: '' })
}

const refused = (table: string, column: string, id = 9) => ({
  status: 409,
  body: {
    code: '23503',
    message: `insert or update on table "${table}" violates foreign key constraint "${table}_${column}_fkey"`,
    details: `Key (${column})=(${id}) is not present in table "projects".`,
  },
})

everyDatabase('a new row cannot refer to a row that the asker may not read', async ({ send, held }) => {
  await alike((id) => send('ann', 'POST', 'projects', { ...project, parent_id: id }), refused('projects', 'parent_id'))
  await alike((id) => send('ann', 'POST', 'tasks', { project_id: id, title: 'Door' }), refused('tasks', 'project_id'))
  expect(await held('projects?id=eq.5')).toEqual([])
})

everyDatabase('whatever else is wrong with a request, such a reference is told alike', async ({ send }) => {
  const rows = (id: number, more: object) => ({ ...project, parent_id: id, ...more })
  for (const more of [{ code: 'SHED-1' }, { id: 1 }, { title: '' }, { owner_id: 4 }, { budget: null }])
    await alike((id) => send('ann', 'POST', 'projects', rows(id, more)), refused('projects', 'parent_id'))
})

everyDatabase('of several rows the first such reference is told', async ({ send, held }) => {
  const rows = (ids: readonly number[]) => ids.map((id, at) => ({ ...project, id: 20 + at, code: `B-${at}`, parent_id: id }))
  expect(await send('ann', 'POST', 'projects', rows([1, 8, 9]))).toMatchObject(refused('projects', 'parent_id', 8))
  expect(await send('ann', 'POST', 'projects', rows([1, 9, 8]))).toMatchObject(refused('projects', 'parent_id', 9))
  expect(await held('projects?id=gte.20')).toEqual([])
})

everyDatabase('a row cannot be changed to refer to a row that the asker may not read', async ({ send, held }) => {
  await alike((id) => send('ann', 'PATCH', 'projects?id=eq.2', { parent_id: id }), refused('projects', 'parent_id'))
  await alike((id) => send('ann', 'PATCH', 'projects', { parent_id: id }), refused('projects', 'parent_id'))
  await alike((id) => send('bob', 'PATCH', `tasks/${task('a1')}`, { project_id: id }), refused('tasks', 'project_id'))
  expect(await held('projects?id=eq.2&select=parent_id')).toEqual([{ parent_id: 1 }])
})

everyDatabase('where no row is changed, none refers to anything', async ({ send }) => {
  await alike((id) => send('ann', 'PATCH', 'projects?id=eq.404', { parent_id: id }), { status: 204 })
  await alike((id) => send('ann', 'PATCH', `tasks/${task('ff')}`, { project_id: id }), { status: 404 })
  // Cat sees project 1 and may not change it.
  await alike((id) => send('cat', 'PATCH', 'projects?id=eq.1', { parent_id: id }), { status: 204 })
})

everyDatabase('a row that is merged or put cannot refer to a row that the asker may not read', async ({ send, held }) => {
  const whole = { owner_id: 1, code: 'BOAT-1', title: 'Boat' }
  for (const resolution of ['merge', 'ignore'])
    await alike(
      (id) => send('ann', 'POST', 'projects', [{ id: 2, ...whole, parent_id: id }], `resolution=${resolution}-duplicates`),
      refused('projects', 'parent_id'),
    )
  await alike((id) => send('ann', 'PUT', 'projects/2', { ...whole, parent_id: id }), refused('projects', 'parent_id'))
  await alike((id) => send('ann', 'PUT', 'projects/5', { ...project, parent_id: id }), refused('projects', 'parent_id'))
  expect(await held('projects?id=eq.2&select=parent_id')).toEqual([{ parent_id: 1 }])
})

everyDatabase('a nested row cannot refer to a row that the asker may not read', async ({ send, held }) => {
  const part = { id: 6, owner_id: 1, code: 'LEG-6', title: 'Leg' }
  await alike((id) => send('ann', 'POST', 'projects', { ...project, parent: { ...part, parent_id: id } }), refused('projects', 'parent_id'))
  await alike(
    (id) => send('ann', 'POST', 'tasks', { title: 'Saw', project: { ...project, parent_id: id } }),
    refused('projects', 'parent_id'),
  )
  expect(await held('projects?id=in.(5,6)')).toEqual([])
})

everyDatabase('rows of one request may refer to each other, in any order', async ({ send, held }) => {
  const rows = [
    { ...project, parent_id: 6 },
    { ...project, id: 6, code: 'B-6', parent_id: null },
    { ...project, id: 7, code: 'B-7', parent_id: 7 },
  ]
  expect(await send('ann', 'POST', 'projects', rows)).toMatchObject({ status: 201 })
  expect(await held('projects?id=gte.5&id=lt.9&select=id,parent_id&order=id')).toEqual([
    { id: 5, parent_id: 6 },
    { id: 6, parent_id: null },
    { id: 7, parent_id: 7 },
  ])
})

everyDatabase('a reference that is left alone stays, whoever may read where it leads', async ({ send, held, sql }) => {
  await sql('UPDATE "projects" SET "parent_id" = 9 WHERE "id" = 2')
  expect(await send('ann', 'PATCH', 'projects?id=eq.2', { title: 'Raft' })).toMatchObject({ status: 204 })
  expect(await send('ann', 'PATCH', 'projects?id=eq.2', { parent_id: 9 })).toMatchObject(refused('projects', 'parent_id'))
  expect(await send('ann', 'PATCH', 'projects?id=eq.2', { parent_id: null })).toMatchObject({ status: 204 })
  expect(await held('projects?id=eq.2&select=title,parent_id')).toEqual([{ title: 'Raft', parent_id: null }])
})

everyDatabase('who may read the row may refer to it, and so may the secret key', async ({ send, held }) => {
  for (const as of ['ada', 'service'] as const) {
    expect(await send(as, 'POST', 'projects', { ...project, parent_id: 9 })).toMatchObject({ status: 201 })
    expect(await send(as, 'PATCH', 'projects?id=eq.5', { parent_id: 9 })).toMatchObject({ status: 204 })
    expect(await held('projects?id=eq.5&select=parent_id')).toEqual([{ parent_id: 9 }])
    await send('service', 'DELETE', 'projects?id=eq.5')
  }
  expect(await send('dan', 'POST', 'projects', { ...project, owner_id: 4, parent_id: 9 })).toMatchObject({ status: 201 })
})
