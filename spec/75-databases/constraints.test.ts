import { expect } from 'vitest'
import { Problem } from '../../src/errors.ts'
import { boolean, decimal, integer, plinth, ref, table, text } from '../../src/index.ts'
import { eachStore, type Store } from '../stores.ts'

const shop = plinth({
  tables: {
    products: table({ sku: text().unique(), name: text().max(5), price: decimal(10, 2).min(0), sold: boolean().default(false) })
      .check('cheap', ({ row }) => row.price.atMost(1000))
      .unique('price', 'sold'),
    orders: table({ number: integer(), product_id: ref('products') }).key('number'),
    lines: table({
      order_number: ref('orders', { column: 'number', as: 'order' }),
      product_id: ref('products', { onDelete: 'cascade' }),
      amount: integer().default(1),
    }).key('order_number', 'product_id'),
    notes: table({ order_number: integer(), product_id: ref('products'), words: text().optional() }).link(
      'line',
      'lines',
      'order_number',
      'product_id',
    ),
    nodes: table({ parent_id: ref('nodes').optional(), name: text() }).search('name'),
  },
  access: {},
})

const id = (last: number): string => `00000000-0000-7000-8000-00000000000${last}`

async function start({ bring, sql, name }: Store): Promise<void> {
  await bring(shop)
  const price = name === 'SQLite' ? '1950' : '19.50'
  await sql(`INSERT INTO products (id, sku, name, price) VALUES (?, 'A-1', 'one', ${price})`, id(1))
  await sql('INSERT INTO orders (number, product_id) VALUES (1, ?)', id(1))
  await sql('INSERT INTO lines (order_number, product_id) VALUES (1, ?)', id(1))
}

/** What a client is told: the code, the sentence and the details. */
async function told(work: Promise<unknown>): Promise<readonly [string, string, string | null]> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof Problem)) throw new Error('it was not refused', { cause: error })
  return [error.code, error.message, error.details]
}

eachStore('A value that is there already is told with the name of the constraint and the key', async (store) => {
  await start(store)
  const insert = (values: string): Promise<unknown> => store.sql(`INSERT INTO "products" (id, sku, name, price) VALUES ${values}`)
  const [free, taken] = store.name === 'SQLite' ? ['5', '1950'] : ['0.05', '19.50']
  expect(await told(insert(`('${id(2)}', 'A-1', 'two', ${free})`))).toEqual([
    '23505',
    'duplicate key value violates unique constraint "products_sku_key"',
    'Key (sku)=(A-1) already exists.',
  ])
  expect(await told(insert(`('${id(1)}', 'A-2', 'two', ${free})`))).toEqual([
    '23505',
    'duplicate key value violates unique constraint "products_pkey"',
    `Key (id)=(${id(1)}) already exists.`,
  ])
  expect(await told(insert(`('${id(2)}', 'A-2', 'two', ${taken})`))).toEqual([
    '23505',
    'duplicate key value violates unique constraint "products_price_sold_key"',
    'Key (price, sold)=(19.50, f) already exists.',
  ])
  expect(await told(store.sql(`INSERT INTO "lines" (order_number, product_id) VALUES (1, '${id(1)}')`))).toEqual([
    '23505',
    'duplicate key value violates unique constraint "lines_pkey"',
    `Key (order_number, product_id)=(1, ${id(1)}) already exists.`,
  ])
  expect(
    await told(
      store.sql(
        `INSERT INTO "products" (id, sku, name, price) VALUES ('${id(3)}', 'A-3', 'two', 1), ('${id(4)}', 'A-4', 'two', 2), ('${id(5)}', 'A-4', 'two', 3)`,
      ),
    ),
  ).toEqual(['23505', 'duplicate key value violates unique constraint "products_sku_key"', 'Key (sku)=(A-4) already exists.'])
})

eachStore('An update onto a value that is there is told the same way', async (store) => {
  await start(store)
  await store.sql(`INSERT INTO products (id, sku, name, price) VALUES (?, 'A-2', 'two', 5)`, id(2))
  expect(await told(store.sql(`UPDATE "products" SET sku = 'A-1' WHERE sku = 'A-2'`))).toEqual([
    '23505',
    'duplicate key value violates unique constraint "products_sku_key"',
    'Key (sku)=(A-1) already exists.',
  ])
  expect(await store.sql('SELECT sku FROM products ORDER BY sku')).toEqual([['A-1'], ['A-2']])
})

eachStore('A reference that leads nowhere is told with the name of the foreign key', async (store) => {
  await start(store)
  expect(await told(store.sql('INSERT INTO orders (number, product_id) VALUES (2, ?)', id(7)))).toEqual([
    '23503',
    'insert or update on table "orders" violates foreign key constraint "orders_product_id_fkey"',
    `Key (product_id)=(${id(7)}) is not present in table "products".`,
  ])
  expect(await told(store.sql('UPDATE lines SET order_number = 9'))).toEqual([
    '23503',
    'insert or update on table "lines" violates foreign key constraint "lines_order_number_fkey"',
    'Key (order_number)=(9) is not present in table "orders".',
  ])
  expect(await told(store.sql('INSERT INTO notes (order_number, product_id) VALUES (5, ?)', id(1)))).toEqual([
    '23503',
    'insert or update on table "notes" violates foreign key constraint "notes_order_number_product_id_fkey"',
    `Key (order_number, product_id)=(5, ${id(1)}) is not present in table "lines".`,
  ])
})

eachStore('A row that is referred to cannot go, and the foreign key is named', async (store) => {
  await start(store)
  expect(await told(store.sql('DELETE FROM products'))).toEqual([
    '23503',
    'update or delete on table "products" violates foreign key constraint "orders_product_id_fkey" on table "orders"',
    `Key (id)=(${id(1)}) is still referenced from table "orders".`,
  ])
  expect(await told(store.sql('UPDATE orders SET number = 4'))).toEqual([
    '23503',
    'update or delete on table "orders" violates foreign key constraint "lines_order_number_fkey" on table "lines"',
    'Key (number)=(1) is still referenced from table "lines".',
  ])
  expect(await store.sql('SELECT count(*) FROM lines')).toEqual([[1]])
})

eachStore('A whole tree of rows that refer to each other goes in one statement', async (store) => {
  await start(store)
  await store.sql('INSERT INTO nodes (id, parent_id, name) VALUES (?, NULL, ?), (?, ?, ?)', id(1), 'a', id(2), id(1), 'b')
  expect(await told(store.sql('DELETE FROM nodes WHERE id = ?', id(1)))).toMatchObject([
    '23503',
    expect.stringContaining('"nodes_parent_id_fkey"'),
    expect.any(String),
  ])
  await store.sql('DELETE FROM nodes')
  expect(await store.sql('SELECT count(*) FROM nodes')).toEqual([[0]])
})

eachStore('A check that is not met is told by its name, and no row is shown', async (store) => {
  await start(store)
  const insert = (values: string): Promise<unknown> => store.sql(`INSERT INTO products (sku, name, price) VALUES ${values}`)
  expect(await told(insert(`('A-2', 'too long', 1)`))).toEqual([
    '23514',
    'new row for relation "products" violates check constraint "products_name_check"',
    null,
  ])
  expect(await told(insert(`('A-2', 'two', -1)`))).toEqual([
    '23514',
    'new row for relation "products" violates check constraint "products_price_check"',
    null,
  ])
  expect(await told(insert(`('A-2', 'two', 100001)`))).toEqual([
    '23514',
    'new row for relation "products" violates check constraint "products_cheap"',
    null,
  ])
})

eachStore('A missing value is told by its column', async (store) => {
  await start(store)
  expect(await told(store.sql(`INSERT INTO products (sku, price) VALUES ('A-2', 1)`))).toEqual([
    '23502',
    'null value in column "name" of relation "products" violates not-null constraint',
    null,
  ])
  expect(await told(store.sql(`INSERT INTO orders (product_id) VALUES (?)`, id(1)))).toEqual([
    '23502',
    'null value in column "number" of relation "orders" violates not-null constraint',
    null,
  ])
})

eachStore('After a refusal the transaction goes on where the database allows it, or is rolled back whole', async (store) => {
  await start(store)
  const work = store.driver.transaction(async (connection) => {
    await connection.prepare(`UPDATE products SET name = 'kept'`).rows([])
    await connection.prepare(`INSERT INTO orders (number, product_id) VALUES (3, '${id(7)}')`).rows([])
  })
  await expect(work).rejects.toMatchObject({ code: '23503' })
  expect(await store.sql('SELECT name FROM products')).toEqual([['one']])
})
