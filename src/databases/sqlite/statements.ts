/**
 * Prepared statements of one SQLite connection, kept by their text.
 *
 * 1. Rows are lists. Whole numbers are `number` where that is exact and `bigint` where it is not.
 * 2. The most recently used statements are kept; SQLite prepares anew by itself when the schema changes.
 * 3. An error leaves as a `Problem`.
 */
import type { DatabaseSync } from 'node:sqlite'
import type { Named, Prepared, SqlRow, SqlValue } from '../sql/driver.ts'
import { bindable, takeThrown } from './connect.ts'
import { toProblem } from './errors.ts'

export interface StatementsOptions {
  /** How many statements are kept. */
  readonly kept: number
  /** Called before each run; the deadline counts from here. */
  readonly starting: () => void
  /** What an error means, where a look into the database says more. */
  readonly explain?: (error: unknown, text: string, values: readonly SqlValue[]) => unknown
}

export interface Statements {
  prepare(text: string): Prepared
  /** The names of its outputs with its rows; a statement without outputs gives how many rows it changed. */
  query(text: string, values: readonly SqlValue[]): Named
  /** Lets go of every statement, so that the connection can close. */
  clear(): void
}

export function createStatements(database: DatabaseSync, options: StatementsOptions): Statements {
  const kept = new Map<string, NamedPrepared>()
  const prepare = (text: string): NamedPrepared => {
    const known = kept.get(text)
    if (known !== undefined) {
      kept.delete(text)
      kept.set(text, known)
      return known
    }
    const made = prepared(database, text, options)
    kept.set(text, made)
    if (kept.size > options.kept) forgetOldest(kept)
    return made
  }
  return {
    prepare,
    query(text, values) {
      const statement = prepare(text)
      const names = statement.names()
      if (names.length === 0) return { names, rows: [], count: statement.count(values) }
      const rows = statement.rows(values)
      return { names, rows, count: rows.length }
    },
    clear: () => kept.clear(),
  }
}

/** One that answers at once. */
interface NamedPrepared extends Prepared {
  rows(values: readonly SqlValue[]): readonly SqlRow[]
  count(values: readonly SqlValue[]): number
  names(): readonly string[]
}

function forgetOldest(kept: Map<string, NamedPrepared>): void {
  for (const text of kept.keys()) {
    kept.delete(text)
    return
  }
}

const READS = /^\s*(?:select|values|explain)\b/i

/** Whether running it twice is harmless. `with` may end in a write, so it does not count. */
export const isRead = (text: string): boolean => READS.test(text)

function prepared(database: DatabaseSync, text: string, options: StatementsOptions): NamedPrepared {
  const statement = native(() => database.prepare(text), text, options)
  statement.setReturnArrays(true)
  const repeatable = isRead(text)
  // A write must not run again, so its numbers are read the exact way from the start.
  const run = { exact: !repeatable && statement.columns().length > 0 }
  if (run.exact) statement.setReadBigInts(true)
  return {
    names: () => statement.columns().map(({ name }) => name),
    count(values) {
      options.starting()
      return native(() => Number(statement.run(...values.map(bindable)).changes), text, options, values)
    },
    rows(values) {
      options.starting()
      try {
        return run.exact ? shortened(all(statement, values)) : all(statement, values)
      } catch (error) {
        if (!repeatable || run.exact || !isTooLarge(error)) throw problem(error, text, values, options)
        run.exact = true
        statement.setReadBigInts(true)
        return native(() => shortened(all(statement, values)), text, options)
      }
    },
  }
}

/** Node's types know rows as objects only; with `setReturnArrays(true)` they are lists. */
interface Listing {
  all(...values: unknown[]): unknown[]
}

function all(statement: Listing, values: readonly SqlValue[]): SqlRow[] {
  const bound = values.some((value) => typeof value === 'boolean') ? values.map(bindable) : values
  const rows: unknown = statement.all(...bound)
  // An error that Node lost; see `watched` in `connect.ts`.
  if (!Array.isArray(rows)) throw takeThrown() ?? new Error('node:sqlite gave no rows, and lost the reason of SQLite')
  return rows // each is a list, because this connection asked for that
}

function native<T>(work: () => T, text: string, options: StatementsOptions, values: readonly SqlValue[] = []): T {
  try {
    return work()
  } catch (error) {
    throw problem(error, text, values, options)
  }
}

function problem(error: unknown, text: string, values: readonly SqlValue[], options: StatementsOptions): unknown {
  // One that was not lost must not be found by a later statement.
  takeThrown()
  return options.explain === undefined ? toProblem(error) : options.explain(error, text, values)
}

const isTooLarge = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ERR_OUT_OF_RANGE'

function shortened(rows: readonly SqlRow[]): SqlRow[] {
  return rows.map((row) => row.map((value) => (typeof value === 'bigint' && isSafe(value) ? Number(value) : value)))
}

const isSafe = (value: bigint): boolean => value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
