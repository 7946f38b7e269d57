/** What a database keeps by itself, on plain rows: values, keys, references, and what goes with a row that goes. */
import type { Data, Row, TableName } from './rules.ts'
import { tables, type Schema, type TableSpec } from './schema.ts'

export type Codes = ReadonlySet<string>

export const brokenBy = {
  /** What is wrong with a row by itself. */
  row: ({ columns }: TableSpec, row: Row): readonly string[] =>
    Object.entries(columns).flatMap(([name, { optional, most }]) => {
      const value = row[name] ?? null
      if (value === null) return optional ? [] : ['23502']
      return most !== undefined && Number(value) > most ? ['23514'] : []
    }),
  /** What is wrong between the rows of a table. */
  table: (spec: TableSpec, rows: readonly Row[]): readonly string[] => twins(spec, rows),
  /** What is wrong between all rows. */
  all: (schema: Schema, data: Data): readonly string[] =>
    tables.flatMap((table) => [...twins(schema[table], data[table]), ...dangling(schema, data, table)]),
}

function twins({ key, unique }: TableSpec, rows: readonly Row[]): readonly string[] {
  const isTwice = (names: readonly string[]): boolean => {
    const identities = rows.map((row) => names.map((name) => row[name] ?? null)).filter((one) => !one.includes(null))
    return new Set(identities.map((one) => JSON.stringify(one))).size < identities.length
  }
  return [key, ...(unique ? [unique] : [])].some(isTwice) ? ['23505'] : []
}

function dangling(schema: Schema, data: Data, table: TableName): readonly string[] {
  const references = referencesOf(schema, table)
  const isDangling = (row: Row): boolean =>
    references.some(({ column, to }) => row[column] != null && !data[to].some(({ id }) => id === row[column]))
  return data[table].some(isDangling) ? ['23503'] : []
}

const referencesOf = (schema: Schema, table: TableName) =>
  Object.entries(schema[table].columns).flatMap(([column, { references }]) =>
    references ? [{ column, to: references.table, onDelete: references.onDelete }] : [],
  )

/** Without these rows, and what hangs on them is gone too, or let go. References that are left are for `brokenBy`. */
export function deletedFrom(schema: Schema, data: Data, table: TableName, gone: readonly Row[]): Data {
  if (gone.length === 0) return data
  const ids = gone.map(({ id }) => id)
  let left: Data = { ...data, [table]: data[table].filter((row) => !gone.includes(row)) }
  for (const other of tables)
    for (const { column, to, onDelete } of referencesOf(schema, other)) {
      if (to !== table || onDelete === 'restrict') continue
      const hanging = left[other].filter((row) => row[column] != null && ids.includes(row[column]))
      if (onDelete === 'cascade') left = deletedFrom(schema, left, other, hanging)
      else left = { ...left, [other]: left[other].map((row) => (hanging.includes(row) ? { ...row, [column]: null } : row)) }
    }
  return left
}
