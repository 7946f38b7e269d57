/**
 * What SQLite's errors mean: the same codes and sentences as PostgreSQL gives.
 *
 * SQLite names checks, but only the columns of a unique constraint and nothing of a foreign key: names come from the
 * schema, and `violations.ts` looks for the rest in the database.
 *
 * To add one: a row in `byCode`, and the sentence that provokes it.
 */
import { Problem, type ErrorCode, type ProblemOptions } from '../../errors.ts'
import type { Schema, Table } from '../../schema/schema.ts'
import { TOO_LARGE } from '../sql/answer.ts'
import { checkOwner, keyName } from '../sql/names.ts'

interface NativeError extends Error {
  readonly errcode: number
}

export const isNative = (error: unknown): error is NativeError =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'

/** Another connection has the lock. */
export const isBusy = (error: unknown): boolean => isNative(error) && (error.errcode & 0xff) === 5

/** An I/O error in a write; reading and locking ones (their codes are known) leave nothing in doubt. */
export function isDiskFailure(error: unknown): boolean {
  const cause = error instanceof Problem ? error.cause : error
  return isNative(cause) && [778, 1034, 1290, 1546].includes(cause.errcode)
}

/** SQLite's extended codes that mean something of their own; all others go by their low byte. */
export const CONSTRAINT = {
  foreignKey: 787,
  notNull: 1299,
  primaryKey: 1555,
  trigger: 1811,
  unique: 2067,
  rowid: 2579,
  type: 3091,
  check: 275,
} as const

interface Meaning {
  readonly code: ErrorCode
  readonly message: string
  readonly options?: ProblemOptions
}

const later = { headers: { 'Retry-After': '1' } }

/** By the low byte of SQLite's code. */
const byCode: Readonly<Record<number, Meaning>> = {
  5: { code: '08006', message: 'The database file is locked by another process', options: later },
  6: { code: '40001', message: 'The table is locked', options: later },
  8: {
    code: '08006',
    message: 'The database file cannot be written',
    options: { hint: 'Make the file and its folder writable for this process.' },
  },
  9: { code: '57014', message: 'The statement was stopped' },
  10: {
    code: '08006',
    message: 'The disk did not do what was asked of it',
    options: { hint: 'Look at the disk; the log has the details.' },
  },
  11: { code: 'XX000', message: 'The database file is damaged', options: { hint: 'Restore the last backup.' } },
  13: { code: '53100', message: 'The disk is full' },
  14: {
    code: '08006',
    message: 'The database file cannot be opened',
    options: { hint: 'Make the file and its folder readable and writable for this process.' },
  },
  18: TOO_LARGE,
  26: {
    code: 'XX000',
    message: 'The file is not an SQLite database',
    options: { hint: 'Name another file in DATABASE_URL, or restore the last backup.' },
  },
}

export function toProblem(error: unknown, schema?: Schema): Problem {
  if (error instanceof Problem) return error
  // A function of ours refused a value; SQLite hands its error through.
  if (error instanceof Error && error.cause instanceof Problem) return error.cause
  if (!isNative(error)) return new Problem('XX000', 'The database failed', { cause: error })
  const known = (error.errcode & 0xff) === 19 ? constraint(error, schema) : byCode[error.errcode & 0xff]
  if (known === undefined) return new Problem('XX000', 'The database failed', { cause: error })
  return new Problem(known.code, known.message, { ...known.options, cause: error })
}

// ── Constraints ──

function constraint(error: NativeError, schema: Schema | undefined): Meaning | undefined {
  // `UNIQUE constraint failed: orders.id, orders.line`, `CHECK constraint failed: orders_total_check`
  const told = error.message.replace(/^.*? constraint failed(?:: )?/, '')
  switch (error.errcode) {
    case CONSTRAINT.unique:
    case CONSTRAINT.primaryKey:
    case CONSTRAINT.rowid:
      return uniqueMeaning(told, schema)
    case CONSTRAINT.notNull:
      return notNullMeaning(told)
    case CONSTRAINT.check:
      return { code: '23514', message: checkMessage(told, schema) }
    case CONSTRAINT.foreignKey:
      return { code: '23503', message: 'insert, update or delete violates a foreign key constraint' }
    case CONSTRAINT.type:
      return typeMeaning(error.message)
    default:
      return undefined
  }
}

function uniqueMeaning(told: string, schema: Schema | undefined): Meaning {
  const broken = uniqueOf(told, schema)
  const name = broken?.name ?? told
  return { code: '23505', message: `duplicate key value violates unique constraint "${name}"` }
}

export interface BrokenUnique {
  readonly name: string
  readonly table: Table
  readonly columns: readonly string[]
}

/** Finds the constraint that SQLite told by its columns, `orders.id, orders.line`. */
export function uniqueOf(told: string, schema: Schema | undefined): BrokenUnique | undefined {
  const tables = [...(schema?.tables.values() ?? [])]
  return tables.flatMap(uniquesOf).find(({ table, columns }) => columns.map((column) => `${table.name}.${column}`).join(', ') === told)
}

function uniquesOf(table: Table): BrokenUnique[] {
  const key = { name: keyName(table), table, columns: table.key }
  return [key, ...table.uniques.map(({ name, columns }) => ({ name, table, columns }))]
}

export const duplicate = (broken: BrokenUnique, values: string, cause: unknown): Problem =>
  new Problem('23505', `duplicate key value violates unique constraint "${broken.name}"`, {
    details: `Key (${broken.columns.join(', ')})=(${values}) already exists.`,
    cause,
  })

function notNullMeaning(told: string): Meaning {
  const [table, column] = splitColumn(told)
  return { code: '23502', message: `null value in column "${column}" of relation "${table}" violates not-null constraint` }
}

function checkMessage(name: string, schema: Schema | undefined): string {
  const table = schema === undefined ? undefined : checkOwner(schema, name)
  const relation = table === undefined ? 'a relation' : `relation "${table.name}"`
  return `new row for ${relation} violates check constraint "${name}"`
}

/** `cannot store REAL value in INTEGER column orders.total`: a computed number that left the 64 bits, or raw SQL. */
function typeMeaning(message: string): Meaning {
  const [, given = '', wanted = '', told = ''] = /^cannot store (\w+) value in (\w+) column (.*)$/s.exec(message) ?? []
  const [, column] = splitColumn(told)
  if (given === 'REAL' && wanted === 'INTEGER') return { code: '22003', message: `the value of column "${column}" is out of range` }
  return { code: '22P02', message: `column "${column}" cannot hold this type of value` }
}

function splitColumn(told: string): [table: string, column: string] {
  const dot = told.indexOf('.')
  return [told.slice(0, dot), told.slice(dot + 1)]
}
