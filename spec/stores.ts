/**
 * A database without the rest of the product: its driver and what builds tables, for the chapters that are about
 * these. Each sentence has a fresh database of its own.
 */
import { describe, test } from 'vitest'
import type { Builder } from '../src/databases/builder.ts'
import { postgresBinding } from '../src/databases/postgres/binding.ts'
import { postgresBuilder } from '../src/databases/postgres/builder.ts'
import { encode as encodePostgres } from '../src/databases/postgres/codec.ts'
import { postgresDialect } from '../src/databases/postgres/dialect.ts'
import { openPostgres } from '../src/databases/postgres/driver.ts'
import { checkText } from '../src/databases/sql/check.ts'
import type { Driver, SqlRow, SqlValue } from '../src/databases/sql/driver.ts'
import { sqliteBinding } from '../src/databases/sqlite/binding.ts'
import { sqliteBuilder } from '../src/databases/sqlite/builder.ts'
import { encode as encodeSqlite } from '../src/databases/sqlite/codec.ts'
import { sqliteDialect } from '../src/databases/sqlite/dialect.ts'
import { openSqlite } from '../src/databases/sqlite/driver.ts'
import { bring, type Brought } from '../src/migrate/bring.ts'
import { record } from '../src/rules/record.ts'
import { prepareRules, type Rules } from '../src/rules/rules.ts'
import type { Backend } from '../src/schema/backend.ts'
import { load } from '../src/schema/load.ts'
import type { Canonical, Check, Schema, Table, Type } from '../src/schema/schema.ts'
import { databases, type FreshDatabase, type SpecDatabase } from './databases.ts'

export interface Store {
  readonly name: 'SQLite' | 'PostgreSQL'
  readonly fresh: FreshDatabase
  readonly driver: Driver
  readonly encode: (type: Type, value: Canonical) => SqlValue
  /** Reads the backend and brings the database to it. */
  readonly bring: (backend: Backend, allow?: 'create' | 'lossless') => Promise<Brought>
  readonly builder: (backend: Backend) => { readonly builder: Builder; readonly schema: Schema }
  /** A statement with `?` for its values; alone in its transaction. */
  readonly sql: (text: string, ...values: SqlValue[]) => Promise<readonly SqlRow[]>
}

export function eachStore(title: string, body: (store: Store) => Promise<void>): void {
  for (const database of databases) {
    const { name, missing } = database
    const ask = async (): Promise<void> => withStore(database, body)
    describe(name, () => {
      if (missing === undefined) test(title, { meta: { database: name } }, ask)
      else test.skip(title, { meta: { database: name, missing } }, ask)
    })
  }
}

async function withStore(database: SpecDatabase, body: (store: Store) => Promise<void>): Promise<void> {
  const fresh = await database.create()
  const opened = await openers[database.name](fresh.url)
  try {
    await body({ ...storeOn(opened), name: database.name, fresh })
  } finally {
    await opened.driver.close()
    await fresh.drop()
  }
}

interface Opened {
  readonly driver: Driver
  readonly encode: Store['encode']
  readonly builderOf: (rules: Rules) => Builder
  readonly learn: (schema: Schema) => void
  readonly placeholder: (at: number) => string
}

const openers: Readonly<Record<'SQLite' | 'PostgreSQL', (url: string) => Promise<Opened>>> = {
  SQLite: async (url) => {
    const driver = openSqlite(url.slice('sqlite:'.length))
    const builderOf = (rules: Rules): Builder =>
      sqliteBuilder(
        driver,
        checksOf(rules, (table, test) => checkText(table, test, sqliteDialect, sqliteBinding)),
      )
    return { driver, encode: encodeSqlite, builderOf, learn: (schema) => driver.learn(schema), placeholder: () => '?' }
  },
  PostgreSQL: async (url) => {
    const driver = await openPostgres(url, { connections: 3 })
    const builderOf = (rules: Rules): Builder =>
      postgresBuilder(
        driver,
        checksOf(rules, (table, test) => checkText(table, test, postgresDialect, postgresBinding)),
      )
    return { driver, encode: encodePostgres, builderOf, learn: () => undefined, placeholder: (at) => `$${at}` }
  },
}

type Tests = NonNullable<ReturnType<Rules['check']>>

const checksOf =
  (rules: Rules, write: (table: Table, test: Tests) => string) =>
  (table: Table, check: Check): string => {
    const test = rules.check(table.name, check.name)
    if (test === undefined) throw new Error(`the check ${check.name} was not recorded`)
    return write(table, test)
  }

function storeOn({ driver, encode, builderOf, learn, placeholder }: Opened): Omit<Store, 'name' | 'fresh'> {
  const read = (backend: Backend): { builder: Builder; schema: Schema } => {
    const schema = load(backend)
    return { schema, builder: builderOf(prepareRules(schema, record(schema))) }
  }
  return {
    driver,
    encode,
    builder: read,
    bring: async (backend, allow = 'lossless') => {
      const { builder, schema } = read(backend)
      const brought = await bring(builder, schema, { allow })
      learn(schema)
      return brought
    },
    sql: async (text, ...values) => {
      let at = 0
      const marked = text.replaceAll('?', () => placeholder(++at))
      return driver.transaction((connection) => connection.prepare(marked).rows(values))
    },
  }
}
