/**
 * References that a write gives: the row that each leads to must be there for the asker, or it is refused as one that
 * leads nowhere.
 *
 * Those that need no look are left out: to rows that the asker sees all of, where the database's own constraint does,
 * and those that the server writes (a default, what hangs a nested row on another).
 */
import { Problem } from '../errors.ts'
import { isTrue } from '../query/typed.ts'
import type { ForeignKey, Table } from '../schema/schema.ts'
import type { Scope } from './scope.ts'
import type { ReferenceShape, RowsShape } from './woven.ts'

/** Of the columns that the asker gives a value for. */
export function referencesOf(table: Table, given: readonly string[], scope: Scope): readonly ReferenceShape[] {
  return table.foreignKeys
    .filter((key) => key.columns.some((name) => given.includes(name)))
    .flatMap((key) => {
      const to = tableOf(key, scope)
      const visible = scope.rows(to)
      return isTrue(visible) ? [] : [{ key, to, visible }]
    })
}

/** What a row that is there already holds of a compound reference is not known before it is merged. */
export function judgeWhole({ columns, references }: Pick<RowsShape, 'columns' | 'references'>): void {
  const given = columns.map(({ name }) => name)
  const part = references.find(({ key }) => !key.columns.every((name) => given.includes(name)))
  if (part === undefined) return
  throw new Problem('PGRST127', 'Feature not implemented', {
    details: `A part of the reference ${part.key.columns.join(', ')} is given, for rows that may be there already.`,
    hint: 'Give all of its columns.',
  })
}

function tableOf(key: ForeignKey, { schema }: Scope): Table {
  const table = schema.tables.get(key.table)
  if (table === undefined) throw new Error(`${key.name} leads to no table`)
  return table
}
