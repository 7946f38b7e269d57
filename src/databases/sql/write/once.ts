/**
 * What is not to be done twice: the statements that look for an answer kept before, and that keep one, in the table
 * `plinth_answers` (`schema/own.ts`).
 *
 * 1. The answer is kept by the transaction that did what it tells of: there is never one without the other.
 * 2. Where transactions run beside each other, the name of the answer is claimed first: whoever asks the same meanwhile is
 *    told so, and does not wait.
 */
import { Problem } from '../../../errors.ts'
import { KEPT_FOR, stillRunning, type Kept } from '../../../query/once.ts'
import type { SqlDatabase } from '../database.ts'
import type { SqlRow, SqlValue } from '../driver.ts'

interface Sent {
  readonly text: string
  readonly values: readonly SqlValue[]
}

/** Plain data, as all of a program. */
export interface OnceSent {
  readonly claim: Sent | undefined
  readonly recall: Sent
  /** The answer itself is its last value. */
  readonly keep: Sent
  readonly body: string
  /** Kept with the answer; see `Replay`. */
  readonly rights: string | undefined
}

export function onceSent(
  { id, body }: Kept,
  { dialect, codec, clock }: Pick<SqlDatabase, 'dialect' | 'codec' | 'clock'>,
  rights?: string,
): OnceSent {
  const now = clock()
  const instant = (at: number): SqlValue => codec.store(new Date(at), { kind: 'timestamp' })
  const text = (number: number): string => dialect.placeholder(number, { kind: 'text' }, false)
  const time = (number: number): string => dialect.placeholder(number, { kind: 'timestamp' }, false)
  return {
    claim: dialect.claim === undefined ? undefined : { text: dialect.claim, values: [id] },
    recall: {
      text: `SELECT "body", "answer" FROM "plinth_answers" WHERE "id" = ${text(1)} AND "made_at" > ${time(2)}`,
      values: [id, instant(now - KEPT_FOR)],
    },
    // One that is too old is still there until it is swept.
    keep: {
      text: `INSERT INTO "plinth_answers" ("id", "body", "made_at", "answer") VALUES (${text(1)}, ${text(2)}, ${time(3)}, ${text(4)}) ON CONFLICT ("id") DO UPDATE SET "body" = excluded."body", "made_at" = excluded."made_at", "answer" = excluded."answer"`,
      values: [id, body, instant(now)],
    },
    body,
    rights,
  }
}

/** Throws where somebody else has the claim. */
export function judgeClaim([row]: readonly SqlRow[]): void {
  if (Number(row?.[0]) === 1) return
  throw stillRunning()
}

/** The answer that was kept, or undefined; throws where it was for another body. */
export function recalled([row]: readonly SqlRow[], { body }: Pick<OnceSent, 'body'>): string | undefined {
  if (row === undefined) return undefined
  if (row[0] === body) return String(row[1])
  throw new Problem('idempotency_key_reused', 'This Idempotency-Key came with another body before')
}
