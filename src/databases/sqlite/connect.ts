/**
 * Opens connections to an SQLite file: the pragmas that the promises rest on, and errors a person can act on.
 *
 * 1. A commit is on disk before it is answered: WAL with `synchronous=FULL`.
 * 2. Foreign keys are kept, `LIKE` minds case, triggers also see the deletes of `REPLACE`.
 * 3. Schema code may call our functions and no other code: extensions cannot be loaded, and the file cannot be
 *    damaged through SQL (defensive mode). `trusted_schema` stays on, because checks and triggers call our functions,
 *    all of which are pure.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Problem } from '../../errors.ts'
import type { SqlValue } from '../sql/driver.ts'
import { toProblem } from './errors.ts'
import { functions, totals, type SqlAggregate, type Summing } from './functions.ts'

type Stored = Exclude<SqlValue, boolean>

/** What SQLite can bind: booleans are 1 and 0. */
export const bindable = (value: SqlValue): Stored => (typeof value === 'boolean' ? Number(value) : value)

export interface Place {
  readonly path: string
  /** Takes a database away that was for this process alone. */
  readonly leave: () => void
}

/** `:memory:` is a file in a folder of its own that goes away, so that it behaves like any other. */
export function placeOf(path: string): Place {
  if (path !== ':memory:') {
    makeFolder(dirname(path), path)
    return { path, leave: () => undefined }
  }
  const folder = mkdtempSync(join(tmpdir(), 'plinth-'))
  return { path: join(folder, 'memory.db'), leave: () => rmSync(folder, { recursive: true, force: true }) }
}

function makeFolder(folder: string, path: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw new Problem('08006', `The folder of ${path} cannot be made`, {
      hint: 'Make the folder writable for this process, or name another place in DATABASE_URL.',
      cause: error,
    })
  }
}

const shared = ['busy_timeout = 100', 'foreign_keys = ON', 'recursive_triggers = ON', 'case_sensitive_like = ON', 'synchronous = FULL']
const writing = ['journal_mode = WAL', ...shared, 'cache_size = -16000', 'wal_autocheckpoint = 1000', 'temp_store = MEMORY']
const reading = [...shared, 'query_only = ON', 'cache_size = -16000', 'temp_store = MEMORY']

/** A connection that may write; the first one, which also makes the file. */
export const connectWriter = (path: string): DatabaseSync => connect(path, writing)

/**
 * A connection that sees what is committed, also while the writer is busy. The first `mapped` bytes of the file are
 * read through the process's memory: a quarter quicker, but they count as its memory, and a file that somebody cuts
 * short then ends the process instead of giving an error.
 */
export const connectReader = (path: string, mapped: number): DatabaseSync => connect(path, [...reading, `mmap_size = ${mapped}`])

function connect(path: string, pragmas: readonly string[]): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { enableForeignKeyConstraints: true, enableDoubleQuotedStringLiterals: false, allowExtension: false })
    database.enableDefensive(true)
    register(database)
    database.exec(pragmas.map((pragma) => `PRAGMA ${pragma};`).join('\n'))
    // The first look into the file finds out whether it is a database at all.
    database.prepare('SELECT count(*) FROM sqlite_schema').get()
    return database
  } catch (error) {
    database?.close()
    throw unopened(path, error)
  }
}

function register(database: DatabaseSync): void {
  // Whole numbers arrive as `bigint`, or the large ones would not arrive at all.
  const options = { deterministic: true, varargs: true, useBigIntArguments: true }
  for (const [name, call] of Object.entries(functions)) {
    database.function(name, options, (...values) => noting(() => bindable(call(...values))))
  }
  for (const [name, total] of Object.entries(totals)) aggregate(database, name, total)
}

let thrown: unknown

/** Node loses an error of a function where an aggregate of ours is under way, and gives no rows instead: it is kept here. */
function noting<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    thrown = error
    throw error
  }
}

/** The last error that a function of ours threw on any connection of this thread. */
export const lastThrown = (): unknown => thrown

/** Node's types want the state to be an SQL value; in truth it is handed back to `step` and `result` untouched. */
interface Aggregating {
  aggregate(name: string, options: object): void
}

function aggregate(database: Aggregating, name: string, { start, step, result }: SqlAggregate): void {
  database.aggregate(name, { start, step, result: (state: Summing) => noting(() => result(state)), useBigIntArguments: true })
}

function unopened(path: string, error: unknown): Problem {
  const { code, message, hint } = toProblem(error)
  return new Problem(code, `${message}: ${path}`, { ...(hint === null ? {} : { hint }), cause: error })
}
