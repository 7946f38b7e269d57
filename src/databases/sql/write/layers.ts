/**
 * Rows and those nested in them, taken apart by table, in the order in which they can go in: what others refer to comes
 * first. What hangs one on the other is copied from row to row, and made where nobody gave it.
 */
import { randomUUIDv7 } from 'node:crypto'
import { Problem } from '../../../errors.ts'
import type { RowsShape } from '../../../plan/plan.ts'
import type { Column } from '../../../schema/schema.ts'

export interface Layer {
  readonly shape: RowsShape
  /** Those that the rows give, and those that hang them on others. */
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly unknown[])[]
}

/** While values are still copied in. */
interface Growing {
  readonly shape: RowsShape
  readonly columns: Column[]
  readonly rows: unknown[][]
}

export function gatherLayers(root: RowsShape, values: readonly unknown[], now: number): readonly Layer[] {
  const rows = rowsIn(values[root.rows], root)
  if (root.nested.length === 0) return [{ shape: root, columns: root.columns, rows }]
  return gather(growing(root, rows), values, now)
}

const growing = (shape: RowsShape, rows: readonly (readonly unknown[])[]): Growing => ({
  shape,
  columns: [...shape.columns],
  rows: rows.map((row) => [...row]),
})

function rowsIn(given: unknown, { columns }: RowsShape): readonly (readonly unknown[])[] {
  if (!Array.isArray(given) || !given.every((row) => Array.isArray(row) && row.length === columns.length)) {
    throw new Problem('PGRST102', 'All rows must give as many values as there are columns')
  }
  return given
}

function gather(above: Growing, values: readonly unknown[], now: number): readonly Layer[] {
  const nested = above.shape.nested.map((shape) => ({
    shape,
    below: growing(shape, rowsIn(values[shape.rows], shape)),
    parents: parentsIn(values[shape.parents], above.rows.length),
  }))
  const before = nested.filter(({ shape }) => shape.side === 'before')
  const after = nested.filter(({ shape }) => shape.side === 'after')
  for (const { shape, below, parents } of before) {
    const link = shape.link.map(({ own, above: target }) => ({ source: own, target }))
    copy(
      below,
      above,
      link,
      parents.map((parent, place) => [place, parent]),
      now,
    )
  }
  for (const { shape, below, parents } of after) {
    const link = shape.link.map(({ own, above: source }) => ({ source, target: own }))
    copy(
      above,
      below,
      link,
      parents.map((parent, place) => [parent, place]),
      now,
    )
  }
  return [
    ...before.flatMap(({ below }) => gather(below, values, now)),
    above,
    ...after.flatMap(({ below }) => gather(below, values, now)),
  ].filter(({ rows }) => rows.length > 0)
}

function parentsIn(given: unknown, count: number): readonly number[] {
  if (!Array.isArray(given) || !given.every((place) => Number.isInteger(place) && place >= 0 && place < count))
    throw new Problem('PGRST102', 'A nested row hangs on no row')
  return given
}

/** One nested row's place among the rows that are referred to, and the place of the row that refers to it. */
type Pair = readonly [from: number, into: number]

/** Copies what hangs rows one on the other, from those that are referred to into those that refer. */
function copy(
  from: Growing,
  into: Growing,
  link: readonly { readonly source: Column; readonly target: Column }[],
  pairs: readonly Pair[],
  now: number,
): void {
  for (const { source, target } of link) {
    const at = placeOf(target, into)
    for (const [fromRow, intoRow] of pairs) {
      const row = into.rows[intoRow]
      if (row === undefined || row[at] !== undefined) throw givenTwice(target, into)
      row[at] = known(source, from, fromRow, now)
    }
  }
}

const givenTwice = (column: Column, { shape }: Growing): Problem =>
  new Problem('42701', `column "${column.name}" of "${shape.table.name}" is given, and is what hangs the row on another`, {
    hint: `Leave "${column.name}" out where a row is nested.`,
  })

function placeOf(column: Column, { columns }: Growing): number {
  const at = columns.indexOf(column)
  return at === -1 ? columns.push(column) - 1 : at
}

/** The value a row will have; made now where the database would make it. */
function known(column: Column, rows: Growing, place: number, now: number): unknown {
  const at = placeOf(column, rows)
  const row = rows.rows[place]
  if (row === undefined) throw new Error('a nested row hangs on a row that is not there')
  if (row[at] === undefined) row[at] = made(column, rows.shape, now)
  return row[at]
}

function made({ default: given, name }: Column, { table }: RowsShape, now: number): unknown {
  if (given?.kind === 'uuid') return randomUUIDv7()
  if (given?.kind === 'now') return new Date(now).toISOString()
  if (given?.kind === 'value') return given.value
  throw new Problem('23502', `null value in column "${name}" of relation "${table.name}" violates not-null constraint`, {
    hint: `Nested rows hang on "${name}": give it a value.`,
  })
}
