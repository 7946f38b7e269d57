/** An SQL database that is open, and what is done with it besides asking: changing its schema, emptying tables, locking it. */
import type { Test } from '../../query/typed.ts'
import type { Check, Schema, Table } from '../../schema/schema.ts'
import type { Builder } from '../builder.ts'
import type { Database } from '../database.ts'
import type { Driver } from './driver.ts'
import { quote } from './names.ts'

export interface Store {
  readonly database: Database
  /** Changes the schema; `testOf` gives the condition of a declared check. */
  builder(testOf: (table: Table, check: Check) => Test): Builder
  /** Tells it whose constraints it will meet from now on. */
  learn(schema: Schema): void
  /**
   * A request arrived just now (milliseconds of the monotonic clock) and is answered in this turn of the event loop, as
   * others that arrive in it may be: what they read can share what reading costs.
   */
  readonly arrived?: (now: number) => void
  /** Deletes every row of each table, in the order given, all or nothing. */
  empty(tables: readonly string[]): Promise<void>
  /** Refuses a second process that would be unsafe beside this one, until `close`. */
  lock(): Promise<void>
  close(): Promise<void>
}

export interface StoreOptions {
  /** Milliseconds. */
  readonly statementTimeout: number
  /** How deep JSON that comes in may be nested. */
  readonly maxJsonDepth: number
  /** The most bytes of an answer, and of a body. */
  readonly maxAnswer: number
  readonly maxBody: number
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

export const emptyTables = (driver: Driver, tables: readonly string[]): Promise<void> =>
  driver.transaction(async (connection) => {
    for (const table of tables) await connection.prepare(`DELETE FROM ${quote(table)}`).rows([])
  })
