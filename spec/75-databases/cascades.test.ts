/** What goes with a row that goes, where references part and meet again: it is the same whichever is looked at first. */
import { expect } from 'vitest'
import { anyone, integer, plinth, ref, table } from '../../src/index.ts'
import { everyDatabaseOf, type Here } from '../harness.ts'

const backend = plinth({
  tables: {
    teams: table({ id: integer() }),
    // A task goes with its project, and is in the way of its team: unless it goes as well.
    projects: table({ id: integer(), team_id: ref('teams', { onDelete: 'cascade' }) }),
    tasks: table({
      id: integer(),
      a_team_id: ref('teams', { as: 'team' }),
      project_id: ref('projects', { onDelete: 'cascade' }),
      z_team_id: ref('teams', { as: 'other', back: 'others' }).optional(),
    }),
    steps: table({ id: integer(), team_id: ref('teams', { onDelete: 'cascade' }), after_id: ref('steps', { back: 'next' }).optional() }),
  },
  access: { teams: { read: anyone }, projects: { read: anyone }, tasks: { read: anyone }, steps: { read: anyone } },
})

const everyDatabase = everyDatabaseOf({ backend, people: {} })

async function fill({ sql, insert }: Pick<Here<never>, 'sql' | 'insert'>): Promise<void> {
  for (const name of ['steps', 'tasks', 'projects', 'teams']) await sql(`DELETE FROM "${name}"`)
  await insert('teams', [{ id: 1 }, { id: 2 }])
  await insert('projects', [
    { id: 1, team_id: 1 },
    { id: 2, team_id: 2 },
  ])
  await insert('tasks', [{ id: 1, a_team_id: 1, project_id: 1, z_team_id: 1 }])
  await insert('steps', [
    { id: 1, team_id: 1 },
    { id: 2, team_id: 2, after_id: 1 },
  ])
}

const sent = ({ ask }: Pick<Here<never>, 'ask'>, path: string, method: string, prefer = 'count=exact') =>
  ask(`/rest/v1/${path}`, { as: 'service', method, headers: { prefer } })

everyDatabase('what goes with a row is not in its way', async (here) => {
  await fill(here)
  await here.sql('DELETE FROM "steps"')
  for (const prefer of ['count=exact', 'count=exact, return=representation']) {
    const { headers } = await sent(here, 'teams?id=eq.1', 'DELETE', `${prefer}, tx=rollback`)
    expect(headers).toMatchObject({ 'content-range': '*/1' })
  }
  expect(await sent(here, 'teams?id=eq.1', 'DELETE')).toMatchObject({ status: 204 })
  expect(await here.sql('SELECT count(*) FROM "tasks"')).toEqual([[expect.toSatisfy((count: unknown) => Number(count) === 0)]])
})

everyDatabase('what stays is in the way, and nothing goes', async (here) => {
  await fill(here)
  // Step 2 is of the other team, and comes after one of this team's.
  expect((await sent(here, 'teams?id=eq.1', 'DELETE')).body).toMatchObject({
    code: '23503',
    message: 'update or delete on table "steps" violates foreign key constraint "steps_after_id_fkey" on table "steps"',
    details: 'Key (id)=(1) is still referenced from table "steps".',
  })
  await here.sql('UPDATE "tasks" SET "z_team_id" = 2 WHERE "id" = 1')
  await here.sql('DELETE FROM "steps"')
  await here.insert('tasks', [{ id: 2, a_team_id: 1, project_id: 2 }])
  expect((await sent(here, 'teams?id=eq.1', 'DELETE')).body).toMatchObject({
    code: '23503',
    details: 'Key (id)=(1) is still referenced from table "tasks".',
  })
  expect((await sent(here, 'teams?select=id', 'GET')).body).toEqual([{ id: 1 }, { id: 2 }])
})

everyDatabase('rows that are in each other’s way go together', async (here) => {
  await fill(here)
  expect(await sent(here, 'teams', 'DELETE')).toMatchObject({ status: 204, headers: { 'content-range': '*/2' } })
  for (const name of ['teams', 'projects', 'tasks', 'steps'])
    expect((await sent(here, `${name}?select=count()`, 'GET')).body).toEqual([{ count: 0 }])
})
