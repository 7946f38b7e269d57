/**
 * A request as the rest of the product sees it, and what it gives back. These are the protocols' own types written
 * out once more, because `http/` imports nothing of ours; `server.ts` does not compile where the two differ.
 */
import type { IncomingHttpHeaders } from 'node:http'
import type { Problem } from '../errors.ts'

export type Headers = Readonly<Record<string, string | undefined>>

/** What is answered. */
export interface Answer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string | Uint8Array | undefined
  /** In the place of a body whose end is not known yet. */
  readonly stream?: ReadableStream<Uint8Array>
  readonly cookies?: readonly string[]
}

export type Handle = (exchange: Exchange) => Answer | Promise<Answer>

/** What the path noted about a request, for its log line and its `Server-Timing`. */
export interface Notes {
  readonly who: { readonly kind: string; readonly id: string | null } | undefined
  readonly problem: Problem | undefined
  /** Milliseconds by step. */
  readonly times: Readonly<Record<string, number>>
}

interface ExchangeParts {
  readonly headers: Headers
  readonly id: string
  readonly started: number
  readonly onClose: (listener: () => void) => void
}

/** One request on its way. Everything about it that the log wants to know is kept here until its answer. */
export class Exchange {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: Headers
  readonly id: string
  body: Uint8Array | undefined
  /** Milliseconds of the monotonic clock. */
  readonly started: number
  notes: Notes | undefined
  readonly #onClose: (listener: () => void) => void
  #gone: AbortController | undefined

  /** `onClose` tells of the end of the answer, or of its connection. */
  constructor(method: string, url: string, { headers, id, started, onClose }: ExchangeParts) {
    const mark = url.indexOf('?')
    this.method = method
    this.path = mark < 0 ? url : url.slice(0, mark)
    this.query = mark < 0 ? '' : url.slice(mark + 1)
    this.headers = headers
    this.id = id
    this.body = undefined
    this.started = started
    this.notes = undefined
    this.#onClose = onClose
  }

  /** Ends when nobody waits for the answer any more. */
  get gone(): AbortSignal {
    if (this.#gone === undefined) {
      const made = new AbortController()
      this.#gone = made
      this.#onClose(() => made.abort())
    }
    return this.#gone.signal
  }
}

/**
 * Node's own object, not a copy. Its one header that may be a list is `set-cookie`, which is no header of requests:
 * it is cut out where somebody sends it.
 */
export function plainHeaders(headers: IncomingHttpHeaders): Headers {
  if (headers['set-cookie'] !== undefined) delete headers['set-cookie']
  return headers as Headers // a list is only ever under set-cookie
}
