/**
 * PUT: which row it is about, by the path or by a filter on each column of the key, and that the body agrees. A body
 * need not repeat the key.
 */
import { Problem } from '../../errors.ts'
import type { Column, Table } from '../../schema/schema.ts'
import { parseValue } from '../../schema/value.ts'
import { decodePath } from './address.ts'
import type { Tree } from './filter.ts'
import type { Given } from './given.ts'
import type { Level } from './levels.ts'
import type { Held, Slots } from './slots.ts'

/** A column of the key, and where its value comes from. */
export interface PutKey {
  readonly column: Column
  readonly value: (held: Held) => unknown
}

export function putKey(
  table: Table | undefined,
  path: readonly string[] | undefined,
  held: number,
  root: Level,
  slots: Slots,
): readonly PutKey[] {
  // A table that is not there is told where names are judged.
  if (table === undefined) return []
  const columns = table.key.flatMap((name) => table.columns.get(name) ?? [])
  if (path !== undefined) {
    if (path.length !== columns.length)
      throw new Problem('not_found', 'There is no such row', { hint: 'The path has another number of keys.' })
    if (root.trees.length > 0) throw notByKey()
    return columns.map((column, at) => ({ column, value: ({ texts }) => decodePath(texts[held + at] ?? '') }))
  }
  if (root.trees.length !== columns.length) throw notByKey()
  return columns.map((column) => keyByFilter(column, root.trees, slots))
}

function keyByFilter(column: Column, trees: readonly Tree[], slots: Slots): PutKey {
  const tree = trees.find((one) => one.kind === 'filter' && one.column.name === column.name)
  if (tree?.kind !== 'filter' || tree.negated || tree.column.json !== undefined) throw notByKey()
  const { test } = tree
  if (test.kind !== 'compare' || test.op !== 'eq' || test.each !== undefined || test.right.kind !== 'value') throw notByKey()
  const fill = slots.fills[test.right.at]
  return { column, value: (held) => fill?.(held) }
}

const notByKey = (): Problem => new Problem('PGRST105', "Filters must include all and only primary key columns with 'eq' operators")

export function putRow(given: Given | undefined, columns: readonly string[], key: readonly PutKey[], held: Held): readonly unknown[] {
  const [row, ...others] = given?.rows ?? []
  if (row === undefined || others.length > 0)
    throw new Problem('PGRST102', 'PUT takes one row', { hint: 'POST with Prefer: resolution=merge-duplicates takes several.' })
  return columns.map((name, at) => {
    const part = key.find(({ column }) => column.name === name)
    if (part === undefined) return row[at]
    const named = part.value(held)
    if (row[at] !== undefined && !isSame(part.column, row[at], named))
      throw new Problem('PGRST115', 'Payload values do not match URL in primary key column(s)')
    return named
  })
}

function isSame({ type }: Column, a: unknown, b: unknown): boolean {
  return a !== null && textOf(parseValue(type, a)) === textOf(parseValue(type, b))
}

const textOf = (value: unknown): string => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value))
