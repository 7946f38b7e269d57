/** Statements about rows that are known by their keys: what is read of them, and whether they pass. */
import type { Shape } from '../../../plan/plan.ts'
import type { Test } from '../../../query/typed.ts'
import type { Column, Table, Type } from '../../../schema/schema.ts'
import { listText, weighedRows } from '../answer.ts'
import type { Binder } from '../binder.ts'
import type { Dialect } from '../dialect.ts'
import { columnOf, frameOf, fromClause, type Frame } from '../frame.ts'
import { quote } from '../names.ts'
import { rowsOf } from '../outputs.ts'
import { testSql } from '../test.ts'
import { startWriting } from '../writing.ts'

/** A statement whose keys are not known yet. */
export interface KeyedText {
  readonly text: string
  readonly types: readonly Type[]
  readonly binders: readonly Binder[]
}

export const keyColumns = (table: Table): readonly Column[] => table.key.map((name) => columnNamed(table, name))

export function columnNamed(table: Table, name: string): Column {
  const column = table.columns.get(name)
  if (column === undefined) throw new Error(`"${table.name}" has no column "${name}"`)
  return column
}

/** The JSON of the rows and how many they are; `given` has them come in the order of the keys. */
export function readText(shape: Shape, given: boolean, dialect: Dialect): KeyedText {
  const { frame, types, place } = keyedFrame(shape.table, keyColumns(shape.table), dialect)
  const rows = rowsOf(shape, given ? { ...frame, place } : frame, '')
  return { text: listText(weighedRows(rows, shape.outputs, dialect), dialect), types, binders: frame.writing.binders }
}

/** How many of the rows do not pass. */
export function failingText(table: Table, check: Test, dialect: Dialect): KeyedText {
  const { frame, types } = keyedFrame(table, keyColumns(table), dialect)
  const condition = testSql(check, { ...frame, joins: undefined }, false)
  return { text: `SELECT count(*) FROM ${fromClause(frame)} WHERE (${condition}) IS NOT TRUE`, types, binders: frame.writing.binders }
}

/** Columns and conditions (1 or 0) of the rows that have these values in these columns. */
export function foundText(table: Table, columns: readonly Column[], conditions: readonly Test[], dialect: Dialect): KeyedText {
  const { frame, types } = keyedFrame(table, columns, dialect)
  const plain = { ...frame, joins: undefined }
  const outputs = [
    ...columns.map(({ name }) => columnOf(frame, name)),
    ...conditions.map((condition) => `CASE WHEN ${testSql(condition, plain, false)} THEN 1 ELSE 0 END`),
  ]
  return {
    text: `SELECT ${outputs.join(', ')} FROM ${fromClause(frame)}${dialect.lock(frame.alias)}`,
    types,
    binders: frame.writing.binders,
  }
}

/** Takes out the rows of the keys. */
export function removeText(table: Table, dialect: Dialect): KeyedText {
  const columns = keyColumns(table)
  const types = columns.map(({ type }) => type)
  const names = columns.map(({ name }) => quote(name)).join(', ')
  const keys = types.map((_, at) => `keyed.c${at}`).join(', ')
  const { from } = dialect.keys(types)
  return { text: `DELETE FROM ${quote(table.name)} WHERE (${names}) IN (SELECT ${keys} FROM ${from} AS keyed)`, types, binders: [] }
}

/** A table's rows, joined with the keys that were given. */
function keyedFrame(table: Table, columns: readonly Column[], dialect: Dialect): { frame: Frame; types: readonly Type[]; place: string } {
  const types = columns.map(({ type }) => type)
  const { from, placeholders } = dialect.keys(types)
  const frame = frameOf(startWriting(dialect, placeholders), table, true)
  const keyed = `keyed_${frame.alias}`
  const on = columns.map(({ name }, at) => `${keyed}.c${at} = ${columnOf(frame, name)}`)
  frame.joins?.clauses.push(`JOIN ${from} AS ${keyed} ON ${on.join(' AND ')}`)
  return { frame, types, place: `${keyed}.at` }
}
