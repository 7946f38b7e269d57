/**
 * Values: from what a client sent to the one canonical form that codecs, literals and tests share.
 *
 * | type           | canonical form                                                                     |
 * |----------------|------------------------------------------------------------------------------------|
 * | text           | string without NUL and without halves of characters                                |
 * | integer        | bigint of 64 bits                                                                  |
 * | decimal(p, s)  | string with exactly `s` digits behind the point: `195.10`; never `-0.00`           |
 * | numeric        | string, exact, with the digits it was given                                        |
 * | float          | finite number, never -0                                                            |
 * | boolean        | boolean                                                                            |
 * | timestamp      | `2026-11-21T01:15:29.123456+00:00`                                                 |
 * | date           | `2026-11-21`                                                                       |
 * | time           | `01:15:29`, with a fraction (`.5`) only where it is not zero                       |
 * | json           | its JSON text, minified, numbers untouched                                         |
 * | uuid           | lower case with hyphens                                                            |
 * | bytes          | Uint8Array                                                                         |
 * | array          | list of canonical elements and nulls                                               |
 *
 * 1. Whatever is not exactly of the type is refused with PostgreSQL's code; nothing is rounded but fractions of a
 *    second beyond the sixth digit.
 * 2. `null` is nobody's value here: callers deal with it before.
 * 3. A string that is given for JSON is JSON text. A JavaScript string that is meant as a value is stringified first.
 *
 * To add a type: its kind in `schema.ts`; then each table here stops compiling until it has a row.
 */
import { parseInteger, parseDecimal, parseFloat64, parseScaled, printExact } from './values/number.ts'
import { parseDate, parseTime, parseTimestamp } from './values/time.ts'
import { parseJson } from './values/json.ts'
import { parseList } from './values/list.ts'
import { badText, malformed } from './values/refuse.ts'
import type { Canonical, ScalarType, Type } from './schema.ts'

export { parseDecimal, printExact, type Exact } from './values/number.ts'

/** What a cast may name: a type, or an exact number of any scale. */
export type CastType = Type | { readonly kind: 'numeric' }

type Kind = CastType['kind']
type Of<K extends Kind> = Extract<CastType, { kind: K }>
type Table<Result> = { readonly [K in Kind]: (type: Of<K>, value: never) => Result }

/**
 * The canonical form of what was given, or a `Problem` with the SQLSTATE that PostgreSQL would give.
 * @example parseValue({ kind: 'decimal', digits: 10, scale: 2 }, 195.1) // '195.10'
 */
export function parseValue(type: CastType, given: unknown): Canonical {
  switch (type.kind) {
    case 'text':
      return parseText(given)
    case 'integer':
      return parseInteger(given)
    case 'decimal':
      return parseScaled(given, type.digits, type.scale)
    case 'numeric':
      return printExact(parseDecimal(given))
    case 'float':
      return parseFloat64(given)
    case 'boolean':
      return parseBoolean(given)
    case 'timestamp':
      return parseTimestamp(given)
    case 'date':
      return parseDate(given)
    case 'time':
      return parseTime(given)
    case 'json':
      return parseJson(given)
    case 'uuid':
      return parseUuid(given)
    case 'bytes':
      return parseBytes(given)
    case 'array':
      return parseList(given).map((one) => (one === null ? null : parseValue(type.of, one)))
  }
}

function parseText(given: unknown): string {
  if (typeof given !== 'string') return plainText(given)
  if (given.includes('\0')) throw badText('0x00')
  if (!given.isWellFormed()) throw badText('half of a surrogate pair')
  return given
}

/** JSON numbers and booleans sent for a text column, as PostgREST takes them. */
function plainText(given: unknown): string {
  if (typeof given === 'number' || typeof given === 'boolean' || typeof given === 'bigint') return String(given)
  throw malformed('text', given)
}

const WORDS = ['true', 'false', 'yes', 'no', 'on', 'off', '1', '0'] as const
const TRUE_WORDS: ReadonlySet<string> = new Set(['true', 'yes', 'on', '1'])

/** PostgreSQL's words, and each beginning of one that begins no other. */
function parseBoolean(given: unknown): boolean {
  if (typeof given === 'boolean') return given
  const text = given === 1 || given === 0 ? String(given) : typeof given === 'string' ? given.trim().toLowerCase() : ''
  const meant = text === '' ? [] : WORDS.filter((word) => word.startsWith(text))
  const [word] = meant
  if (word === undefined || meant.length > 1) throw malformed('boolean', given)
  return TRUE_WORDS.has(word)
}

const UUID = /^[0-9a-f]{4}(?:-?[0-9a-f]{4}){7}$/i
const CANONICAL_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

function parseUuid(given: unknown): string {
  // Nearly every one arrives as it is stored.
  if (typeof given === 'string' && CANONICAL_UUID.test(given)) return given
  const text = typeof given === 'string' ? given.replace(/^\{(.*)\}$/, '$1') : ''
  if (!UUID.test(text)) throw malformed('uuid', given)
  const hex = text.replaceAll('-', '').toLowerCase()
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/

function parseBytes(given: unknown): Uint8Array {
  if (given instanceof Uint8Array) return given
  if (typeof given !== 'string' || !BASE64.test(given)) throw malformed('bytes', given, 'Send bytes as base64.')
  return new Uint8Array(Buffer.from(given, 'base64'))
}

const quoted = (value: string): string => `"${value}"`

const print: Table<string> = {
  text: (_, value: string) => JSON.stringify(value),
  integer: (_, value: bigint) => String(value),
  decimal: (_, value: string) => value,
  numeric: (_, value: string) => value,
  float: (_, value: number) => String(value),
  boolean: (_, value: boolean) => String(value),
  timestamp: (_, value: string) => quoted(value),
  date: (_, value: string) => quoted(value),
  time: (_, value: string) => quoted(value),
  json: (_, value: string) => value,
  uuid: (_, value: string) => quoted(value),
  bytes: (_, value: Uint8Array) => quoted(Buffer.from(value).toString('base64')),
  array: (type, value: readonly Canonical[]) => `[${value.map((one) => printValue(type.of, one)).join(',')}]`,
}

/**
 * The JSON text of a canonical value as it goes over the wire.
 * @example printValue({ kind: 'integer' }, 9007199254740993n) // '9007199254740993'
 */
export function printValue(type: CastType, value: Canonical): string {
  // The table's rows take the form of their own kind, which is what a canonical value of that type has.
  return value === null ? 'null' : print[type.kind](type as never, value as never)
}

const describe: Table<string> = {
  text: () => 'text',
  integer: () => 'integer',
  decimal: (type) => `decimal(${type.digits},${type.scale})`,
  numeric: () => 'decimal',
  float: () => 'float',
  boolean: () => 'boolean',
  timestamp: () => 'timestamp',
  date: () => 'date',
  time: () => 'time',
  json: () => 'json',
  uuid: () => 'uuid',
  bytes: () => 'bytes',
  array: (type) => `${describeType(type.of)}[]`,
}

/** A type as the file would say it: `decimal(10,2)`, `text[]`. */
export const describeType = (type: CastType): string => describe[type.kind](type as never, undefined as never) // each row takes its own kind

const CASTS: ReadonlyMap<string, Exclude<CastType, { kind: 'array' }>> = new Map(
  Object.entries({
    integer: ['int', 'int2', 'int4', 'int8', 'integer', 'bigint', 'smallint'],
    numeric: ['numeric', 'decimal'],
    float: ['float', 'float4', 'float8', 'real', 'double precision'],
    text: ['text', 'varchar', 'character varying'],
    boolean: ['bool', 'boolean'],
    date: ['date'],
    time: ['time', 'time without time zone'],
    timestamp: ['timestamptz', 'timestamp', 'timestamp with time zone', 'timestamp without time zone'],
    uuid: ['uuid'],
    json: ['json', 'jsonb'],
    bytes: ['bytea', 'bytes'],
  } as const).flatMap(([kind, names]) => names.map((name) => [name, { kind: kind as Exclude<Kind, 'array' | 'decimal'> }])), // Object.entries forgets the keys' type
)

/** The type that a cast of the wire names (`int8`, `timestamptz`, `text[]`); `undefined` for an unknown name. */
export function typeFromCast(name: string): CastType | undefined {
  const plain = name.trim().toLowerCase().replace(/\s+/g, ' ')
  if (!plain.endsWith('[]')) return CASTS.get(plain)
  const of: CastType | undefined = CASTS.get(plain.slice(0, -2))
  return of === undefined || !isElement(of) ? undefined : { kind: 'array', of }
}

const isElement = (type: CastType): type is ScalarType => type.kind !== 'numeric' && type.kind !== 'json' && type.kind !== 'array'
