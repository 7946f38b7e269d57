/**
 * Reads → what is read of each table: outputs, conditions and orders, with the guard of everything that they touch.
 */
import { Problem } from '../errors.ts'
import type { Condition, Nested, Order, Read, Selection } from '../query/query.ts'
import { TRUE, all, isTotal, type Cell, type Fixed, type Parameter, type Scalar, type Test, type TypedStep } from '../query/typed.ts'
import type { Who } from '../query/who.ts'
import type { Relation } from '../schema/schema.ts'
import { typeFromCast } from '../schema/value.ts'
import { resolve, resolveField, resolveSort, walk, type Place } from './resolve.ts'
import type { Rules } from './rules.ts'
import { guardsOf, relationIn, tableIn, targetOf } from './scope.ts'
import { aggregateType, checkCast } from './types.ts'
import { isAbove, visibleTo } from './visible.ts'
import type { EmbedOutput, Limit, Output, ReadShape, ScalarOutput, Shape, Sort } from './woven.ts'

export interface WeaveLimits {
  /** The most rows of an answer, and of each embed. */
  readonly maxRows: number
}

export function weaveRead(query: Read, rules: Rules, who: Who, limits: WeaveLimits): ReadShape {
  if (query.explain === true && !isAbove(who)) throw new Problem('42501', 'The plan of a query is shown to the secret key only')
  const scope = visibleTo(rules, who)
  const table = tableIn(scope, query.table)
  const shape = weaveShape(query, { scope, table }, limits)
  if (shape.grouped && query.after)
    throw new Problem('0A000', 'Grouped rows have no pages by after', { hint: 'Ask for them by limit and offset.' })
  return {
    ...shape,
    kind: 'read',
    having: query.having ? havingOf(query.having, shape, { scope, table, alias: aliases(shape.outputs) }) : TRUE,
    after: query.after?.at,
    count: countFor(query.count, who),
    bare: query.bare ?? false,
    explain: query.explain ?? false,
  }
}

function havingOf(having: Condition, { grouped }: Shape, place: Place): Test {
  if (grouped) return resolve(having, place)
  throw new Problem('42803', 'having is about groups, and nothing is aggregated here', {
    hint: 'Filter rows by their columns, or select an aggregate such as count().',
  })
}

/** Planner statistics tell of rows that the asker may not see; only the secret key gets them. */
function countFor(asked: Read['count'], who: Who): ReadShape['count'] {
  return asked === undefined || asked === 'exact' || isAbove(who) ? asked : 'capped'
}

/** What is asked of the rows of one table. */
export function weaveShape(nested: Nested, place: Place, limits: WeaveLimits): Shape {
  const outputs = nested.select.flatMap((one) => outputsOf(one, place, [], limits))
  const grouped = outputs.some((output) => output.kind === 'scalar' && isTotal(output.of))
  const alias = aliases(outputs)
  return {
    table: place.table,
    guard: place.scope.rows(place.table),
    where: nested.where ? resolve(nested.where, place) : TRUE,
    outputs,
    grouped,
    having: TRUE,
    order: nested.order.map((order) => sortOf(order, { ...place, alias }, grouped)),
    limit: limitOf(nested, limits),
    offset: nested.offset?.at,
  }
}

const limitOf = (nested: Nested, limits: WeaveLimits): Limit => ({ at: nested.limit?.at, cap: limits.maxRows })

const aliases =
  (outputs: readonly Output[]) =>
  (name: string): Scalar | undefined => {
    const found = outputs.find((output): output is ScalarOutput => output.kind === 'scalar' && output.as === name)
    return found?.of
  }

// ── Outputs ──

function outputsOf(selection: Selection, place: Place, path: readonly TypedStep[], limits: WeaveLimits): readonly Output[] {
  switch (selection.kind) {
    case 'all':
      return readableColumns(place).map((cell) => ({ kind: 'scalar', as: cell.column.name, of: { ...cell, path } }))
    case 'field':
      return [{ kind: 'scalar', as: selection.as, of: casted(at(path, resolveField(selection.field, place)), selection.cast) }]
    case 'aggregate':
      return [{ kind: 'scalar', as: selection.as, of: totalOf(selection, place, path) }]
    case 'embed':
      return embedOf(selection, place, path, limits)
  }
}

/** What `*` stands for: the columns that are there for the asker and not hidden. */
function readableColumns({ scope, table }: Place): readonly Cell[] {
  return [...table.columns.values()].flatMap((column) => {
    const guard = column.hidden ? undefined : scope.cell(table, column)
    return guard ? [{ kind: 'cell' as const, path: [], table, column, guard, type: column.type }] : []
  })
}

/** The same scalar seen from further up a path of to-one relations. */
function at<S extends Scalar>(path: readonly TypedStep[], scalar: S): S {
  if (path.length === 0) return scalar
  if (scalar.kind === 'cell') return { ...scalar, path: [...path, ...scalar.path] }
  if (scalar.kind === 'total') return { ...scalar, of: scalar.of && at(path, scalar.of) }
  return { ...scalar, of: at(path, scalar.of) }
}

function casted(of: Scalar, name: string | undefined): Scalar {
  if (name === undefined) return of
  const type = typeFromCast(name)
  if (type === undefined) throw new Problem('42704', `type "${name}" does not exist`)
  checkCast(of.type, type)
  return { kind: 'cast', of, type }
}

function totalOf(selection: Extract<Selection, { kind: 'aggregate' }>, place: Place, path: readonly TypedStep[]): Scalar {
  const of = selection.field === null ? null : casted(at(path, resolveField(selection.field, place)), selection.inner)
  return casted(
    { kind: 'total', aggregate: selection.aggregate, of, type: aggregateType(selection.aggregate, of?.type ?? null) },
    selection.cast,
  )
}

function embedOf(
  selection: Extract<Selection, { kind: 'embed' }>,
  place: Place,
  path: readonly TypedStep[],
  limits: WeaveLimits,
): readonly Output[] {
  const relation = relationIn(place.scope, place.table, selection.relation)
  if (selection.spread && !relation.many) return liftToOne(selection, place, path, limits)
  const table = targetOf(place.scope.schema, relation)
  const read = weaveShape(selection.read, { scope: place.scope, table }, limits)
  if (selection.read.select.length === 0) return []
  if (selection.spread && read.grouped) throw new Problem('PGRST127', 'Aggregates are not there in a spread of a relation to many')
  const paged = relation.many || read.grouped ? read : { ...read, where: all([read.where, ...pageOfOne(selection.read)]) }
  return [embedOutput(selection, relation, paged, place, path)]
}

/** Whether the page of a relation to one has its row: not with a limit of none, nor with an offset past it. */
function pageOfOne({ limit, offset }: Nested): readonly Test[] {
  const held = (at: number): Parameter => ({ kind: 'parameter', at, type: { kind: 'integer' }, form: 'value' })
  const none: Fixed = { kind: 'fixed', value: 0n, type: { kind: 'integer' }, form: 'value' }
  return [
    ...(limit ? [{ kind: 'compare', op: 'gt', left: held(limit.at), right: none } as const] : []),
    ...(offset ? [{ kind: 'compare', op: 'eq', left: held(offset.at), right: none } as const] : []),
  ]
}

function embedOutput(
  selection: Extract<Selection, { kind: 'embed' }>,
  relation: Relation,
  read: Shape,
  place: Place,
  path: readonly TypedStep[],
): EmbedOutput {
  const joinTable = relation.through && place.scope.schema.tables.get(relation.through.table)
  const { outer, inner, near } = guardsOf(place.scope, relation)
  return {
    kind: 'embed',
    as: selection.as,
    path,
    relation,
    outer,
    near,
    joinTable,
    spread: selection.spread,
    read: { ...read, guard: all([read.guard, inner]) },
  }
}

/** A spread of a to-one relation: its outputs become this row's own, at the end of a longer path. */
function liftToOne(
  selection: Extract<Selection, { kind: 'embed' }>,
  place: Place,
  path: readonly TypedStep[],
  limits: WeaveLimits,
): readonly Output[] {
  const where = selection.read.where === undefined ? {} : { where: selection.read.where }
  const { steps, table } = walk([{ ...selection.relation, ...where }], place)
  const inner = { scope: place.scope, table }
  const paged = steps.map((step) => ({ ...step, where: all([step.where, ...pageOfOne(selection.read)]) }))
  return selection.read.select.flatMap((one) => outputsOf(one, inner, [...path, ...paged], limits))
}

// ── Order ──

function sortOf(order: Order, place: Place, grouped: boolean): Sort {
  const by = order.by.kind === 'field' && grouped ? groupedSort(order.by, place) : resolveSort(order.by, place)
  return { by, descending: order.descending, nulls: order.nulls ?? (order.descending ? 'first' : 'last') }
}

/** In a grouped read a name in `order` is an output's before it is a column's. */
function groupedSort(by: Extract<Order['by'], { kind: 'field' }>, place: Place): Scalar {
  const isPlain = by.path.length === 0 && by.json === undefined
  const isOutput = isPlain && place.alias?.(by.name) !== undefined
  return resolveSort(isOutput ? { kind: 'alias', name: by.name } : by, place)
}
