/**
 * Content coding: bodies of a kilobyte and more are compressed for those who accept it.
 *
 * 1. A compressed body has an entity tag of its own: `"abc"` becomes `"abc-gzip"`. On the way in the ending is taken
 *    off again, so that a protocol only ever sees the tags it made.
 * 2. Small bodies are compressed at once, larger ones on another thread.
 */
import { promisify } from 'node:util'
import { brotliCompress, brotliCompressSync, constants, gzip, gzipSync } from 'node:zlib'
import type { Headers } from './exchange.ts'

export type Coding = 'br' | 'gzip'

/** Below this the headers of a coding cost more than it saves. */
const least = 1024
const mostAtOnce = 16 * 1024
const compressible = /^(text\/|application\/([\w.+-]*json|[\w.+-]*xml|javascript|openapi))/
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }

/** What the client takes, the best for us first; undefined for a plain body. */
export function wantedCoding(accept: string | undefined): Coding | undefined {
  if (accept === undefined) return undefined
  const quality = qualities(accept)
  const br = quality('br')
  const zip = quality('gzip')
  if (br === 0 && zip === 0) return undefined
  return br >= zip ? 'br' : 'gzip'
}

function qualities(accept: string): (coding: string) => number {
  const given = new Map<string, number>()
  for (const part of accept.toLowerCase().split(',', 20)) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim())
    const q = parameters.find((parameter) => parameter.startsWith('q='))
    given.set(name, q === undefined ? 1 : Number(q.slice(2)) || 0)
  }
  return (coding) => given.get(coding) ?? (coding === 'gzip' ? given.get('x-gzip') : undefined) ?? given.get('*') ?? 0
}

export const isLong = (body: string | Uint8Array | undefined): boolean => body !== undefined && body.length >= least

/** Whether a body of this type and length is worth it. */
export function worthCoding(type: string | undefined, body: string | Uint8Array): boolean {
  return isLong(body) && type !== undefined && compressible.test(type)
}

const gzipLater = promisify<Uint8Array | string, Buffer>(gzip)
const brotliLater = promisify<Uint8Array | string, typeof brotli, Buffer>(brotliCompress)

export function encodeBody(body: string | Uint8Array, coding: Coding): Uint8Array | Promise<Uint8Array> {
  if (body.length > mostAtOnce) return coding === 'br' ? brotliLater(body, brotli) : gzipLater(body)
  return coding === 'br' ? brotliCompressSync(body, brotli) : gzipSync(body)
}

const ending = /-(br|gzip)"/

export const codedTag = (tag: string, coding: Coding): string => (tag.endsWith('"') ? `${tag.slice(0, -1)}-${coding}"` : tag)

/** The coding whose tag a condition shows, so that a 304 can name the same tag. */
export function tagCoding(condition: string | undefined): Coding | undefined {
  const found = condition === undefined ? null : ending.exec(condition)
  return found === null ? undefined : found[1] === 'br' ? 'br' : 'gzip'
}

/** The headers with our endings taken off the tags of the conditions. */
export function plainTags(headers: Headers): Headers {
  const none = headers['if-none-match']
  const match = headers['if-match']
  if (none === undefined && match === undefined) return headers
  const strip = (tags: string | undefined): string | undefined => tags?.replaceAll(/-(br|gzip)"/g, '"')
  return {
    ...headers,
    ...(none !== undefined && { 'if-none-match': strip(none) }),
    ...(match !== undefined && { 'if-match': strip(match) }),
  }
}
