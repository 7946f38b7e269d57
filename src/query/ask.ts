/** What every part of the product that wants data calls, and what it gets. */
import type { Question } from './query.ts'
import type { Within } from './transaction.ts'
import type { Who } from './who.ts'

/** The rows of an answer as one JSON array, already text: it goes to the socket as it is. */
export interface Rows {
  readonly kind: 'rows'
  /** A JSON array of objects. Empty text where the query was `bare`. */
  readonly json: string
  /** How many rows the array holds. */
  readonly length: number
  /** How many there are in all, where a count was asked for. */
  readonly total?: number
  /** Where to go on, for keyset paging: the token of the last row. */
  readonly next?: string
  /** What the members of each object are called, in their order; also where there is none. */
  readonly names?: readonly string[]
}

export interface Written {
  readonly kind: 'written'
  /** The rows that were put in, changed or taken out. */
  readonly count: number
  /** How many of them were not there before. */
  readonly inserted: number
  /** The written rows that the asker may read, where they were asked for; as in `Rows`. */
  readonly rows?: Pick<Rows, 'json' | 'length' | 'names'>
  /** It was done before, and this is what was answered then. */
  readonly replayed?: boolean
}

export interface Explained {
  readonly kind: 'explained'
  readonly text: string
}

/** What a function gave. */
export interface Returned {
  readonly kind: 'returned'
  /** As JSON text; undefined where it gave nothing. */
  readonly json: string | undefined
  /** As above. */
  readonly replayed?: boolean
}

/** What a handler of plain HTTP answered. */
export interface Replied {
  readonly kind: 'replied'
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly cookies: readonly string[]
  readonly body: ReadableStream<Uint8Array> | undefined
}

/** A request of plain HTTP, as a handler of the file is given it. */
export interface Message {
  readonly method: string
  /** With scheme and host. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Uint8Array | undefined
}

export type Answer = Rows | Written | Explained | Returned | Replied

/** `answer()` of the path, handed to those who may not import it. It throws a `Problem`. */
export type Ask = (question: Question, who: Who, within?: Within) => Answer | Promise<Answer>
