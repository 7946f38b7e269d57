/**
 * The databases that the specification runs on: how to get a fresh, empty one, and raw access to it that goes past
 * everything of ours. To add one: an entry in `databases`, its gaps in `gaps.ts`.
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import type { SqlValue } from '../src/databases/sql/driver.ts'
import { openSqlite } from '../src/databases/sqlite/driver.ts'
import type { DatabaseName } from './gaps.ts'

export type RawRow = readonly unknown[]

/** A fresh, empty database of one test file. */
export interface FreshDatabase {
  /** What `DATABASE_URL` takes. */
  readonly url: string
  /** A folder that goes with the database, for keys and files. */
  readonly folder: string
  /** Runs SQL on a connection of its own and gives its rows as lists. */
  readonly sql: (text: string, values?: readonly SqlValue[]) => Promise<readonly RawRow[]>
  drop(): Promise<void>
}

export interface SpecDatabase {
  readonly name: DatabaseName
  /** Why it is not there in this run. */
  readonly missing: string | undefined
  create(): Promise<FreshDatabase>
}

const server = process.env['PLINTH_TEST_POSTGRES']

export const databases: readonly SpecDatabase[] = [
  { name: 'SQLite', missing: undefined, create: createSqlite },
  {
    name: 'PostgreSQL',
    missing: server
      ? undefined
      : (process.env['PLINTH_TEST_POSTGRES_MISSING'] ?? 'PLINTH_TEST_POSTGRES names no server (npm test starts one)'),
    create: () => createPostgres(server ?? ''),
  },
]

async function createSqlite(): Promise<FreshDatabase> {
  const folder = freshFolder()
  const path = join(folder, 'plinth.db')
  let raw: ReturnType<typeof openSqlite> | undefined
  return {
    url: `sqlite:${path}`,
    folder,
    // Our own driver, because rows cannot be written without the functions that checks and triggers call.
    sql: async (text, values = []) => (raw ??= openSqlite(path)).prepare(text).rows(values),
    async drop() {
      await raw?.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function createPostgres(admin: string): Promise<FreshDatabase> {
  const name = `spec_${process.pid}_${randomBytes(6).toString('hex')}`
  await once(admin, (client) => createWithOrder(client, name))
  const url = new URL(admin)
  url.pathname = `/${name}`
  const folder = freshFolder()
  let raw: Promise<Client> | undefined
  return {
    url: url.href,
    folder,
    async sql(text, values = []) {
      const client = await (raw ??= connect(url.href))
      return (await client.query<unknown[]>({ text, values: [...values], rowMode: 'array' })).rows
    },
    async drop() {
      await (await raw)?.end()
      await once(admin, (client) => client.query(`drop database ${name} with (force)`))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** With an order of words of its own, so that whatever leans on the server's order is seen. Some servers have none. */
async function createWithOrder(client: Client, name: string): Promise<void> {
  const plain = `create database ${name} template template0`
  await client.query(`${plain} locale_provider icu icu_locale 'en-US'`).catch(() => client.query(plain))
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  await client.connect()
  return client
}

async function once(url: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = await connect(url)
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

const freshFolder = (): string => mkdtempSync(join(tmpdir(), 'plinth-spec-'))
