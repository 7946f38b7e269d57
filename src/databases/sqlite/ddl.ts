/**
 * SQLite's definitions: `STRICT` tables, checks that keep canonical forms, triggers for touched columns.
 *
 * 1. A table with one key column that is no number has SQLite's own row numbers, which keeps its indexes small. A
 *    numeric or compound key is the row's place itself (`WITHOUT ROWID`): found in one look, and never made up by
 *    SQLite where it is missing.
 * 2. Search has two tables beside the searched one, kept by triggers; see `search.ts`.
 */
import type { Canonical, Check, Column, Table, Type, TypeKind } from '../../schema/schema.ts'
import {
  checkSql,
  checksOf,
  defaultSql,
  foreignKeySql,
  generatedSql,
  indexSql,
  keySql,
  uniqueSql,
  type Ddl,
  type SqlPart,
} from '../sql/ddl.ts'
import { literal, quote, touchTrigger } from '../sql/names.ts'
import { columnType, encode } from './codec.ts'
import { searchSql } from './search.ts'

export type CheckSql = (table: Table, check: Check) => string

export const sqliteDdl = (check: CheckSql): Ddl => ({
  columnType: (column) => columnType(column.type),
  literal: literalSql,
  now: nowSql,
  newId: newIdSql(),
  length: (type, value) => (type.kind === 'array' ? `json_array_length(${value})` : `length(${value})`),
  matches: (value, pattern) => `plinth_match(${value}, ${literal(pattern)}, '')`,
  holdsOnly,
  form: (type, value) => forms[type.kind](value, type),
  absent: () => 'NULL',
  convert,
  fits,
  product,
  check,
})

// ── Values ──

function literalSql(type: Type, value: Canonical): string {
  const stored = encode(type, value)
  if (stored === null) return 'NULL'
  if (stored instanceof Uint8Array) return `x'${Buffer.from(stored).toString('hex')}'`
  if (typeof stored === 'string') return literal(stored)
  return type.kind === 'float' ? realSql(Number(stored)) : String(stored)
}

/** A whole number needs a point, or SQLite reads an integer. */
const realSql = (value: number): string => (/[.e]/.test(String(value)) ? String(value) : `${value}.0`)

/** The instant, date or time of the statement; the same however often it is asked for within one. */
function nowSql(type: Type): string {
  if (type.kind === 'date') return `strftime('%Y-%m-%d', 'now')`
  if (type.kind === 'time') return `rtrim(rtrim(strftime('%H:%M:%f', 'now'), '0'), '.')`
  return `strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000+00:00'`
}

/** A UUID version 7 for rows that raw SQL puts in. */
function newIdSql(): string {
  const milliseconds = `printf('%012x', CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER))`
  const random = (digits: number): string => `substr(lower(hex(randomblob(8))), 1, ${digits})`
  const variant = `substr('89ab', 1 + (random() & 3), 1)`
  const parts = [
    `substr(${milliseconds}, 1, 8)`,
    `'-'`,
    `substr(${milliseconds}, 9)`,
    `'-7'`,
    random(3),
    `'-'`,
    variant,
    random(3),
    `'-'`,
    random(12),
  ]
  return parts.join(' || ')
}

// ── Forms ──

const DAY = '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'
const CLOCK = '[0-2][0-9]:[0-5][0-9]:[0-5][0-9]'
const MICROS = '[0-9][0-9][0-9][0-9][0-9][0-9]'

const forms: Readonly<Record<TypeKind, (value: string, type: Type) => string | undefined>> = {
  text: (value) => `instr(${value}, char(0)) = 0`,
  integer: () => undefined,
  decimal: (value, type) =>
    type.kind === 'decimal' ? `${value} BETWEEN -${'9'.repeat(type.digits)} AND ${'9'.repeat(type.digits)}` : undefined,
  float: (value) => `${value} BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308`,
  boolean: (value) => `${value} IN (0, 1)`,
  timestamp: (value) =>
    `${value} GLOB '${DAY}T${CLOCK}.${MICROS}+00:00' AND strftime('%Y-%m-%dT%H:%M:%S', substr(${value}, 1, 19)) IS substr(${value}, 1, 19) AND substr(${value}, 12, 2) < '24' AND ${value} >= '0001'`,
  date: (value) => `${value} GLOB '${DAY}' AND strftime('%Y-%m-%d', ${value}) IS ${value} AND ${value} >= '0001'`,
  time: (value) => `(${clockForm(value)} OR ${value} = '24:00:00')`,
  uuid: uuidForm,
  json: (value) => `json_valid(${value})`,
  bytes: () => undefined,
  array: (value) => `json_valid(${value}) AND json_type(${value}) = 'array'`,
}

/** Eight characters, or a fraction of one to six digits that does not end in a zero. */
function clockForm(value: string): string {
  const clock = `substr(${value}, 1, 8) GLOB '${CLOCK}' AND substr(${value}, 1, 2) < '24'`
  const fraction = `length(${value}) BETWEEN 10 AND 15 AND substr(${value}, 9, 1) = '.' AND substr(${value}, 10) NOT GLOB '*[^0-9]*' AND ${value} NOT GLOB '*0'`
  return `(${clock} AND (length(${value}) = 8 OR ${fraction}))`
}

function uuidForm(value: string): string {
  const digits = `replace(${value}, '-', '')`
  return `${value} GLOB '????????-????-????-????-????????????' AND length(${digits}) = 32 AND ${digits} NOT GLOB '*[^0-9a-f]*'`
}

/** With every allowed word taken out, no quote is left. */
function holdsOnly(value: string, words: readonly string[]): string {
  const rest = words.reduce((text, word) => `replace(${text}, ${literal(JSON.stringify(word))}, '')`, value)
  return `instr(${rest}, '"') = 0`
}

// ── Numbers: a decimal is the whole number of its last digit ──

const scaleOf = (type: Type): number => (type.kind === 'decimal' ? type.scale : 0)
const power = (digits: number): string => `1${'0'.repeat(digits)}`

function convert(value: string, from: Type, to: Type): string {
  if (to.kind === 'float' && from.kind !== 'float') return `(CAST(${value} AS REAL) / ${power(scaleOf(from))}.0)`
  if (to.kind === 'text' && from.kind !== 'text') return `CAST(${value} AS TEXT)`
  const difference = scaleOf(to) - scaleOf(from)
  if (difference === 0) return value
  return difference > 0 ? `(${value} * ${power(difference)})` : rounded(value, power(-difference))
}

/** Half away from zero. Division of whole numbers cuts the rest off. */
function rounded(value: string, unit: string): string {
  const half = unit === '10' ? '5' : `5${'0'.repeat(unit.length - 2)}`
  return `((${value} + CASE WHEN ${value} < 0 THEN -${half} ELSE ${half} END) / ${unit})`
}

function product(left: SqlPart, right: SqlPart, type: Type): string {
  if (type.kind === 'float') return `(${convert(left.sql, left.type, type)} * ${convert(right.sql, right.type, type)})`
  const multiplied: Type = { kind: 'decimal', digits: 38, scale: scaleOf(left.type) + scaleOf(right.type) }
  return convert(`(${left.sql} * ${right.sql})`, multiplied, type)
}

/** Whether nothing is lost by `convert`. */
function fits(value: string, from: Type, to: Type): string | undefined {
  if (to.kind === 'float') return `${value} BETWEEN -9007199254740992 AND 9007199254740992`
  if (to.kind !== 'decimal') return undefined
  const whole = '9'.repeat(to.digits - to.scale + scaleOf(from))
  const inRange = `${value} BETWEEN -${whole} AND ${whole}`
  return scaleOf(from) > to.scale ? `(${inRange} AND ${value} % ${power(scaleOf(from) - to.scale)} = 0)` : inRange
}

// ── Tables ──

/** `name` is another than the table's own while a table is made anew. */
export function tableSql(table: Table, ddl: Ddl, name: string = table.name): string {
  const parts = [
    ...[...table.columns.values()].map((column) => columnSql(column, ddl)),
    keySql(table),
    ...table.uniques.map((unique) => uniqueSql(unique.name, unique.columns)),
    ...checksOf(table, ddl).map(checkSql),
    ...table.foreignKeys.map(foreignKeySql),
  ]
  return `CREATE TABLE ${quote(name)} (\n  ${parts.join(',\n  ')}\n) STRICT${isPlace(table) ? ', WITHOUT ROWID' : ''}`
}

const isPlace = (table: Table): boolean => table.key.length > 1 || table.columns.get(table.key[0] ?? '')?.type.kind === 'integer'

export function columnSql(column: Column, ddl: Ddl): string {
  const generated = generatedSql(column, ddl)
  const parts = [
    `${quote(column.name)} ${ddl.columnType(column)}`,
    ...(column.optional ? [] : ['NOT NULL']),
    ...(column.default === undefined ? [] : [`DEFAULT (${defaultSql(column.default, column.type, ddl)})`]),
    ...(generated === undefined ? [] : [`GENERATED ALWAYS AS (${generated}) STORED`]),
  ]
  return parts.join(' ')
}

/** What stands beside a table: its indexes, triggers and search. */
export function besideSql(table: Table): string[] {
  return [...table.indexes.map((index) => indexSql(table.name, index.name, index.columns)), ...touchSql(table), ...searchSql(table)]
}

/**
 * Touched columns get the instant of the update, unless the update itself gave another value. The inner update runs
 * the trigger once more, and then finds the instant there already.
 */
export function touchSql(table: Table): string[] {
  const touched = [...table.columns.values()].filter((column) => column.touched)
  if (touched.length === 0) return []
  const stale = touched.map(({ name, type }) => `(NEW.${quote(name)} IS OLD.${quote(name)} AND NEW.${quote(name)} IS NOT ${present(type)})`)
  const sets = touched.map(({ name, type }) => {
    return `${quote(name)} = CASE WHEN NEW.${quote(name)} IS OLD.${quote(name)} THEN ${present(type)} ELSE ${quote(name)} END`
  })
  const own = table.key.map((column) => `${quote(column)} = NEW.${quote(column)}`).join(' AND ')
  return [
    `CREATE TRIGGER ${quote(touchTrigger(table.name))} AFTER UPDATE ON ${quote(table.name)} WHEN ${stale.join(' OR ')}
BEGIN
  UPDATE ${quote(table.name)} SET ${sets.join(', ')} WHERE ${own};
END`,
  ]
}

const present = (type: Type): string => `(${nowSql(type)})`
