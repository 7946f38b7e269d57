/** Outputs as JSON text: the cells of a row's object, embeds included. */
import type { EmbedOutput, Output, Shape, Sort } from '../../plan/plan.ts'
import type { Sql } from './dialect.ts'
import { bindNumber, columnOf, frameOf, fromClause, joinPath, link, outerConditions, type Frame } from './frame.ts'
import { scalarSql, stepCondition } from './operand.ts'
import { nearAlias, testSql } from './test.ts'

/** A named output: its JSON text, and its own form where it is a plain value. */
export interface OutputCell { readonly as: string; readonly json: string; readonly value?: Sql }

export function cellsOf(outputs: readonly Output[], frame: Frame): readonly OutputCell[] {
  return outputs.flatMap((output) => (output.kind === 'scalar' ? [scalarCell(output.as, scalarSql(output.of, frame), frame)] : embedCells(output, frame)))
}

export const scalarCell = (as: string, value: Sql, frame: Frame): OutputCell => ({ as, json: frame.writing.dialect.json(value), value })

/** The rows of a shape as `SELECT … AS r`, in their order, each one JSON object. */
export function rowsOf(shape: Shape, frame: Frame, linked: string): string {
  if (shape.grouped) return frame.writing.writers.grouped(shape, frame, linked)
  const object = frame.writing.dialect.object(cellsOf(shape.outputs, frame))
  return select(`${object} AS r`, shape, frame, linked)
}

/** `SELECT what FROM … WHERE … ORDER BY … LIMIT …` for a shape that is not grouped. */
export function select(what: string, shape: Shape, frame: Frame, linked: string): string {
  const order = orderBy(shape.order, frame)
  const where = whereOf(shape, frame, linked)
  return `SELECT ${what} FROM ${fromClause(frame)}${where}${order}${limitOf(shape, frame)}`
}

export function whereOf(shape: Shape, frame: Frame, linked: string): string {
  const plain = { ...frame, joins: undefined }
  const conditions = [linked, testSql(shape.where, plain, true)].filter((part) => part !== '' && part !== frame.writing.dialect.always)
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`
}

export function orderBy(order: readonly Sort[], frame: Frame): string {
  const keys = order.flatMap((sort) => sortKeys(sort, frame))
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

export function limitOf(shape: Shape, frame: Frame): string {
  const { dialect } = frame.writing
  const { at, cap } = shape.limit
  const limit = at === undefined ? String(cap) : dialect.countPlaceholder(bindNumber(frame.writing, { kind: 'limit', at, cap }))
  const offset = shape.offset === undefined ? '' : ` OFFSET ${dialect.countPlaceholder(bindNumber(frame.writing, { kind: 'offset', at: shape.offset }))}`
  return ` LIMIT ${limit}${offset}`
}

// ── Embeds ──

function embedCells(embed: EmbedOutput, frame: Frame): readonly OutputCell[] {
  const outer = embed.path.length === 0 ? frame : joinPath(frame, embed.path, stepCondition)
  if (embed.spread) return spreadCells(embed, outer)
  return [{ as: embed.as, json: embed.relation.many ? manyRows(embed, outer) : oneRow(embed, outer) }]
}

function oneRow(embed: EmbedOutput, outer: Frame): string {
  const inner = frameOf(outer.writing, embed.read.table, true)
  if (embed.read.grouped) return `coalesce((${rowsOf(embed.read, inner, joinNear(embed, outer, inner))}), 'null')`
  const object = outer.writing.dialect.object(cellsOf(embed.read.outputs, inner))
  const where = whereOf(embed.read, inner, joinNear(embed, outer, inner))
  return `coalesce((SELECT ${object} FROM ${fromClause(inner)}${where}), 'null')`
}

function manyRows(embed: EmbedOutput, outer: Frame): string {
  const inner = frameOf(outer.writing, embed.read.table, true)
  const rows = rowsOf(embed.read, inner, joinNear(embed, outer, inner))
  return `(SELECT ${outer.writing.dialect.array('r')} FROM (${rows}) AS ${inner.alias}r)`
}

/** Each output of a spread to many as a list of its own, all in the same order. */
function spreadCells(embed: EmbedOutput, outer: Frame): readonly OutputCell[] {
  const names = cellsOf(embed.read.outputs, frameOf(outer.writing, embed.read.table, true)).map((cell) => cell.as)
  return names.map((as, at) => {
    const inner = frameOf(outer.writing, embed.read.table, true)
    const cell = cellsOf(embed.read.outputs, inner)[at]
    const rows = select(`${cell?.json ?? 'NULL'} AS r`, embed.read, inner, joinNear(embed, outer, inner))
    return { as, json: `(SELECT ${outer.writing.dialect.array('r')} FROM (${rows}) AS ${inner.alias}r)` }
  })
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
