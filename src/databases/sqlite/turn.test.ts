import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { openSqlite, type SqliteDriver } from './driver.ts'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step()
})

interface Opened {
  readonly driver: SqliteDriver
  readonly elsewhere: DatabaseSync
  /** How many rows a reader sees. */
  count(): unknown
}

async function opened(): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), 'plinth-turn-'))
  undo.push(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'a.db')
  const driver = openSqlite(path)
  undo.push(() => driver.close())
  await driver.execute('CREATE TABLE a (n INTEGER) STRICT')
  const elsewhere = new DatabaseSync(path)
  undo.push(() => elsewhere.close())
  const rows = driver.prepare('SELECT count(*) FROM a')
  return { driver, elsewhere, count: () => Object(rows.rows([]))[0][0] }
}

const arrive = ({ driver }: Opened, requests: number): void => {
  const now = performance.now()
  for (let request = 0; request < requests; request += 1) driver.arrived(now)
}

describe('requests of one turn', () => {
  test('share what they see, until the turn ends', async () => {
    const here = await opened()
    arrive(here, 2)
    const before = here.count()
    here.elsewhere.exec('INSERT INTO a VALUES (1)')
    expect([before, here.count()]).toEqual([0, 0])
    await nextTurn()
    expect(here.count()).toBe(1)
  })

  test('see at once what this process writes', async () => {
    const here = await opened()
    arrive(here, 2)
    expect(here.count()).toBe(0)
    await here.driver.prepare('INSERT INTO a VALUES (1)').rows([])
    expect(here.count()).toBe(1)
  })

  test('share nothing where one comes alone', async () => {
    const here = await opened()
    arrive(here, 1)
    expect(here.count()).toBe(0)
    here.elsewhere.exec('INSERT INTO a VALUES (1)')
    expect(here.count()).toBe(1)
  })

  test('do not hold up closing', async () => {
    const here = await opened()
    arrive(here, 3)
    here.count()
    undo.splice(1, 1)
    await here.driver.close()
    await nextTurn()
  })
})
