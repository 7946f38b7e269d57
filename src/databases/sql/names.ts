/**
 * Names in the database that the schema does not hold itself: of keys, of columns' own checks, of what search needs.
 *
 * 1. A name is the same on every database, and the same each time.
 * 2. No name is longer than 63 bytes, which is what PostgreSQL keeps of one.
 * 3. Everything that is ours alone begins with `plinth_`.
 */
import { constraintName, fitted } from '../../schema/names.ts'
import type { Column, Schema, Table } from '../../schema/schema.ts'

/** A name as SQL. */
export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Several names as SQL. */
export const quoteAll = (names: readonly string[]): string => names.map(quote).join(', ')

/** A piece of text as SQL. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

export const keyName = (table: Pick<Table, 'name'>): string => constraintName(table.name, [], 'pkey')

/** The check of what the column itself declares: bounds, lengths, a pattern, its words. */
export const columnCheckName = (table: Table, column: Column): string => freeName(table, column, '_check')

/** The check that a stored value is one that this type can hold at all. Only raw SQL can fail it. */
export const formCheckName = (table: Table, column: Column): string => freeName(table, column, '_form')

/** A declared check comes first; a column's own one steps aside. */
function freeName(table: Table, column: Column, ending: string): string {
  const stem = `${table.name}_${column.name}`
  let name = fitted(stem, ending)
  for (let next = 1; table.checks.some((check) => check.name === name); next++) name = fitted(stem, `${ending}${next}`)
  return name
}

/** The table that a check with this name belongs to. */
export function checkOwner(schema: Schema, name: string): Table | undefined {
  return [...schema.tables.values()].find((table) => checkNames(table).includes(name))
}

function checkNames(table: Table): readonly string[] {
  const columns = [...table.columns.values()]
  return [
    ...table.checks.map((check) => check.name),
    ...columns.flatMap((column) => [columnCheckName(table, column), formCheckName(table, column)]),
  ]
}

// ── Search ──

/** SQLite: the FTS5 table with a table's words. Its `rowid` is the `row` of `searchRows`. */
export const searchTable = (table: string): string => `plinth_search_${table}`

/** SQLite: from a row's key to its number in the FTS5 table. */
export const searchRows = (table: string): string => `plinth_search_${table}_rows`

/** PostgreSQL: the hidden column with the words of one column. PostgreSQL itself cuts it to 63 bytes. */
export const searchColumn = (column: string): string => `plinth_search_${column}`

/** PostgreSQL: the hidden column with the words of all searched columns, where there are several. */
export const SEARCH_ALL = 'plinth_search'

export const searchIndex = (table: string, column: string): string => constraintName(table, [column], 'idx')

/** The trigger that keeps touched columns. */
export const touchTrigger = (table: string): string => fitted(`plinth_touch_${table}`, '')
