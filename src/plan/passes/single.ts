/** Single: whether the filter fixes every column of a key, so that there is one row at most. */
import type { Test } from '../../query/typed.ts'
import type { Shape } from '../../rules/woven.ts'

export function single(shape: Shape): boolean {
  if (shape.grouped) return false
  const fixed = new Set(conjuncts(shape.where).flatMap(fixedColumn))
  return [shape.table.key, ...shape.table.uniques.map((unique) => unique.columns)].some((key) => key.every((name) => fixed.has(name)))
}

const conjuncts = (test: Test): readonly Test[] => (test.kind === 'and' ? test.of.flatMap(conjuncts) : [test])

function fixedColumn(test: Test): readonly string[] {
  if (test.kind !== 'compare' || test.op !== 'eq' || test.left.kind !== 'cell' || test.left.path.length > 0) return []
  return test.right.kind === 'parameter' || test.right.kind === 'fixed' || test.right.kind === 'who' ? [test.left.column.name] : []
}
