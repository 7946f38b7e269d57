/** What of a schema reaches the database, as JSON that is the same whenever the schema is. */
import type { Builder, ColumnSnapshot, Snapshot, TableSnapshot } from '../databases/builder.ts'
import type { Column, Schema, Table } from '../schema/schema.ts'

export function snapshot(schema: Schema, checks: Builder['checks']): Snapshot {
  return { tables: byName([...schema.tables.values()].map((table) => [table.name, tableSnapshot(table, checks)])) }
}

function tableSnapshot(table: Table, checks: Builder['checks']): TableSnapshot {
  return {
    columns: byName([...table.columns.values()].map((column) => [column.name, columnSnapshot(column)])),
    key: table.key,
    uniques: byName(table.uniques.map(({ name, columns }) => [name, columns])),
    indexes: byName(table.indexes.map(({ name, columns }) => [name, columns])),
    checks: byName(checks(table).map(({ name, sql }) => [name, sql])),
    foreignKeys: byName(
      table.foreignKeys.map(({ name, columns, table: to, target, onDelete }) => [name, { columns, table: to, target, onDelete }]),
    ),
    search: table.search,
    comment: table.comment ?? null,
  }
}

function columnSnapshot(column: Column): ColumnSnapshot {
  return {
    type: column.type,
    optional: column.optional,
    touched: column.touched,
    collation: column.collation ?? null,
    comment: column.comment ?? null,
    default: column.default === undefined ? null : textOf(column.default),
    generated: column.generated === undefined ? null : textOf(column.generated),
  }
}

/** JSON has neither whole numbers of 64 bits nor bytes; the text is only ever compared. */
function textOf(value: object): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return `${part}n`
    return part instanceof Uint8Array ? Buffer.from(part).toString('base64') : part
  })
}

/** In the order of the names, so that moving a line in the file is no change. */
function byName<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** Two snapshots or parts of them are the same when their texts are. */
export const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)
