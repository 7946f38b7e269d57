/**
 * JSON values with their numbers exact: parts, order, equality and containment as PostgreSQL's `jsonb` has them, for
 * the evaluator and for databases without such operators.
 */
import { parseDecimal, printExact, type Exact } from '../schema/value.ts'
import { compareCodePoints } from './code-points.ts'
import { compareExact, sortKey } from './exact.ts'

/** A number is kept as `{ number }`, so that no digit is lost and no object can be taken for one. */
export class JsonNumber {
  readonly text: string
  readonly exact: Exact
  constructor(text: string) {
    this.text = text
    this.exact = parseDecimal(text)
  }
}
export type JsonValue = null | boolean | string | JsonNumber | readonly JsonValue[] | JsonObject
export interface JsonObject {
  readonly [name: string]: JsonValue
}

/** Throws a `SyntaxError` for what is no JSON. */
export function readJson(text: string): JsonValue {
  return JSON.parse(text, exactNumbers)
}

function exactNumbers(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' ? new JsonNumber(context?.source ?? String(value)) : value
}

export const isJsonObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber)

export function printJson(value: JsonValue): string {
  if (value instanceof JsonNumber) return value.text
  if (Array.isArray(value)) return `[${value.map(printJson).join(',')}]`
  if (isJsonObject(value))
    return `{${Object.entries(value)
      .map(([name, member]) => `${JSON.stringify(name)}:${printJson(member)}`)
      .join(',')}}`
  return JSON.stringify(value)
}

/** The value at a path; undefined where there is none. A negative position counts from the end. */
export function partOf(value: JsonValue, path: readonly (string | number)[]): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((at, step) => (at === undefined ? undefined : memberOf(at, step)), value)
}

function memberOf(value: JsonValue, step: string | number): JsonValue | undefined {
  if (Array.isArray(value)) return typeof step === 'number' ? value.at(step) : undefined
  return isJsonObject(value) && typeof step === 'string' && Object.hasOwn(value, step) ? value[step] : undefined
}

/** What `->>` gives: text as it is, JSON null as no value, everything else as `jsonText` has it. */
export function partText(value: JsonValue | undefined): string | null {
  if (value === undefined || value === null) return null
  return typeof value === 'string' ? value : jsonText(value)
}

/** The one text of a JSON value, the same for equal members in any order: as PostgreSQL prints its `jsonb`. */
export function jsonText(value: JsonValue): string {
  if (value instanceof JsonNumber) return printExact(value.exact)
  if (Array.isArray(value)) return `[${value.map(jsonText).join(', ')}]`
  if (!isJsonObject(value)) return JSON.stringify(value)
  const members = Object.entries(value).sort(([one], [other]) => compareNames(one, other))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}: ${jsonText(member)}`).join(', ')}}`
}

/** Shorter names come first, by their bytes. */
const compareNames = (one: string, other: string): number =>
  Buffer.byteLength(one) - Buffer.byteLength(other) || compareCodePoints(one, other)

/** Text that is the same for equal values, and for no others. */
export function jsonIdentity(value: JsonValue): string {
  if (value instanceof JsonNumber) return sortKey(value.text)
  if (Array.isArray(value)) return `[${value.map(jsonIdentity).join(',')}]`
  if (!isJsonObject(value)) return JSON.stringify(value)
  const members = Object.entries(value).sort(([one], [other]) => compareNames(one, other))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${jsonIdentity(member)}`).join(',')}}`
}

/** null < text < numbers < booleans < arrays < objects. */
export function rankOf(value: JsonValue): number {
  if (value === null) return 0
  if (typeof value === 'string') return 1
  if (value instanceof JsonNumber) return 2
  if (typeof value === 'boolean') return 3
  return Array.isArray(value) ? 4 : 5
}

/** Below, equal or above zero; null for two arrays or two objects that are not equal: they have no order. */
export function compareJson(left: JsonValue, right: JsonValue): number | null {
  const ranks = rankOf(left) - rankOf(right)
  if (ranks !== 0) return Math.sign(ranks)
  if (typeof left === 'string' && typeof right === 'string') return compareCodePoints(left, right)
  if (left instanceof JsonNumber && right instanceof JsonNumber) return compareExact(left.exact, right.exact)
  if (typeof left === 'boolean') return Number(left) - Number(right)
  return equalJson(left, right) ? 0 : null
}

export function equalJson(left: JsonValue, right: JsonValue): boolean {
  if (rankOf(left) !== rankOf(right)) return false
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((member, at) => equalJson(member, right[at] ?? null))
  if (isJsonObject(left) && isJsonObject(right)) return equalObjects(left, right)
  return left instanceof JsonNumber && right instanceof JsonNumber ? compareExact(left.exact, right.exact) === 0 : left === right
}

function equalObjects(left: JsonObject, right: JsonObject): boolean {
  const names = Object.keys(left)
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && equalJson(left[name] ?? null, right[name] ?? null))
  )
}

/** `jsonb @>`: every member of `right` is in `left`, at the same depth; an array also contains a lone scalar. */
export function containsJson(left: JsonValue, right: JsonValue, top = true): boolean {
  if (Array.isArray(left) && Array.isArray(right))
    return right.every((wanted) => left.some((member) => containsJson(member, wanted, false)))
  if (top && Array.isArray(left) && rankOf(right) < 4) return left.some((member) => equalJson(member, right))
  if (isJsonObject(left) && isJsonObject(right)) {
    return Object.entries(right).every(([name, wanted]) => Object.hasOwn(left, name) && containsJson(left[name] ?? null, wanted, false))
  }
  return rankOf(left) < 4 && equalJson(left, right)
}

/** Text that sorts as `compareJson` does; all arrays are alike, and all objects. */
export function jsonSortKey(value: JsonValue): string {
  const rank = String(rankOf(value))
  if (typeof value === 'string') return rank + value
  if (value instanceof JsonNumber) return rank + sortKey(value.text)
  return typeof value === 'boolean' ? rank + String(Number(value)) : rank
}
