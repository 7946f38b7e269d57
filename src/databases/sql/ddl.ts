/**
 * The parts of a table's definition that read alike on every SQL database: which checks its columns need, what a
 * default is, how a formula becomes SQL.
 *
 * 1. A database's own way is in its `Ddl`; nothing here asks for a database's name.
 * 2. Every constraint has its name, the same on each database.
 */
import type { Canonical, Check, Column, Default, ForeignKey, Formula, OnDelete, Schema, Table, Type } from '../../schema/schema.ts'
import { parseValue } from '../../schema/value.ts'
import type { NamedCheck } from '../builder.ts'
import { columnCheckName, formCheckName, keyName, quote, quoteAll } from './names.ts'

/** How a database defines tables. */
export interface Ddl {
  /** The type of a column, with its collation. */
  columnType(column: Column): string
  literal(type: Type, value: Canonical): string
  /** The default of a column that starts as the instant, or as a new id. */
  now(type: Type): string
  readonly newId: string
  /** The length that bounds of text, bytes and arrays are about. */
  length(type: Type, value: string): string
  matches(value: string, pattern: string): string
  /** Whether an array holds nothing but these words. */
  holdsOnly(value: string, words: readonly string[]): string
  /** What a value of the type always fulfils, so that raw SQL cannot put in what the type does not know. */
  form(type: Type, value: string): string | undefined
  /** A value of one type as SQL of another; see `converts` for which. */
  convert(value: string, from: Type, to: Type): string
  /** Whether a value survives `convert` whole; undefined where every one does. */
  fits(value: string, from: Type, to: Type): string | undefined
  /** NULL of a type. */
  absent(type: Type): string
  /** `a * b` of two numbers, in the form of `type`. */
  product(left: SqlPart, right: SqlPart, type: Type): string
  /** The condition of a declared check, its columns without a table in front. */
  check(table: Table, check: Check): string
}

export interface SqlPart {
  readonly sql: string
  readonly type: Type
}

// ── Checks ──

export function checksOf(table: Table, ddl: Ddl): NamedCheck[] {
  const own = [...table.columns.values()].flatMap((column) => columnChecks(table, column, ddl))
  return [...own, ...table.checks.map((check) => ({ name: check.name, sql: ddl.check(table, check) }))]
}

function columnChecks(table: Table, column: Column, ddl: Ddl): NamedCheck[] {
  const form = ddl.form(column.type, quote(column.name))
  const declared = declaredConditions(column, ddl)
  return [
    ...(form === undefined ? [] : [{ name: formCheckName(table, column), sql: form }]),
    ...(declared.length === 0 ? [] : [{ name: columnCheckName(table, column), sql: declared.join(' AND ') }]),
  ]
}

function declaredConditions(column: Column, ddl: Ddl): string[] {
  const value = quote(column.name)
  return [
    ...(column.min === undefined ? [] : [`${bounded(column, ddl)} >= ${bound(column, column.min, ddl)}`]),
    ...(column.max === undefined ? [] : [`${bounded(column, ddl)} <= ${bound(column, column.max, ddl)}`]),
    ...(column.pattern === undefined ? [] : [ddl.matches(value, column.pattern)]),
    ...(column.values === undefined ? [] : [oneOf(column, column.values, ddl)]),
  ]
}

const hasLength = (type: Type): boolean => type.kind === 'text' || type.kind === 'bytes' || type.kind === 'array'

const bounded = ({ type, name }: Column, ddl: Ddl): string => (hasLength(type) ? ddl.length(type, quote(name)) : quote(name))

const bound = ({ type }: Column, given: string, ddl: Ddl): string =>
  hasLength(type) ? String(BigInt(given)) : ddl.literal(type, parseValue(type, given))

function oneOf({ type, name }: Column, words: readonly string[], ddl: Ddl): string {
  if (type.kind === 'array') return ddl.holdsOnly(quote(name), words)
  return `${quote(name)} IN (${words.map((word) => ddl.literal(type, word)).join(', ')})`
}

// ── Defaults and formulas ──

export function defaultSql(given: Default, type: Type, ddl: Ddl): string {
  switch (given.kind) {
    case 'value':
      return ddl.literal(type, given.value)
    case 'now':
      return ddl.now(type)
    case 'uuid':
      return ddl.newId
  }
}

/** A computed column as SQL, in the form of the column's own type. */
export function generatedSql(column: Column, ddl: Ddl): string | undefined {
  if (column.generated === undefined) return undefined
  return ddl.convert(formulaSql(column.generated, ddl), column.generated.type, column.type)
}

function formulaSql(formula: Formula, ddl: Ddl): string {
  switch (formula.kind) {
    case 'column':
      return quote(formula.name)
    case 'literal':
      return ddl.literal(formula.type, formula.value)
    case 'sum':
      return `(${as(formula.left, formula.type, ddl)} + ${as(formula.right, formula.type, ddl)})`
    case 'difference':
      return `(${as(formula.left, formula.type, ddl)} - ${as(formula.right, formula.type, ddl)})`
    case 'product':
      return ddl.product(part(formula.left, ddl), part(formula.right, ddl), formula.type)
    case 'joined':
      return `(${formulaSql(formula.left, ddl)} || ${formulaSql(formula.right, ddl)})`
    case 'first':
      return coalesced(formula.of.map((one) => as(one, formula.type, ddl)))
  }
}

/** SQLite's `coalesce` wants two arguments or more. */
const coalesced = (values: readonly string[]): string => (values.length === 1 ? (values[0] ?? 'NULL') : `coalesce(${values.join(', ')})`)

const part = (formula: Formula, ddl: Ddl): SqlPart => ({ sql: formulaSql(formula, ddl), type: formula.type })
const as = (formula: Formula, type: Type, ddl: Ddl): string => ddl.convert(formulaSql(formula, ddl), formula.type, type)

// ── Constraints ──

const deletes: Readonly<Record<OnDelete, string>> = { restrict: 'NO ACTION', cascade: 'CASCADE', 'set null': 'SET NULL' }

export const keySql = (table: Table): string => `CONSTRAINT ${quote(keyName(table))} PRIMARY KEY (${quoteAll(table.key)})`

export const uniqueSql = (name: string, columns: readonly string[]): string => `CONSTRAINT ${quote(name)} UNIQUE (${quoteAll(columns)})`

export const checkSql = ({ name, sql }: NamedCheck): string => `CONSTRAINT ${quote(name)} CHECK (${sql})`

/** `NO ACTION` refuses as `RESTRICT` does, but at the end of the statement, and with one code on every version. */
export function foreignKeySql({ name, columns, table, target, onDelete }: ForeignKey): string {
  const to = `${quote(table)} (${quoteAll(target)})`
  return `CONSTRAINT ${quote(name)} FOREIGN KEY (${quoteAll(columns)}) REFERENCES ${to} ON DELETE ${deletes[onDelete]}`
}

export const indexSql = (table: string, name: string, columns: readonly string[]): string =>
  `CREATE INDEX ${quote(name)} ON ${quote(table)} (${quoteAll(columns)})`

/** The table, which the schema must have: steps are made from it. */
export function tableOf(schema: Schema, name: string): Table {
  const table = schema.tables.get(name)
  if (table === undefined) throw new Error(`a step names the table ${name}, which the schema does not have`)
  return table
}

export function columnOf(schema: Schema, table: string, name: string): Column {
  const column = tableOf(schema, table).columns.get(name)
  if (column === undefined) throw new Error(`a step names the column ${table}.${name}, which the schema does not have`)
  return column
}
