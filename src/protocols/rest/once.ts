/** `Idempotency-Key`: a write that may be sent again, and is done once. */
import { Problem } from '../../errors.ts'
import type { Once } from '../../query/once.ts'
import type { Request } from '../protocol.ts'

/** Headers that say what is meant or how it is answered. */
const REPRESENTATION = ['accept', 'content-type', 'content-profile', 'prefer', 'if-match', 'if-none-match'] as const

export function onceOf({ method, path, query, headers, body }: Request): Once | undefined {
  const header = headers['idempotency-key']
  if (header === undefined) return undefined
  const request = JSON.stringify([method, path, query, ...REPRESENTATION.map((name) => headers[name] ?? null)])
  return { key: keyIn(header), request, body }
}

/** As it is, or as the string of a structured field. */
function keyIn(header: string): string {
  const key = /^"(.*)"$/.exec(header)?.[1] ?? header
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key
  throw new Problem('bad_request', 'An Idempotency-Key is 1 to 255 visible ASCII characters', {
    hint: 'crypto.randomUUID() is a good one.',
  })
}
