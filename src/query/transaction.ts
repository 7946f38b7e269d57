/** A transaction that stays open between statements: what `databases/` gives, and who asks or runs code within one uses. */
import type { Canonical, Type } from '../schema/schema.ts'
import type { Kept } from './once.ts'

/** A transaction that is open. What is asked in it goes one after the other, however it is asked. */
export interface Within {
  /**
   * Runs SQL past the rules, with values as the database keeps them. Where one fails the transaction is lost: what comes
   * after it is `25P02`, and it never commits.
   */
  query(text: string, values: readonly unknown[]): Promise<Result>
  /** A part that is undone alone where it throws. */
  part<T>(work: (within: Within) => Promise<T>): Promise<T>
  /** What was answered to this before, as it was kept; undefined where it is asked for the first time. */
  recall(kept: Kept): Promise<string | undefined>
  /** Keeps an answer, if the transaction commits. */
  keep(kept: Kept, answer: string): Promise<void>
  /** How the database keeps a value of this type, and back. */
  readonly store: (type: Type, given: unknown) => unknown
  readonly load: (type: Type, stored: unknown) => Canonical
}

export interface Result {
  readonly names: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
  /** How many rows were changed, or given. */
  readonly count: number
}

/** The SQL that a database speaks, by the name that query builders have for it. */
export type SqlSyntax = 'sqlite' | 'postgres'

export interface TransactionOptions {
  /** Nothing is written in it. */
  readonly reads?: boolean
  /** Milliseconds that a statement in it may take at most, besides what any statement may. */
  readonly timeout?: number
}

/**
 * A transaction as if no other ran beside it: commits when `work` is done, rolls back when it throws. `40001` where
 * another one got in its way; then it may be begun anew.
 */
export type Transact = <T>(work: (within: Within) => Promise<T>, options?: TransactionOptions) => Promise<T>
