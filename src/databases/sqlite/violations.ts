/**
 * Finds what SQLite does not say of a broken constraint: which foreign key it was, and which key was there already.
 *
 * The statement has failed and left no trace, so it runs once more inside a savepoint, in a way that lets it pass
 * (foreign keys put off, the row in the way replaced), while a session records the rows it touches. Only those rows
 * are looked at, so that a refused request costs about as much as an accepted one; then all of it is rolled back.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { Problem } from '../../errors.ts'
import type { ForeignKey, Schema, Table } from '../../schema/schema.ts'
import type { SqlValue } from '../sql/driver.ts'
import { quote } from '../sql/names.ts'
import { pointed } from './codec.ts'
import { bindable } from './connect.ts'
import { readChanges, type RowChange } from './changeset.ts'
import { CONSTRAINT, duplicate, isNative, toProblem, uniqueOf, type BrokenUnique } from './errors.ts'

interface Failed {
  readonly database: DatabaseSync
  readonly schema: Schema
  readonly text: string
  readonly values: readonly SqlValue[]
  readonly error: Error
}

/** The error with the constraint's name and the key; as good as it gets where the search finds nothing. */
export function explainViolation(
  error: unknown,
  database: DatabaseSync,
  schema: Schema | undefined,
  text: string,
  values: readonly SqlValue[],
): Problem {
  const plain = toProblem(error, schema)
  if (!isNative(error) || schema === undefined || !database.isTransaction) return plain
  const failed = { database, schema, text, values, error }
  if (error.errcode === CONSTRAINT.foreignKey) return foreignKeyProblem(failed) ?? plain
  if (error.errcode === CONSTRAINT.unique || error.errcode === CONSTRAINT.primaryKey) return uniqueProblem(failed) ?? plain
  return plain
}

type Cells = readonly (SqlValue | undefined)[]

/** Runs the statement in a form that passes, hands over what it changed and gave, and undoes it. */
function again<T>(
  { database, values }: Failed,
  text: string,
  look: (changes: readonly RowChange[], rows: readonly Cells[]) => T,
): T | undefined {
  database.exec('SAVEPOINT plinth_why')
  database.exec('PRAGMA defer_foreign_keys = ON')
  const session = database.createSession()
  try {
    const rows = exactly(database, text).all(...values.map(bindable))
    return look(
      readChanges(session.changeset()),
      rows.map((row) => Object.values(row)),
    )
  } catch {
    return undefined // it breaks something else as well, so this search cannot say more
  } finally {
    session.close()
    database.exec('ROLLBACK TO plinth_why; RELEASE plinth_why')
    database.exec('PRAGMA defer_foreign_keys = OFF')
  }
}

function exactly(database: DatabaseSync, text: string): StatementSync {
  const statement = database.prepare(text)
  statement.setReadBigInts(true)
  return statement
}

// ── Foreign keys ──

function foreignKeyProblem(failed: Failed): Problem | undefined {
  return again(failed, failed.text, (changes) => {
    for (const change of changes) {
      const problem = childProblem(change, failed) ?? parentProblem(change, failed)
      if (problem !== undefined) return problem
    }
    return undefined
  })
}

/** A row that refers to one that is not there. */
function childProblem(change: RowChange, failed: Failed): Problem | undefined {
  const table = failed.schema.tables.get(change.table)
  if (table === undefined || change.kind === 'delete') return undefined
  for (const foreignKey of table.foreignKeys) {
    const values = dangling(table, foreignKey, change, failed)
    if (values !== undefined) return missingParent(table, foreignKey, values, failed.error)
  }
  return undefined
}

function dangling(table: Table, foreignKey: ForeignKey, change: RowChange, failed: Failed): readonly string[] | undefined {
  const parent = foreignKey.target.map((target, at) => `p.${quote(target)} = c.${quote(foreignKey.columns[at] ?? '')}`).join(' AND ')
  const own = table.key.map((column) => `c.${quote(column)} = ?`).join(' AND ')
  const known = foreignKey.columns.map((column) => `c.${quote(column)} IS NOT NULL`).join(' AND ')
  const text = `SELECT ${cellsOf(foreignKey.columns)} FROM ${quote(table.name)} AS c
    WHERE ${own} AND ${known} AND NOT EXISTS (SELECT 1 FROM ${quote(foreignKey.table)} AS p WHERE ${parent})`
  return firstRow(failed.database, text, keyOf(table, change, failed.database), table, foreignKey.columns)
}

/** A row that others still refer to. */
function parentProblem(change: RowChange, failed: Failed): Problem | undefined {
  if (change.kind === 'insert') return undefined
  for (const table of failed.schema.tables.values()) {
    for (const foreignKey of table.foreignKeys) {
      if (foreignKey.table !== change.table) continue
      const values = stillReferred(table, foreignKey, change, failed)
      if (values !== undefined) return stillThere(table, foreignKey, values, failed.error)
    }
  }
  return undefined
}

function stillReferred(table: Table, foreignKey: ForeignKey, change: RowChange, failed: Failed): readonly string[] | undefined {
  const before = valuesBefore(foreignKey.target, change, failed)
  if (before === undefined) return undefined
  const child = foreignKey.columns.map((column) => `c.${quote(column)} = ?`).join(' AND ')
  const parent = foreignKey.target.map((target, at) => `p.${quote(target)} = c.${quote(foreignKey.columns[at] ?? '')}`).join(' AND ')
  const text = `SELECT ${cellsOf(foreignKey.columns)} FROM ${quote(table.name)} AS c
    WHERE ${child} AND NOT EXISTS (SELECT 1 FROM ${quote(foreignKey.table)} AS p WHERE ${parent}) LIMIT 1`
  return firstRow(failed.database, text, before, table, foreignKey.columns)
}

/** What the columns held before; undefined where the change left all of them alone. */
function valuesBefore(columns: readonly string[], change: RowChange, { database, schema }: Failed): SqlValue[] | undefined {
  const table = schema.tables.get(change.table)
  if (table === undefined) return undefined
  const order = columnsOf(table.name, database)
  const before = columns.map((column) => change.before[order.indexOf(column)])
  const moved = change.kind === 'delete' || columns.some((column) => change.after[order.indexOf(column)] !== undefined)
  const complete = before.filter((value) => value !== undefined && value !== null)
  return moved && complete.length === columns.length ? complete : undefined
}

function missingParent(table: Table, foreignKey: ForeignKey, values: readonly string[], cause: Error): Problem {
  return new Problem('23503', `insert or update on table "${table.name}" violates foreign key constraint "${foreignKey.name}"`, {
    details: `Key (${foreignKey.columns.join(', ')})=(${values.join(', ')}) is not present in table "${foreignKey.table}".`,
    cause,
  })
}

function stillThere(table: Table, foreignKey: ForeignKey, values: readonly string[], cause: Error): Problem {
  const message = `update or delete on table "${foreignKey.table}" violates foreign key constraint "${foreignKey.name}" on table "${table.name}"`
  return new Problem('23503', message, {
    details: `Key (${foreignKey.target.join(', ')})=(${values.join(', ')}) is still referenced from table "${table.name}".`,
    cause,
  })
}

// ── Unique constraints ──

function uniqueProblem(failed: Failed): Problem | undefined {
  const broken = uniqueOf(failed.error.message.replace(/^.*? constraint failed: /, ''), failed.schema)
  if (broken === undefined) return undefined
  const text = failed.text.replace(/^\s*(INSERT|UPDATE)\s+(?=INTO\s|")/i, '$1 OR REPLACE ')
  const values =
    again(failed, text, (changes) => replacedKey(broken, changes, failed)) ??
    again(failed, givingKeys(text, broken), (changes, rows) => repeatedKey(broken, changes, rows, failed))
  return values === undefined ? undefined : duplicate(broken, values.join(', '), failed.error)
}

/** The key of a row that had to give way. */
function replacedKey(broken: BrokenUnique, changes: readonly RowChange[], { database }: Failed): readonly string[] | undefined {
  const own = changes.filter((change) => change.table === broken.table.name)
  const replaced = own.find((change) => change.kind === 'delete') ?? own.find((change) => change.kind === 'update')
  if (replaced === undefined) return undefined
  const order = columnsOf(broken.table.name, database)
  const told = broken.columns.map((column) => replaced.before[order.indexOf(column)] ?? replaced.after[order.indexOf(column)])
  if (told.every((value) => value !== undefined)) return broken.columns.map((column, at) => shown(broken.table, column, told[at]))
  const where = broken.table.key.map((column) => `c.${quote(column)} = ?`).join(' AND ')
  const text = `SELECT ${cellsOf(broken.columns)} FROM ${quote(broken.table.name)} AS c WHERE ${where}`
  return firstRow(database, text, keyOf(broken.table, replaced, database), broken.table, broken.columns)
}

// A row that was replaced by its equal is no change, and one that was put in and replaced by the same statement is
// none either: these are the rows that were given back and are not among the new ones.

/** The statement, giving each row's key and unique columns as its last. */
function givingKeys(text: string, { table, columns }: BrokenUnique): string {
  return `${text}${/\bRETURNING\b/i.test(text) ? ',' : ' RETURNING'} ${[...table.key, ...columns].map((column, at) => `${quote(column)} AS plinth_${at}`).join(', ')}`
}

function repeatedKey(
  { table, columns }: BrokenUnique,
  changes: readonly RowChange[],
  rows: readonly Cells[],
  { database }: Failed,
): readonly string[] | undefined {
  const own = changes.filter((change) => change.table === table.name)
  const added = new Set(own.map((change) => keyOf(table, change, database).join('\0')))
  const counts = new Map<string, number>()
  for (const row of rows) {
    const cells = row.slice(-table.key.length - columns.length)
    const key = cells.slice(0, table.key.length).join('\0')
    counts.set(key, (counts.get(key) ?? 0) + 1)
    if (!added.has(key) || counts.get(key) === 2) return columns.map((column, at) => shown(table, column, cells[table.key.length + at]))
  }
  return undefined
}

// ── Rows ──

function keyOf(table: Table, change: RowChange, database: DatabaseSync): SqlValue[] {
  const order = columnsOf(table.name, database)
  return table.key.map((column) => change.after[order.indexOf(column)] ?? change.before[order.indexOf(column)] ?? null)
}

/** A changeset has values in the order in which the table was made, generated columns left out. */
const columnsOf = (table: string, database: DatabaseSync): readonly string[] =>
  database
    .prepare('SELECT name FROM pragma_table_info(?)')
    .all(table)
    .map((row) => String(row['name']))

const cellsOf = (columns: readonly string[]): string => columns.map((column) => `c.${quote(column)}`).join(', ')

function firstRow(
  database: DatabaseSync,
  text: string,
  values: readonly SqlValue[],
  table: Table,
  columns: readonly string[],
): readonly string[] | undefined {
  const row = exactly(database, text).get(...values.map(bindable))
  return row === undefined ? undefined : columns.map((column) => shown(table, column, row[column]))
}

/** A stored value as PostgreSQL would show it. */
function shown(table: Table, column: string, stored: SqlValue | undefined): string {
  const type = table.columns.get(column)?.type
  if (type?.kind === 'decimal') return pointed(String(stored), type.scale)
  if (type?.kind === 'boolean') return Number(stored) === 1 ? 't' : 'f'
  return stored instanceof Uint8Array ? `\\x${Buffer.from(stored).toString('hex')}` : String(stored)
}
