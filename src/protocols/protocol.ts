/**
 * The contract between the path and a wire. A protocol reads requests into questions and writes answers as
 * responses; it sees no rules, no plans and no database.
 *
 * To add one: a folder beside this file, a line in `server.ts`, a row in `spec/70-protocols`, a docs page.
 */
import type { Problem } from '../errors.ts'
import type { Answer } from '../query/ask.ts'
import type { Once } from '../query/once.ts'
import type { Question } from '../query/query.ts'

/** A request as `http/` hands it over. Names of headers are in lower case; repeated ones are joined with `, `. */
export interface Request {
  readonly method: string
  /** The path as sent, still percent-encoded, without the query. */
  readonly path: string
  /** What follows `?`, as sent; empty without one. */
  readonly query: string
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The whole body, within the limit; undefined where there is none. */
  readonly body: Uint8Array | undefined
  /** `X-Request-Id`: the client's own where it sent a sane one. */
  readonly id: string
  /** Ends when nobody waits for the answer any more. */
  readonly gone?: AbortSignal
}

export interface Response {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string | Uint8Array | undefined
  /** In the place of a body whose end is not known yet. */
  readonly stream?: ReadableStream<Uint8Array>
  /** Values of `Set-Cookie`, which is the one header that comes more than once. */
  readonly cookies?: readonly string[]
}

/** A request understood: what is asked, and what the protocol must remember to write the answer. */
export interface Decoded<Format> {
  readonly question: Question
  readonly format: Format
}

/** One of several requests, made when those before it have been answered. */
export interface Part {
  /** For whoever is told of its failure. */
  readonly name: string
  /** Whether it takes anything from earlier answers; what it takes, as text; and the request with that. */
  readonly takes: boolean
  readonly taken: (answered: readonly Response[]) => string
  readonly request: (taken: string) => Request
}

/** Several requests that are one: all are answered in one transaction, or none is. */
export interface Together {
  readonly parts: readonly Part[]
  readonly once: Once | undefined
  /** All is done and answered as ever, and then undone. */
  readonly rehearsal: boolean
  readonly encode: (answered: readonly Response[]) => Response
}

export interface Protocol<Format = unknown> {
  readonly name: string
  /** Paths that begin so are this protocol's: `/rest/v1`. */
  readonly prefix: string
  /** A response where no question is needed (OPTIONS, an index page). Throws a `Problem` for what cannot be read. */
  decode(request: Request): Decoded<Format> | Together | Response
  /** Throws a `Problem` for an answer that is not what was asked for, such as two rows where one was wanted. */
  encode(answer: Answer, format: Format, request: Request): Response
  /** Every failure in this wire's own form. */
  fail(problem: Problem, request: Request): Response
}
