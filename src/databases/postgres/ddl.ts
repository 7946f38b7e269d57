/**
 * PostgreSQL's definitions.
 *
 * 1. What PostgreSQL would take and the semantics do not (infinite times, NaN, arrays of arrays) is refused by a check.
 * 2. Search has hidden columns that PostgreSQL computes from the searched ones, each with an index.
 * 3. References are made after all tables, so that tables may refer to each other.
 */
import { parsePattern, toPostgres } from '../../query/pattern.ts'
import type { Canonical, Check, Column, Table, Type, TypeKind } from '../../schema/schema.ts'
import { checkSql, checksOf, defaultSql, generatedSql, indexSql, keySql, uniqueSql, type Ddl, type SqlPart } from '../sql/ddl.ts'
import { literal, quote, SEARCH_ALL, searchColumn, searchIndex, touchTrigger } from '../sql/names.ts'
import { columnType, textOf, typeName } from './codec.ts'

export type CheckSql = (table: Table, check: Check) => string

export const postgresDdl = (check: CheckSql): Ddl => ({
  columnType: (column) => columnType(column.type, column.collation),
  literal: (type, value) => literalSql(type, value),
  now: nowSql,
  newId: 'plinth_uuid7()',
  length: (type, value) => `${lengths[type.kind] ?? 'char_length'}(${value})`,
  matches: (value, pattern) => `${value} COLLATE "C" ~ ${literal(toPostgres(parsePattern(pattern), false))}`,
  holdsOnly: (value, words) => `array_remove(${value}, NULL) <@ ARRAY[${words.map(literal).join(', ')}]::text[]`,
  form: formSql,
  convert: (value, from, to) => (typeName(from) === typeName(to) ? value : `(${value})::${typeName(to)}`),
  fits,
  absent: (type) => `NULL::${typeName(type)}`,
  product,
  check,
})

// ── Values ──

function literalSql(type: Type, value: Canonical): string {
  return value === null ? 'NULL' : `${literal(textOf(type, value))}::${typeName(type)}`
}

function nowSql(type: Type): string {
  return type.kind === 'date' || type.kind === 'time' ? `(now() AT TIME ZONE 'UTC')::${type.kind}` : 'now()'
}

const lengths: Readonly<Partial<Record<TypeKind, string>>> = { bytes: 'octet_length', array: 'cardinality' }

/** PostgreSQL multiplies exactly by itself; whole numbers beside decimals become decimals. */
function product(left: SqlPart, right: SqlPart, type: Type): string {
  const sql = `(${left.sql} * ${right.sql})`
  return type.kind === 'decimal' ? `${sql}::${typeName(type)}` : sql
}

function fits(value: string, from: Type, to: Type): string | undefined {
  if (to.kind === 'float') return `${value} BETWEEN -9007199254740992 AND 9007199254740992`
  if (to.kind !== 'decimal') return undefined
  const inRange = `abs(${value}::numeric) < 1${'0'.repeat(to.digits - to.scale)}`
  return from.kind === 'decimal' && from.scale > to.scale ? `(${inRange} AND ${value} = round(${value}, ${to.scale}))` : inRange
}

// ── Forms ──

/** From where a value must be, to where it must not reach. */
const ranges: Readonly<Partial<Record<TypeKind, readonly [from: string, below: string]>>> = {
  timestamp: [`'0001-01-01 00:00:00+00'::timestamptz`, `'10000-01-01 00:00:00+00'::timestamptz`],
  date: [`'0001-01-01'::date`, `'10000-01-01'::date`],
}

function formSql(type: Type, value: string): string | undefined {
  if (type.kind !== 'array') return elementForm(type, (test) => `${value} ${test}`)
  const flat = `(array_ndims(${value}) IS NULL OR (array_ndims(${value}) = 1 AND array_lower(${value}, 1) = 1))`
  const elements = elementForm(type.of, (test) => everyElement(value, test))
  return elements === undefined ? flat : `${flat} AND ${elements}`
}

/** `>= x` of every element is `x <= ALL (…)`. */
function everyElement(value: string, test: string): string {
  const [sign = '', ...bound] = test.split(' ')
  return `${bound.join(' ')} ${mirrored[sign] ?? sign} ALL (${value})`
}

const mirrored: Readonly<Record<string, string>> = { '>=': '<=', '>': '<', '<': '>' }

function elementForm(type: Type, holds: (test: string) => string): string | undefined {
  const range = ranges[type.kind]
  if (range !== undefined) return `${holds(`>= ${range[0]}`)} AND ${holds(`< ${range[1]}`)}`
  // NaN is above infinity here.
  if (type.kind === 'float') return `${holds(`> '-Infinity'::float8`)} AND ${holds(`< 'Infinity'::float8`)}`
  return type.kind === 'decimal' ? holds(`<> 'NaN'::numeric`) : undefined
}

// ── Tables ──

export function tableSql(table: Table, ddl: Ddl): string {
  const parts = [
    ...[...table.columns.values()].map((column) => columnSql(column, ddl)),
    keySql(table),
    ...table.uniques.map((unique) => uniqueSql(unique.name, unique.columns)),
    ...checksOf(table, ddl).map(checkSql),
  ]
  return `CREATE TABLE ${quote(table.name)} (\n  ${parts.join(',\n  ')}\n)`
}

export function columnSql(column: Column, ddl: Ddl): string {
  const generated = generatedSql(column, ddl)
  const parts = [
    `${quote(column.name)} ${ddl.columnType(column)}`,
    ...(column.default === undefined ? [] : [`DEFAULT ${defaultSql(column.default, column.type, ddl)}`]),
    ...(column.optional ? [] : ['NOT NULL']),
    ...(generated === undefined ? [] : [`GENERATED ALWAYS AS (${generated}) STORED`]),
  ]
  return parts.join(' ')
}

/** What stands beside a table. References come later, when every table is there. */
export function besideSql(table: Table, ddl: Ddl): string[] {
  return [
    ...table.indexes.map((index) => indexSql(table.name, index.name, index.columns)),
    ...touchSql(table, ddl),
    ...searchSql(table, ddl),
    ...commentSql(table),
  ]
}

export function commentSql(table: Table): string[] {
  const columns = [...table.columns.values()]
  return [
    ...(table.comment === undefined ? [] : [`COMMENT ON TABLE ${quote(table.name)} IS ${literal(table.comment)}`]),
    ...columns.flatMap(({ name, comment }) =>
      comment === undefined ? [] : [`COMMENT ON COLUMN ${quote(table.name)}.${quote(name)} IS ${literal(comment)}`],
    ),
  ]
}

// ── Touched columns ──

/** Touched columns get the instant of the update, unless the update itself gave another value. */
export function touchSql(table: Table, ddl: Ddl): string[] {
  const touched = [...table.columns.values()].filter((column) => column.touched)
  if (touched.length === 0) return []
  const name = quote(touchTrigger(table.name))
  const sets = touched.map((column) => {
    const own = quote(column.name)
    return `IF new.${own} IS NOT DISTINCT FROM old.${own} THEN new.${own} := ${ddl.now(column.type)}; END IF;`
  })
  return [
    `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS ${literal(`BEGIN ${sets.join(' ')} RETURN new; END`)}`,
    `CREATE TRIGGER ${name} BEFORE UPDATE ON ${quote(table.name)} FOR EACH ROW EXECUTE FUNCTION ${name}()`,
  ]
}

/** The trigger goes with its function. */
export const dropTouchSql = (table: string): string[] => [`DROP FUNCTION IF EXISTS ${quote(touchTrigger(table))}() CASCADE`]

// ── Search ──

/** The hidden columns and their indexes. With several columns, one more holds all of their words. */
export function searchSql(table: Table, ddl: Ddl): string[] {
  const each = table.search.map((name) => [searchColumn(name), words(table, name, ddl)] as const)
  // A place is left free between two columns, so that no phrase goes from one to the next. `-` is in no word.
  const all = each.map(([, sql]) => sql).join(` || '''-'':1'::tsvector || `)
  const columns = each.length > 1 ? [...each, [SEARCH_ALL, all] as const] : each
  if (columns.length === 0) return []
  const added = columns.map(([name, sql]) => `ADD COLUMN ${quote(name)} tsvector GENERATED ALWAYS AS (${sql}) STORED`)
  return [
    `ALTER TABLE ${quote(table.name)} ${added.join(', ')}`,
    ...columns.map(([name]) => `CREATE INDEX ${quote(searchIndex(table.name, name))} ON ${quote(table.name)} USING gin (${quote(name)})`),
  ]
}

/** The words of one column; a computed one is not there yet when PostgreSQL computes, so its formula stands for it. */
function words(table: Table, name: string, ddl: Ddl): string {
  const column = table.columns.get(name)
  const value = (column === undefined ? undefined : generatedSql(column, ddl)) ?? quote(name)
  return `coalesce(plinth_words(${value}), ''::tsvector)`
}

export function dropSearchSql(table: string, searched: readonly string[]): string[] {
  const columns = [...searched.map(searchColumn), ...(searched.length > 1 ? [SEARCH_ALL] : [])]
  return columns.length === 0 ? [] : [`ALTER TABLE ${quote(table)} ${columns.map((name) => `DROP COLUMN ${quote(name)}`).join(', ')}`]
}
