/**
 * How SQLite keeps each type: `STRICT` tables with SQLite's own types, and canonical text where it has none.
 *
 * 1. Stored values of a type sort and compare as the values they stand for (JSON and arrays aside).
 * 2. Exact stays exact: a decimal is the whole number of its last digit, which is why 18 digits are the most.
 */
import type { Canonical, Type, TypeKind } from '../../schema/schema.ts'
import { parseValue, printValue } from '../../schema/value.ts'
import type { SqlValue } from '../sql/driver.ts'

const columns: Readonly<Record<TypeKind, string>> = {
  text: 'TEXT',
  integer: 'INTEGER',
  decimal: 'INTEGER',
  float: 'REAL',
  boolean: 'INTEGER',
  timestamp: 'TEXT',
  date: 'TEXT',
  time: 'TEXT',
  uuid: 'TEXT',
  json: 'TEXT',
  bytes: 'BLOB',
  array: 'TEXT',
}

export const columnType = (type: Type): string => columns[type.kind]

/** From canonical to stored: decimals lose their point, booleans become 0 and 1, arrays the JSON text of the wire. */
export function encode(type: Type, value: Canonical): SqlValue {
  if (value === null) return null
  if (Array.isArray(value)) return printValue(type, value)
  if (type.kind === 'decimal' && typeof value === 'string') return BigInt(value.replace('.', ''))
  if (typeof value === 'boolean') return value ? 1 : 0
  return scalar(value)
}

// `Array.isArray` does not narrow read-only lists away.
const scalar = (value: Exclude<Canonical, null | boolean>): SqlValue => value as Exclude<typeof value, readonly Canonical[]>

/** From stored to canonical. */
export function decode(type: Type, stored: unknown): Canonical {
  if (stored === null || stored === undefined) return null
  if (type.kind === 'decimal') return pointed(String(stored), type.scale)
  return type.kind === 'boolean' ? Number(stored) === 1 : parseValue(type, stored)
}

/** `1990` of scale 2 is `19.90`. */
export function pointed(digits: string, scale: number): string {
  if (scale === 0) return digits
  const [, sign = '', bare = ''] = /^(-?)(\d+)$/.exec(digits) ?? []
  const padded = bare.padStart(scale + 1, '0')
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`
}
