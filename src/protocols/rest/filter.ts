/**
 * Conditions as a request writes them: `price=gte.10`, `not.in.(1,2)`, `or=(a.eq.1,and(b.is.null,c.like.*x*))`.
 *
 * 1. What comes out is a tree that still has names as written; `build.ts` gives them their level and their meaning.
 * 2. Alone a value goes on to the end; in a list it ends at `,` or `)`, and may be quoted or in braces.
 */
import { Problem } from '../../errors.ts'
import type { Condition, Value } from '../../query/query.ts'
import { orRaise, readList, readListText } from './lists.ts'
import { readNamed, readQuoted, type Named } from './names.ts'
import { noRanges, operators, type Operator } from './operators.ts'
import { Scanner } from './scanner.ts'
import type { Slots, Source } from './slots.ts'

export type Tree = Filter | Group

export interface Group {
  readonly kind: 'and' | 'or'
  readonly negated: boolean
  readonly of: readonly Tree[]
}

export interface Filter {
  readonly kind: 'filter'
  readonly column: Named
  readonly negated: boolean
  readonly test: Test
}

/** A condition but for its left side. */
export type Test =
  | Omit<Extract<Condition, { kind: 'compare' }>, 'left'>
  | Omit<Extract<Condition, { kind: 'in' }>, 'left'>
  | Omit<Extract<Condition, { kind: 'is' }>, 'left'>
  | Omit<Extract<Condition, { kind: 'search' }>, 'field'>

/** What the readers of one request share. */
export interface Reading {
  readonly slots: Slots
  readonly limits: FilterLimits
  /** Filters and terms of orders met so far. */
  filters: number
  orders: number
}

export interface FilterLimits {
  readonly maxFilters: number
  readonly maxListLength: number
  readonly maxLogicDepth: number
  readonly maxOrder: number
}

const EXPECT_OPERATOR = '"not" or operator (eq, gt, ...)'
const EXPECT_TREE = 'field name (* or [a..z0..9_$]), negation operator (not) or logic operator (and, or)'

const group = /(?:not\.)?(?:and|or)(?=[ \t]*\()/y
const operatorWord = /[a-z]+/y
const configuration = /\([\p{L}\p{N}_ $]+\)/uy
const isWord = /(?:not_null|null|true|false|unknown)(?![a-z_])/iy
const braced = /\{[^{}]*\}/y
const unquoted = /[^,)]*/y

// ── Alone: `column=operator.value` ──

export function parseFilter(column: Named, prefix: string, value: Source, reading: Reading): Filter {
  const text = 'text' in value ? value.text : prefix
  const scan = new Scanner(text, `filter (${text})`)
  return readFilter(scan, column, reading, 'held' in value ? value : undefined)
}

// ── In a list ──

/** The value of `and`, `or` and their negations; `word` is that key, which the value follows. */
export function parseLogic(word: string, value: string, reading: Reading): Tree {
  const scan = new Scanner(`${word}${value}`, `logic tree (${value})`)
  const tree = readTree(scan, reading, 0)
  scan.needEnd()
  return tree
}

/** The value of `having`: one condition, or several in parentheses of which all must hold. */
export function parseHaving(value: string, reading: Reading): Tree {
  if (value.trimStart().startsWith('(')) return parseLogic('and', value, reading)
  const scan = new Scanner(value, `having (${value})`)
  const tree = readTree(scan, reading, 0)
  scan.needEnd()
  return tree
}

function readTree(scan: Scanner, reading: Reading, depth: number): Tree {
  scan.blanks()
  const word = scan.take(group)
  if (word !== undefined) return readGroup(scan, word, reading, depth + 1)
  const column = readNamed(scan, EXPECT_TREE)
  scan.need('.', 'delimiter (.)')
  return readFilter(scan, column, reading, 'list')
}

function readGroup(scan: Scanner, word: string, reading: Reading, depth: number): Group {
  if (depth > reading.limits.maxLogicDepth) throw tooDeep(reading.limits.maxLogicDepth)
  scan.blanks()
  scan.need('(')
  const of = [readMember(scan, reading, depth)]
  while (scan.skip(',')) of.push(readMember(scan, reading, depth))
  scan.need(')', '"," or ")"')
  scan.blanks()
  return { kind: word.endsWith('and') ? 'and' : 'or', negated: word.startsWith('not.'), of }
}

function readMember(scan: Scanner, reading: Reading, depth: number): Tree {
  const tree = readTree(scan, reading, depth)
  scan.blanks()
  return tree
}

// ── Operators and values ──

/** Where a value is: held by the request, in a list that goes on after it, or all that is left. */
type Place = { readonly held: number } | 'list' | undefined

function readFilter(scan: Scanner, column: Named, reading: Reading, place: Place): Filter {
  if (++reading.filters > reading.limits.maxFilters) throw tooMany('filters', reading.limits.maxFilters, 'PLINTH_MAX_FILTERS')
  const negated = scan.skip('not.')
  const start = scan.at
  const word = scan.take(operatorWord) ?? ''
  const operator = operators.get(word) ?? refuse(scan, start)
  const suffix = readSuffix(scan, operator)
  if (!scan.skip('.')) scan.fail('operator (eq, gt, ...)')
  if (operator.kind === 'range') throw noRanges(word, operator.instead)
  return asFilter(column, negated, operator.kind === 'is' ? readIs(scan, place) : readTest(scan, operator, suffix, reading, place))
}

function refuse(scan: Scanner, start: number): never {
  scan.at = start
  return scan.fail(EXPECT_OPERATOR)
}

/** `(any)`, `(all)` or the configuration of a search. */
function readSuffix(scan: Scanner, operator: Operator): string | undefined {
  if (operator.kind === 'compare' && operator.each) return scan.skip('(any)') ? 'any' : scan.skip('(all)') ? 'all' : undefined
  return operator.kind === 'search' ? scan.take(configuration)?.slice(1, -1).trim() : undefined
}

/** `is.not_null` is the other way to write `not.is.null`. */
function asFilter(column: Named, negated: boolean, test: Test | 'not_null'): Filter {
  if (test === 'not_null') return { kind: 'filter', column, negated: !negated, test: { kind: 'is', is: 'null' } }
  return { kind: 'filter', column, negated, test }
}

function readIs(scan: Scanner, place: Place): Test | 'not_null' {
  const word = scan.take(isWord)?.toLowerCase()
  if (word === undefined) scan.fail('isVal: (null, not_null, true, false, unknown)')
  if (place === undefined) scan.needEnd()
  // The pattern takes none but these words.
  return word === 'not_null' ? word : { kind: 'is', is: word as 'null' | 'true' | 'false' | 'unknown' }
}

function readTest(
  scan: Scanner,
  operator: Exclude<Operator, { kind: 'is' | 'range' }>,
  suffix: string | undefined,
  reading: Reading,
  place: Place,
): Test {
  switch (operator.kind) {
    case 'in':
      return { kind: 'in', right: readListValue(scan, reading, place) }
    case 'search':
      return {
        kind: 'search',
        mode: operator.mode,
        ...(suffix !== undefined && { config: suffix }),
        right: readValue(scan, reading, place, (text) => text),
      }
    case 'compare': {
      const shape = operator.stars ? withPercents : (text: string) => text
      if (suffix === undefined) return { kind: 'compare', op: operator.op, right: readValue(scan, reading, place, shape) }
      const list = (text: string): string[] => readList(text, reading.limits.maxListLength).map(shape)
      return { kind: 'compare', op: operator.op, each: suffix === 'any' ? 'any' : 'all', right: readValue(scan, reading, place, list) }
    }
  }
}

const withPercents = (pattern: string): string => pattern.replaceAll('*', '%')

function readValue(scan: Scanner, reading: Reading, place: Place, read: (text: string) => unknown): Value {
  return reading.slots.from(place === 'list' ? { text: readListed(scan) } : (place ?? { text: scan.rest() }), read)
}

/** A value that ends at `,` or `)`: quoted, in braces, or as it is. */
function readListed(scan: Scanner): string {
  const start = scan.at
  const value = scan.peek() === '"' ? tryQuoted(scan) : scan.take(braced)
  if (value !== undefined && (scan.done || scan.peek() === ',' || scan.peek() === ')')) return value
  scan.at = start
  return scan.take(unquoted) ?? ''
}

function tryQuoted(scan: Scanner): string | undefined {
  const start = scan.at
  const closed = /"(?:[^"\\]|\\[^])*"/y
  if (scan.take(closed) === undefined) return undefined
  scan.at = start
  return readQuoted(scan)
}

function readListValue(scan: Scanner, reading: Reading, place: Place): Value {
  const most = reading.limits.maxListLength
  if (place === 'list') return reading.slots.constant(readListText(scan, most))
  return reading.slots.from(place ?? { text: scan.rest() }, (text) => {
    const whole = new Scanner(`in.${text}`, `filter (in.${text})`, 3)
    const list = readListText(whole, most)
    whole.needEnd()
    return list
  })
}

const tooDeep = (most: number): Problem =>
  new Problem('too_deep', `and and or may be nested ${most} deep at most`, { hint: orRaise('Nest less', 'PLINTH_MAX_LOGIC_DEPTH') })

export function tooMany(what: string, most: number, setting: string): Problem {
  return new Problem('too_complex', `A request may have ${most} ${what} at most`, { hint: orRaise('Ask in several requests', setting) })
}
