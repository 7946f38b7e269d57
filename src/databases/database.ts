/**
 * The contract every database fulfils: what it can do, and how a plan becomes rows. `testing/` publishes the suite
 * that a third party's database must pass.
 *
 * To add one: a folder beside this file with a dialect, a driver and `capabilities`; an export; a line in the test
 * matrix; a docs page.
 */
import type { Answer } from '../query/ask.ts'
import type { Who } from '../query/who.ts'
import type { Plan } from '../plan/plan.ts'
import type { Capabilities } from '../plan/capabilities.ts'
import type { Kept } from '../query/once.ts'
import type { Transact, Within } from '../query/transaction.ts'

export interface Statement {
  /** What is sent, for tests and `explain`. */
  readonly text: string
  /**
   * Binds the values, runs, and gives the answer. Synchronous where the database is in this process.
   */
  run(values: readonly unknown[], who: Who, how?: How): Answer | Promise<Answer>
}

export interface How {
  /** A part of this transaction: what it writes is undone where it fails, and is there with the rest of it. */
  readonly within?: Within | undefined
  /** A write whose answer is kept with it, and given again. */
  readonly once?: Kept | undefined
}

export interface Database {
  /** For people: `SQLite 3.53.4`. Code asks `capabilities`, never this. */
  readonly title: string
  readonly capabilities: Capabilities
  /** Pure: the same plan gives the same text. */
  compile(plan: Plan): Statement
  readonly transaction: Transact
  probe(): Promise<void>
  close(): Promise<void>
}
