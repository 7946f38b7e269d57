/** Plans as statements: the text, its parameters, and how its one row of results becomes an answer. */
import type { ReadPlan } from '../../plan/plan.ts'
import { isTrue } from '../../query/typed.ts'
import type { Sort } from '../../plan/plan.ts'
import { bindNumber, frameOf, fromClause, type Frame } from './frame.ts'
import { boundedArray, boundedRows, listText, weighedRows } from './answer.ts'
import { startWriting } from './writing.ts'
import { groupedRows } from './grouped.ts'
import type { Binder } from './binder.ts'
import type { Dialect, Sql } from './dialect.ts'
import { scalarSql } from './operand.ts'
import { cellsOf, namesOf, rowsOf, select, selectWhere, whereOf } from './outputs.ts'
import { testSql } from './test.ts'

export interface Compiled {
  readonly text: string
  readonly binders: readonly Binder[]
  /**
   * `row`: no row or one with the object. `list`: one row of the array and its length. `page`: the same, and the places
   * of the rows for keyset paging as an array. `none`: nothing but counts.
   */
  readonly result: 'row' | 'list' | 'page' | 'none'
  /** What the members of each row's object are called. */
  readonly names: readonly string[]
  /** The last output is the number of all rows. */
  readonly counted: boolean
  /** A number of all rows above this is not known: it was not counted any further. */
  readonly countCap: number
  /** Asks the planner how many rows there are, instead of counting them or where there are too many to count. */
  readonly estimate?: { readonly text: string; readonly binders: readonly Binder[] }
}

export function compileRead(plan: ReadPlan, dialect: Dialect): Compiled {
  const writing = startWriting(dialect)
  const frame = frameOf(writing, plan.table, true)
  const estimates = dialect.estimate !== undefined && (plan.count === 'planned' || plan.count === 'estimated')
  const total = plan.count === undefined || (estimates && plan.count === 'planned') ? '' : totalSql(plan, frame)
  const made = makeRead(plan, frame, total)
  const estimate = estimates ? { estimate: estimateOf(plan, dialect) } : {}
  return {
    ...made,
    ...estimate,
    names: plan.outputs.flatMap(namesOf),
    binders: writing.binders,
    counted: total !== '',
    countCap: countCap(plan),
  }
}

function estimateOf(plan: ReadPlan, dialect: Dialect): NonNullable<Compiled['estimate']> {
  const writing = startWriting(dialect)
  const text = dialect.estimate?.(allRows(plan, frameOf(writing, plan.table, true))) ?? ''
  return { text, binders: writing.binders }
}

/** So many are counted for somebody who may not know what the planner knows. */
const COUNT_CAP = 100_000

/** How far is counted: `estimated` gives way to the planner above the most rows of an answer. */
function countCap(plan: ReadPlan): number {
  if (plan.count === 'capped') return COUNT_CAP
  return plan.count === 'estimated' ? plan.limit.cap : Number.MAX_SAFE_INTEGER
}

function makeRead(plan: ReadPlan, frame: Frame, total: string): Pick<Compiled, 'text' | 'result'> {
  const { dialect } = frame.writing
  if (plan.bare) return { text: bareText(plan, frame, total), result: 'none' }
  if (plan.after !== undefined) return { text: pageText(plan, plan.after, frame, total), result: 'page' }
  const rows = rowsOf(plan, frame, '')
  if (plan.single && total === '') return { text: boundedRows(rows, dialect), result: 'row' }
  return { text: listText(weighedRows(rows, plan.outputs, dialect), dialect, total), result: 'list' }
}

function pageText(plan: ReadPlan, after: number, frame: Frame, total: string): string {
  const { dialect } = frame.writing
  const rows = weighedRows(keysetText(plan, after, frame), plan.outputs, dialect, ', place')
  return listText(rows, dialect, `, ${boundedArray('place', dialect)}${total}`)
}

/** How many rows the answer would have, and how many there are. */
function bareText(plan: ReadPlan, frame: Frame, total: string): string {
  const rows = plan.grouped ? groupedRows(plan, frame, '') : select(() => '1 AS r', { ...plan, outputs: [] }, frame, '')
  return `SELECT count(*)${total} FROM (${rows}) AS listed`
}

// ── Counting ──

/** `, (SELECT count …)`, no further than the cap. */
function totalSql(plan: ReadPlan, outer: Frame): string {
  const cap = countCap(plan)
  const limit = cap === Number.MAX_SAFE_INTEGER ? '' : ` LIMIT ${cap + 1}`
  return `, (SELECT count(*) FROM (${allRows(plan, outer)}${limit}) AS counted)`
}

/** Every row that passes, without order, limit or offset. */
function allRows(plan: ReadPlan, outer: Frame): string {
  const frame = frameOf(outer.writing, plan.table, true)
  if (!plan.grouped) return `SELECT 1 FROM ${fromClause(frame)}${whereOf(plan, frame, '')}`
  const groups = groupedRows({ ...plan, order: [], limit: { at: undefined, cap: Number.MAX_SAFE_INTEGER }, offset: undefined }, frame, '')
  return `SELECT 1 FROM (${groups}) AS grouped`
}

// ── Keyset paging ──

/** A row each: the object, and the texts of its sort values as a JSON array for the next token. */
function keysetText(plan: ReadPlan, at: number, frame: Frame): string {
  const { dialect } = frame.writing
  const row = (of: Frame): string => {
    const place = plan.order.map(({ by }) => dialect.json(dialect.cast(scalarSql(by, of), { kind: 'text' })))
    return `${dialect.object(cellsOf(plan.outputs, of))} AS r, '[' || ${place.join(` || ',' || `)} || ']' AS place`
  }
  return selectWhere(row, plan, frame, () => whereOf(plan, frame, barredAfter(plan, at, frame), true), '')
}

/** Behind the guard, unless it looks at nothing but plain columns. */
function barredAfter(plan: ReadPlan, at: number, frame: Frame): string {
  const after = afterSql(plan.order, at, frame)
  const plain = plan.order.every(({ by }) => by.kind === 'cell' && by.path.length === 0 && isTrue(by.guard) && by.type.kind !== 'json')
  if (plain || isTrue(plan.guard)) return after
  return `CASE WHEN ${testSql(plan.guard, { ...frame, joins: undefined }, false)} THEN ${after} ELSE ${frame.writing.dialect.never} END`
}

/** Rows behind the token's row in the order of the list; every row where the token is empty. */
function afterSql(order: readonly Sort[], at: number, frame: Frame): string {
  const keys = order.map((sort, index) => keyAfter(sort, at, index, order.length, frame))
  const behind = keys.map((key, index) => [...keys.slice(0, index).map((before) => before.same), key.after].join(' AND '))
  const first = keys.map((key) => `${key.given} IS NULL`).join(' AND ')
  return `((${first}) OR (${behind.join(') OR (')}))`
}

function keyAfter(sort: Sort, at: number, index: number, count: number, frame: Frame): { after: string; same: string; given: string } {
  const { dialect } = frame.writing
  const value = scalarSql(sort.by, frame)
  const number = bindNumber(frame.writing, { kind: 'after', at, index, count, type: value.type })
  const given = { text: dialect.placeholder(number, value.type, false), type: value.type, nullable: true }
  const nulls =
    sort.nulls === 'last'
      ? `(${value.text} IS NULL AND ${given.text} IS NOT NULL)`
      : `(${value.text} IS NOT NULL AND ${given.text} IS NULL)`
  const beyond = beyondSql(value, given, sort.descending, dialect)
  return { after: value.nullable ? `(${beyond} OR ${nulls})` : beyond, same: sameSql(value, given, dialect), given: given.text }
}

function beyondSql(value: Sql, given: Sql, descending: boolean, dialect: Dialect): string {
  if (value.type.kind === 'json') return `${dialect.jsonOrder(value.text, given.text)} ${descending ? '<' : '>'} 0`
  return dialect.compare(descending ? 'lt' : 'gt', value, given)
}

/** Values that sort alike are the same here, whether or not they are equal. */
function sameSql(value: Sql, given: Sql, dialect: Dialect): string {
  if (value.type.kind === 'json')
    return `(${dialect.jsonOrder(value.text, given.text)} = 0 OR (${value.text} IS NULL AND ${given.text} IS NULL))`
  return `NOT (${dialect.compare('isdistinct', value, given)})`
}
