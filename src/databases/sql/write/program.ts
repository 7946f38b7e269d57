/**
 * A write as a program: steps that one after the other do all of it, with everything bound. Plain data, so that it can
 * be carried out on another thread, or once more after a conflict.
 *
 * 1. A program is carried out within a transaction, or a savepoint, of its own: where a step refuses, all is undone.
 * 2. What a step needs of another is the keys of its rows, kept under a number.
 *
 * To add a step: its type here, how it is carried out in `carry-out.ts`.
 */
import type { ErrorCode } from '../../../errors.ts'
import type { Type } from '../../../schema/schema.ts'
import type { SqlValue } from '../driver.ts'

export interface Program {
  readonly steps: readonly Step[]
  /** Undone at the end, and answered as if it were not. */
  readonly rehearsal: boolean
}

export interface Sent {
  readonly text: string
  readonly values: readonly SqlValue[]
}

/** A statement about rows by their keys: the keys' placeholders come before those of `values`. */
export interface Keyed extends Sent {
  readonly keys: number
  readonly types: readonly Type[]
}

/** What is told where a step refuses. */
export interface Refusal {
  readonly code: ErrorCode
  readonly message: string
  readonly details?: string
  readonly hint?: string
}

export type Step = Judge | Look | Change | Remove | Verify | Count | Give

/** Refuses where the row, as it is found, is not what the asker takes it for. Its one output is the row's JSON. */
export interface Judge {
  readonly do: 'judge'
  /** Holds on to the row first, where others may write meanwhile. */
  readonly lock: Sent | undefined
  readonly sent: Sent
  readonly salts: readonly string[]
  readonly match: readonly string[] | '*' | undefined
  readonly none: readonly string[] | '*' | undefined
  readonly refusal: Refusal
}

/**
 * Finds the rows that are there already, for those that are to be put in. Outputs: the conflict's columns, whether the
 * asker sees the row, and whether they may change it.
 */
export interface Look {
  readonly do: 'look'
  readonly sent: Sent
  readonly into: number
  readonly columns: number
  readonly unseen: Refusal
  readonly unchangeable: Refusal
}

/** Puts rows in or changes them. Outputs of each: its key, the conflict's columns, and the verdicts of the rules. */
export interface Change {
  readonly do: 'change'
  readonly sent: readonly Sent[]
  readonly into: number
  /** Whether the statements give rows at all; otherwise only their number is known. */
  readonly returns: boolean
  /** How many outputs are the key. */
  readonly key: number
  /** Whether rows of the statement pass: none, one verdict for all, or one for those that are new and one for the others. */
  readonly verdicts: 0 | 1 | 2
  readonly refusal: Refusal
  readonly conflict: ChangeConflict | undefined
}

export interface ChangeConflict {
  /** What `Look` found. */
  readonly looked: number
  readonly columns: number
  readonly then: 'ignore' | 'merge'
  /** How many rows of different identity are given. */
  readonly given: number
}

/** Takes out the rows of a number of keys, or without one those that the statement names itself. */
export interface Remove {
  readonly do: 'remove'
  readonly sent: Sent | Keyed
  readonly into: number
}

/** Refuses where one of the rows does not pass. Its one output is how many do not. */
export interface Verify {
  readonly do: 'verify'
  readonly sent: Keyed
  readonly which: 'all' | 'new' | 'old'
  readonly refusal: Refusal
}

/** Refuses where there are more rows than the asker wants touched, or another number than one. */
export interface Count {
  readonly do: 'count'
  readonly keys: number
  readonly most: number | undefined
  readonly single: boolean
  /** So many rows are given back at most. */
  readonly cap: number | undefined
}

/** Reads rows for the answer: the JSON of all, and how many they are. */
export interface Give {
  readonly do: 'give'
  readonly sent: Keyed
}

/** The numbers of the rows that the answer speaks of. */
export const ANSWERED = 0

export interface Outcome {
  readonly count: number
  readonly inserted: number
  readonly rows?: { readonly json: string; readonly length: number }
}
