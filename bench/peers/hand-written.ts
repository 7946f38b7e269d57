/**
 * The server that a good developer writes by hand: Fastify with response schemas, better-sqlite3 with prepared
 * statements, no access check and no log. With `--node-sqlite`, where better-sqlite3 cannot be had, on `node:sqlite`.
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fastify from 'fastify'
import { serveBench } from '../control.ts'
import { fillStore, type LineRow, nest, type OrderRow, pragmas, statements } from './store.ts'

/** What both libraries have. */
interface Store {
  exec(text: string): unknown
  prepare(text: string): { get(...values: string[]): unknown; all(...values: string[]): unknown[] }
}

const [folder = '', choice] = process.argv.slice(2)
const path = join(folder, 'hand-written.db')
fillStore(path)
const { store, library } = openStore()
store.exec(pragmas)

const product = store.prepare(statements.product)
const cheapest = store.prepare(statements.cheapest)
const orders = store.prepare(statements.orders)
const lines = store.prepare(statements.lines)

const text = { type: 'string' } as const
const number = { type: 'number' } as const
const list = (items: object): object => ({ type: 'array', items })
const object = (properties: Record<string, object>): object => ({ type: 'object', properties })
const productSchema = object({ id: text, sku: text, name: text, price: number, stock: { type: 'integer' } })
const lineSchema = object({ product_id: text, quantity: { type: 'integer' }, price: number })
const orderSchema = object({ id: text, status: text, placed_at: text, customer: object({ id: text, name: text }), lines: list(lineSchema) })

const app = fastify()

app.get<{ Params: { id: string } }>('/products/:id', { schema: { response: { 200: productSchema } } }, (request, reply) => {
  const found = product.get(request.params.id)
  return reply.code(found === undefined ? 404 : 200).send(found)
})

app.get<{ Querystring: { category: string } }>('/products', { schema: { response: { 200: list(productSchema) } } }, (request, reply) => {
  return reply.send(cheapest.all(request.query.category))
})

app.get<{ Querystring: { customer: string } }>('/orders', { schema: { response: { 200: list(orderSchema) } } }, (request, reply) => {
  // The statements' own columns.
  const found = orders.all(request.query.customer) as OrderRow[]
  return reply.send(nest(found, (ids) => lines.all(ids) as LineRow[]))
})

const url = await app.listen({ host: '127.0.0.1', port: 0 })
serveBench({ url, title: `Fastify ${app.version}, ${library}`, headers: {} })

function openStore(): { store: Store; library: string } {
  if (choice === '--node-sqlite') return { store: new DatabaseSync(path), library: `node:sqlite (SQLite ${process.versions['sqlite']})` }
  // Loaded by its name, because it is not there until the bench has installed it.
  const require = createRequire(import.meta.url)
  const Database: new (path: string) => Store = require('better-sqlite3')
  const opened = new Database(path)
  const { version }: { version: string } = require('better-sqlite3/package.json')
  return {
    store: opened,
    library: `better-sqlite3 ${version} (SQLite ${String(Object.values(Object(opened.prepare('select sqlite_version()').get()))[0])})`,
  }
}
