/**
 * What is there for somebody: tables, columns and relations with their guards. Rules themselves are resolved with
 * `everything`; a request with what `visible.ts` gives for its asker, so that what may not be seen does not exist.
 */
import { Problem } from '../errors.ts'
import type { RelationName } from '../query/query.ts'
import { FALSE, TRUE, all, type Test } from '../query/typed.ts'
import { findRelation } from '../schema/relations.ts'
import type { Column, Relation, Schema, Table } from '../schema/schema.ts'

export interface Scope {
  readonly schema: Schema
  /** The rows that are there; `FALSE` hides the whole table. */
  rows(table: Table): Test
  /** The rows in which the column's value is there; undefined where the column is not there at all. */
  cell(table: Table, column: Column): Test | undefined
}

/** The system's eye, and the secret key's: all of it. */
export const everything = (schema: Schema): Scope => ({ schema, rows: () => TRUE, cell: () => TRUE })

/** The table by its name, or `PGRST205` as if it did not exist. */
export function tableIn(scope: Scope, name: string): Table {
  const table = scope.schema.tables.get(name)
  if (table === undefined || isHidden(scope, table)) throw noTable(name)
  return table
}

export const noTable = (name: string): Problem =>
  new Problem('PGRST205', `Could not find the table '${name}'`, {
    hint: 'Check the name; or it is there for others: sign in, or add a read rule.',
  })

/** The column with its guard, or `42703` as if it did not exist. */
export function columnIn(scope: Scope, table: Table, name: string): { column: Column; guard: Test } {
  const column = table.columns.get(name)
  const guard = column && scope.cell(table, column)
  if (column === undefined || guard === undefined) throw noColumn(table.name, name)
  return { column, guard }
}

export const noColumn = (table: string, name: string): Problem => new Problem('42703', `column ${table}.${name} does not exist`)

/** The one relation that is meant and can be seen, else `PGRST200`; several are `PGRST201`. */
export function relationIn(scope: Scope, from: Table, asked: RelationName): Relation {
  const seen = findRelation(scope.schema, from.name, asked.name, asked.hint).filter((relation) => isSeen(scope, relation))
  const [only, ...others] = seen
  if (only === undefined) throw noRelation(from.name, asked)
  if (others.length > 0) throw severalRelations(from.name, asked, seen)
  return only
}

/** The table at a relation's other end. */
export function targetOf(schema: Schema, relation: Relation): Table {
  const table = schema.tables.get(relation.to)
  if (table === undefined) throw new Error(`relation ${relation.from}.${relation.name} leads to no table`)
  return table
}

/** Which rows a relation may link: whoever follows it learns the values of its columns. */
export interface LinkGuards {
  /** About the row that it leaves. */
  readonly outer: Test
  /** About the row that it leads to, besides that row's own guard. */
  readonly inner: Test
  /** About the row of the join table, with that row's own guard; true without one. */
  readonly near: Test
}

/** Undefined where one of the columns is not there for the asker; then the relation is not there either. */
export function linkGuards(scope: Scope, relation: Relation): LinkGuards | undefined {
  const outer = cellGuards(scope, scope.schema.tables.get(relation.from), relation.columns)
  const inner = cellGuards(scope, targetOf(scope.schema, relation), relation.target)
  const near = nearGuard(scope, relation)
  return outer && inner && near && { outer, inner, near }
}

function nearGuard(scope: Scope, { through }: Relation): Test | undefined {
  if (through === undefined) return TRUE
  const table = scope.schema.tables.get(through.table)
  const cells = cellGuards(scope, table, [...through.near, ...through.far])
  return table && cells && !isHidden(scope, table) ? all([scope.rows(table), cells]) : undefined
}

function cellGuards(scope: Scope, table: Table | undefined, names: readonly string[]): Test | undefined {
  const guards = names.map((name) => {
    const column = table?.columns.get(name)
    return table && column && scope.cell(table, column)
  })
  return guards.every((guard) => guard !== undefined) ? all(guards) : undefined
}

/** The guards of a relation that `relationIn` has found. */
export function guardsOf(scope: Scope, relation: Relation): LinkGuards {
  const guards = linkGuards(scope, relation)
  if (guards === undefined) throw new Error(`relation ${relation.from}.${relation.name} is not there for this asker`)
  return guards
}

function isHidden(scope: Scope, table: Table): boolean {
  return scope.rows(table) === FALSE
}

function isSeen(scope: Scope, relation: Relation): boolean {
  return !isHidden(scope, targetOf(scope.schema, relation)) && linkGuards(scope, relation) !== undefined
}

function noRelation(from: string, asked: RelationName): Problem {
  const hint = asked.hint === undefined ? '' : ` using the hint '${asked.hint}'`
  return new Problem('PGRST200', `Could not find a relationship between '${from}' and '${asked.name}'`, {
    details: `Searched for a relationship between '${from}' and '${asked.name}'${hint}, but no matches were found.`,
  })
}

function severalRelations(from: string, asked: RelationName, seen: readonly Relation[]): Problem {
  const choices = seen.map((relation) => `${asked.name}!${relation.name}`)
  return new Problem('PGRST201', `Could not embed because more than one relationship was found for '${from}' and '${asked.name}'`, {
    details: seen.map((relation) => `${from}.${relation.name} leads to ${relation.to} by ${relation.constraint}`).join('; '),
    hint: `Say which: ${choices.join(', ')}.`,
  })
}
