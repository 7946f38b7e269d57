/** The same rows in the same tables and indexes as ours, and the statements that the peers ask them with. */
import { DatabaseSync } from 'node:sqlite'
import { customers, lines, orders, products } from '../data.ts'

const tables = `
  create table products (id text primary key, sku text not null unique, name text not null, category text not null, price integer not null, stock integer not null, active integer not null) strict;
  create index products_by_price on products (category, price);
  create table customers (id text primary key, name text not null, city text not null, store text not null) strict;
  create table orders (id text primary key, customer_id text not null references customers, status text not null, store text not null, placed_at text not null) strict;
  create index orders_by_date on orders (customer_id, placed_at);
  create table lines (order_id text not null references orders, product_id text not null references products, quantity integer not null, price integer not null, primary key (order_id, product_id)) strict;
  create table visits (id text primary key, store text not null, page text not null, at text not null, milliseconds integer not null) strict;
  create index lines_by_product on lines (product_id);
`

export const statements = {
  visit: 'select id, store, page, at, milliseconds from visits where id = ?',
  visited: 'insert into visits (id, store, page, at, milliseconds) values (?, ?, ?, ?, ?)',
  product: 'select id, sku, name, price / 100.0 as price, stock from products where id = ?',
  cheapest: 'select id, sku, name, price / 100.0 as price, stock from products where category = ? order by products.price, id limit 50',
  orders: `select orders.id, orders.status, orders.placed_at, customers.id as customer_id, customers.name as customer_name
    from orders join customers on customers.id = orders.customer_id where orders.customer_id = ? order by orders.placed_at desc, orders.id limit 50`,
  lines: `select order_id, product_id, quantity, price / 100.0 as price from lines
    where order_id in (select value from json_each(?)) order by order_id, product_id`,
}

export const pragmasFor = (synchronous: 'full' | 'normal'): string => `pragma journal_mode = wal; pragma synchronous = ${synchronous}`
export const pragmas = pragmasFor('full')

/** Fills a new file; whoever reads it opens it anew. */
export function fillStore(path: string): void {
  const database = new DatabaseSync(path)
  database.exec(`${pragmas}; ${tables}`)
  const sources = { products: products(), customers: customers(), orders: orders(), lines: lines() }
  for (const [table, rows] of Object.entries(sources)) fillTable(database, table, rows)
  database.close()
}

function fillTable(database: DatabaseSync, table: string, rows: Iterable<Record<string, unknown>>): void {
  database.exec('begin')
  let insert: ReturnType<DatabaseSync['prepare']> | undefined
  for (const { cents, ...row } of rows) {
    const stored = cents === undefined ? row : { ...row, price: cents }
    insert ??= database.prepare(
      `insert into ${table} (${Object.keys(stored).join(', ')}) values (${Object.keys(stored)
        .map(() => '?')
        .join(', ')})`,
    )
    insert.run(...Object.values(stored).map(toStorage))
  }
  database.exec('commit')
}

function toStorage(value: unknown): string | number {
  return typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : String(value)
}

export interface OrderRow {
  id: string
  status: string
  placed_at: string
  customer_id: string
  customer_name: string
}
export interface LineRow {
  order_id?: string
  product_id: string
  quantity: number
  price: number
}
export interface NestedOrder {
  id: string
  status: string
  placed_at: string
  customer: { id: string; name: string }
  lines: LineRow[]
}

/** Two statements and a map: what one writes by hand to keep away from a query for each order. */
export function nest(found: readonly OrderRow[], linesOf: (orderIds: string) => readonly LineRow[]): NestedOrder[] {
  const byId = new Map<string, NestedOrder>()
  for (const { id, status, placed_at, customer_id, customer_name } of found) {
    byId.set(id, { id, status, placed_at, customer: { id: customer_id, name: customer_name }, lines: [] })
  }
  for (const { order_id = '', product_id, quantity, price } of linesOf(JSON.stringify([...byId.keys()]))) {
    byId.get(order_id)?.lines.push({ product_id, quantity, price })
  }
  return [...byId.values()]
}
