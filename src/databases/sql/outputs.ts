/** Outputs as JSON text: the cells of a row's object, embeds included. */
import type { EmbedOutput, Output, Shape, Sort } from '../../plan/plan.ts'
import { mayFail } from '../../query/typed.ts'
import { arrayText, holdsRows, weighedRows } from './answer.ts'
import type { Sql } from './dialect.ts'
import { bindNumber, columnOf, frameOf, fromClause, joinPath, link, outerConditions, type Frame } from './frame.ts'
import { scalarSql, stepCondition } from './operand.ts'
import { isFound, nearAlias, testSql } from './test.ts'

/** A named output: its JSON text, and its own form where it is a plain value. */
export interface OutputCell {
  readonly as: string
  readonly json: string
  readonly value?: Sql
}

export function cellsOf(outputs: readonly Output[], frame: Frame): readonly OutputCell[] {
  return outputs.flatMap((output) => namesOf(output).map((_, at) => cellOf(output, at, frame)))
}

/** What an output is called: a spread to many is as many cells as it spreads. */
export function namesOf(output: Output): readonly string[] {
  return output.kind === 'embed' && output.spread ? output.read.outputs.flatMap(namesOf) : [output.as]
}

/** One cell alone is written, so that spreads within spreads do not write each other's again and again. */
function cellOf(output: Output, at: number, frame: Frame): OutputCell {
  if (output.kind === 'scalar') return scalarCell(output.as, scalarSql(output.of, frame), frame)
  const outer = output.path.length === 0 ? frame : joinPath(frame, output.path, stepCondition)
  if (output.spread) return spreadCell(output, at, outer)
  return { as: output.as, json: output.relation.many ? manyRows(output, outer) : oneRow(output, outer) }
}

export const scalarCell = (as: string, value: Sql, frame: Frame): OutputCell => ({ as, json: frame.writing.dialect.json(value), value })

/** The rows of a shape as `SELECT … AS r`, in their order, each one JSON object. */
export function rowsOf(shape: Shape, frame: Frame, linked: string): string {
  if (shape.grouped) return frame.writing.writers.grouped(shape, frame, linked)
  return select((at) => `${frame.writing.dialect.object(cellsOf(shape.outputs, at))} AS r`, shape, frame, linked)
}

type What = (frame: Frame) => string

/** `SELECT what FROM … WHERE … ORDER BY … LIMIT …` for a shape that is not grouped. */
export function select(what: What, shape: Shape, frame: Frame, linked: string): string {
  return selectWhere(what, shape, frame, () => whereOf(shape, frame, linked), linked)
}

/**
 * Outputs that may fail are made of the rows of the page alone, so that no other row makes an answer fail; and those that
 * hold lists, where a sort would have to hold all of them.
 */
export function selectWhere(what: What, shape: Shape, frame: Frame, where: () => string, linked: string): string {
  const { sortsInMemory = false } = frame.writing.dialect
  const plain = !shape.outputs.some((output) => (output.kind === 'embed' ? sortsInMemory && holdsRows(output) : mayFail(output.of)))
  const outputs = plain
    ? what(frame)
    : [`${frame.alias}.*`, ...(frame.place === undefined ? [] : [`${frame.place} AS plinth_place`])].join(', ')
  const order = orderBy(shape.order, frame)
  const condition = where()
  const rows = `SELECT ${outputs} FROM ${fromClause(frame)}${condition}${order}${limitOf(shape, frame, linked)}`
  if (plain) return rows
  const again: Frame = { ...frameOf(frame.writing, shape.table, true), from: `(${rows})` }
  const page: Frame = frame.place === undefined ? again : { ...again, place: `${again.alias}.plinth_place` }
  const made = what(page)
  // With a limit of its own, of all, the page stays apart from the rows that are made of it.
  const pageOrder = sortsInMemory ? ' LIMIT -1' : orderBy(shape.order, page)
  return `SELECT ${made} FROM ${fromClause(page)}${pageOrder}`
}

/** Rows that hang on no other are looked at one by one, unless an index finds them: there the clock is watched. */
export function whereOf(shape: Shape, frame: Frame, linked: string, scans = linked === ''): string {
  const plain = { ...frame, joins: undefined }
  const { always, watch } = frame.writing.dialect
  const watched = watch !== undefined && scans && !isFound(shape.where) ? watch('1') : ''
  const conditions = [watched, linked, testSql(shape.where, plain, true)].filter((part) => part !== '' && part !== always)
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`
}

export function orderBy(order: readonly Sort[], frame: Frame): string {
  const keys = [...order.flatMap((sort) => sortKeys(sort, frame)), ...(frame.place === undefined ? [] : [frame.place])]
  return keys.length === 0 ? '' : ` ORDER BY ${keys.join(', ')}`
}

export function sortKeys(sort: Sort, frame: Frame): readonly string[] {
  const value = scalarSql(sort.by, frame)
  return frame.writing.dialect.sortKeys(value).map((key) => directed(key, value, sort))
}

/** A sort key of a value with its direction, and where NULL goes. */
export function directed(key: string, value: Sql, { descending, nulls }: Pick<Sort, 'descending' | 'nulls'>): string {
  return `${key}${descending ? ' DESC' : ''}${value.nullable ? ` NULLS ${nulls.toUpperCase()}` : ''}`
}

/** Rows that hang on another are asked for again with each of these: the clock is watched once a time. */
export function limitOf(shape: Shape, frame: Frame, linked: string): string {
  const { dialect } = frame.writing
  const { at, cap } = shape.limit
  const most = at === undefined ? String(cap) : dialect.countPlaceholder(bindNumber(frame.writing, { kind: 'limit', at, cap }))
  const limit = linked === '' || dialect.watch === undefined ? most : dialect.watch(most)
  const offset =
    shape.offset === undefined ? '' : ` OFFSET ${dialect.countPlaceholder(bindNumber(frame.writing, { kind: 'offset', at: shape.offset }))}`
  return ` LIMIT ${limit}${offset}`
}

// ── Embeds ──

function oneRow(embed: EmbedOutput, outer: Frame): string {
  const inner = frameOf(outer.writing, embed.read.table, true)
  if (embed.read.grouped) return `coalesce((${rowsOf(embed.read, inner, joinNear(embed, outer, inner))}), 'null')`
  const object = outer.writing.dialect.object(cellsOf(embed.read.outputs, inner))
  const where = whereOf(embed.read, inner, joinNear(embed, outer, inner))
  return `coalesce((SELECT ${object} FROM ${fromClause(inner)}${where}), 'null')`
}

function manyRows(embed: EmbedOutput, outer: Frame): string {
  const inner = frameOf(outer.writing, embed.read.table, true)
  return listCell(rowsOf(embed.read, inner, joinNear(embed, outer, inner)), embed.read.outputs, inner)
}

/** One cell of the spread rows as a list; all lists of a spread are in the same order. */
function spreadCell(embed: EmbedOutput, at: number, outer: Frame): OutputCell {
  const [output, place] = outputAt(embed.read.outputs, at)
  const inner = frameOf(outer.writing, embed.read.table, true)
  const rows = select((frame) => `${cellOf(output, place, frame).json} AS r`, embed.read, inner, joinNear(embed, outer, inner))
  return { as: namesOf(output)[place] ?? '', json: listCell(rows, [output], inner) }
}

const listCell = (rows: string, outputs: readonly Output[], { writing: { dialect }, alias }: Frame): string =>
  `(SELECT ${arrayText('r', dialect)} FROM (${weighedRows(rows, outputs, dialect)}) AS ${alias}r)`

/** The output that a cell belongs to, and its place in there. */
function outputAt(outputs: readonly Output[], at: number): readonly [Output, number] {
  let before = 0
  for (const output of outputs) {
    const { length } = namesOf(output)
    if (at < before + length) return [output, at - before]
    before += length
  }
  throw new Error(`a spread has no cell ${at}`)
}

/** How the inner rows hang on the outer row; for a many-to-many relation the join table joins the inner FROM. */
function joinNear(embed: EmbedOutput, outer: Frame, inner: Frame): string {
  const through = embed.relation.through
  if (through === undefined) return link(outer, embed, inner)
  const { quote, always } = outer.writing.dialect
  const near: Frame = { writing: outer.writing, table: embed.joinTable ?? inner.table, alias: nearAlias(inner), joins: undefined }
  const on = through.far.map((far, at) => `${near.alias}.${quote(far)} = ${columnOf(inner, embed.relation.target[at] ?? '')}`)
  inner.joins?.clauses.push(`JOIN ${quote(through.table)} AS ${near.alias} ON ${on.join(' AND ')}`)
  const links = through.near.map((column, at) => `${near.alias}.${quote(column)} = ${columnOf(outer, embed.relation.columns[at] ?? '')}`)
  const guard = testSql(embed.near, near, false)
  return [...links, ...outerConditions(outer, embed), ...(guard === always ? [] : [guard])].join(' AND ')
}
