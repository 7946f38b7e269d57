/** Tests as SQL conditions. */
import type { Comparison } from '../../query/query.ts'
import type { Cell, Form, Test, TypedOperand } from '../../query/typed.ts'
import type { Rounding } from './binder.ts'
import { columnOf, frameOf, link, outerConditions, source, type Frame } from './frame.ts'
import { cellSql, givenSql, operandSql } from './operand.ts'

type Of<K extends Test['kind']> = Extract<Test, { kind: K }>

/**
 * The condition as SQL. `positive` says that false and unknown are the same here, which allows forms that a database
 * can begin from the other end.
 */
export function testSql(test: Test, frame: Frame, positive: boolean): string {
  const { dialect } = frame.writing
  switch (test.kind) {
    case 'constant':
      return test.value === null ? dialect.unknown : test.value ? dialect.always : dialect.never
    case 'and':
      return joinTests(test.of, ' AND ', frame, positive)
    case 'or':
      return joinTests(test.of, ' OR ', frame, positive)
    case 'not':
      return `NOT (${testSql(test.of, frame, false)})`
    case 'compare':
      return compareSql(test, frame)
    case 'each':
      return dialect.each(test.quantifier, test.op, folded(test.op, operandSql(test.left, frame), frame), listSql(test, frame))
    case 'is':
      return isSql(test, frame)
    case 'search':
      return searchSql(test, frame)
    case 'related':
      return relatedSql(test, frame, positive)
    case 'behind':
      return `CASE WHEN ${testSql(test.guard, frame, false)} THEN ${testSql(test.then, frame, false)} ELSE ${dialect.never} END`
    case 'has':
    case 'signedIn':
      throw new Error('a question about the asker was left in a woven query')
  }
}

function joinTests(tests: readonly Test[], word: string, frame: Frame, positive: boolean): string {
  return `(${tests.map((test) => testSql(test, frame, positive)).join(word)})`
}

function isSql(test: Of<'is'>, frame: Frame): string {
  const left = operandSql(test.left, frame)
  return test.is === 'null' ? `${left.text} IS NULL` : frame.writing.dialect.isBoolean(left, test.is)
}

// ── Comparisons ──

/** Which neighbour stands in for a number that the column cannot hold, so that the answer is the exact one. */
const roundings: Partial<Record<Comparison, Rounding>> = { gt: 'down', gte: 'up', lt: 'up', lte: 'down' }

/** What the members of a list are, where they are more than values. */
const elements: Partial<Record<Comparison, Form>> = { like: 'like', ilike: 'like', match: 'match', imatch: 'imatch' }

function compareSql(test: Of<'compare'>, frame: Frame): string {
  const options = { rounding: roundings[test.op] ?? 'never', fold: isFolding(test.op) } as const
  const left = folded(test.op, operandSql(test.left, frame, options), frame)
  return frame.writing.dialect.compare(test.op, left, operandSql(test.right, frame, options))
}

const isFolding = (op: Comparison): boolean => op === 'ilike' || op === 'imatch'

/** Text that is compared without regard to case is folded on both sides; the value is folded when it is bound. */
function folded(op: Comparison, value: ReturnType<typeof operandSql>, frame: Frame): ReturnType<typeof operandSql> {
  return isFolding(op) ? { ...value, text: `${frame.writing.dialect.fold}(${value.text})` } : value
}

function listSql(test: Of<'each'>, frame: Frame): string {
  const rounding = roundings[test.op] ?? 'never'
  const right = { ...test.right, type: test.left.type }
  return givenSql(right, frame, { rounding, fold: isFolding(test.op), element: elements[test.op] ?? 'value' }).text
}

// ── Full-text search ──

function searchSql(test: Of<'search'>, frame: Frame): string {
  const { dialect } = frame.writing
  const words = (): string => givenSql(test.right, frame, test.candidates ? { part: 'candidates' } : {}).text
  const columns = test.cells.map((cell) => ({ column: cell.column, value: cellSql(cell, frame).text, plain: isPlainCell(cell) }))
  return dialect.search({
    table: test.table,
    alias: frame.alias,
    columns,
    words,
    candidates: test.candidates ?? false,
    found: test.found ?? false,
  })
}

const isPlainCell = (cell: Cell): boolean => cell.path.length === 0 && cell.guard.kind === 'constant' && cell.guard.value === true

// ── Related rows ──

function relatedSql(test: Of<'related'>, frame: Frame, positive: boolean): string {
  if (test.quantifier === 'some' && positive && canBeginAtOtherEnd(test)) return inSql(test, frame)
  const inner = frameOf(frame.writing, test.table, false)
  const from = `SELECT 1 FROM ${source(inner)}${nearJoin(test, inner)}`
  const where = [watched(inner), linkOf(test, frame, inner), testSql(test.guard, inner, test.quantifier !== 'every'), wantedOf(test, inner)]
  const exists = `EXISTS (${from} WHERE ${where.filter((part) => part !== frame.writing.dialect.always).join(' AND ')})`
  return test.quantifier === 'some' ? exists : `NOT ${exists}`
}

/** Conditions in conditions multiply, so each looks at the clock. */
const watched = ({ writing: { dialect } }: Frame): string => dialect.watch?.('1') ?? dialect.always

/** `every` is "there is none that fails", and unknown is a failure. */
function wantedOf(test: Of<'related'>, inner: Frame): string {
  return test.quantifier === 'every' ? `(${testSql(test.where, inner, false)}) IS NOT TRUE` : testSql(test.where, inner, true)
}

function linkOf(test: Of<'related'>, outer: Frame, inner: Frame): string {
  return test.relation.through === undefined ? link(outer, test, inner) : nearLink(test, outer, inner)
}

/** The join table's alias is the inner one with `j` behind it. */
export const nearAlias = (inner: Frame): string => `${inner.alias}j`

function nearJoin(test: Of<'related'>, inner: Frame): string {
  const through = test.relation.through
  if (through === undefined) return ''
  const { quote } = inner.writing.dialect
  const on = through.far.map((far, at) => `${nearAlias(inner)}.${quote(far)} = ${columnOf(inner, test.relation.target[at] ?? '')}`)
  return ` JOIN ${quote(through.table)} AS ${nearAlias(inner)} ON ${on.join(' AND ')}`
}

function nearLink(test: Of<'related'>, outer: Frame, inner: Frame): string {
  const { quote } = inner.writing.dialect
  const links = (test.relation.through?.near ?? []).map(
    (near, at) => `${nearAlias(inner)}.${quote(near)} = ${columnOf(outer, test.relation.columns[at] ?? '')}`,
  )
  const guard = nearGuardSql(test, inner)
  return [...links, ...outerConditions(outer, test), ...(guard === inner.writing.dialect.always ? [] : [guard])].join(' AND ')
}

function nearGuardSql(test: Of<'related'>, inner: Frame): string {
  const joinTable = test.joinTable
  if (joinTable === undefined || test.near === undefined) return inner.writing.dialect.always
  return testSql(test.near, { writing: inner.writing, table: joinTable, alias: nearAlias(inner), joins: undefined }, false)
}

/** One column links the two, and the other end has a fixed value in an index: begin there. */
function canBeginAtOtherEnd(test: Of<'related'>): boolean {
  return test.relation.through === undefined && test.relation.columns.length === 1 && isFound(test.where)
}

/** Whether an index leads to the rows. */
export function isFound(where: Test): boolean {
  if (where.kind === 'and') return where.of.some(isFound)
  if (where.kind === 'related') return where.quantifier === 'some' && canBeginAtOtherEnd(where)
  return where.kind === 'compare' && where.op === 'eq' && isGiven(where.right) && where.left.kind === 'cell' && isIndexed(where.left)
}

const isGiven = (operand: TypedOperand): boolean => operand.kind === 'parameter' || operand.kind === 'who' || operand.kind === 'fixed'

function isIndexed(cell: Cell): boolean {
  const { table, column } = cell
  if (cell.path.length > 0) return false
  return table.key[0] === column.name || [...table.indexes, ...table.uniques].some((index) => index.columns[0] === column.name)
}

function inSql(test: Of<'related'>, frame: Frame): string {
  const inner = frameOf(frame.writing, test.table, false)
  const [column = ''] = test.relation.columns
  const [target = ''] = test.relation.target
  const where = [test.guard, test.where].map((part) => testSql(part, inner, true)).filter((part) => part !== frame.writing.dialect.always)
  const found = `${columnOf(frame, column)} IN (SELECT ${columnOf(inner, target)} FROM ${source(inner)} WHERE ${where.join(' AND ')})`
  return [...outerConditions(frame, test), found].join(' AND ')
}
