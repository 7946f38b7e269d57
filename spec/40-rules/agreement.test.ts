/**
 * The expression language has two readers: SQL and `evaluate`. They must say the same of every row: true, false or
 * unknown. 10,000 random tests on each database, each on thirty rows; a failing one is printed with its seed.
 */
import fc from 'fast-check'
import { expect } from 'vitest'
import { bindAll, type Codec } from '../../src/databases/sql/binder.ts'
import type { Dialect } from '../../src/databases/sql/dialect.ts'
import { frameOf, source } from '../../src/databases/sql/frame.ts'
import { startWriting } from '../../src/databases/sql/writing.ts'
import { testSql } from '../../src/databases/sql/test.ts'
import { postgresBinding } from '../../src/databases/postgres/binding.ts'
import { postgresDialect } from '../../src/databases/postgres/dialect.ts'
import { sqliteBinding } from '../../src/databases/sqlite/binding.ts'
import { sqliteDialect } from '../../src/databases/sqlite/dialect.ts'
import { evaluate, type Facts, type Row, type Truth } from '../../src/query/evaluate.ts'
import type { Test } from '../../src/query/typed.ts'
import { SYSTEM } from '../../src/query/who.ts'
import { resolve } from '../../src/rules/resolve.ts'
import { everything } from '../../src/rules/scope.ts'
import { load } from '../../src/schema/load.ts'
import type { Relation, Schema, Table } from '../../src/schema/schema.ts'
import { parseValue } from '../../src/schema/value.ts'
import { everyDatabaseOf, type Here } from '../harness.ts'
import { backend, drawn, thing, type Drawn, type GivenRow } from './random-tests.ts'

const CASES = 10_000
const BATCH = 20
const seed = 20261121

const things = fc.sample(fc.tuple(...Array.from({ length: 30 }, (_, at) => thing(at + 1))), { seed, numRuns: 1 })[0] ?? []
const rows: Readonly<Record<string, readonly GivenRow[]>> = {
  homes: [
    { id: 1, town: 'Bern' },
    { id: 2, town: 'bern' },
    { id: 3, town: null },
  ],
  things,
  parts: Array.from({ length: 40 }, (_, at) => ({ id: at + 1, thing_id: (at % 17) + 1, size: at % 5 === 0 ? null : (at % 4) + 1 })),
}

const everyDatabase = everyDatabaseOf({ backend, people: {} })
const schema = load(backend)
const tables = canonicalRows(schema)

everyDatabase('a test means the same in SQL and in plain TypeScript', async (here) => {
  for (const [name, given] of Object.entries(rows)) await insert(name, given, here)
  const cases = fc.sample(drawn, { seed, numRuns: CASES })
  for (let from = 0; from < cases.length; from += BATCH) await compareBatch(cases.slice(from, from + BATCH), here)
})

/** As texts, so that JSON keeps each digit as it is written. */
async function insert(table: string, given: readonly GivenRow[], { backend: running }: Pick<Here<string>, 'backend'>): Promise<void> {
  const columns = Object.keys(given[0] ?? {})
  const values = [given.map((row) => columns.map((column) => row[column]))]
  await running.ask({ query: { kind: 'insert', table, columns, rows: { kind: 'value', at: 0 }, textual: true }, values }, SYSTEM)
}

const dialects: Readonly<Record<string, { dialect: Dialect; codec: Codec }>> = {
  SQLite: { dialect: sqliteDialect, codec: sqliteBinding },
  PostgreSQL: { dialect: postgresDialect, codec: postgresBinding },
}

/** One statement says of every row what each test of the batch is. */
async function compareBatch(cases: readonly Drawn[], { database, sql }: Pick<Here<string>, 'database' | 'sql'>): Promise<void> {
  const { dialect, codec } = dialects[database] ?? { dialect: sqliteDialect, codec: sqliteBinding }
  const table = tableNamed('things')
  const values = cases.flatMap((one) => one.values)
  const writing = startWriting(dialect)
  const frame = frameOf(writing, table, false)
  const tests = cases.map(typed)
  const truths = moved(cases).map(
    (test) => `CASE WHEN ${testSql(test, frame, false)} THEN 1 WHEN NOT (${testSql(test, frame, false)}) THEN 0 END`,
  )
  const text = `SELECT ${truths.join(', ')} FROM ${source(frame)} ORDER BY ${frame.alias}.id`
  const answers = await sql(text, bindAll(writing.binders, values, SYSTEM, codec))
  for (const [at, test] of tests.entries()) {
    const wanted = (tables.get('things') ?? []).map((row) => evaluate(test, factsOf(row, cases[at]?.values ?? [])))
    const got = answers.map((row) => truthOf(row[at]))
    expect(got, `case ${JSON.stringify(cases[at])} on ${database}`).toEqual(wanted)
  }
}

const typed = (one: Drawn): Test => resolve(one.condition, { scope: everything(schema), table: tableNamed('things') })

/** The tests of a batch with their values one after the other. */
function moved(cases: readonly Drawn[]): readonly Test[] {
  let from = 0
  return cases.map((one) => {
    const by = from
    from += one.values.length
    const condition = JSON.parse(JSON.stringify(one.condition), (_, part) =>
      part?.kind === 'value' ? { ...part, at: part.at + by } : part,
    )
    return resolve(condition, { scope: everything(schema), table: tableNamed('things') })
  })
}

const truthOf = (value: unknown): Truth => (value === null ? null : Number(value) === 1)

function tableNamed(name: string): Table {
  const table = schema.tables.get(name)
  if (table === undefined) throw new Error(`no table ${name}`)
  return table
}

// ── The rows in canonical form, for the evaluator ──

function canonicalRows(of: Schema): ReadonlyMap<string, readonly Row[]> {
  return new Map(Object.entries(rows).map(([name, given]) => [name, given.map((row) => canonicalRow(row, of.tables.get(name)))]))
}

function canonicalRow(row: GivenRow, table: Table | undefined): Row {
  const cells = [...(table?.columns.values() ?? [])].map((column) => {
    const given = row[column.name] ?? null
    return [column.name, given === null ? null : parseValue(column.type, given)] as const
  })
  return Object.fromEntries(cells)
}

const factsOf = (row: Row, values: readonly unknown[]): Facts => ({ who: SYSTEM, row, values, related: linked })

function linked(relation: Relation, row: Row): readonly Row[] {
  return (tables.get(relation.to) ?? []).filter((other) =>
    relation.columns.every((column, at) => row[column] !== null && row[column] === other[relation.target[at] ?? '']),
  )
}
