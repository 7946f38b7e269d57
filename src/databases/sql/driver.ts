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

/** What a statement gave, with the names of its outputs. */
export interface Named {
  readonly names: readonly string[]
  readonly rows: readonly SqlRow[]
  /** How many rows it changed, or gave. */
  readonly count: number
}

export interface Connection {
  prepare(text: string): Prepared
  /** Runs a statement that somebody else wrote, in the dialect's own placeholders. */
  query(text: string, values: readonly SqlValue[]): Named | Promise<Named>
  /** Runs one or more statements without values; used for schema changes only. */
  execute(text: string): void | Promise<void>
}

export interface TransactionOptions {
  /** Nothing is written in it. */
  readonly reads?: boolean
  /** Milliseconds that a statement in it may take at most, besides what any statement may. */
  readonly timeout?: number
  /** As if no other transaction ran beside it; `40001` where that cannot be kept, and it may be begun anew. */
  readonly serializable?: boolean
}

export interface Driver extends Pick<Connection, 'prepare' | 'execute'> {
  /** Commits when `work` is done, rolls back when it throws. Transactions of one SQLite connection queue up. */
  transaction<T>(work: (connection: Connection) => T | Promise<T>, options?: TransactionOptions): Promise<T>
  /** Carries out a program in a transaction, of its own as far as it can tell. */
  write(program: Program): Promise<Outcome>
  /** Throws `08006` when the database cannot answer now. */
  probe(): Promise<void>
  close(): Promise<void>
}
