/**
 * Opens connections to an SQLite file: the pragmas that the promises rest on, and errors a person can act on.
 *
 * 1. A commit is on disk before it is answered: WAL with `synchronous=FULL`.
 * 2. Foreign keys are kept, `LIKE` minds case, triggers also see the deletes of `REPLACE`.
 * 3. Schema code may call our functions and no other code: extensions cannot be loaded, and the file cannot be
 *    damaged through SQL (defensive mode). `trusted_schema` stays on, because checks and triggers call our functions,
 *    all of which are pure.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { LoadFailure, Problem } from '../../errors.ts'
import type { SqlValue } from '../sql/driver.ts'
import type { Deadline } from './deadline.ts'
import { toProblem } from './errors.ts'
import { functions, totals, type SqlAggregate } from './functions.ts'

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
    expectFile(path)
    makeFolder(dirname(path), path)
    return { path, leave: () => undefined }
  }
  const folder = mkdtempSync(join(tmpdir(), 'plinth-'))
  return { path: join(folder, 'memory.db'), leave: () => rmSync(folder, { recursive: true, force: true }) }
}

/** What is there already must be a file: a folder cannot hold rows, and a device forgets them. */
function expectFile(path: string): void {
  const there = statSync(path, { throwIfNoEntry: false })
  if (there === undefined || there.isFile()) return
  const [message, fix] = there.isDirectory()
    ? [`${path} is a folder.`, `Name a file in it: sqlite:${join(path, 'plinth.db')}.`]
    : [`${path} is no file.`, 'Name a file, such as sqlite:./data/plinth.db.']
  throw new LoadFailure([{ place: 'DATABASE_URL', message, fix }])
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
export const connectWriter = (path: string, deadline: Deadline, longest = Infinity): DatabaseSync =>
  connect(path, writing, deadline, longest)

/**
 * A connection that sees what is committed, also while the writer is busy. The first `mapped` bytes of the file are
 * read through the process's memory: a quarter quicker, but they count as its memory, and a file that somebody cuts
 * short then ends the process instead of giving an error. No text that it reads or makes has more than `longest` bytes.
 */
export const connectReader = (path: string, mapped: number, deadline: Deadline, longest = Infinity): DatabaseSync =>
  connect(path, [...reading, `mmap_size = ${mapped}`], deadline, longest)

function connect(path: string, pragmas: readonly string[], deadline: Deadline, longest: number): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, {
      enableForeignKeyConstraints: true,
      enableDoubleQuotedStringLiterals: false,
      allowExtension: false,
      // What a statement makes on its way to an answer takes no more memory than this, whatever is asked.
      ...(longest !== Infinity && { limits: { length: longest } }),
    })
    database.enableDefensive(true)
    register(database, deadline)
    database.exec(pragmas.map((pragma) => `PRAGMA ${pragma};`).join('\n'))
    // The first look into the file finds out whether it is a database at all.
    database.prepare('SELECT count(*) FROM sqlite_schema').get()
    return database
  } catch (error) {
    database?.close()
    throw unopened(path, error)
  }
}

function register(database: DatabaseSync, deadline: Deadline): void {
  deadline.register(database)
  // Whole numbers arrive as `bigint`, or the large ones would not arrive at all.
  const options = { deterministic: true, varargs: true, useBigIntArguments: true }
  for (const [name, call] of Object.entries(functions)) {
    const plain = (...values: SqlValue[]): Stored => bindable(call(...values))
    database.function(name, options, watched(plain, deadline))
  }
  for (const [name, total] of Object.entries(totals)) aggregate(database, name, total, deadline)
}

let thrown: unknown

/**
 * Each call looks at the clock, and the error of one is kept: Node loses it where an aggregate of ours is under way,
 * and gives no rows instead.
 */
function watched<Args extends unknown[], T>(work: (...values: Args) => T, { tick }: Deadline): (...values: Args) => T {
  return (...values) => {
    try {
      tick()
      return work(...values)
    } catch (error) {
      thrown = error
      throw error
    }
  }
}

/** The last error that a function of ours threw on any connection of this thread, given out once. */
export function takeThrown(): unknown {
  const taken = thrown
  thrown = undefined
  return taken
}

/** Node's types want the state to be an SQL value; in truth it is handed back to `step` and `result` untouched. */
interface Aggregating {
  aggregate(name: string, options: object): void
}

function aggregate(database: Aggregating, name: string, { start, step, result }: SqlAggregate, deadline: Deadline): void {
  const watching = { step: watched(step, deadline), result: watched(result, deadline) }
  // Node would ask `step` how many values it takes, and the watched one cannot tell.
  database.aggregate(name, { start, ...watching, varargs: true, useBigIntArguments: true })
}

function unopened(path: string, error: unknown): Problem {
  const { kind, message, hint } = toProblem(error)
  return new Problem(kind, `${message}: ${path}`, { ...(hint === null ? {} : { hint }), cause: error })
}
