/**
 * Writes → what they may touch. A row that is put in is judged as it will be; one that is changed as it was and as it
 * will be; one that is taken out as it was.
 *
 * 1. To change or delete a row, the asker must see it: what may not be seen is passed over as if it were not there.
 * 2. A column may be written whether or not it may be read.
 * 3. Where no row at all may be written, that is told, unless the table is not even there for the asker.
 */
import { Problem } from '../errors.ts'
import type { Conflict, Delete, Insert, Nested, NestedInsert, Precondition, Update, Write } from '../query/query.ts'
import { TRUE, all, isTrue, type Test } from '../query/typed.ts'
import type { Who } from '../query/who.ts'
import { cascadesOf } from '../schema/cascades.ts'
import { constraintName } from '../schema/names.ts'
import { isForward } from '../schema/relations.ts'
import type { Column, Operation, Table } from '../schema/schema.ts'
import { judgeWhole, referencesOf } from './references.ts'
import type { Rules } from './rules.ts'
import { relationIn, tableIn, targetOf, type Scope } from './scope.ts'
import { allowed, visibleTo, writable } from './visible.ts'
import { weaveShape, type WeaveLimits } from './weave-read.ts'
import type { ConflictShape, DeleteShape, InsertShape, NestedShape, PreconditionShape, RowsShape, Shape, UpdateShape } from './woven.ts'

/** Everything a part of a write is woven with. */
interface Loom {
  readonly rules: Rules
  readonly who: Who
  readonly scope: Scope
  readonly limits: WeaveLimits
}

export function weaveWrite(query: Write, rules: Rules, who: Who, limits: WeaveLimits): InsertShape | UpdateShape | DeleteShape {
  const loom: Loom = { rules, who, scope: visibleTo(rules, who), limits }
  switch (query.kind) {
    case 'insert':
      return weaveInsert(query, loom)
    case 'update':
      return weaveUpdate(query, loom)
    case 'delete':
      return weaveDelete(query, loom)
  }
}

function shared(query: Write, table: Table, loom: Loom) {
  return {
    table,
    returning: query.returning && weaveReturning(query.returning, table, loom),
    most: query.most?.at,
    single: query.single ?? false,
    rehearsal: query.rehearsal ?? false,
    precondition: query.precondition && weavePrecondition(query.precondition, table, loom),
  }
}

/** Rows are read back with the rules of any read; where nobody may, an answer has none. */
function weaveReturning(returning: Nested, table: Table, { scope, limits }: Loom): Shape | 'unreadable' {
  const isUnreadable = isNothing(scope.rows(table))
  return isUnreadable ? 'unreadable' : weaveShape(returning, { scope, table }, limits)
}

function weavePrecondition({ read, where, salts, match, none }: Precondition, table: Table, { scope, limits }: Loom): PreconditionShape {
  tableIn(scope, table.name)
  const shape = weaveShape({ select: read, where, order: [] }, { scope, table }, limits)
  return { read: shape, salts, match: match?.at, none: none?.at }
}

// ── Rows that go in ──

function weaveInsert(query: Insert, loom: Loom): InsertShape {
  const table = insertable(query.table, loom)
  const rows = weaveRows(query, table, [], loom)
  const conflict = query.conflict && weaveConflict(query.conflict, rows, loom)
  if (conflict && rows.nested.length > 0)
    throw new Problem('PGRST127', 'Feature not implemented', { details: 'Rows are not nested where some of them may be there already.' })
  return { ...rows, ...shared(query, table, loom), kind: 'insert', conflict }
}

/** `linked` hang the rows on those above. What hangs one row on another is written by the asker, though not given. */
function weaveRows(
  { columns: given, rows, textual = false, nested = [] }: Pick<Insert, 'columns' | 'rows' | 'textual' | 'nested'>,
  table: Table,
  linked: readonly string[],
  loom: Loom,
): RowsShape {
  const columnsOf = (names: readonly string[]) => names.map((name) => writableColumn(table, name, 'insert', loom))
  const own = columnsOf(given)
  const below = nested.map((one) => weaveNested(one, table, textual, loom))
  const hung = below.flatMap(({ side, link }) => (side === 'before' ? link.map(({ above }) => above.name) : []))
  const guards = [...own, ...columnsOf([...linked, ...hung])].map(({ guard }) => guard)
  return {
    table,
    columns: own.map(({ column }) => column),
    rows: rows.at,
    textual,
    check: all([allowed(loom.rules, loom.who, table, 'insert'), ...guards]),
    references: referencesOf(table, given, loom.scope),
    nested: below,
  }
}

function weaveNested(nested: NestedInsert, above: Table, textual: boolean, loom: Loom): NestedShape {
  const relation = relationIn(loom.scope, above, nested.relation)
  if (relation.through !== undefined)
    throw new Problem('PGRST127', 'Feature not implemented', {
      details: `Rows are not nested over the join table "${relation.through.table}": nest its own rows.`,
    })
  const table = insertable(targetOf(loom.scope.schema, relation).name, loom)
  const link = relation.columns.map((column, at) => ({ own: columnOf(table, relation.target[at]), above: columnOf(above, column) }))
  const side = isForward(above, relation) ? 'before' : 'after'
  const linked = side === 'after' ? link.map(({ own }) => own.name) : []
  judgeLinked(table, nested, linked)
  return { ...weaveRows({ ...nested, textual }, table, linked, loom), parents: nested.parents.at, side, link }
}

function judgeLinked(table: Table, { columns, relation }: NestedInsert, linked: readonly string[]): void {
  const twice = columns.find((name) => linked.includes(name))
  if (twice === undefined) return
  throw new Problem('42701', `column "${twice}" of "${table.name}" is given, and is what hangs the row on the one above`, {
    hint: `Leave "${twice}" out of the rows of "${relation.name}".`,
  })
}

function columnOf(table: Table, name: string | undefined): Column {
  const column = name === undefined ? undefined : table.columns.get(name)
  if (column === undefined) throw new Error(`a relation names the column ${name}, which "${table.name}" does not have`)
  return column
}

/** The table, if this asker may insert at all; one they cannot even read is as if it were not there. */
function insertable(name: string, loom: Loom): Table {
  const { scope, rules, who } = loom
  const table = scope.schema.tables.get(name)
  const check = table && allowed(rules, who, table, 'insert')
  if (table === undefined || isNothing(check)) throw refusal(tableIn(scope, name), 'insert')
  return table
}

const isNothing = (test: Test | undefined): boolean => test?.kind === 'constant' && !isTrue(test)

const refusals: Readonly<Record<Exclude<Operation, 'read'>, readonly [doing: string, article: string]>> = {
  insert: ['new rows may not be written to', 'an insert'],
  update: ['rows may not be changed in', 'an update'],
  delete: ['rows may not be deleted from', 'a delete'],
}

function refusal(table: Table, operation: Exclude<Operation, 'read'>): Problem {
  const [doing, article] = refusals[operation]
  return new Problem('42501', `${doing} table "${table.name}"`, {
    hint: `Give access.${table.name} ${article} rule that lets this asker in.`,
  })
}

// ── Rows that are there already ──

function weaveConflict({ columns: names, then }: Conflict, rows: RowsShape, loom: Loom): ConflictShape {
  const { table } = rows
  const columns = (names.length === 0 ? table.key : names).map((name) => writableColumn(table, name, 'insert', loom).column)
  const name = uniqueName(table, columns)
  judgeWhole(rows)
  const given = rows.columns.filter((column) => !columns.includes(column))
  const reset = then === 'replace' ? resettable(table, [...columns, ...given], loom) : []
  const set = [...given, ...reset]
  const changes = then === 'ignore' ? FREE : changesOf(table, set, loom)
  return {
    name,
    columns,
    then: then === 'ignore' ? 'ignore' : 'merge',
    set,
    reset,
    readable: loom.scope.rows(table),
    changeable: changes,
    check: changes,
  }
}

const FREE: Test = TRUE

function uniqueName(table: Table, columns: readonly Column[]): string {
  const asked = columns
    .map(({ name }) => name)
    .toSorted()
    .join('\n')
  const same = (names: readonly string[]): boolean => [...names].toSorted().join('\n') === asked
  if (same(table.key)) return constraintName(table.name, [], 'pkey')
  const unique = table.uniques.find((one) => same(one.columns))
  if (unique !== undefined) return unique.name
  throw new Problem('42P10', 'there is no unique or exclusion constraint matching the ON CONFLICT specification', {
    hint: `Name the columns of the key or of a unique constraint of "${table.name}".`,
  })
}

/** The other columns that this asker may write in any row, but what the server makes by itself. */
function resettable(table: Table, given: readonly Column[], { rules, who }: Loom): readonly Column[] {
  return [...table.columns.values()].filter((column) => {
    const isMade = column.generated !== undefined || column.touched || column.default?.kind === 'now' || column.default?.kind === 'uuid'
    if (isMade || given.includes(column) || table.key.includes(column.name)) return false
    const guard = writable(rules, who, table, column)
    return guard !== undefined && isTrue(guard)
  })
}

// ── Rows that change or go ──

function weaveUpdate(query: Update, loom: Loom): UpdateShape {
  const table = tableIn(loom.scope, query.table)
  const columns = query.columns.map((name) => writableColumn(table, name, 'update', loom))
  const changes = changesOf(
    table,
    columns.map(({ column }) => column),
    loom,
  )
  const target = weaveTarget(query, table, changes, loom)
  return {
    ...shared(query, table, loom),
    kind: 'update',
    target,
    columns: columns.map(({ column }) => column),
    values: query.values.at,
    textual: query.textual ?? false,
    check: changes,
    references: referencesOf(table, query.columns, loom.scope),
  }
}

/** What a row must pass for these columns of it to be changed. */
function changesOf(table: Table, columns: readonly Column[], { rules, who }: Loom): Test {
  const rule = allowed(rules, who, table, 'update')
  if (isNothing(rule)) throw refusal(table, 'update')
  return all([rule, ...columns.map((column) => writable(rules, who, table, column) ?? TRUE)])
}

function weaveDelete(query: Delete, loom: Loom): DeleteShape {
  const table = tableIn(loom.scope, query.table)
  const rule = allowed(loom.rules, loom.who, table, 'delete')
  if (isNothing(rule)) throw refusal(table, 'delete')
  const target = weaveTarget(query, table, rule, loom)
  return { ...shared(query, table, loom), kind: 'delete', target, cascades: cascadesOf(loom.scope.schema, table) }
}

/** The rows that are seen and may be written. */
function weaveTarget({ where }: Update | Delete, table: Table, rule: Test, { scope, limits }: Loom): Shape {
  const shape = weaveShape({ select: [], order: [], ...(where && { where }) }, { scope, table }, limits)
  return { ...shape, guard: all([shape.guard, rule]) }
}

// ── Columns ──

/** A column that may be written is there for a write, whether or not it may be read. */
function writableColumn(table: Table, name: string, operation: 'insert' | 'update', loom: Loom): { column: Column; guard: Test } {
  const column = table.columns.get(name)
  const guard = column && writable(loom.rules, loom.who, table, column)
  if (column === undefined || guard === undefined)
    throw column && isSeen(column, table, loom) ? mayNotWrite(column, table) : noColumn(name, table)
  if (column.generated !== undefined) {
    const message = operation === 'insert' ? `cannot insert a value into column "${name}"` : `column "${name}" cannot be changed`
    throw new Problem('428C9', message, { details: `Column "${name}" is computed.` })
  }
  return { column, guard }
}

const isSeen = (column: Column, table: Table, { scope }: Loom): boolean =>
  !isNothing(scope.rows(table)) && scope.cell(table, column) !== undefined

const noColumn = (name: string, table: Table): Problem =>
  new Problem('PGRST204', `Could not find the '${name}' column of '${table.name}'`, {
    hint: 'Check the name; or it is there for others: add a write rule for the column.',
  })

const mayNotWrite = (column: Column, table: Table): Problem =>
  new Problem('42501', `column "${column.name}" of table "${table.name}" may not be written`, {
    hint: `Give access.${table.name}.columns.${column.name} a write rule that lets this asker in.`,
  })
