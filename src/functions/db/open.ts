/**
 * Kysely over the transaction of a function: the system's own hand, past the rules, with the values of the file's types.
 * Loaded with the first function that is called.
 */
import {
  Kysely,
  PostgresAdapter,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type KyselyPlugin,
  type QueryId,
  type QueryResult,
  type UnknownRow,
} from 'kysely'
import type { SqlSyntax, Within } from '../../query/transaction.ts'
import type { Schema } from '../../schema/schema.ts'
import { encodeValues } from './encode.ts'
import { Scope, type Columns, type Known } from './outputs.ts'
import { toHeld, toStored, type Codec } from './values.ts'

/** What Kysely makes of a query, by the SQL that the database speaks. */
const syntaxes = {
  sqlite: { createAdapter: () => new SqliteAdapter(), createQueryCompiler: () => new SqliteQueryCompiler() },
  postgres: { createAdapter: () => new PostgresAdapter(), createQueryCompiler: () => new PostgresQueryCompiler() },
} as const satisfies Record<SqlSyntax, object>

/** Tables whose types only the file knows. */
export type AnyKysely = Kysely<Readonly<Record<string, Readonly<Record<string, unknown>>>>>

export function openDb(schema: Schema, syntax: SqlSyntax, within: Within): AnyKysely {
  const connection = connectionOf(within)
  const { createAdapter, createQueryCompiler } = syntaxes[syntax]
  const dialect: Dialect = {
    createAdapter,
    createQueryCompiler,
    createDriver: () => ({
      init: async () => {},
      acquireConnection: async () => connection,
      beginTransaction: refuse,
      commitTransaction: refuse,
      rollbackTransaction: refuse,
      releaseConnection: async () => {},
      destroy: async () => {},
    }),
    createIntrospector: () => {
      throw new Error('What tables there are is in the file; db.introspection has nothing to add.')
    },
  }
  return new Kysely({ dialect, plugins: [valuesOf(schema, within)] })
}

const refuse = async (): Promise<void> => {
  throw new Error('A function is one transaction already: leave out db.transaction(), and let an error undo all of it.')
}

function connectionOf(within: Within): DatabaseConnection {
  return {
    async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
      const { names, rows, count } = await within.query(sql, parameters)
      const objects = rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]])))
      return { rows: objects as Row[], numAffectedRows: BigInt(count) } // Kysely knows what it asked for
    },
    // oxlint-disable-next-line require-yield -- it refuses
    async *streamQuery(): AsyncIterableIterator<never> {
      throw new Error('A function has no .stream(): read a page at a time, with .limit().')
    },
  }
}

/** Values go in as the database keeps them, and come out as the columns' types say. */
function valuesOf(schema: Schema, codec: Codec): KyselyPlugin {
  const outputs = new WeakMap<QueryId, Columns>()
  return {
    transformQuery({ node, queryId }) {
      outputs.set(queryId, new Map(new Scope(schema).outputs(node)))
      return encodeValues(node, schema, codec)
    },
    async transformResult({ queryId, result }) {
      const known = [...(outputs.get(queryId) ?? [])].flatMap(([name, type]) => (type ? [[name, type] as const] : []))
      return known.length === 0 ? result : { ...result, rows: result.rows.map((row) => decoded(row, known, codec)) }
    },
  }
}

function decoded(row: UnknownRow, known: readonly (readonly [string, Known])[], codec: Codec): UnknownRow {
  const made: UnknownRow = { ...row }
  for (const [name, type] of known) if (name in row) made[name] = decode(row[name], type, codec)
  return made
}

function decode(stored: unknown, known: Known, codec: Codec): unknown {
  if (stored === null || stored === undefined) return null
  switch (known.kind) {
    case 'column':
      return toHeld(codec, known.type, stored)
    case 'count':
      return Number(stored)
    case 'average':
      // Where exact numbers are kept without their point, so is their average.
      return Number(stored) / (known.of.kind === 'decimal' ? Number(toStored(codec, known.of, 1)) : 1)
  }
}
