/**
 * Looks for rows in the way of a step before anything is changed: statements that give the key of each, as one text.
 *
 * New checks, keys and references are judged on a table as it will be, which is a query over the table as it is: old
 * columns converted, new ones with their defaults, computed ones computed.
 */
import type { Change, ColumnStep, Offending, PartStep, Step, TableSnapshot } from '../builder.ts'
import type { Column, ForeignKey, Schema, Type } from '../../schema/schema.ts'
import { checksOf, columnOf, defaultSql, generatedSql, tableOf, type Ddl } from './ddl.ts'
import type { Connection } from './driver.ts'
import { quote, quoteAll } from './names.ts'

/** Changes of type that keep every value which `fits`. */
export function converts(from: Type, to: Type): boolean {
  return conversions.has(`${from.kind} ${to.kind}`)
}

const conversions: ReadonlySet<string> = new Set([
  'integer decimal',
  'decimal decimal',
  'integer float',
  'integer text',
  'uuid text',
  'date text',
  'text text',
])

export async function findOffending(connection: Connection, step: Step, change: Change, ddl: Ddl): Promise<Offending> {
  const probe = probeSql(step, change, ddl)
  if (probe === undefined) return { count: 0, keys: [] }
  const [counted] = await connection.prepare(`SELECT count(*) FROM (${probe}) AS o`).rows([])
  const count = Number(counted?.[0])
  if (count === 0) return { count, keys: [] }
  const keys = await connection.prepare(`SELECT o.found FROM (${probe}) AS o ORDER BY 1 LIMIT 3`).rows([])
  return { count, keys: keys.map(([key]) => String(key)) }
}

/** The rows in the way; undefined where there can be none. */
export function probeSql(step: Step, change: Change, ddl: Ddl): string | undefined {
  switch (step.kind) {
    case 'dropTable':
      return `SELECT ${oldKey(step.table, change)} AS found FROM ${quote(step.table)}`
    case 'dropColumn':
      return oldRows(step, change, `${quote(step.column)} IS NOT NULL`)
    case 'changeType':
      return unfitting(step, change, ddl)
    case 'addColumn':
    case 'requireValues':
      return newRows(step.table, change, ddl, `${quote(step.column)} IS NULL`)
    case 'addKey':
      return repeated(step.table, tableOf(change.to, step.table).key, change, ddl)
    case 'addUnique':
      return repeated(step.table, uniqueColumns(step, change), change, ddl)
    case 'addCheck':
      return newRows(step.table, change, ddl, `NOT (${checkCondition(step, change, ddl)})`)
    case 'addForeignKey':
      return dangling(step, change, ddl)
    default:
      return undefined
  }
}

// ── The table as it is ──

const before = (table: string, { from }: Change): TableSnapshot | undefined => from.tables[table]

const oldKey = (table: string, change: Change): string => shownKey(before(table, change)?.key ?? [])

/** `CAST("a" AS TEXT) || ', ' || CAST("b" AS TEXT)` */
const shownKey = (columns: readonly string[]): string => columns.map((column) => `CAST(${quote(column)} AS TEXT)`).join(` || ', ' || `)

const oldRows = (step: ColumnStep, change: Change, where: string): string =>
  `SELECT ${oldKey(step.table, change)} AS found FROM ${quote(step.table)} WHERE ${where}`

function unfitting(step: ColumnStep, change: Change, ddl: Ddl): string | undefined {
  const from = before(step.table, change)?.columns[step.column]?.type
  const fits = from === undefined ? undefined : ddl.fits(quote(step.column), from, columnOf(change.to, step.table, step.column).type)
  return fits === undefined ? undefined : oldRows(step, change, `NOT (${fits})`)
}

// ── The table as it will be ──

function newRows(table: string, change: Change, ddl: Ddl, where: string): string {
  return `SELECT ${shownKey(tableOf(change.to, table).key)} AS found FROM ${futureSql(table, change, ddl)} AS t WHERE ${where}`
}

function repeated(table: string, columns: readonly string[], change: Change, ddl: Ddl): string {
  const there = columns.map((column) => `${quote(column)} IS NOT NULL`).join(' AND ')
  return `SELECT ${shownKey(columns)} AS found FROM ${futureSql(table, change, ddl)} AS t WHERE ${there} GROUP BY ${quoteAll(columns)} HAVING count(*) > 1`
}

function dangling(step: PartStep, change: Change, ddl: Ddl): string | undefined {
  if (before(step.table, change) === undefined) return undefined // a new table has no rows
  const { columns, table, target } = foreignKeyOf(step, change.to)
  const there = columns.map((column) => `c.${quote(column)} IS NOT NULL`).join(' AND ')
  const same = target.map((name, at) => `p.${quote(name)} = c.${quote(columns[at] ?? '')}`).join(' AND ')
  const key = tableOf(change.to, step.table)
    .key.map((column) => `CAST(c.${quote(column)} AS TEXT)`)
    .join(` || ', ' || `)
  return `SELECT ${key} AS found FROM ${futureSql(step.table, change, ddl)} AS c WHERE ${there}
    AND NOT EXISTS (SELECT 1 FROM ${futureSql(table, change, ddl)} AS p WHERE ${same})`
}

/** A query in brackets that gives the rows of a table with the columns it will have. */
export function futureSql(name: string, change: Change, ddl: Ddl): string {
  const columns = [...tableOf(change.to, name).columns.values()]
  const was = before(name, change)
  const plain = columns.filter((column) => column.generated === undefined)
  if (was === undefined)
    return `(SELECT ${columns.map((column) => `${ddl.absent(column.type)} AS ${quote(column.name)}`).join(', ')} WHERE 1 = 0)`
  const stored = plain.map((column) => `${futureValue(name, column, change, ddl)} AS ${quote(column.name)}`)
  const inner = `(SELECT ${stored.join(', ')} FROM ${quote(name)})`
  const computed = columns.flatMap((column) => {
    const sql = generatedSql(column, ddl)
    return sql === undefined ? [] : [`${sql} AS ${quote(column.name)}`]
  })
  return computed.length === 0 ? inner : `(SELECT s.*, ${computed.join(', ')} FROM ${inner} AS s)`
}

/** What a stored column will hold: what it holds, converted; or its default, where it is new. */
export function futureValue(table: string, column: Column, change: Change, ddl: Ddl): string {
  const was = before(table, change)?.columns[column.name]
  const isNew = change.steps.some((step) => step.kind === 'addColumn' && step.table === table && step.column === column.name)
  if (was !== undefined && !isNew) return ddl.convert(quote(column.name), was.type, column.type)
  return column.default === undefined ? ddl.absent(column.type) : defaultSql(column.default, column.type, ddl)
}

// ── Parts by their names ──

function uniqueColumns(step: PartStep, { to }: Change): readonly string[] {
  return tableOf(to, step.table).uniques.find((unique) => unique.name === step.name)?.columns ?? []
}

function checkCondition(step: PartStep, { to }: Change, ddl: Ddl): string {
  return checksOf(tableOf(to, step.table), ddl).find((check) => check.name === step.name)?.sql ?? 'NULL'
}

export function foreignKeyOf(step: PartStep, to: Schema): ForeignKey {
  const found = tableOf(to, step.table).foreignKeys.find((foreignKey) => foreignKey.name === step.name)
  if (found === undefined) throw new Error(`a step names the foreign key ${step.name}, which the schema does not have`)
  return found
}
