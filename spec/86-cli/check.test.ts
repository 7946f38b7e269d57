import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { databases } from '../databases.ts'
import { folderWith, notes, plinth, serve } from './command.ts'

test('a file, settings and a database that go together pass', async () => {
  const cwd = folderWith({ 'plinth.ts': notes() })
  await (await serve(['start'], { cwd })).stop()
  const { code, out } = await plinth(['check'], { cwd })
  expect(code).toBe(0)
  expect(out).toContain('All is well')
})

test('a database that is not there yet is no error: start will make it', async () => {
  const { code, out } = await plinth(['check'], { cwd: folderWith({ 'plinth.ts': notes() }) })
  expect(code).toBe(0)
  expect(out).toContain('not there yet')
})

test.skipIf(databases[1]?.missing !== undefined)('the same is so on PostgreSQL', async () => {
  const fresh = await databases[1]?.create()
  onTestFinished(() => fresh?.drop())
  const where = { cwd: folderWith({ 'plinth.ts': notes() }), env: { DATABASE_URL: fresh?.url ?? '' } }
  const { code, out } = await plinth(['check'], where)
  expect(code).toBe(0)
  expect(out).toContain('not there yet')
  const nowhere = { ...where, env: { DATABASE_URL: (fresh?.url ?? '').replace(/\/\w+$/, '/not_there') } }
  expect((await plinth(['check'], nowhere)).err).toContain('createdb not_there')
  const refused = { ...where, env: { DATABASE_URL: 'postgres://me@127.0.0.1:1/shop' } }
  expect((await plinth(['check'], refused)).err).toContain('The database cannot be reached: ')
})

test('load errors and wrong settings are all said at once', async () => {
  const cwd = folderWith({ 'plinth.ts': notes('order: text()') })
  const { code, out } = await plinth(['check', '--json'], { cwd, env: { PORT: 'many' } })
  expect(code).toBe(1)
  expect(JSON.parse(out)).toMatchObject({
    error: {
      errors: expect.arrayContaining([
        expect.objectContaining({ place: 'tables.notes.order' }),
        expect.objectContaining({ place: 'PORT' }),
      ]),
    },
  })
})

test('a database that differs is said with what would change, and stays as it is', async () => {
  const cwd = folderWith({ 'plinth.ts': notes() })
  await (await serve(['start'], { cwd })).stop()
  writeFileSync(
    join(cwd, 'plinth.ts'),
    notes('words: text().max(50),\n      colour: text().optional(),\n      stars: integer().min(1).max(5).default(3)'),
  )
  for (let time = 0; time < 2; time++) {
    const { code, err } = await plinth(['check'], { cwd })
    expect(code).toBe(1)
    expect(err.match(/✗/g)).toHaveLength(1)
    expect(err).toContain('add column notes.colour.')
  }
})
