/**
 * Grouped reads: an inner SELECT gives each row's group values (`g0`, `g1` …) and what the aggregates take in (`v0` …);
 * the outer one groups, aggregates, filters by `having`, orders and makes the objects.
 *
 * Equal values are one group however they are spelled (JSON, exact numbers), and groups have one order: the asked one,
 * then every group value, NULL last.
 */
import { Problem } from '../../errors.ts'
import type { Output, Shape, Sort } from '../../plan/plan.ts'
import { isTotal, mayFail, type Cast, type Scalar, type Test, type ValueType } from '../../query/typed.ts'
import type { Dialect, Sql } from './dialect.ts'
import { fromClause, nextAlias, type Frame } from './frame.ts'
import { scalarSql } from './operand.ts'
import { cellsOf, directed, limitOf, scalarCell, sortKeys, whereOf, type OutputCell } from './outputs.ts'
import { testSql } from './test.ts'

/** With `late`, what the cell is made of once the page is known, and how; `failing` is what makes it fail. */
interface GroupCell extends OutputCell {
  readonly late?: {
    readonly of: Sql
    readonly cast: (value: Sql) => Sql
    readonly failing?: { readonly of: Sql; readonly type: ValueType }
  }
}

interface Grouping {
  /** There may be several groups, of which a page is taken. */
  readonly several: boolean
  /** `expression AS g0`. */
  readonly inner: string[]
  readonly groups: string[]
  /** What puts groups in one order, each NULL last. */
  readonly ties: string[]
  readonly cells: GroupCell[]
  readonly byKey: Map<string, Sql>
}

export function groupedRows(shape: Shape & { readonly having?: Test }, frame: Frame, linked: string): string {
  const outer = nextAlias(frame.writing)
  const grouping = groupOutputs(shape.outputs, frame, outer)
  const outside: Frame = { ...frame, alias: outer, joins: undefined, grouped: (scalar) => groupedSql(scalar, grouping, frame, outer) }
  const having = testSql(shape.having, outside, true)
  const order = orderGroups(shape.order, grouping, outside)
  const inner = `SELECT ${grouping.inner.join(', ') || '1 AS one'} FROM ${fromClause(frame)}${whereOf(shape, frame, linked)}`
  const groups = (what: string): string =>
    [
      `SELECT ${what} FROM (${inner}) AS ${outer}`,
      grouping.groups.length === 0 ? '' : ` GROUP BY ${grouping.groups.join(', ')}`,
      havingOf(having, frame),
      order,
      limitOf(shape, frame, linked),
    ].join('')
  if (grouping.cells.some(({ late }) => late !== undefined)) return lateRows(grouping.cells, groups, order, frame)
  return groups(`${frame.writing.dialect.object(grouping.cells)} AS r`)
}

/** Casts that may fail are made of the groups of the page alone, so that no other group makes an answer fail. */
function lateRows(cells: readonly GroupCell[], groups: (what: string) => string, order: string, frame: Frame): string {
  const page = nextAlias(frame.writing)
  const values = cells.flatMap(({ json, late }, at) => [
    `${late?.of.text ?? json} AS c${at}`,
    ...(late?.failing === undefined ? [] : [`${late.failing.of.text} AS f${at}`]),
  ])
  const made = cells.map(({ as, late }, at): OutputCell => {
    const text = `${page}.c${at}`
    return late === undefined ? { as, json: text } : scalarCell(as, late.cast({ ...late.of, text: judged(text, at) }), frame)
  })
  // To cast what cannot be cast fails with the reason; what can be is not there.
  function judged(text: string, at: number): string {
    const failing = cells[at]?.late?.failing
    if (failing === undefined) return text
    const cast = frame.writing.dialect.cast({ ...failing.of, text: `${page}.f${at}` }, failing.type)
    return `CASE WHEN ${cast.text} IS NOT NULL THEN NULL ELSE ${text} END`
  }
  // Without groups there is one row, and no order.
  const place = order === '' ? '1' : `row_number() OVER (${order.trim()})`
  const rows = groups([...values, `${place} AS place`].join(', '))
  return `SELECT ${frame.writing.dialect.object(made)} AS r FROM (${rows}) AS ${page} ORDER BY ${page}.place`
}

/**
 * A condition without an aggregate would be moved among the conditions on the rows, in front of the guard; one that
 * counts stays where it is, and looks at groups of rows that have passed.
 */
function havingOf(having: string, frame: Frame): string {
  const { always, never } = frame.writing.dialect
  return having === always ? '' : ` HAVING CASE WHEN count(*) >= 0 THEN ${having} ELSE ${never} END`
}

function groupOutputs(outputs: readonly Output[], frame: Frame, outer: string): Grouping {
  const several = outputs.some((output) => output.kind === 'embed' || !isTotal(output.of))
  const grouping: Grouping = { several, inner: [], groups: [], ties: [], cells: [], byKey: new Map() }
  for (const output of outputs) {
    if (output.kind === 'embed') for (const cell of cellsOf([output], frame)) addText(cell, grouping, frame, outer)
    else if (isTotal(output.of)) grouping.cells.push(totalCell(output.as, output.of, grouping, frame, outer))
    else addGroup(output.as, output.of, grouping, frame, outer)
  }
  return grouping
}

function totalCell(as: string, scalar: Scalar, grouping: Grouping, frame: Frame, outer: string): GroupCell {
  const { of, cast } = calmPart(scalar, frame.writing.dialect)
  const input = grouping.several ? failingInput(of) : undefined
  if (input !== undefined) return triedCell(as, { of, cast, input }, grouping, frame, outer)
  const cell = scalarCell(as, totalSql(scalar, grouping, frame, outer), frame)
  return mayFail(scalar) ? { ...cell, late: { of: totalSql(of, grouping, frame, outer), cast } } : cell
}

/** What goes into an aggregate, where it is a cast that may fail. */
function failingInput(scalar: Scalar): Cast | undefined {
  if (scalar.kind === 'cast') return failingInput(scalar.of)
  return scalar.kind === 'total' && scalar.of?.kind === 'cast' && mayFail(scalar.of) ? scalar.of : undefined
}

/** An aggregate of what can be cast, and beside it a value that cannot: it matters in the groups of the page alone. */
function triedCell(
  as: string,
  { of, cast, input }: { readonly of: Scalar; readonly cast: (value: Sql) => Sql; readonly input: Cast },
  grouping: Grouping,
  frame: Frame,
  outer: string,
): GroupCell {
  const { dialect } = frame.writing
  const name = `v${grouping.inner.length}`
  const plain = scalarSql(input.of, frame)
  grouping.inner.push(`${plain.text} AS ${name}`)
  const value: Sql = { ...plain, text: `${outer}.${name}` }
  const tried = dialect.cast(value, input.type)
  const total = overTotal(of, { ...tried, text: `CASE WHEN ${dialect.castable(value, input.type)} THEN ${tried.text} END` }, dialect)
  return {
    ...scalarCell(as, total, frame),
    late: { of: total, cast, failing: { of: dialect.uncastable(value, input.type), type: input.type } },
  }
}

/** An aggregate, cast or not, of another input than its own. */
function overTotal(scalar: Scalar, input: Sql, dialect: Dialect): Sql {
  if (scalar.kind === 'cast') return dialect.cast(overTotal(scalar.of, input, dialect), scalar.type)
  if (scalar.kind !== 'total') throw new Error('not an aggregate')
  return dialect.aggregate(scalar.aggregate, input, scalar.type)
}

/** The part of a scalar that is made of any value, and the casts that come after it. */
function calmPart(scalar: Scalar, dialect: Dialect): { readonly of: Scalar; readonly cast: (value: Sql) => Sql } {
  if (scalar.kind !== 'cast' || !mayFail(scalar)) return { of: scalar, cast: (value) => value }
  const { of, cast } = calmPart(scalar.of, dialect)
  return { of, cast: (value) => dialect.cast(cast(value), scalar.type) }
}

/** An embed is a group by its JSON text. */
function addText(cell: OutputCell, grouping: Grouping, frame: Frame, outer: string): void {
  const name = `g${grouping.groups.length}`
  grouping.inner.push(`${frame.writing.dialect.byCodePoint(cell.json)} AS ${name}`)
  grouping.groups.push(`${outer}.${name}`)
  grouping.ties.push(`${outer}.${name}`)
  grouping.cells.push({ as: cell.as, json: `${outer}.${name}` })
}

function addGroup(as: string, scalar: Scalar, grouping: Grouping, frame: Frame, outer: string): void {
  const name = `g${grouping.groups.length}`
  const { dialect } = frame.writing
  const value = dialect.groupable(scalarSql(scalar, frame))
  const group: Sql = { ...value, text: `${outer}.${name}` }
  grouping.inner.push(`${value.text} AS ${name}`)
  grouping.groups.push(dialect.groupKey(group))
  grouping.ties.push(...tiesOf(group, dialect).map((tie) => directed(tie, group, { descending: false, nulls: 'last' })))
  grouping.byKey.set(keyOf(scalar), group)
  grouping.cells.push(scalarCell(as, group, frame))
}

/** An aggregate over the inner rows, once however often it is named. */
function totalSql(scalar: Scalar, grouping: Grouping, frame: Frame, outer: string): Sql {
  const key = keyOf(scalar)
  const known = grouping.byKey.get(key)
  if (known !== undefined) return known
  const made = makeTotal(scalar, grouping, frame, outer)
  grouping.byKey.set(key, made)
  return made
}

function makeTotal(scalar: Scalar, grouping: Grouping, frame: Frame, outer: string): Sql {
  const { dialect } = frame.writing
  if (scalar.kind === 'cast') return dialect.cast(totalSql(scalar.of, grouping, frame, outer), scalar.type)
  if (scalar.kind !== 'total') throw new Error('not an aggregate')
  if (scalar.of === null) return dialect.aggregate('count', null, scalar.type)
  const name = `v${grouping.inner.length}`
  const value = scalarSql(scalar.of, frame)
  grouping.inner.push(`${value.text} AS ${name}`)
  return dialect.aggregate(scalar.aggregate, { ...value, text: `${outer}.${name}` }, scalar.type)
}

/** In `having` and `order`: a group's value or an aggregate of the select. */
function groupedSql(scalar: Scalar, grouping: Grouping, frame: Frame, outer: string): Sql {
  const known = grouping.byKey.get(keyOf(scalar))
  if (known !== undefined) return known
  if (isTotal(scalar)) return totalSql(scalar, grouping, frame, outer)
  throw new Problem('42803', 'Only what is selected can be ordered by or filtered on when rows are grouped')
}

/** The asked order, then every group value, so that the order is one only. */
function orderGroups(order: readonly Sort[], grouping: Grouping, outside: Frame): string {
  const keys = [...order.flatMap((sort) => sortKeys(sort, outside)), ...grouping.ties]
  return keys.length === 0 ? '' : ` ORDER BY ${keys.join(', ')}`
}

/** JSON and arrays that have no order of their own go by their text. */
function tiesOf(group: Sql, dialect: Dialect): readonly string[] {
  const text = (): string => dialect.byCodePoint(dialect.cast(group, { kind: 'text' }).text)
  if (group.type.kind === 'array') return [text()]
  return group.type.kind === 'json' ? [...dialect.sortKeys(group), text()] : dialect.sortKeys(group)
}

/** Two scalars that read the same thing are one. */
function keyOf(scalar: Scalar): string {
  return JSON.stringify(scalar, (name, value: unknown) => {
    if (name === 'table' || name === 'relation') return nameOf(value)
    return typeof value === 'bigint' ? `${value}n` : value
  })
}

const nameOf = (value: unknown): unknown => (typeof value === 'object' && value !== null && 'name' in value ? value.name : value)
