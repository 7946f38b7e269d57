/** INSERT: rows of the same columns, what becomes of those that are there already, and what comes back of each. */
import type { Test } from '../../../query/typed.ts'
import type { Column, Table } from '../../../schema/schema.ts'
import type { Binder } from '../binder.ts'
import type { Dialect } from '../dialect.ts'
import { quote, quoteAll } from '../names.ts'
import { testSql } from '../test.ts'
import { startWriting } from '../writing.ts'

export interface InsertParts {
  readonly table: Table
  readonly columns: readonly Column[]
  readonly rows: number
  /** Columns that come back, then a verdict for each test, and of a merge whether the row is new, where it can be told. */
  readonly returning: readonly string[]
  readonly verdicts: readonly Test[]
  readonly conflict?: { readonly columns: readonly string[]; readonly set: readonly string[] | undefined }
}

/** The stored values are the first placeholders, row by row; the binders follow them. */
export function insertText(parts: InsertParts, dialect: Dialect): { readonly text: string; readonly binders: readonly Binder[] } {
  const { table, columns, rows, returning, verdicts, conflict } = parts
  const writing = startWriting(dialect, columns.length * rows)
  // SQLite knows the row that comes back by the table's name alone.
  const name = quote(table.name)
  const frame = { writing, table, alias: name, joins: undefined }
  const outputs = [
    ...returning.map((column) => `${name}.${quote(column)}`),
    ...verdicts.map((test) => `CASE WHEN ${testSql(test, frame, false)} THEN 1 ELSE 0 END`),
    ...(conflict?.set && dialect.isNew ? [`CASE WHEN ${dialect.isNew(name)} THEN 1 ELSE 0 END`] : []),
  ]
  const text = [
    `INSERT INTO ${name} ${valuesText(columns, rows, dialect)}`,
    ...(conflict === undefined ? [] : [`ON CONFLICT (${quoteAll(conflict.columns)}) ${meetingText(conflict.columns, conflict.set)}`]),
    ...(outputs.length === 0 ? [] : [`RETURNING ${outputs.join(', ')}`]),
  ].join(' ')
  return { text, binders: writing.binders }
}

function valuesText(columns: readonly Column[], rows: number, dialect: Dialect): string {
  if (columns.length === 0) return 'DEFAULT VALUES'
  const row = (at: number): string =>
    columns.map((column, index) => dialect.placeholder(at * columns.length + index + 1, column.type, false)).join(', ')
  return `(${quoteAll(columns.map(({ name }) => name))}) VALUES ${Array.from({ length: rows }, (_, at) => `(${row(at)})`).join(', ')}`
}

/** A row that nothing is to be changed in is set to what it is, so that it comes back. */
function meetingText(columns: readonly string[], set: readonly string[] | undefined): string {
  if (set === undefined) return 'DO NOTHING'
  const changed = set.length === 0 ? columns.slice(0, 1) : set
  return `DO UPDATE SET ${changed.map((name) => `${quote(name)} = excluded.${quote(name)}`).join(', ')}`
}
