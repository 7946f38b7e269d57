/**
 * One server for one database file. Two would each believe to be the only one (keys, live queries, jobs), so the
 * second is refused; `plinth import` and `plinth check` may run beside a server and do not take this lock.
 *
 * The lock is a write transaction held open on a small SQLite file of its own: the operating system lets go of it
 * when the process ends, however it ends, so that nothing is left behind after `kill -9`.
 */
import { DatabaseSync } from 'node:sqlite'
import { Problem } from '../../errors.ts'
import { isNative } from './errors.ts'

export interface ServingLock {
  release(): void
}

/** A lock whose database is forgotten would be let go by the garbage collector. */
const held = new Set<DatabaseSync>()

export function lockForServing(path: string): ServingLock {
  const file = `${path}-serving`
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    // The number is written before the lock is taken for good, so that whoever comes second can read it.
    database.exec('PRAGMA journal_mode = DELETE; CREATE TABLE IF NOT EXISTS holder (pid INTEGER)')
    database.exec(`BEGIN IMMEDIATE; DELETE FROM holder; INSERT INTO holder VALUES (${process.pid}); COMMIT`)
    database.exec('BEGIN IMMEDIATE')
  } catch (error) {
    throw isNative(error) ? refusal(database, path, error) : error
  }
  held.add(database)
  return {
    release: () => {
      held.delete(database)
      database.close()
    },
  }
}

function refusal(database: DatabaseSync, path: string, cause: Error): Problem {
  const pid = holder(database)
  database.close()
  return new Problem('08006', `${pid === undefined ? 'Another process' : `Process ${pid}`} already serves ${path}`, {
    hint: 'Stop that one first, or give this one a database of its own: DATABASE_URL=sqlite:./data/other.db.',
    cause,
  })
}

function holder(database: DatabaseSync): number | undefined {
  try {
    const pid = database.prepare('SELECT pid FROM holder').get()?.['pid']
    return typeof pid === 'number' ? pid : undefined
  } catch {
    return undefined // it is being written this very moment
  }
}
