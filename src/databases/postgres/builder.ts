/**
 * Schema changes on PostgreSQL, each step an `ALTER`.
 *
 * 1. One transaction under an advisory lock of the schema: two servers that start at once take turns.
 * 2. It does not wait long for tables that others use, and is not stopped for taking long itself.
 */
import { createHash } from 'node:crypto'
import type { LoadError } from '../../errors.ts'
import type { Schema, Table } from '../../schema/schema.ts'
import type { Builder, Change, ColumnStep, PartStep, Site, Step } from '../builder.ts'
import { checkSql, checksOf, columnOf, defaultSql, foreignKeySql, indexSql, keySql, tableOf, uniqueSql, type Ddl } from '../sql/ddl.ts'
import type { Connection } from '../sql/driver.ts'
import { keyName, quote, searchColumn } from '../sql/names.ts'
import { converts, findOffending, foreignKeyOf } from '../sql/probes.ts'
import { typeName } from './codec.ts'
import {
  besideSql,
  columnSql,
  commentSql,
  dropSearchSql,
  dropTouchSql,
  postgresDdl,
  searchSql,
  tableSql,
  touchSql,
  type CheckSql,
} from './ddl.ts'
import type { PostgresDriver } from './driver.ts'
import { functions } from './functions.ts'
import { kept } from './kept.ts'

const all = [...functions, ...kept]

/** What `plinth_words` is made of, so that a new way to take words is noticed. */
const wordy = functions.filter(({ name }) => name === 'plinth_words' || name === 'plinth_fold')

const hashOf = (of: readonly { readonly sql: string }[]): string =>
  createHash('sha256')
    .update(of.map(({ sql }) => sql).join('\n'))
    .digest('hex')
    .slice(0, 16)

export function postgresBuilder(driver: PostgresDriver, check: CheckSql): Builder {
  const ddl = postgresDdl(check)
  return {
    title: driver.title,
    refusals,
    checks: (table) => checksOf(table, ddl),
    converts,
    functions: hashOf(all),
    words: hashOf(wordy),
    notes: () => notesOf(driver, driver.schema),
    alone: (work) =>
      driver.transaction(async (connection) => {
        // The lock is let go when the transaction ends.
        await connection.execute(
          `SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '30s'; SET LOCAL idle_in_transaction_session_timeout = 0`,
        )
        await connection.prepare(`SELECT pg_advisory_xact_lock(hashtextextended('plinth ' || $1::text, 0))`).rows([driver.schema])
        return work(siteOf(connection, driver.schema, ddl))
      }),
  }
}

function siteOf(connection: Connection, schema: string, ddl: Ddl): Site {
  return {
    notes: () => notesOf(connection, schema),
    prepare: async () => {
      const there = await connection.prepare('SELECT 1 FROM pg_namespace WHERE nspname = $1').rows([schema])
      if (there.length === 0) await connection.execute(`CREATE SCHEMA ${quote(schema)}`)
      await connection.execute('CREATE TABLE IF NOT EXISTS plinth_meta (key text PRIMARY KEY, value text NOT NULL)')
    },
    note: async (key, value) => {
      await connection
        .prepare('INSERT INTO plinth_meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
        .rows([key, value])
    },
    installFunctions: async () => {
      for (const { sql } of all) await connection.execute(sql)
    },
    tables: () => tablesOf(connection, schema),
    offending: (step, change) => findOffending(connection, step, change, ddl),
    apply: async (change) => {
      for (const text of statementsOf(change, ddl)) await connection.execute(text)
    },
  }
}

/** Asked of the catalogue's own rows: `to_regclass` may remember that there was none before the lock was waited for. */
const HAS_NOTES = `SELECT 1 FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = 'plinth_meta'`

async function notesOf(connection: Pick<Connection, 'prepare'>, schema: string): Promise<ReadonlyMap<string, string>> {
  const there = await connection.prepare(HAS_NOTES).rows([schema])
  if (there.length === 0) return new Map()
  const rows = await connection.prepare('SELECT key, value FROM plinth_meta').rows([])
  return new Map(rows.map(([key, value]) => [String(key), String(value)]))
}

/** Tables, views and the like that no extension brought. */
const TABLES = `SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relname NOT LIKE 'plinth\\_%'
    AND NOT EXISTS (SELECT 1 FROM pg_depend AS d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e')
  ORDER BY c.relname COLLATE "C"`

async function tablesOf(connection: Connection, schema: string): Promise<readonly string[]> {
  const rows = await connection.prepare(TABLES).rows([schema])
  return rows.map(([name]) => String(name))
}

// ── What PostgreSQL cannot keep ──

function refusals(schema: Schema): LoadError[] {
  return [...schema.tables.values()].flatMap((table) => hiddenNames(table))
}

/** PostgreSQL cuts the names of hidden columns to 63 bytes; two of one table must not become the same. */
function hiddenNames(table: Table): LoadError[] {
  const names = table.search.map((name) => Buffer.from(searchColumn(name)).subarray(0, 63).toString('latin1'))
  const repeated = table.search.filter((_, at) => names.indexOf(names[at] ?? '') < at)
  return repeated.map((name) => ({
    place: `tables.${table.name}.${name}`,
    message: 'Another searched column has a name that begins with the same 49 bytes.',
    fix: 'Give one of the two a shorter name.',
  }))
}

// ── Statements ──

export const statementsOf = (change: Change, ddl: Ddl): string[] => change.steps.flatMap((step) => stepSql(step, change, ddl))

function stepSql(step: Step, change: Change, ddl: Ddl): string[] {
  const alter = (action: string): string[] => [`ALTER TABLE ${quote(step.table)} ${action}`]
  switch (step.kind) {
    case 'createTable':
      return createTable(tableOf(change.to, step.table), ddl)
    case 'dropTable':
      return [`DROP TABLE ${quote(step.table)}`, ...dropTouchSql(step.table)]
    case 'dropKey':
      return alter(`DROP CONSTRAINT ${quote(keyName({ name: step.table }))}`)
    case 'addKey':
      return alter(`ADD ${keySql(tableOf(change.to, step.table))}`)
    case 'dropSearch':
      return dropSearchSql(step.table, change.from.tables[step.table]?.search ?? [])
    case 'addSearch':
      return searchSql(tableOf(change.to, step.table), ddl)
    case 'changeTouched':
      return [...dropTouchSql(step.table), ...touchSql(tableOf(change.to, step.table), ddl)]
    case 'comment':
      return newComments(step.table, change)
    default:
      return 'column' in step ? alter(columnAction(step, change, ddl)) : partSql(step, change, ddl)
  }
}

const createTable = (table: Table, ddl: Ddl): string[] => [tableSql(table, ddl), ...besideSql(table, ddl)]

function columnAction(step: ColumnStep, change: Change, ddl: Ddl): string {
  const name = quote(step.column)
  switch (step.kind) {
    case 'dropColumn':
      return `DROP COLUMN ${name}`
    case 'addColumn':
      return `ADD COLUMN ${columnSql(columnOf(change.to, step.table, step.column), ddl)}`
    case 'changeType':
      return changeType(step, change, ddl)
    case 'requireValues':
      return `ALTER COLUMN ${name} SET NOT NULL`
    case 'allowNull':
      return `ALTER COLUMN ${name} DROP NOT NULL`
    case 'keepComputed':
      return `ALTER COLUMN ${name} DROP EXPRESSION`
    case 'changeDefault': {
      const { default: given, type } = columnOf(change.to, step.table, step.column)
      return `ALTER COLUMN ${name} ${given === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${defaultSql(given, type, ddl)}`}`
    }
  }
}

/** The default goes first: PostgreSQL would have to turn it into the new type too. */
function changeType(step: ColumnStep, change: Change, ddl: Ddl): string {
  const column = columnOf(change.to, step.table, step.column)
  const name = quote(step.column)
  const again = column.default === undefined ? [] : [`ALTER COLUMN ${name} SET DEFAULT ${defaultSql(column.default, column.type, ddl)}`]
  const type = `ALTER COLUMN ${name} TYPE ${ddl.columnType(column)} USING ${name}::${typeName(column.type)}`
  return [`ALTER COLUMN ${name} DROP DEFAULT`, type, ...again].join(', ')
}

function partSql(step: PartStep, change: Change, ddl: Ddl): string[] {
  const alter = (action: string): string[] => [`ALTER TABLE ${quote(step.table)} ${action}`]
  switch (step.kind) {
    case 'dropForeignKey':
    case 'dropCheck':
    case 'dropUnique':
      return alter(`DROP CONSTRAINT ${quote(step.name)}`)
    case 'dropIndex':
      return [`DROP INDEX ${quote(step.name)}`]
    case 'addForeignKey':
      return alter(`ADD ${foreignKeySql(foreignKeyOf(step, change.to))} DEFERRABLE`)
    case 'addCheck':
      return checksOf(tableOf(change.to, step.table), ddl)
        .filter(({ name }) => name === step.name)
        .flatMap((check) => alter(`ADD ${checkSql(check)}`))
    case 'addUnique':
      return tableOf(change.to, step.table)
        .uniques.filter(({ name }) => name === step.name)
        .flatMap(({ name, columns }) => alter(`ADD ${uniqueSql(name, columns)}`))
    case 'addIndex':
      return tableOf(change.to, step.table)
        .indexes.filter(({ name }) => name === step.name)
        .map(({ name, columns }) => indexSql(step.table, name, columns))
  }
}

/** Comments that went are taken away first. */
function newComments(name: string, change: Change): string[] {
  const was = change.from.tables[name]
  const table = tableOf(change.to, name)
  const gone = Object.entries(was?.columns ?? {}).filter(([column, { comment }]) => comment !== null && table.columns.has(column))
  return [
    ...(was?.comment == null ? [] : [`COMMENT ON TABLE ${quote(name)} IS NULL`]),
    ...gone.map(([column]) => `COMMENT ON COLUMN ${quote(name)}.${quote(column)} IS NULL`),
    ...commentSql(table),
  ]
}
