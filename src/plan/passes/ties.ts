/** Ties: the primary key is the last sort key of every list, so that its order is one and the same everywhere. */
import { TRUE, type Cell } from '../../query/typed.ts'
import type { Shape, Sort } from '../../rules/woven.ts'

export function ties(shape: Shape): Shape {
  if (shape.grouped) return shape
  const sorted = new Set(shape.order.flatMap(({ by }) => (by.kind === 'cell' && by.path.length === 0 ? [by.column.name] : [])))
  const missing = shape.table.key.filter((name) => !sorted.has(name))
  return { ...shape, order: [...shape.order, ...missing.map((name) => byKey(shape, name))] }
}

function byKey(shape: Shape, name: string): Sort {
  const column = shape.table.columns.get(name)
  if (column === undefined) throw new Error(`the key of ${shape.table.name} names no column`)
  const by: Cell = { kind: 'cell', path: [], table: shape.table, column, guard: TRUE, type: column.type }
  return { by, descending: false, nulls: 'last' }
}
