/**
 * Values stay out of the query: each becomes a slot, and a slot knows how to get its value from a request.
 *
 * 1. A value is either a constant of the shape, or worked out from what this request *holds* (`shape.ts`), so that
 *    a known shape needs no reading again.
 * 2. How a held text becomes a value never depends on anything else: `read` is the same for constants and held ones.
 */
import { Problem } from '../../errors.ts'
import type { Value } from '../../query/query.ts'
import type { Given } from './given.ts'
import type { Window } from './window.ts'

/** What one request adds to its shape: the texts left out of the key, still percent-encoded, and its page. */
export interface Held {
  readonly texts: readonly string[]
  readonly window: Window
  /** The rows of the body. */
  readonly given?: Given
  /** `If-Match` and `If-None-Match`. */
  readonly match?: string | undefined
  readonly none?: string | undefined
}

export type Fill = (held: Held) => unknown

/** A text of the request: known while the shape is made, or held by each request. */
export type Source = { readonly text: string } | { readonly held: number }

export class Slots {
  readonly fills: Fill[] = []

  add(fill: Fill): Value {
    this.fills.push(fill)
    return Object.freeze({ kind: 'value', at: this.fills.length - 1 })
  }

  constant(value: unknown): Value {
    return this.add(() => value)
  }

  /** A value read from a text, now or with each request. */
  from(source: Source, read: (text: string) => unknown): Value {
    if ('text' in source) return this.constant(read(source.text))
    const { held } = source
    return this.add(({ texts }) => read(decodeText(texts[held] ?? '')))
  }
}

/** Undoes the URL's encoding: `+` is a space, `%` begins an escape of UTF-8. */
export function decodeText(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text
  const decoded = decodeEscapes(text.replaceAll('+', ' '))
  if (decoded.includes('\0')) throw new Problem('22021', 'The URL holds a NUL character (%00)')
  return decoded
}

function decodeEscapes(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new Problem('bad_request', 'The URL has a percent sign that is not an escape of UTF-8', {
      hint: 'Write % as %25, and encode text as UTF-8.',
      cause,
    })
  }
}
