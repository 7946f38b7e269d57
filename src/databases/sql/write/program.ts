/**
 * A write as a program: steps that one after the other do all of it, and the values that go into their statements.
 * Plain data, so that it can be carried out on another thread, or once more after a conflict.
 *
 * 1. A program is carried out within a transaction, or a savepoint, of its own: where a step refuses, all is undone.
 * 2. What a step needs of another is the keys of its rows, kept under a number.
 * 3. Steps hold no value. Writes of one shape have the very same steps, by which the other thread knows them.
 *
 * To add a step: its type here, how it is carried out in `carry-out.ts`, its statements in `shifted`.
 */
import type { ErrorCode } from '../../../errors.ts'
import type { Type } from '../../../schema/schema.ts'
import type { SqlValue } from '../driver.ts'
import type { OnceSent } from './once.ts'

export interface Program {
  readonly steps: readonly Step[]
  /** By the places that steps name. */
  readonly values: readonly (readonly SqlValue[])[]
  /** Undone at the end, and answered as if it were not. */
  readonly rehearsal: boolean
  /** It is not carried out twice. */
  readonly once?: OnceSent
}

export interface Sent {
  readonly text: string
  /** The place of its values. */
  readonly at: number
}

/** A statement about rows by their keys: the keys' placeholders come before those of its own values. */
export interface Keyed extends Sent {
  /** The number that the keys are kept under. */
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

export type Step = Judge | Refer | Look | Change | Remove | Verify | Count | Give

/** Refuses where the row, as it is found, is not what the asker takes it for. Its one output is the row's JSON. */
export interface Judge {
  readonly do: 'judge'
  /** Holds on to the row first, where others may write meanwhile. */
  readonly lock: Sent | undefined
  readonly sent: Sent
  readonly salts: readonly string[]
  /** Places of tags, or of `*` for any row: one of them must be the row's, or none may. */
  readonly match: number | undefined
  readonly none: number | undefined
  readonly refusal: Refusal
}

/**
 * Refuses a reference to a row that is not there for the asker. Outputs, where there is one: its values as JSON. Where
 * no values are at its place, nothing refers to anything.
 */
export interface Refer {
  readonly do: 'refer'
  readonly sent: Sent
  readonly refusal: Refusal
  readonly columns: readonly string[]
  readonly to: string
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

/**
 * Puts rows in or changes them. Outputs of each: its key, the conflict's columns, the verdicts of the rules, and with
 * `told` whether it was put in.
 */
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
  readonly told: boolean
  /** The place of how many rows of different identity are given. */
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
  /** The place of the most. */
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

/** The number of the rows that the answer speaks of. */
export const ANSWERED = 0

export interface Outcome {
  readonly count: number
  readonly inserted: number
  readonly rows?: { readonly json: string; readonly length: number }
  /** It was carried out before; this is what came of it then. */
  readonly replayed?: boolean
  /** What the asker might see of such rows, when it was kept. */
  readonly rights?: string | undefined
}

// ── Programs in parts ──

/** Some steps, whose places count from 0, and the lists of values that they name. */
export interface Part {
  readonly steps: readonly Step[]
  readonly values: readonly (readonly SqlValue[])[]
}

/** The same steps with their places further on. */
export function shifted(step: Step, by: number): Step {
  const sent = <S extends Sent>(one: S): S => ({ ...one, at: one.at + by })
  const place = (at: number | undefined): number | undefined => (at === undefined ? undefined : at + by)
  switch (step.do) {
    case 'judge':
      return { ...step, lock: step.lock && sent(step.lock), sent: sent(step.sent), match: place(step.match), none: place(step.none) }
    case 'change':
      return { ...step, sent: step.sent.map(sent), conflict: step.conflict && { ...step.conflict, given: step.conflict.given + by } }
    case 'count':
      return { ...step, most: place(step.most) }
    case 'refer':
    case 'look':
    case 'remove':
      return { ...step, sent: sent(step.sent) }
    case 'verify':
    case 'give':
      return { ...step, sent: sent(step.sent) }
  }
}

/** Parts one after the other; the same steps for the same parts. */
export class Joined {
  readonly #known = new WeakMap<readonly Step[], readonly Step[]>()

  /** `varying` is the part whose steps are not always the same. */
  of(parts: readonly Part[], varying: Part): Part {
    const values = parts.flatMap((part) => part.values)
    const known = this.#known.get(varying.steps)
    if (known !== undefined) return { steps: known, values }
    let before = 0
    const steps = parts.flatMap((part) => {
      const moved = part.steps.map((step) => shifted(step, before))
      before += part.values.length
      return moved
    })
    this.#known.set(varying.steps, steps)
    return { steps, values }
  }
}
