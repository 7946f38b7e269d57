/** Names found in a file, held against the table they are meant for. */
import { Problem } from '../errors.ts'
import { didYouMean } from '../schema/names.ts'
import type { Column, Table } from '../schema/schema.ts'

/** The column a file may fill by this name. */
export function fillable(table: Table, name: string): Column {
  const column = table.columns.get(name)
  if (column === undefined) {
    throw new Problem('42703', `There is no column "${name}" in "${table.name}".`, { hint: didYouMean(name, table.columns.keys()) })
  }
  if (column.generated !== undefined) {
    throw new Problem('42703', `The column "${name}" of "${table.name}" is computed from others and cannot be filled.`, {
      hint: 'Leave it out of the file.',
    })
  }
  return column
}
