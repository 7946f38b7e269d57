/**
 * How one connects: the least that `databases/sql` needs of a connection. A dialect says how SQL differs; a driver
 * only carries text and values. To add a driver for a known database: one file that fulfils `Driver`.
 *
 * 1. Every error that leaves a driver is a `Problem` with the code that semantics name, whichever the database.
 * 2. `prepare` is cheap to call again with the same text: drivers keep what they prepared.
 * 3. A statement that runs past its deadline is stopped and is `57014`.
 */

import type { Outcome, Program } from './write/program.ts'

/** What goes in: the forms the codec of the database makes. */
export type SqlValue = null | number | bigint | string | boolean | Uint8Array
/** What comes back, a row as a list in the order of the outputs. */
export type SqlRow = readonly unknown[]

export interface Prepared {
  /** How many rows it changed. */
  count(values: readonly SqlValue[]): number | Promise<number>
  /** All rows. Synchronous where the database is in this process; a `Promise` elsewhere. */
  rows(values: readonly SqlValue[]): readonly SqlRow[] | Promise<readonly SqlRow[]>
}

export interface Connection {
  prepare(text: string): Prepared
  /** Runs one or more statements without values; used for schema changes only. */
  execute(text: string): void | Promise<void>
}

export interface Driver extends Connection {
  /** Commits when `work` is done, rolls back when it throws. Transactions of one SQLite connection queue up. */
  transaction<T>(work: (connection: Connection) => T | Promise<T>): Promise<T>
  /** Carries out a program in a transaction, of its own as far as it can tell. */
  write(program: Program): Promise<Outcome>
  /** Throws `08006` when the database cannot answer now. */
  probe(): Promise<void>
  close(): Promise<void>
}
