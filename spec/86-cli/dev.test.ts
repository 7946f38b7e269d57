import { createServer } from 'node:net'
import { once } from 'node:events'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { databases } from '../databases.ts'
import { folderWith, listening, notes, plinth, serve, spawned } from './command.ts'
import { serving, stopped } from './session.ts'

const words = '/rest/v1/notes?select=words&order=words'
const seeded = [{ words: 'first' }, { words: 'second' }]

describe('dev', () => {
  test('a save is served within a second, with the listener up and the rows kept', async () => {
    const cwd = folderWith({ 'plinth.ts': notes() })
    const served = await serve(['dev'], { cwd })
    expect((await served.get(words)).body).toEqual(seeded)
    const saved = performance.now()
    writeFileSync(
      join(cwd, 'plinth.ts'),
      notes('words: text().max(50),\n      stars: integer().min(1).max(5).default(3),\n      colour: text().optional()'),
    )
    expect(await served.next('applied')).toMatchObject({ event: 'applied' })
    await served.next('reloaded')
    expect(performance.now() - saved).toBeLessThan(1000)
    expect((await served.get('/rest/v1/notes?select=words,colour&order=words')).body).toEqual(
      seeded.map((row) => ({ ...row, colour: null })),
    )
  })

  test('a module that the file imports is watched too, also when an editor puts a new file in its place', async () => {
    const rule = (who: string): string => `import { ${who} } from 'plinth'\nexport const read = ${who}\n`
    const file = notes().replace('import {', "import { read } from './rules/read.ts'\nimport {").replace('read: anyone', 'read')
    const cwd = folderWith({ 'plinth.ts': file, 'rules/read.ts': rule('anyone') })
    const served = await serve(['dev'], { cwd })
    expect((await served.get(words)).status).toBe(200)
    writeFileSync(join(cwd, 'rules/read.ts.tmp'), rule('signedIn'))
    renameSync(join(cwd, 'rules/read.ts.tmp'), join(cwd, 'rules/read.ts'))
    await served.next('reloaded')
    expect((await served.get(words)).body).not.toEqual(seeded)
  })

  test('a syntax error is shown with its place while the last good version is served', async () => {
    const cwd = folderWith({ 'plinth.ts': notes() })
    const served = await serve(['dev'], { cwd })
    writeFileSync(join(cwd, 'plinth.ts'), notes().replace('table({', 'table({{'))
    const { error } = await served.next('error')
    expect(error).toMatchObject({ code: 'load_failed', errors: [{ source: expect.stringMatching(/^plinth\.ts:5:\d+$/) }] })
    expect((await served.get(words)).body).toEqual(seeded)
    writeFileSync(join(cwd, 'plinth.ts'), notes())
    await served.next('reloaded')
  })

  test('every load error of the file is shown at once, each with its place and the way out', async () => {
    const cwd = folderWith({ 'plinth.ts': notes() })
    const served = await serve(['dev'], { cwd })
    writeFileSync(
      join(cwd, 'plinth.ts'),
      notes("words: text().max(50).default('x'.repeat(60)),\n      order: text(),\n      author_id: ref('authors' as never)"),
    )
    const { error } = await served.next('error')
    const errors = error instanceof Object && 'errors' in error && Array.isArray(error.errors) ? error.errors : []
    expect(errors.map((one: { place: string }) => one.place)).toEqual(
      expect.arrayContaining(['tables.notes.order', 'tables.notes.author_id']),
    )
    for (const one of errors) expect(one).toMatchObject({ message: expect.any(String), fix: expect.any(String) })
    expect((await served.get(words)).body).toEqual(seeded)
  })

  test('a change that would lose rows is refused with the reason, and the last good version is served', async () => {
    const cwd = folderWith({ 'plinth.ts': notes() })
    const served = await serve(['dev'], { cwd })
    writeFileSync(join(cwd, 'plinth.ts'), notes('stars: integer().default(3)').replace(/words: '(first|second)'/g, 'stars: 1'))
    const { error } = await served.next('error')
    expect(JSON.stringify(error)).toContain('words')
    expect((await served.get(words)).body).toEqual(seeded)
  })

  const there = databases.filter(({ missing }) => missing === undefined)
  test.each(there)('where rows are in the way, --reset starts over on $name: it says what goes, and asks', async ({ create }) => {
    const fresh = await create()
    onTestFinished(() => fresh.drop())
    const cwd = folderWith({ 'plinth.ts': notes() })
    const env = { DATABASE_URL: fresh.url }
    await (await serve(['dev'], { cwd, env })).stop()
    writeFileSync(join(cwd, 'plinth.ts'), notes('stars: integer().default(3)').replace(/words: '(first|second)'/g, 'stars: 1'))
    const unasked = await plinth(['dev', '--reset'], { cwd, env })
    expect(unasked.code).toBe(1)
    expect(unasked.out).toContain('notes (2 rows)')
    expect(unasked.err).toContain('--yes')
    const production = await plinth(['dev', '--reset', '--yes'], { cwd, env: { ...env, NODE_ENV: 'production' } })
    expect(production.code).toBe(1)
    expect(production.err).toContain('development')
    const served = await serve(['dev', '--reset', '--yes'], { cwd, env })
    expect((await served.get('/rest/v1/notes?select=stars')).body).toEqual([{ stars: 1 }, { stars: 1 }])
  })

  test('a file that goes away is said without a line of ours', async () => {
    const cwd = folderWith({ 'plinth.ts': notes() })
    const served = await serve(['dev'], { cwd })
    rmSync(join(cwd, 'plinth.ts'))
    const { error } = await served.next('error')
    expect(error).toMatchObject({ errors: [{ message: 'There is no file plinth.ts any more.' }] })
    expect(JSON.stringify(error)).not.toContain('source')
    writeFileSync(join(cwd, 'plinth.ts'), notes())
    await served.next('reloaded')
  })

  test('a file that is wrong from the start is waited for', async () => {
    const cwd = folderWith({ 'plinth.ts': 'export default 1\n' })
    const served = spawned(['dev'], { cwd })
    await served.next('error')
    writeFileSync(join(cwd, 'plinth.ts'), notes())
    await listening(served)
    expect((await served.get(words)).body).toEqual(seeded)
  })

  test('enums, parameter properties and imports without an extension work too', async () => {
    const cwd = folderWith({
      'plinth.ts': `import { most } from './most'\nenum Most { words = 50 }\nclass A { constructor(readonly b: number) {} }\nvoid new A(Most.words + most)\n${notes()}`,
      'most.ts': 'export const most = 1\n',
    })
    const served = await serve(['dev'], { cwd })
    expect((await served.get(words)).body).toEqual(seeded)
    writeFileSync(join(cwd, 'most.ts'), 'export const most = 2\n')
    await served.next('reloaded')
  })
})

test('a change of settings is not taken in silence', async () => {
  const cwd = folderWith({ 'plinth.ts': notes() })
  const served = await serve(['dev'], { cwd })
  writeFileSync(join(cwd, 'plinth.ts'), notes().replace('access:', 'settings: { maxRows: 1 },\n  access:'))
  expect(await served.next('reloaded')).toMatchObject({ restart: true })
})

describe('start', () => {
  test('rows are seeded once and are still there after a restart', async () => {
    const cwd = folderWith({ 'plinth.ts': notes() })
    const first = spawned(['start'], { cwd })
    expect(await first.next('seeded')).toMatchObject({ rows: 2 })
    await listening(first)
    await first.stop()
    const second = await serve(['start'], { cwd })
    expect((await second.get(words)).body).toEqual(seeded)
  })

  test('a database that is not as the file says is refused with the reason; --apply changes it', async () => {
    const cwd = folderWith({ 'plinth.ts': notes() })
    await (await serve(['start'], { cwd })).stop()
    writeFileSync(
      join(cwd, 'plinth.ts'),
      notes('words: text().max(50),\n      colour: text().optional(),\n      stars: integer().min(1).max(5).default(3)'),
    )
    const refused = await plinth(['start'], { cwd })
    expect(refused.code).toBe(1)
    expect(refused.err).toContain('colour')
    expect(refused.err).toContain('--apply')
    const served = await serve(['start', '--apply'], { cwd })
    expect((await served.get('/rest/v1/notes?select=colour&limit=1')).body).toEqual([{ colour: null }])
  })

  test('a seed that fails stops the start and names the row; the next start begins it anew', async () => {
    const cwd = folderWith({ 'plinth.ts': notes().replace("{ words: 'second' }", "{ words: 'second', stars: 9 }") })
    const failed = await plinth(['start'], { cwd })
    expect(failed.code).toBe(1)
    expect(failed.err).toContain('Seeding "notes" stopped at its row 2')
    writeFileSync(join(cwd, 'plinth.ts'), notes())
    const served = await serve(['start'], { cwd })
    expect((await served.get(words)).body).toEqual(seeded)
  })

  test.each([
    ['dev in production', ['dev'], { NODE_ENV: 'production' }],
    ['start into a pipe', ['start'], {}],
  ] as const)('%s prints no secret key', async (_, args, env) => {
    const cwd = folderWith({ 'plinth.ts': notes() })
    expect(JSON.stringify(await listening(spawned(args, { cwd, env })))).not.toContain('sb_secret_')
    const said = await serving(args, { cwd: folderWith({ 'plinth.ts': notes() }), env: { ...env, PLINTH_LOG: 'off' } })
    onTestFinished(() => stopped(said))
    expect(said.said).toContain('sb_publishable_')
    expect(said.said).not.toContain('sb_secret_')
  })

  test('a seed that forgets an await is waited for, and a bad row in it stops the start', async () => {
    const cwd = folderWith({ 'plinth.ts': notes().replace('await insert', 'void insert').replace("'second'", "'second', stars: 9") })
    const failed = await plinth(['start'], { cwd })
    expect(failed.code).toBe(1)
    expect(failed.err).toContain('Seeding "notes" stopped at its row 2')
    expect(failed.err).toContain('stars must be from 1 to 5.')
    expect(failed.out).not.toContain('Seeded')
    writeFileSync(join(cwd, 'plinth.ts'), notes().replace('await insert', 'void insert'))
    expect(await spawned(['start'], { cwd }).next('seeded')).toMatchObject({ rows: 2 })
  })

  test('a taken port is said in one sentence with the way out', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const where = { cwd: folderWith({ 'plinth.ts': notes(), 'shop/plinth.ts': notes() }), env: { PORT: String(port) } }
    const { code, err } = await plinth(['start'], where)
    const dev = await plinth(['dev', 'shop'], where)
    other.close()
    expect(dev.err).toMatch(new RegExp(`choose another port: PORT=${port + 1} plinth dev shop$`, 'm'))
    expect(code).toBe(1)
    expect(
      err
        .trim()
        .split('\n')
        .filter((line) => line.includes('taken')),
    ).toHaveLength(1)
    expect(err).toMatch(new RegExp(`choose another port: PORT=${port + 1} plinth start$`, 'm'))
  })

  test('a second server of the same database is refused, and the first is named', async () => {
    const cwd = folderWith({ 'plinth.ts': notes() })
    const first = await serve(['start'], { cwd })
    const { code, err } = await plinth(['start'], { cwd })
    expect(code).toBe(1)
    expect(err).toContain(`Process ${first.child.pid} already serves`)
    expect((await first.get(words)).body).toEqual(seeded)
  })

  test('Ctrl-C while it seeds ends it at once, and the next start seeds anew', async () => {
    const slow = notes().replace(
      'async seed({ insert }) {',
      "async seed({ insert }) {\n    for (let n = 0; n < 100 && process.env['SLOW']; n++) {\n      await insert('notes', [{ words: 'slow' }])\n      console.log(JSON.stringify({ event: 'row' }))\n      await new Promise((resolve) => setTimeout(resolve, 50))\n    }",
    )
    const cwd = folderWith({ 'plinth.ts': slow })
    for (const command of ['start', 'dev']) {
      const cut = spawned([command], { cwd, env: { SLOW: 'yes' } })
      await cut.next('row')
      const asked = performance.now()
      expect(await cut.stop('SIGINT')).not.toBe(0)
      expect(performance.now() - asked).toBeLessThan(1000)
    }
    const served = await serve(['start'], { cwd })
    expect((await served.get(words)).body).toEqual(seeded)
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('%s stops it cleanly within a second', async (signal) => {
    const served = await serve(['start'], { cwd: folderWith({ 'plinth.ts': notes() }) })
    await served.get(words)
    const asked = performance.now()
    expect(await served.stop(signal)).toBe(0)
    expect(performance.now() - asked).toBeLessThan(1000)
  })

  test('it prints what is served, where, and the keys', async () => {
    const cwd = folderWith({ 'plinth.ts': notes() })
    const served = spawned(['dev'], { cwd })
    expect(await listening(served)).toMatchObject({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      tables: ['notes'],
      database: expect.stringContaining('SQLite'),
      keys: { publishable: expect.stringMatching(/^sb_publishable_/), secret: expect.stringMatching(/^sb_secret_/) },
    })
  })
})
