/** Tables in the order in which they can be filled: what is referred to comes first. */
import type { Schema } from '../schema/schema.ts'

/**
 * All the tables named, each after those it refers to. Where tables refer to each other in a circle, the reference
 * that closes it is left unheeded: one of them has to be first.
 */
export function inFillingOrder(schema: Schema, names: Iterable<string>): readonly string[] {
  const wanted = new Set(names)
  const seen = new Set<string>()
  const ordered: string[] = []
  const visit = (name: string): void => {
    if (seen.has(name)) return
    seen.add(name)
    for (const key of schema.tables.get(name)?.foreignKeys ?? []) visit(key.table)
    if (wanted.has(name)) ordered.push(name)
  }
  for (const name of wanted) visit(name)
  return ordered
}
