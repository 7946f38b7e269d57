/**
 * Which rows of all that match: `limit` and `offset`, and the `Range` header, which narrows them.
 *
 * 1. A row count is never negative; a negative offset is none, as is an offset of zero.
 * 2. The `Range` header is for GET alone (RFC 9110), and one that is not of items is ignored.
 */
import { Problem } from '../../errors.ts'
import { cannotRead } from './scanner.ts'

export interface Window {
  readonly offset: number
  readonly limit: number | undefined
}

/** The items of a `Range` header: `0-24`, or `10-` without a `last`. */
export interface ItemRange {
  readonly first: number
  readonly last: number | undefined
}

export const WHOLE: Window = { offset: 0, limit: undefined }

const digits = /^[+-]?\d+$/
const items = /^(\d+)-(\d*)$/

/** An empty text is as if the parameter were not there. */
export function readCount(name: string, text: string): number | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  if (!digits.test(trimmed)) throw cannotRead(`${name} (${text})`, 1, `unexpected "${trimmed}" expecting a whole number`)
  return Math.min(Number(trimmed), Number.MAX_SAFE_INTEGER)
}

export function readLimit(name: string, text: string): number | undefined {
  const limit = readCount(name, text)
  if (limit !== undefined && limit < 0) throw outOfRange('Limit should be greater than or equal to zero.')
  return limit
}

export function readOffset(name: string, text: string): number {
  return Math.max(readCount(name, text) ?? 0, 0)
}

export function readItemRange(header: string | undefined): ItemRange | undefined {
  const found = header === undefined ? null : items.exec(header.trim())
  if (found === null) return undefined
  const [, first = '', last = ''] = found
  return { first: clamped(first), last: last === '' ? undefined : clamped(last) }
}

const clamped = (text: string): number => Math.min(Number(text), Number.MAX_SAFE_INTEGER)

export function windowOf(limit: number | undefined, offset: number, range: ItemRange | undefined): Window {
  if (range === undefined) return { offset, limit }
  if (range.last !== undefined && range.last < range.first) {
    throw outOfRange('The lower boundary must be lower than or equal to the upper boundary in the Range header.')
  }
  if (limit === 0) return { offset: 0, limit: 0 }
  const first = Math.max(offset, range.first)
  const last = Math.min(limit === undefined ? Infinity : offset + limit - 1, range.last ?? Infinity)
  if (last < first) throw outOfRange('The Range header and limit and offset have no row in common.')
  return { offset: first, limit: last === Infinity ? undefined : last - first + 1 }
}

export function outOfRange(details: string, headers?: Readonly<Record<string, string>>): Problem {
  return new Problem('PGRST103', 'Requested range not satisfiable', headers === undefined ? { details } : { details, headers })
}
