/**
 * The query string, taken apart once: into a key that all requests of one shape share, and the texts that differ.
 *
 * 1. A filter `name=op.value` with a plain operator, `limit`, `offset` and `after` are *held*: the key has everything
 *    up to the value, the value itself goes to `texts`. All else enters the key as it is.
 * 2. `split` and `keyOf` agree on what is held, because both ask `valueStart`.
 * 3. Nothing here decodes or judges; that happens once per shape.
 */
import { heldOperators } from './operators.ts'
import { decodeText, type Source } from './slots.ts'

export interface Parameter {
  readonly name: string
  /** `not.eq.` and the like in front of a held value; empty otherwise. */
  readonly prefix: string
  readonly value: Source
}

export interface Keyed {
  readonly key: string
  readonly texts: string[]
}

/** The last word of a name that is a parameter of the wire, not a column. */
const wholes: ReadonlySet<string> = new Set(['select', 'order', 'and', 'or', 'columns', 'on_conflict', 'having', 'apikey'])
const counts: ReadonlySet<string> = new Set(['limit', 'offset'])
const digits = /^\d{1,15}$/
const LONGEST_OPERATOR = 15

export function keyOf(query: string): Keyed {
  const texts: string[] = []
  let key = ''
  for (let start = 0; start < query.length;) {
    const end = endOf(query, start)
    const value = valueStart(query, start, end)
    if (value !== -1) texts.push(query.slice(value, end))
    key += value === -1 ? `${query.slice(start, end)}&` : `${query.slice(start, value)}\u0001&`
    start = end + 1
  }
  return { key, texts }
}

/**
 * The parameters, decoded; a piece without `=` is none. Without `hold` every value is a text of the shape: the plain
 * way to read a request.
 */
export function split(query: string, hold: boolean): readonly Parameter[] {
  const parameters: Parameter[] = []
  let held = 0
  for (let start = 0; start < query.length;) {
    const end = endOf(query, start)
    const equals = query.indexOf('=', start)
    if (equals !== -1 && equals < end) {
      const value = hold ? valueStart(query, start, end) : -1
      const source = value === -1 ? { text: decodeText(query.slice(equals + 1, end)) } : { held: held++ }
      parameters.push({
        name: decodeText(query.slice(start, equals)),
        prefix: value === -1 ? '' : decodeText(query.slice(equals + 1, value)),
        value: source,
      })
    }
    start = end + 1
  }
  return parameters
}

function endOf(query: string, start: number): number {
  const end = query.indexOf('&', start)
  return end === -1 ? query.length : end
}

/** Where the held value of the piece begins; -1 where the whole piece belongs to the key. */
function valueStart(query: string, start: number, end: number): number {
  const equals = query.indexOf('=', start)
  if (equals === -1 || equals >= end) return -1
  // An escaped name may be any of the wire's own words; such a piece is read as a whole.
  const percent = query.indexOf('%', start)
  if (percent !== -1 && percent < equals) return -1
  const dot = query.lastIndexOf('.', equals)
  const name = query.slice(dot < start ? start : dot + 1, equals)
  if (wholes.has(name)) return -1
  const value = equals + 1
  if (name === 'after' && dot < start) return value
  if (counts.has(name)) return digits.test(query.slice(value, end)) ? value : -1
  return afterOperator(query, value, end)
}

function afterOperator(query: string, start: number, end: number): number {
  const from = query.startsWith('not.', start) ? start + 4 : start
  const dot = query.indexOf('.', from)
  if (dot === -1 || dot >= end || dot - from > LONGEST_OPERATOR) return -1
  return heldOperators.has(query.slice(from, dot)) ? dot + 1 : -1
}

/** The pieces of a query string in the order of their names, by their places; undefined where they stand so already. */
export function sortedPieces(query: string): readonly number[] | undefined {
  // A `&` at the very end is no part of a shape, so it may not make a difference here.
  const pieces = query.endsWith('&') ? query.slice(0, -1) : query
  const names = pieces.split('&').map((piece) => piece.split('=', 1)[0] ?? '')
  const places = [...names.keys()].filter((at) => names[at] !== '')
  const sorted = places.toSorted((a, b) => compareText(names[a] ?? '', names[b] ?? ''))
  return sorted.length === names.length && sorted.every((place, at) => place === at) ? undefined : sorted
}

/** The query string as `Content-Location` has it: in the order of its names. */
export function canonical(query: string, sorted: readonly number[] | undefined): string {
  if (sorted === undefined) return query
  const pieces = query.split('&')
  return sorted.map((at) => pieces[at]).join('&')
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
