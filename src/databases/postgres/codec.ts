/**
 * How PostgreSQL keeps each type, and the text in which a value travels there.
 *
 * 1. Text is ordered by code point (`COLLATE "C"`) unless the column names a collation.
 * 2. Values go as text, which PostgreSQL reads as the type of the placeholder; bytes go as they are.
 */
import type { Canonical, ScalarType, Type, TypeKind } from '../../schema/schema.ts'
import { parseValue } from '../../schema/value.ts'
import type { SqlValue } from '../sql/driver.ts'
import { quote } from '../sql/names.ts'

const names: Readonly<Record<Exclude<TypeKind, 'decimal' | 'array'>, string>> = {
  text: 'text',
  integer: 'bigint',
  float: 'double precision',
  boolean: 'boolean',
  timestamp: 'timestamptz',
  date: 'date',
  time: 'time',
  uuid: 'uuid',
  json: 'jsonb',
  bytes: 'bytea',
}

/** The type alone: `numeric(10,2)`, `text[]`. */
export function typeName(type: Type): string {
  if (type.kind === 'array') return `${typeName(type.of)}[]`
  return type.kind === 'decimal' ? `numeric(${type.digits},${type.scale})` : names[type.kind]
}

/** The type of a column, with what its text is ordered by. */
export function columnType(type: Type, collation?: string): string {
  const isText = type.kind === 'text' || (type.kind === 'array' && type.of.kind === 'text')
  return isText ? `${typeName(type)} COLLATE ${quote(collation ?? 'C')}` : typeName(type)
}

export function encode(type: Type, value: Canonical): SqlValue {
  if (value === null) return null
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  if (type.kind === 'array') return arrayLiteral(type.of, listOf(value))
  return typeof value === 'boolean' ? value : String(value)
}

const listOf = (value: Canonical): readonly Canonical[] => (Array.isArray(value) ? value : [])

/** `{"a","say \"b\"",NULL}` */
export function arrayLiteral(of: ScalarType, elements: readonly Canonical[]): string {
  return `{${elements.map((element) => elementText(of, element)).join(',')}}`
}

function elementText(of: ScalarType, element: Canonical): string {
  if (element === null) return 'NULL'
  const text = textOf(of, element)
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** A value as PostgreSQL reads it from text. */
export function textOf(type: Type, value: Canonical): string {
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`
  return type.kind === 'array' ? arrayLiteral(type.of, listOf(value)) : String(value)
}

/** From what `pg` gives to canonical. */
export function decode(type: Type, stored: unknown): Canonical {
  if (stored === null || stored === undefined) return null
  if (type.kind === 'bytes') return bytesOf(stored)
  return parseValue(type, stored)
}

const bytesOf = (stored: unknown): Uint8Array =>
  stored instanceof Uint8Array ? stored : new Uint8Array(Buffer.from(String(stored).replace(/^\\x/, ''), 'hex'))
