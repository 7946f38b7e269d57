/** What goes with a row that goes. */
import type { Schema, Table } from './schema.ts'

export interface Cascades {
  /** Whether a row of the table may take another row of the same table with it, by one reference or by several. */
  readonly takesItsOwn: boolean
  /**
   * Constraints that refuse to lose a row, of tables whose rows may go too: whether one is broken is known only when all
   * that goes is gone.
   */
  readonly late: readonly string[]
}

export function cascadesOf(schema: Schema, table: Table): Cascades {
  const taken = takenBy(schema, table)
  const gone = new Set([table.name, ...taken])
  const late = [...schema.tables.values()]
    .filter(({ name }) => taken.has(name))
    .flatMap(({ foreignKeys }) => foreignKeys.filter((key) => key.onDelete === 'restrict' && gone.has(key.table)))
  return { takesItsOwn: taken.has(table.name), late: late.map(({ name }) => name) }
}

/** Tables of which rows go with those of this one. */
function takenBy(schema: Schema, table: Table): ReadonlySet<string> {
  const taken = new Set<string>()
  const waiting = [table.name]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    for (const other of schema.tables.values()) {
      const isTaken = other.foreignKeys.some((key) => key.table === name && key.onDelete === 'cascade')
      if (!isTaken || taken.has(other.name)) continue
      taken.add(other.name)
      waiting.push(other.name)
    }
  }
  return taken
}
