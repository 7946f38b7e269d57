/** Two who write at once: what the one does not see yet is judged all the same. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { everyDatabase, type Written } from '../30-writing/world.ts'

const merge = 'resolution=merge-duplicates, return=representation'

/** Writes from outside, and has it take effect while `work` is under way where the database lets two write at once. */
async function meanwhile<T>({ database, sql }: Pick<Written, 'database' | 'sql'>, text: string, work: () => Promise<T>): Promise<T> {
  const isShared = database !== 'SQLite'
  if (isShared) await sql('BEGIN')
  await sql(text)
  const working = work()
  if (isShared) {
    await sleep(150)
    await sql('COMMIT')
  }
  return working
}

const insert = (owner: number): string =>
  `INSERT INTO "projects" ("id", "owner_id", "code", "title", "state", "budget", "created_at", "updated_at")
   VALUES (5, ${owner}, 'CANARY-5', 'CANARY', 'open', 0, '2020-01-01T00:00:00.000000+00:00', '2020-01-01T00:00:00.000000+00:00')`

everyDatabase('a row that comes in meanwhile and may not be read is not merged into', async (here) => {
  const row = { id: 5, owner_id: 1, code: 'BENCH-5', title: 'Bench' }
  const answered = await meanwhile(here, insert(4), () => here.send('ann', 'POST', 'projects', row, merge))
  expect(answered).toMatchObject({ status: 409, body: { code: '23505' } })
  expect(await here.held('projects?id=eq.5&select=owner_id,title')).toEqual([{ owner_id: 4, title: 'CANARY' }])
})

everyDatabase('a row that comes in meanwhile and may be changed is merged into', async (here) => {
  const row = { id: 5, owner_id: 1, code: 'BENCH-5', title: 'Bench' }
  const answered = await meanwhile(here, insert(1), () => here.send('ann', 'POST', 'projects?select=title,state', row, merge))
  expect(answered).toMatchObject({ status: 200, body: [{ title: 'Bench', state: 'open' }] })
})

everyDatabase('a row that comes in meanwhile and may not be read is no duplicate to ignore', async (here) => {
  const row = { id: 5, owner_id: 1, code: 'BENCH-5', title: 'Bench' }
  const ignore = 'resolution=ignore-duplicates, return=representation'
  const answered = await meanwhile(here, insert(4), () => here.send('ann', 'POST', 'projects', row, ignore))
  expect(answered).toMatchObject({ status: 409, body: { code: '23505' } })
})

everyDatabase('a row that comes in meanwhile is not put over', async (here) => {
  const row = { owner_id: 1, code: 'BENCH-5', title: 'Bench' }
  const answered = await meanwhile(here, insert(4), () => here.send('ann', 'PUT', 'projects/5', row))
  expect(answered).toMatchObject({ status: 409, body: { code: '23505' } })
  expect(await here.held('projects/5?select=title')).toEqual({ title: 'CANARY' })
})
