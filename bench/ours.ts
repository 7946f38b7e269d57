/** Our side: the backend of `shop.ts` as `plinth start` would serve it, with rules, limits and the log on. */
import { join } from 'node:path'
import { signToken } from '../src/auth/keys.ts'
import { SYSTEM } from '../src/query/who.ts'
import { open, type Running } from '../src/server.ts'
import { readSettings } from '../src/settings.ts'
import { serveBench } from './control.ts'
import { clerk, customers, lines, orders, products } from './data.ts'
import shop from './shop.ts'

const folder = process.argv[2] ?? ''
const environment = {
  DATABASE_URL: `sqlite:${join(folder, 'ours.db')}`,
  PLINTH_DATA: folder,
  PORT: '0',
  // The limits stay on, above what 64 connections of one user reach.
  PLINTH_RATE_ADDRESS: '1000000',
  PLINTH_RATE_KEY: '1000000',
  PLINTH_RATE_USER: '1000000',
}

const running = await open(shop, { settings: readSettings(environment, {}) })
await fill('products', products())
await fill('customers', customers())
await fill('orders', orders())
await fill('lines', lines())
const { url } = await running.listen()
const token = await signToken(running.keys, { ...clerk, expiresIn: 86_400, now: Date.now() })
serveBench({
  url,
  title: `Plinth, SQLite ${process.versions['sqlite']}`,
  headers: { apikey: running.keys.publishable, authorization: `Bearer ${token}` },
})

async function fill(table: string, rows: Iterable<Record<string, unknown>>): Promise<void> {
  let batch: Record<string, unknown>[] = []
  for (const row of rows) {
    batch.push(priced(row))
    if (batch.length < 1000) continue
    await insert(running, table, batch)
    batch = []
  }
  if (batch.length > 0) await insert(running, table, batch)
}

function priced({ cents, ...row }: Record<string, unknown>): Record<string, unknown> {
  return typeof cents === 'number' ? { ...row, price: (cents / 100).toFixed(2) } : row
}

async function insert({ ask }: Running, table: string, rows: readonly Record<string, unknown>[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {})
  const values = rows.map((row) => columns.map((column) => row[column]))
  await ask({ query: { kind: 'insert', table, columns, rows: { kind: 'value', at: 0 } }, values: [values] }, SYSTEM)
}
