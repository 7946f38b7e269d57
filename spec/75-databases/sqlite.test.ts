import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openSqlite } from '../../src/databases/sqlite/driver.ts'
import { lockForServing } from '../../src/databases/sqlite/lock.ts'

const folder = mkdtempSync(join(tmpdir(), 'plinth-sqlite-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const opened = async (name: string) => {
  const driver = openSqlite(join(folder, name))
  await driver.execute('CREATE TABLE numbers (n INTEGER PRIMARY KEY) STRICT')
  return driver
}

/** Runs code in another process; gives its first line of output once there, and a way to kill it. */
function elsewhere(code: string): { line: Promise<string>; kill: () => Promise<void> } {
  const imports = `import { openSqlite } from ${JSON.stringify(sourceOf('driver.ts'))}; import { lockForServing } from ${JSON.stringify(sourceOf('lock.ts'))};`
  const child = spawn(process.execPath, ['--input-type=module', '-e', imports + code], { stdio: ['ignore', 'pipe', 'inherit'] })
  const line = new Promise<string>((resolve) => child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim())))
  const kill = async (): Promise<void> => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }
  return { line, kill }
}

const sourceOf = (name: string): string => new URL(`../../src/databases/sqlite/${name}`, import.meta.url).href

describe('The file', () => {
  test('Its folder is made, and a commit is flushed to the disk before it is answered', async () => {
    const driver = await opened('new/folder/plinth.db')
    expect(existsSync(join(folder, 'new/folder/plinth.db-wal'))).toBe(true)
    const modes = await driver.transaction((connection) =>
      Promise.all(['journal_mode', 'synchronous', 'foreign_keys'].map((pragma) => connection.prepare(`PRAGMA ${pragma}`).rows([]))),
    )
    expect(modes).toEqual([[['wal']], [[2]], [[1]]])
    await driver.close()
  })

  test('A file that is no database is refused with its path', () => {
    const path = join(folder, 'text.db')
    writeFileSync(path, 'This is a letter to a friend, and no database at all.'.repeat(100))
    expect(() => openSqlite(path)).toThrow(`The file is not an SQLite database: ${path}`)
  })

  test('A file that lost its end is never read as if it were whole', async () => {
    const driver = await opened('damaged.db')
    await driver.execute(
      `WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 20000) INSERT INTO numbers SELECT n FROM r`,
    )
    await driver.close()
    truncateSync(join(folder, 'damaged.db'), 40_960)
    const reading = async (): Promise<unknown> => {
      const again = openSqlite(join(folder, 'damaged.db'))
      try {
        return await again.prepare('SELECT sum(n) FROM numbers').rows([])
      } finally {
        await again.close()
      }
    }
    await expect(reading()).rejects.toMatchObject({ code: 'XX000', message: expect.stringContaining('damaged') })
  })

  test.skipIf(process.getuid?.() === 0)('A folder that cannot be written is said so', () => {
    const path = join(folder, 'locked')
    mkdirSync(path)
    chmodSync(path, 0o500)
    expect(() => openSqlite(join(path, 'plinth.db'))).toThrow(/cannot be (opened|written)/)
  })

  test('A folder in whose place there is a file cannot be made', () => {
    writeFileSync(join(folder, 'file'), '')
    expect(() => openSqlite(join(folder, 'file', 'plinth.db'))).toThrow(/The folder of .* cannot be made/)
  })

  test('A full disk is told as such, reading goes on, and writing too once there is room', async () => {
    const driver = await opened('full.db')
    const most = (pages: number) => driver.transaction((connection) => connection.prepare(`PRAGMA max_page_count = ${pages}`).rows([]))
    const fill = () =>
      driver
        .prepare('INSERT INTO numbers WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 50000) SELECT n FROM r')
        .rows([])
    await most(20)
    await expect(fill()).rejects.toMatchObject({ code: '53100', status: 507 })
    expect(await driver.prepare('SELECT count(*) FROM numbers').rows([])).toEqual([[0]])
    await most(10_000)
    await fill()
    expect(await driver.prepare('SELECT count(*) FROM numbers').rows([])).toEqual([[50_000]])
    await driver.close()
  })

  test(':memory: behaves like a file and leaves nothing behind', async () => {
    const driver = openSqlite(':memory:')
    await driver.execute('CREATE TABLE t (a TEXT) STRICT')
    expect(await driver.prepare('SELECT count(*) FROM t').rows([])).toEqual([[0]])
    await driver.close()
    expect(existsSync(driver.path)).toBe(false)
  })
})

describe('Transactions', () => {
  test('What is not committed is seen by nobody else, and reading does not wait', async () => {
    const driver = await opened('isolation.db')
    const count = () => driver.prepare('SELECT count(*) FROM numbers').rows([])
    await driver.transaction(async (connection) => {
      await connection.prepare('INSERT INTO numbers VALUES (1)').rows([])
      expect(await connection.prepare('SELECT count(*) FROM numbers').rows([])).toEqual([[1]])
      expect(count()).toEqual([[0]])
    })
    expect(count()).toEqual([[1]])
    await driver.close()
  })

  test('They take turns, and one that fails leaves nothing', async () => {
    const driver = await opened('turns.db')
    const order: string[] = []
    const slow = driver.transaction(async (connection) => {
      await connection.prepare('INSERT INTO numbers VALUES (1)').rows([])
      await new Promise((resolve) => setTimeout(resolve, 20))
      order.push('slow')
      throw new Error('changed my mind')
    })
    const quick = driver.transaction(() => void order.push('quick'))
    await expect(slow).rejects.toThrow('changed my mind')
    await quick
    expect(order).toEqual(['slow', 'quick'])
    expect(await driver.prepare('SELECT count(*) FROM numbers').rows([])).toEqual([[0]])
    await driver.close()
  })

  test('Another process that writes is waited for, without holding up this one', async () => {
    const driver = await opened('shared.db')
    const path = JSON.stringify(join(folder, 'shared.db'))
    const other = elsewhere(
      `const d = openSqlite(${path}); await d.transaction(async (c) => { await c.prepare('INSERT INTO numbers VALUES (7)').rows([]); console.log('in'); await new Promise((r) => setTimeout(r, 300)) }); await d.close()`,
    )
    expect(await other.line).toBe('in')
    let ticks = 0
    const timer = setInterval(() => ticks++, 10)
    await driver.prepare('INSERT INTO numbers VALUES (8)').rows([])
    clearInterval(timer)
    expect(ticks).toBeGreaterThan(1)
    expect(await driver.prepare('SELECT n FROM numbers ORDER BY n').rows([])).toEqual([[7], [8]])
    await driver.close()
  })

  test('Another process that never ends its write is told in time', async () => {
    const driver = await opened('stuck.db')
    const impatient = openSqlite(join(folder, 'stuck.db'), { lockTimeout: 200 })
    await driver.transaction(async () => {
      await expect(impatient.prepare('INSERT INTO numbers VALUES (1)').rows([])).rejects.toMatchObject({
        code: '08006',
        message: 'The database file is locked by another process',
        headers: { 'Retry-After': '1' },
      })
    })
    await impatient.close()
    await driver.close()
  })

  test('What fails inside of a write says in its cause what SQLite said', async () => {
    const driver = await opened('broken.db')
    const failed = driver.prepare('INSERT INTO numbers (nowhere) VALUES (1)').rows([])
    await expect(failed).rejects.toMatchObject({ code: 'XX000', cause: { message: 'table numbers has no column named nowhere' } })
    await driver.close()
  })

  test('A folder, or what is no file, is no database', () => {
    expect(() => openSqlite(folder)).toThrow(`DATABASE_URL: ${folder} is a folder. Name a file in it: sqlite:${join(folder, 'plinth.db')}.`)
    expect(() => openSqlite('/dev/null')).toThrow('DATABASE_URL: /dev/null is no file. Name a file, such as sqlite:./data/plinth.db.')
  })

  test('A commit survives kill -9', async () => {
    const driver = await opened('killed.db')
    const path = JSON.stringify(join(folder, 'killed.db'))
    const other = elsewhere(
      `const d = openSqlite(${path}); for (let n = 1; n <= 20; n++) await d.prepare('INSERT INTO numbers VALUES (?)').rows([n]); const all = d.transaction(async (c) => { await c.prepare('INSERT INTO numbers VALUES (99)').rows([]); console.log('20 are in'); await new Promise((r) => setTimeout(r, 60_000)) }); await all`,
    )
    expect(await other.line).toBe('20 are in')
    await other.kill()
    expect(await driver.prepare('SELECT count(*), max(n) FROM numbers').rows([])).toEqual([[20, 20]])
    await driver.prepare('INSERT INTO numbers VALUES (21)').rows([])
    await driver.close()
  })
})

describe('Statements', () => {
  test('One that passes its deadline is stopped where it looks at the clock', async () => {
    const driver = openSqlite(':memory:', { statementTimeout: 50 })
    const endless = 'WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE plinth_tick(n)) SELECT max(n) FROM r'
    expect(() => driver.prepare(endless).rows([])).toThrow(expect.objectContaining({ code: '57014' }))
    expect(await driver.prepare('SELECT 1').rows([])).toEqual([[1]])
    await driver.close()
  })

  const rows = 'WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 300000)'
  test.each([
    ['a function', `${rows} SELECT count(*) FROM r WHERE plinth_fold('A' || n) = 'b'`],
    ['a function that adds up', `${rows} SELECT plinth_sum_float(n) FROM r`],
  ])('One that passes its deadline is stopped where it calls %s of ours, and the next is not', async (_, slow) => {
    const driver = openSqlite(':memory:', { statementTimeout: 30 })
    for (const text of [slow, slow]) expect(() => driver.prepare(text).rows([])).toThrow(expect.objectContaining({ code: '57014' }))
    expect(await driver.prepare(slow.replace('300000', '500')).rows([])).toHaveLength(1)
    await driver.close()
  })

  test('A change of the schema has no deadline', async () => {
    const driver = openSqlite(':memory:', { statementTimeout: 5 })
    const fill = `CREATE TABLE words (word TEXT) STRICT; INSERT INTO words ${rows} SELECT plinth_fold('A' || n) FROM r`
    const look = 'SELECT count(*) FROM words WHERE plinth_fold(word) = word'
    await driver.rebuild(async (connection) => {
      await connection.execute(fill)
      expect(await connection.prepare(look).rows([])).toEqual([[300_000]])
    })
    expect(() => driver.prepare(look).rows([])).toThrow(expect.objectContaining({ code: '57014' }))
    await driver.close()
  })

  test('What a function of ours refuses is told, also where a sum of ours is under way', async () => {
    const driver = openSqlite(':memory:')
    const sum = (word: string): string =>
      `SELECT n, plinth_sum_float(plinth_cast(word, 'text', 'float')) FROM (SELECT 1 AS n, '1' AS word UNION ALL SELECT 1, '${word}' UNION ALL SELECT 2, '4') GROUP BY n`
    for (let round = 0; round < 2; round += 1) {
      expect(() => driver.prepare(sum('x')).rows([])).toThrow(expect.objectContaining({ code: '22P02' }))
      expect(await driver.prepare(sum('2')).rows([])).toEqual([
        [1, 3],
        [2, 4],
      ])
    }
    await driver.close()
  })

  test('More texts than are kept still work', async () => {
    const driver = openSqlite(':memory:', { statements: 3 })
    for (let n = 0; n < 10; n++) expect(await driver.prepare(`SELECT ${n}`).rows([])).toEqual([[n]])
    expect(await driver.prepare('SELECT 0').rows([])).toEqual([[0]])
    await driver.close()
  })

  test('Functions of ours take and give whole numbers of 64 bits', async () => {
    const driver = openSqlite(':memory:')
    expect(await driver.prepare('SELECT plinth_sum(?, ?, 2)').rows([9007199254740993n, 5n])).toEqual([
      [expect.stringMatching(/^\d+\.\d\d$/)],
    ])
    await driver.close()
  })
})

describe('Two servers', () => {
  test('The second is refused with the first one’s process, and the way out', () => {
    const path = join(folder, 'served.db')
    const lock = lockForServing(path)
    expect(() => lockForServing(path)).toThrow(
      expect.objectContaining({
        message: `Process ${process.pid} already serves ${path}`,
        hint: expect.stringContaining('DATABASE_URL=sqlite:'),
      }),
    )
    lock.release()
    lockForServing(path).release()
  })

  test('A server that was killed leaves no lock, and a command may work beside a server', async () => {
    const path = join(folder, 'killed-server.db')
    const other = elsewhere(`lockForServing(${JSON.stringify(path)}); console.log(process.pid); setTimeout(() => {}, 60_000)`)
    const pid = await other.line
    expect(() => lockForServing(path)).toThrow(`Process ${pid} already serves`)
    const beside = openSqlite(path)
    await beside.execute('CREATE TABLE t (a TEXT) STRICT')
    await beside.close()
    await other.kill()
    lockForServing(path).release()
  })
})
