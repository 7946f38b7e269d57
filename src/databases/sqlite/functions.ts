/**
 * The functions Plinth adds to SQLite: what the other databases have built in, or have as functions of ours too.
 *
 * 1. All are deterministic and never keep anything but bounded caches.
 * 2. NULL in, NULL out, unless said otherwise.
 * 3. Only `plinth_cast`, a sum of floats beyond all floats, the readers of JSON and `plinth_too_large` fail, each with a `Problem`.
 */
import { Problem } from '../../errors.ts'
import { addExact, averageExact, compareExact, roundExact, sortKey, trimExact } from '../../query/exact.ts'
import {
  JsonNumber,
  compareJson,
  containsJson,
  equalJson,
  jsonIdentity,
  jsonSortKey,
  jsonText,
  readJson,
  type JsonValue,
} from '../../query/json-value.ts'
import { matcher } from '../../query/pattern.ts'
import { confirm, decide as decideSearch, plinthWords, type Search } from '../../query/words.ts'
import { parseDecimal, parseValue, printExact, typeFromCast, type Exact } from '../../schema/value.ts'
import { fold } from '../../util/fold.ts'
import { TOO_LARGE } from '../sql/answer.ts'
import type { SqlValue } from '../sql/driver.ts'

type SqlFunction = (...args: SqlValue[]) => SqlValue

/** Wraps a function so that a NULL among its arguments is its answer. */
const strict =
  (work: SqlFunction): SqlFunction =>
  (...args) =>
    args.includes(null) ? null : work(...args)

const truth = (value: boolean | null): SqlValue => (value === null ? null : value ? 1 : 0)

// ── Text ──

function textOf(value: SqlValue | undefined): string {
  return typeof value === 'string' ? value : String(value)
}

const searches = new Map<string, Search>()

/** A search arrives as the JSON that the codec made; the last hundred are kept parsed. */
function searchOf(json: string): Search {
  const known = searches.get(json)
  if (known !== undefined) return known
  const search: Search = JSON.parse(json) // our own codec wrote it
  if (searches.size >= 100) searches.clear()
  searches.set(json, search)
  return search
}

const decide: SqlFunction = (json, ...texts) =>
  truth(
    decideSearch(
      searchOf(textOf(json)),
      texts.map((text) => (typeof text === 'string' ? text : null)),
    ),
  )

// ── Numbers ──

/** The sums of the upper and lower halves, put together. */
function wholeSum(high: SqlValue | undefined, low: SqlValue | undefined, scale: SqlValue | undefined): Exact {
  return { digits: (BigInt(textOf(high)) << 32n) + BigInt(textOf(low)), scale: Number(scale) }
}

function finite(text: string): number {
  const value = Number(text)
  if (Number.isFinite(value)) return value
  throw new Problem('22003', 'value out of range for type float', {
    hint: 'The sum is larger than a float can be; sum a cast of the column: ::numeric.',
  })
}

const floatText = (value: SqlValue | undefined): string => String(Number(value))

// ── JSON ──

const json = (value: SqlValue | undefined): JsonValue => readJson(textOf(value))

/** Numbers that are equal in one spelling, so that a group has one. */
function groupText(text: string): string {
  const value = readJson(text)
  return value instanceof JsonNumber ? printExact(trimExact(value.exact)) : text
}

function arrayMembers(value: SqlValue | undefined): ReadonlySet<string> {
  const list = json(value)
  return new Set(Array.isArray(list) ? list.filter((member) => member !== null).map(memberKey) : [])
}

const memberKey = (member: JsonValue): string => (member instanceof JsonNumber ? `n${member.text}` : JSON.stringify(member))

const containsArray: SqlFunction = (left, right) => {
  const members = arrayMembers(left)
  const wanted = json(right)
  return truth(Array.isArray(wanted) && wanted.every((member) => member !== null && members.has(memberKey(member))))
}

const overlaps: SqlFunction = (left, right) => {
  const members = arrayMembers(left)
  return truth([...arrayMembers(right)].some((member) => members.has(member)))
}

// ── Casts ──

/** From the text of a value of one type to another, in the database's form. */
const cast: SqlFunction = (value, from, to) => {
  try {
    return castTo(from === 'json' ? scalarText(textOf(value), textOf(to)) : textOf(value), textOf(from), textOf(to))
  } catch (error) {
    if (error instanceof Problem) throw new Error(`${error.code}: ${error.message}`, { cause: error })
    throw error
  }
}

const castable: SqlFunction = (value, from, to) => {
  try {
    cast(value ?? null, from ?? null, to ?? null)
    return 1
  } catch (error) {
    if (error instanceof Error && error.cause instanceof Problem) return 0
    throw error
  }
}

/** The text of a JSON number or truth value; anything else has no cast. */
function scalarText(text: string, to: string): string {
  const value = readJson(text)
  if (value instanceof JsonNumber && to !== 'boolean') return value.text
  if (typeof value === 'boolean' && to === 'boolean') return String(value)
  throw new Problem('22P02', `cannot cast jsonb value to type ${to}`)
}

function castTo(text: string, from: string, to: string): SqlValue {
  if (to === 'integer') return wholeNumber(text, from)
  if (to === 'boolean' && from === 'integer') return truth(text !== '0')
  if (to === 'time' && from === 'timestamp') return textOf(plainValue('time', text.slice(11, 26)))
  return plainValue(to, text)
}

function wholeNumber(text: string, from: string): SqlValue {
  if (from === 'text' || from === 'boolean') return plainValue('integer', text)
  return plainValue('integer', printExact(roundExact(parseDecimal(text), 0)))
}

function plainValue(to: string, text: string): SqlValue {
  const type = typeFromCast(to)
  if (type === undefined) throw new Problem('42704', `type "${to}" does not exist`)
  const value = parseValue(type, text)
  return typeof value === 'boolean' ? truth(value) : Array.isArray(value) || value instanceof Uint8Array ? text : (value as SqlValue) // scalars only are left
}

/** For a row that the index has found: its texts are looked at only where words alone do not decide. */
const confirmed: SqlFunction = (json, ...texts) =>
  truth(
    confirm(
      searchOf(textOf(json)),
      texts.map((text) => (typeof text === 'string' ? text : null)),
    ),
  )

/** Every function by its name in SQL. */
export const functions: Readonly<Record<string, SqlFunction>> = {
  plinth_too_large: () => {
    throw new Problem(TOO_LARGE.code, TOO_LARGE.message, TOO_LARGE.options)
  },
  plinth_fold: strict((text) => fold(textOf(text))),
  plinth_words: (text) => (text === null ? '' : plinthWords(textOf(text))),
  plinth_search: decide,
  plinth_confirm: confirmed,
  plinth_match: strict((text, pattern, flags) => truth(matcher(textOf(pattern), flags === 'i')(textOf(text)))),
  plinth_float: strict((value) => floatText(value)),
  plinth_base64: strict((bytes) => (bytes instanceof Uint8Array ? Buffer.from(bytes).toString('base64') : null)),
  plinth_cast: strict(cast),
  plinth_castable: strict(castable),
  plinth_number_key: strict((text) => sortKey(textOf(text))),
  plinth_trim: strict((text) => printExact(trimExact(parseDecimal(textOf(text))))),
  plinth_json_key: strict((text) => jsonSortKey(json(text))),
  plinth_json_equal: strict((left, right) => truth(equalJson(json(left), json(right)))),
  plinth_json_compare: strict((left, right) => compareJson(json(left), json(right))),
  /** Arrays are all alike where they are sorted, and so are objects. */
  plinth_json_order: strict((left, right) => compareJson(json(left), json(right)) ?? 0),
  plinth_json_group: strict((text) => groupText(textOf(text))),
  plinth_json_identity: strict((text) => jsonIdentity(json(text))),
  plinth_json_text: strict((text) => jsonText(json(text))),
  plinth_contains_json: strict((left, right) => truth(containsJson(json(left), json(right)))),
  plinth_contains_array: strict(containsArray),
  plinth_overlaps: strict(overlaps),
  plinth_sum: strict((high, low, scale) => printExact(wholeSum(high, low, scale))),
  plinth_avg: strict((high, low, count, scale) => {
    if (Number(count) === 0) return null
    return printExact(averageExact(wholeSum(high, low, scale), BigInt(textOf(count)), Number(scale) + 6))
  }),
}

/** What has been seen of a group's values so far. */
export interface Summing {
  readonly sum: Exact
  readonly count: bigint
  readonly scale: number
  readonly least: Exact | undefined
  readonly most: Exact | undefined
}

const nothing: Summing = { sum: { digits: 0n, scale: 0 }, count: 0n, scale: 0, least: undefined, most: undefined }

function addUp(state: Summing, value: SqlValue): Summing {
  if (value === null) return state
  const exact = parseDecimal(typeof value === 'number' ? String(value) : textOf(value))
  return {
    sum: addExact(state.sum, exact),
    count: state.count + 1n,
    scale: Math.max(state.scale, exact.scale),
    least: state.least === undefined || compareExact(exact, state.least) < 0 ? exact : state.least,
    most: state.most === undefined || compareExact(exact, state.most) > 0 ? exact : state.most,
  }
}

/** A function over the rows of a group: where it starts, how it takes a value in, what it gives. */
export interface SqlAggregate {
  readonly start: () => Summing
  readonly step: (state: Summing, value: SqlValue) => Summing
  readonly result: (state: Summing) => SqlValue
}

const total = (result: (state: Summing) => SqlValue): SqlAggregate => ({
  start: () => nothing,
  step: addUp,
  result: (state) => (state.count === 0n ? null : result(state)),
})

/** Floats are summed by their shortest decimal forms, exactly, so that the order of the rows does not matter. */
export const totals: Readonly<Record<string, SqlAggregate>> = {
  plinth_sum_numeric: total(({ sum }) => printExact(sum)),
  plinth_avg_numeric: total(({ sum, count, scale }) => printExact(averageExact(sum, count, scale + 6))),
  plinth_sum_float: total(({ sum }) => finite(printExact(sum))),
  plinth_avg_float: total(({ sum, count }) => Number(printExact(averageExact(sum, count, 400)))),
  plinth_min_numeric: total(({ least }) => (least === undefined ? null : printExact(least))),
  plinth_max_numeric: total(({ most }) => (most === undefined ? null : printExact(most))),
}
