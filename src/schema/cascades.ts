/** What goes with a row that goes. */
import type { Schema, Table } from './schema.ts'

/** Whether a row of the table may take another row of the same table with it, by one reference or by several. */
export function takesItsOwn(schema: Schema, table: Table): boolean {
  const met = new Set<string>()
  const waiting = [table.name]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    for (const other of schema.tables.values()) {
      const isTaken = other.foreignKeys.some((key) => key.table === name && key.onDelete === 'cascade')
      if (!isTaken || met.has(other.name)) continue
      met.add(other.name)
      waiting.push(other.name)
    }
  }
  return met.has(table.name)
}
