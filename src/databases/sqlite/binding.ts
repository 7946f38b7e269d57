/** How values of requests reach SQLite's placeholders. */
import type { ValueType } from '../../query/typed.ts'
import type { Type } from '../../schema/schema.ts'
import { toFts5Superset } from '../../query/words.ts'
import { parseDecimal } from '../../schema/value.ts'
import type { Rounding } from '../sql/binder.ts'
import { makeCodec } from '../sql/codec.ts'
import type { SqlValue } from '../sql/driver.ts'
import { decode, encode } from './codec.ts'

export const sqliteBinding = makeCodec({
  encode,
  decode,
  number: (text, type, rounding) => (type.kind === 'decimal' ? scaled(text, type.scale, rounding) : text),
  list: (type, members) => `[${members.map((member) => memberText(type, member)).join(',')}]`,
  keys: (types, keys) => [`[${keys.map((key) => keyText(types, key)).join(',')}]`],
  pattern: (pattern) => pattern,
  search: (search, part) => (part === 'candidates' ? toFts5Superset(search) : JSON.stringify(search)),
})

const MOST = 2n ** 63n - 1n

/**
 * The number as a decimal column holds it. One between two steps, or beyond all of them, becomes the neighbour that
 * makes the comparison come out right; for equality, a number that no column of 18 digits holds.
 */
function scaled(text: string, scale: number, rounding: Rounding): bigint {
  const exact = parseDecimal(text)
  const more = scale - exact.scale
  const whole = more >= 0 ? exact.digits * 10n ** BigInt(more) : floorDivide(exact.digits, 10n ** BigInt(-more))
  const isExact = more >= 0 || whole * 10n ** BigInt(-more) === exact.digits
  if (isExact) return clamp(whole)
  if (rounding === 'never') return MOST
  return clamp(rounding === 'down' ? whole : whole + 1n)
}

const floorDivide = (top: bigint, bottom: bigint): bigint => (top < 0n && top % bottom !== 0n ? top / bottom - 1n : top / bottom)

const clamp = (value: bigint): bigint => (value > MOST ? MOST : value < -MOST ? -MOST : value)

function keyText(types: readonly Type[], key: readonly SqlValue[]): string {
  const parts = types.map((type, at) => memberText(type, key[at] ?? null))
  return parts.length === 1 ? (parts[0] ?? 'null') : `[${parts.join(',')}]`
}

/** A member of a JSON list that `json_each` gives back as it was. */
function memberText(type: ValueType, member: SqlValue): string {
  if (member instanceof Uint8Array) return `"${Buffer.from(member).toString('hex')}"`
  if (typeof member === 'bigint') return String(member)
  return type.kind === 'float' && typeof member === 'number' ? floatText(member) : JSON.stringify(member)
}

/** With a point, so that it stays a float. */
const floatText = (value: number): string => (Number.isInteger(value) ? value.toExponential() : String(value))
