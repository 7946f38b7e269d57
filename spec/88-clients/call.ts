/** A call of the client and the whole of what comes back, and how the tables of calls write them down. */
import type { Asker } from '../listening.ts'
import type { people } from '../world.ts'
import type { Client } from './connect.ts'

/** What a call of the client resolves to. */
export interface Result {
  readonly data: unknown
  readonly error: unknown
  readonly count: number | null
  readonly status: number
}

export interface Call {
  readonly method: string
  /** What it does, as a sentence that goes on from the method's name. */
  readonly does: string
  readonly as?: Asker<keyof typeof people>
  readonly ask: (db: Client) => PromiseLike<Result>
  /** What is not said of it is as in any good answer: no error, no count, 200. */
  readonly gives: Partial<Result>
}

/** An error as the client hands it on. */
export const refused = (status: number, error: Readonly<Record<string, unknown>>): Partial<Result> => ({ data: null, status, error })

export const ids = (...list: number[]): Partial<Result> => ({ data: list.map((id) => ({ id })) })
