/** The floor: `node:http` and `node:sqlite` with nothing between them. */
import { mkdirSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { serveBench } from '../control.ts'
import { fillStore, type LineRow, nest, type OrderRow, pragmas, statements } from './store.ts'

const folder = process.argv[2] ?? ''
mkdirSync(folder)
const path = join(folder, 'node-http.db')
fillStore(path)
const store = new DatabaseSync(path)
store.exec(pragmas)

const product = store.prepare(statements.product)
const cheapest = store.prepare(statements.cheapest)
const orders = store.prepare(statements.orders)
const lines = store.prepare(statements.lines)

const routes: readonly (readonly [prefix: string, answer: (rest: string) => unknown])[] = [
  ['/products/', (id) => product.get(id)],
  ['/products?category=', (category) => cheapest.all(category)],
  // The statements' own columns.
  [
    '/orders?customer=',
    (customer) => nest(orders.all(customer) as unknown[] as OrderRow[], (ids) => lines.all(ids) as unknown[] as LineRow[]),
  ],
]

const server = createServer((request, response) => {
  const url = request.url ?? ''
  const route = routes.find(([prefix]) => url.startsWith(prefix))
  send(response, route?.[1](url.slice(route[0].length)))
})

function send(response: ServerResponse, found: unknown): void {
  const body = JSON.stringify(found ?? null)
  response.writeHead(found === undefined ? 404 : 200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  serveBench({ url: `http://127.0.0.1:${port}`, title: `node:http, node:sqlite (SQLite ${process.versions['sqlite']})`, headers: {} })
})
