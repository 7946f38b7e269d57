/**
 * The server that a good developer writes by hand: Fastify with schemas, better-sqlite3 with prepared statements, a
 * transaction for each write, no access check and no log. With `--node-sqlite`, where better-sqlite3 cannot be had, on
 * `node:sqlite`; with `--normal`, writes are answered before they are on disk.
 */
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fastify from 'fastify'
import { serveBench } from '../control.ts'
import { fillStore, type LineRow, nest, type OrderRow, pragmasFor, statements } from './store.ts'

/** What both libraries have. */
interface Store {
  exec(text: string): unknown
  prepare(text: string): {
    get(...values: string[]): unknown
    all(...values: string[]): unknown[]
    run(...values: (string | number)[]): unknown
  }
}

const [folder = '', ...choices] = process.argv.slice(2)
mkdirSync(folder)
const path = join(folder, 'hand-written.db')
fillStore(path)
const { store, library } = openStore()
store.exec(pragmasFor(choices.includes('--normal') ? 'normal' : 'full'))

const product = store.prepare(statements.product)
const cheapest = store.prepare(statements.cheapest)
const orders = store.prepare(statements.orders)
const lines = store.prepare(statements.lines)
const visit = store.prepare(statements.visit)
const visited = store.prepare(statements.visited)

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

const visitSchema = object({ id: text, store: text, page: text, at: text, milliseconds: { type: 'integer' } })
interface Visit {
  id: string
  store: string
  page: string
  at: string
  milliseconds: number
}
const visitBody = { ...visitSchema, required: ['id', 'store', 'page', 'at', 'milliseconds'] }

app.post<{ Body: Visit }>('/visits', { schema: { body: visitBody } }, (request, reply) => {
  const { id, store: from, page, at, milliseconds } = request.body
  visited.run(id, from, page, at, milliseconds)
  return reply.code(201).send()
})

app.get<{ Params: { id: string } }>('/visits/:id', { schema: { response: { 200: list(visitSchema) } } }, (request, reply) => {
  return reply.send(visit.all(request.params.id))
})

const url = await app.listen({ host: '127.0.0.1', port: 0 })
serveBench({ url, title: `Fastify ${app.version}, ${library}`, headers: {} })

function openStore(): { store: Store; library: string } {
  if (choices.includes('--node-sqlite'))
    return { store: new DatabaseSync(path), library: `node:sqlite (SQLite ${process.versions['sqlite']})` }
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
