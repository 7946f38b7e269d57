/**
 * Schema changes on SQLite: in place where SQLite can (indexes, triggers, search, a column that may be empty), else by
 * making the table anew: create, copy, drop, rename.
 *
 * 1. One transaction with foreign keys off; before it commits, every reference is checked.
 * 2. Other processes wait: the transaction holds the only write lock from its first moment.
 */
import { Problem, type LoadError } from '../../errors.ts'
import type { Schema, Table } from '../../schema/schema.ts'
import type { Builder, Change, ColumnStep, Site, Step } from '../builder.ts'
import { checkSql, checksOf, indexSql, tableOf, type Ddl } from '../sql/ddl.ts'
import type { Connection } from '../sql/driver.ts'
import { columnCheckName, formCheckName, quote, quoteAll, touchTrigger } from '../sql/names.ts'
import { converts, findOffending, futureValue } from '../sql/probes.ts'
import { besideSql, columnSql, sqliteDdl, tableSql, touchSql, type CheckSql } from './ddl.ts'
import type { SqliteDriver } from './driver.ts'
import { dropSearchSql, searchSql } from './search.ts'

/** Raise it when the words that `plinth_words` gives change: search is then built anew on the next start. */
const WORDS = '1'

export function sqliteBuilder(driver: SqliteDriver, check: CheckSql): Builder {
  const ddl = sqliteDdl(check)
  return {
    title: driver.title,
    refusals,
    checks: (table) => checksOf(table, ddl),
    converts,
    functions: 'in process',
    words: WORDS,
    notes: () => notesOf(driver),
    alone: (work) => driver.rebuild((connection) => work(siteOf(connection, ddl))),
  }
}

function siteOf(connection: Connection, ddl: Ddl): Site {
  return {
    notes: () => notesOf(connection),
    prepare: async () =>
      connection.execute('CREATE TABLE IF NOT EXISTS plinth_meta ("key" TEXT PRIMARY KEY, "value" TEXT NOT NULL) STRICT'),
    note: async (key, value) => {
      await connection
        .prepare('INSERT INTO plinth_meta ("key", "value") VALUES (?, ?) ON CONFLICT ("key") DO UPDATE SET "value" = excluded."value"')
        .rows([key, value])
    },
    installFunctions: async () => undefined, // they are registered with each connection
    tables: () => tablesOf(connection),
    offending: (step, change) => findOffending(connection, step, change, ddl),
    apply: async (change) => {
      const others = await builtByOthers(connection, change)
      for (const text of [...statementsOf(change, ddl), ...others]) await connection.execute(text)
      if (change.steps.some((step) => !untouching.has(step.kind))) await expectReferences(connection)
    },
  }
}

async function notesOf(connection: Pick<Connection, 'prepare'>): Promise<ReadonlyMap<string, string>> {
  const there = await connection.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'plinth_meta'`).rows([])
  if (there.length === 0) return new Map()
  const rows = await connection.prepare('SELECT "key", "value" FROM plinth_meta').rows([])
  return new Map(rows.map(([key, value]) => [String(key), String(value)]))
}

async function tablesOf(connection: Connection): Promise<readonly string[]> {
  const rows = await connection.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).rows([])
  return rows.map(([name]) => String(name)).filter((name) => !/^(?:sqlite|plinth)_/.test(name))
}

/** Steps after which every reference leads where it led before. */
const untouching: ReadonlySet<Step['kind']> = new Set([
  'createTable',
  'addIndex',
  'dropIndex',
  'addSearch',
  'dropSearch',
  'changeTouched',
  'comment',
])

async function expectReferences(connection: Connection): Promise<void> {
  const [broken] = await connection.prepare('SELECT "table", "parent" FROM pragma_foreign_key_check LIMIT 1').rows([])
  if (broken === undefined) return
  throw new Problem('23503', `rows of table "${String(broken[0])}" would refer to rows of "${String(broken[1])}" that are not there`)
}

/** Triggers and indexes that others put on a table go with it when it is made anew; these bring them back. */
async function builtByOthers(connection: Connection, change: Change): Promise<string[]> {
  const anew = [...new Set(change.steps.map((step) => step.table))].filter((table) => isMadeAnew(table, change))
  const found = await Promise.all(
    anew.map(async (table) => {
      const ours = new Set([
        ...Object.keys(change.from.tables[table]?.indexes ?? {}),
        ...tableOf(change.to, table).indexes.map(({ name }) => name),
      ])
      const rows = await connection
        .prepare(`SELECT name, sql FROM sqlite_schema WHERE type IN ('trigger', 'index') AND tbl_name = ? AND sql IS NOT NULL`)
        .rows([table])
      return rows.filter(([name]) => !ours.has(String(name)) && !String(name).startsWith('plinth_')).map(([, sql]) => String(sql))
    }),
  )
  return found.flat()
}

// ── What SQLite cannot keep ──

/** A decimal is kept in 64 bits. */
const MOST_DIGITS = 18

function refusals(schema: Schema): LoadError[] {
  return [...schema.tables.values()].flatMap((table) => [
    ...[...table.columns.values()].flatMap((column) => {
      const place = `tables.${table.name}.${column.name}`
      return [
        ...(column.type.kind === 'decimal' && column.type.digits > MOST_DIGITS ? [tooManyDigits(place, column.type.digits)] : []),
        ...(column.collation === undefined ? [] : [noCollation(place, column.collation)]),
      ]
    }),
    ...rowInKey(table),
    ...sameButCase(table),
  ])
}

const tooManyDigits = (place: string, digits: number): LoadError => ({
  place,
  message: `SQLite keeps decimals of at most ${MOST_DIGITS} digits exactly, and this one has ${digits}.`,
  fix: `Declare ${MOST_DIGITS} digits or fewer, or use PostgreSQL (DATABASE_URL=postgres://…).`,
})

const noCollation = (place: string, collation: string): LoadError => ({
  place,
  message: `SQLite has no collation "${collation}": it orders text by code point.`,
  fix: 'Remove .collate(), or use PostgreSQL (DATABASE_URL=postgres://…).',
})

/** The table of row numbers beside a searched table has the key's columns, and `row` is its own. */
function rowInKey(table: Table): LoadError[] {
  if (table.search.length === 0 || !table.key.some((column) => column.toLowerCase() === 'row')) return []
  return [
    {
      place: `tables.${table.name}`,
      message: 'On SQLite, a table with .search() cannot have a key column named "row".',
      fix: 'Give the key column another name.',
    },
  ]
}

/** SQLite does not tell names apart by case. */
function sameButCase(table: Table): LoadError[] {
  const names = [...table.columns.keys()]
  const folded = names.map((name) => name.toLowerCase())
  return names
    .filter((_, at) => folded.indexOf(folded[at] ?? '') < at)
    .map((name) => ({
      place: `tables.${table.name}.${name}`,
      message: 'SQLite does not tell names apart by case, and another column has the same letters.',
      fix: 'Rename one of the two.',
    }))
}

// ── Statements ──

export function statementsOf(change: Change, ddl: Ddl): string[] {
  const tables = [...new Set(change.steps.map((step) => step.table))]
  return tables.flatMap((table) => tableStatements(table, change, ddl))
}

function tableStatements(name: string, change: Change, ddl: Ddl): string[] {
  const steps = change.steps.filter((step) => step.table === name)
  if (steps.some((step) => step.kind === 'dropTable')) return [...dropSearchSql(name), `DROP TABLE ${quote(name)}`]
  const table = tableOf(change.to, name)
  if (steps.some((step) => step.kind === 'createTable')) return [tableSql(table, ddl), ...besideSql(table)]
  return isMadeAnew(name, change) ? rebuilt(table, change, ddl) : steps.flatMap((step) => inPlace(step, table, ddl))
}

function isMadeAnew(name: string, { steps, to }: Change): boolean {
  const own = steps.filter((step) => step.table === name)
  return !own.some((step) => step.kind === 'dropTable' || step.kind === 'createTable') && !canStay(own, tableOf(to, name))
}

/** Whether every step can be taken without making the table anew. */
function canStay(steps: readonly Step[], table: Table): boolean {
  const added = steps.filter((step): step is ColumnStep => step.kind === 'addColumn').map((step) => table.columns.get(step.column))
  const free = added.every((column) => column?.optional === true && column.default === undefined && column.generated === undefined)
  const checks = new Set(
    added.flatMap((column) => (column === undefined ? [] : [columnCheckName(table, column), formCheckName(table, column)])),
  )
  return (
    free &&
    steps.every((step) => step.kind === 'addColumn' || staying.has(step.kind) || (step.kind === 'addCheck' && checks.has(step.name)))
  )
}

const staying: ReadonlySet<Step['kind']> = new Set(['addIndex', 'dropIndex', 'addSearch', 'dropSearch', 'changeTouched', 'comment'])

function inPlace(step: Step, table: Table, ddl: Ddl): string[] {
  switch (step.kind) {
    case 'addColumn':
      return [addColumn(table, step.column, ddl)]
    case 'addIndex':
      return table.indexes.filter((index) => index.name === step.name).map((index) => indexSql(table.name, index.name, index.columns))
    case 'dropIndex':
      return [`DROP INDEX ${quote(step.name)}`]
    case 'addSearch':
      return searchSql(table)
    case 'dropSearch':
      return dropSearchSql(table.name)
    case 'changeTouched':
      return [`DROP TRIGGER IF EXISTS ${quote(touchTrigger(table.name))}`, ...touchSql(table)]
    default:
      return [] // comments have no place, and a new column's checks come with it
  }
}

function addColumn(table: Table, name: string, ddl: Ddl): string {
  const column = table.columns.get(name)
  if (column === undefined) throw new Error(`a step names the column ${table.name}.${name}, which the schema does not have`)
  const names = new Set([columnCheckName(table, column), formCheckName(table, column)])
  const checks = checksOf(table, ddl).filter((check) => names.has(check.name))
  return `ALTER TABLE ${quote(table.name)} ADD COLUMN ${[columnSql(column, ddl), ...checks.map(checkSql)].join(' ')}`
}

function rebuilt(table: Table, change: Change, ddl: Ddl): string[] {
  const anew = `plinth_new_${table.name}`
  const columns = [...table.columns.values()].filter((column) => column.generated === undefined)
  // New columns are left out where the table's own default is to fill them.
  const copied = columns.filter((column) => column.default === undefined || !isAdded(table.name, column.name, change.steps))
  const values = copied.map((column) => futureValue(table.name, column, change, ddl))
  return [
    ...dropSearchSql(table.name),
    tableSql(table, ddl, anew),
    `INSERT INTO ${quote(anew)} (${quoteAll(copied.map((column) => column.name))}) SELECT ${values.join(', ')} FROM ${quote(table.name)}`,
    `DROP TABLE ${quote(table.name)}`,
    `ALTER TABLE ${quote(anew)} RENAME TO ${quote(table.name)}`,
    ...besideSql(table),
  ]
}

const isAdded = (table: string, column: string, steps: readonly Step[]): boolean =>
  steps.some((step) => step.kind === 'addColumn' && step.table === table && step.column === column)
