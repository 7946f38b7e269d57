import { expect } from 'vitest'
import { LoadFailure } from '../../src/errors.ts'
import { decimal, integer, oneOf, plinth, ref, table, text, timestamps, user, uuid, type Tables } from '../../src/index.ts'
import { eachStore, type Store } from '../stores.ts'

type Columns = Parameters<typeof table>[0]

const backendOf = (tables: Tables) => plinth({ tables, access: {} })
const id = (last: number): string => `00000000-0000-7000-8000-00000000000${last}`

const makers = table({ name: text() })
const columns = {
  sku: text().unique(),
  name: text(),
  colour: text().optional(),
  price: decimal(10, 2).min(0),
  stock: integer().default(0),
  maker_id: ref('makers').optional(),
  total: decimal(10, 2).generated('price + price'),
}
const without = (...names: (keyof typeof columns)[]): Columns =>
  Object.fromEntries(Object.entries(columns).filter(([name]) => !names.some((gone) => gone === name)))
/** The tables with other columns for the products. */
const products = (own: Columns): Tables => ({ makers, products: table(own) })

async function start(store: Store, tables: Tables = products(columns)): Promise<void> {
  await store.bring(backendOf(tables))
  await store.sql(`INSERT INTO makers (id, name) VALUES (?, 'Ann')`, id(9))
  const price = (cents: bigint): string | bigint =>
    store.name === 'SQLite' ? cents : `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`
  await store.sql(
    `INSERT INTO products (id, sku, name, price, stock, maker_id) VALUES (?, 'A-1', 'Blue chair', ?, 3, ?)`,
    id(1),
    price(1990n),
    id(9),
  )
  await store.sql(`INSERT INTO products (id, sku, name, price, stock) VALUES (?, 'A-2', 'Red chair', ?, 0)`, id(2), price(500n))
}

/** Brings the other tables, and gives what was done. */
const change = async (store: Store, tables: Tables): Promise<readonly string[]> =>
  (await store.bring(backendOf(tables))).applied.map((step) => step.kind)

/** Brings the other tables, which must be refused; gives the reasons. */
async function refused(store: Store, tables: Tables): Promise<readonly string[]> {
  const problem = await store.bring(backendOf(tables)).then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(problem instanceof LoadFailure)) throw new Error('it was not refused', { cause: problem })
  await expect(store.bring(backendOf(products(columns)))).resolves.toMatchObject({ applied: [] })
  return problem.errors.map(({ place, message, fix }) => `${place}: ${message} ${fix}`)
}

const names = async ({ sql }: Store): Promise<readonly unknown[]> =>
  (await sql('SELECT name FROM products ORDER BY sku')).map(([name]) => name)

eachStore('New tables, columns, indexes and references come in while the rows stay', async (store) => {
  await start(store)
  const kinds = await change(store, {
    makers: table({ name: text(), ...timestamps() }),
    products: table({ ...columns, size: text().max(5).optional(), rank: integer().default(7) }).index('price'),
    reviews: table({ product_id: ref('products'), words: text().max(100), by: user().optional() }).search('words'),
  })
  expect(kinds).toEqual(expect.arrayContaining(['createTable', 'addColumn', 'addIndex', 'changeTouched']))
  expect(await names(store)).toEqual(['Blue chair', 'Red chair'])
  expect(await store.sql('SELECT rank, size FROM products')).toEqual([
    [7, null],
    [7, null],
  ])
  await store.sql(`INSERT INTO reviews (product_id, words) VALUES (?, 'good')`, id(1))
  await expect(store.sql(`INSERT INTO reviews (product_id, words) VALUES (?, 'bad')`, id(5))).rejects.toMatchObject({ code: '23503' })
  await expect(store.sql(`UPDATE products SET size = 'enormous'`)).rejects.toMatchObject({ code: '23514' })
})

eachStore('A column that may be empty is added to a full table in place', async (store) => {
  await start(store)
  expect(await change(store, products({ ...columns, note: text().max(5).optional() }))).toEqual([
    'addColumn',
    'addCheck',
    ...(store.name === 'SQLite' ? ['addCheck'] : []),
  ])
  await expect(store.sql(`UPDATE products SET note = 'too long'`)).rejects.toMatchObject({
    code: '23514',
    message: expect.stringContaining('products_note_check'),
  })
})

eachStore('A column or table is dropped where nothing is in it', async (store) => {
  await start(store)
  await change(store, products({ ...columns, note: text().optional() }))
  expect(await change(store, products(without('colour')))).toContain('dropColumn')
  expect(await names(store)).toEqual(['Blue chair', 'Red chair'])
  await change(store, { ...products(columns), spare: table({ words: text(), maker_id: ref('makers') }) })
  expect(await change(store, products(columns))).toContain('dropTable')
})

eachStore('A column with values is not dropped, and the reason counts them and thinks of a rename', async (store) => {
  await start(store)
  const reasons = await refused(store, products({ ...without('name'), title: text().optional() }))
  expect(reasons).toEqual([
    `tables.products.name: The column is gone from the file or is another one now, and 2 values would be lost (rows ${id(1)}; ${id(2)}). If "title" is its new name: keep both columns for one start, copy the values (UPDATE "products" SET "title" = "name"), then empty the old one and remove it. Otherwise put it back, or empty it first: UPDATE "products" SET "name" = NULL (it must be .optional() for that).`,
  ])
})

eachStore('A table with rows is not dropped', async (store) => {
  await start(store)
  const reasons = await refused(store, { products: table(without('maker_id')) })
  expect(reasons.join('\n')).toContain('tables.makers: The table is gone from the file, and 1 row in the database would be lost.')
})

eachStore('All reasons are told at once, and nothing is half applied', async (store) => {
  await start(store)
  const reasons = await refused(store, {
    makers,
    products: table({ ...columns, size: text(), stock: integer().min(1).default(1), colour: text(), maker_id: ref('makers') }),
    fresh: table({ words: text() }),
  })
  expect(new Set(reasons.map((reason) => reason.split(':')[0]))).toEqual(
    new Set(['tables.products', 'tables.products.colour', 'tables.products.maker_id', 'tables.products.size']),
  )
  expect(reasons.join('\n')).toContain(`products_stock_check is new or stricter, and 1 row would not pass (${id(2)}).`)
})

eachStore('Stricter checks, lengths, unique and not null come in where every row passes', async (store) => {
  await start(store)
  const kinds = await change(store, {
    makers,
    products: table({
      ...columns,
      name: text().max(10).pattern('chair$'),
      stock: integer().max(3).default(0),
      price: decimal(10, 2).min('0.50'),
    })
      .unique('name')
      .check('worth', ({ row }) => row.price.above(1)),
  })
  expect(kinds).toEqual(expect.arrayContaining(['addCheck', 'dropCheck', 'addUnique']))
  await expect(store.sql(`UPDATE products SET name = 'Blue chair'`)).rejects.toMatchObject({
    code: '23505',
    message: expect.stringContaining('products_name_key'),
  })
  await expect(store.sql(`UPDATE products SET price = ${store.name === 'SQLite' ? '60' : '0.60'}`)).rejects.toMatchObject({
    code: '23514',
    message: expect.stringContaining('products_worth'),
  })
})

eachStore('Unique over values that are there twice is refused', async (store) => {
  await start(store)
  await store.sql(`UPDATE products SET stock = 1`)
  const [reason] = await refused(store, { makers, products: table(columns).unique('stock') })
  expect(reason).toContain('products_stock_key is new, and 1 value is there more than once (1).')
})

eachStore('A reference over values that lead nowhere is refused, and taken where they lead somewhere', async (store) => {
  await start(store, products({ ...without('maker_id'), maker_id: uuid().optional() }))
  await store.sql(`UPDATE products SET maker_id = ? WHERE sku = 'A-1'`, id(8))
  const problem = await store.bring(backendOf(products(columns))).then(() => undefined, String)
  expect(problem).toContain(`products_maker_id_fkey is new, and 1 row would refer to nothing (${id(1)}).`)
  await store.sql(`UPDATE products SET maker_id = ? WHERE sku = 'A-1'`, id(9))
  expect(await change(store, products(columns))).toContain('addForeignKey')
  await expect(store.sql('DELETE FROM makers')).rejects.toMatchObject({ code: '23503' })
})

eachStore('Numbers widen with their values; a type that keeps no values is refused', async (store) => {
  await start(store)
  await change(
    store,
    products({
      ...columns,
      stock: decimal(8, 1).default(0),
      price: decimal(12, 3).min(0),
      total: decimal(12, 3).generated('price + price'),
    }),
  )
  const rows = await store.sql('SELECT stock, price, total FROM products ORDER BY sku')
  expect(rows.map((row) => row.map(String))).toEqual(
    store.name === 'SQLite'
      ? [
          ['30', '19900', '39800'],
          ['0', '5000', '10000'],
        ]
      : [
          ['3.0', '19.900', '39.800'],
          ['0.0', '5.000', '10.000'],
        ],
  )
  // Back again: every value still fits.
  await change(store, products({ ...columns, stock: decimal(8, 1).default(0) }))
  const failed = await store.bring(backendOf(products({ ...columns, stock: integer().default(0), name: integer() }))).then(() => '', String)
  expect(failed).toContain('tables.products.name: The column is gone from the file or is another one now, and 2 values would be lost')
  expect(failed).toContain('Values are not turned from one type into the other')
})

eachStore('Digits that would be cut off are a reason to stop', async (store) => {
  await start(store)
  const narrow = products({ ...columns, price: decimal(10, 1).min(0), total: decimal(10, 1).generated('price + price') })
  await store.sql(`UPDATE products SET price = ${store.name === 'SQLite' ? '455' : '4.55'} WHERE sku = 'A-2'`)
  const [reason] = await refused(store, narrow)
  expect(reason).toBe(
    `tables.products.price: The type was decimal(10,2) and is decimal(10,1) now, and 1 value would not fit (row ${id(2)}). Change these values first, or keep the type.`,
  )
  await store.sql(`UPDATE products SET price = ${store.name === 'SQLite' ? '450' : '4.50'} WHERE sku = 'A-2'`)
  await change(store, narrow)
  expect((await store.sql('SELECT price FROM products ORDER BY sku')).map(([price]) => String(price))).toEqual(
    store.name === 'SQLite' ? ['199', '45'] : ['19.9', '4.5'],
  )
})

eachStore('Words of a oneOf column change as long as every row has one of them', async (store) => {
  await start(store, products({ ...columns, state: oneOf('open', 'closed').default('open') }))
  await change(store, products({ ...columns, state: oneOf('open', 'shut').default('shut') }))
  const problem = await store.bring(backendOf(products({ ...columns, state: oneOf('shut').default('shut') }))).then(() => '', String)
  expect(problem).toContain(`products_state_check is new or stricter, and 2 rows would not pass (${id(1)}; ${id(2)}).`)
})

eachStore('Keys, computed columns, on-delete and search change with rows in place', async (store) => {
  await start(store)
  const kinds = await change(store, {
    makers,
    products: table({
      ...columns,
      id: uuid(),
      maker_id: ref('makers', { onDelete: 'cascade' }).optional(),
      total: decimal(10, 2).generated('price - price'),
      label: text().generated("name || '!'"),
    })
      .key('sku')
      .search('name', 'label'),
  })
  expect(kinds).toEqual(
    expect.arrayContaining(['dropKey', 'addKey', 'dropForeignKey', 'addForeignKey', 'addSearch', 'dropColumn', 'addColumn']),
  )
  expect((await store.sql('SELECT label FROM products ORDER BY sku')).flat()).toEqual(['Blue chair!', 'Red chair!'])
  await store.sql('DELETE FROM makers')
  expect(await names(store)).toEqual(['Red chair'])
  await change(store, products({ ...columns, label: text().optional() }))
  expect((await store.sql('SELECT label FROM products')).flat()).toEqual(['Red chair!'])
})

eachStore('Another schema than the applied one is refused where only creating is allowed', async (store) => {
  await start(store)
  await expect(store.bring(backendOf(products({ ...columns, note: text().optional() })), 'create')).rejects.toThrow(
    'tables.products.note: The database is not as the file says: it would have to add column products.note. Apply the change with',
  )
})

eachStore('Comments and the order of columns need no change of rows', async (store) => {
  await start(store)
  expect(await change(store, products({ ...columns, name: text().comment('As sold') }))).toEqual(['comment'])
  expect(
    await change(store, products(Object.fromEntries(Object.entries({ ...columns, name: text().comment('As sold') }).toReversed()))),
  ).toEqual([])
})

eachStore('Triggers, indexes and views that others built stay, or are told as the reason', async (store) => {
  await start(store)
  const { sql, name } = store
  await sql('CREATE INDEX theirs ON products (colour)')
  await sql('CREATE VIEW priced AS SELECT sku, price FROM products')
  if (name === 'SQLite') await sql(`CREATE TRIGGER their_trigger AFTER INSERT ON products BEGIN UPDATE makers SET name = 'seen'; END`)
  await change(store, products({ ...columns, name: text().max(40), note: text().optional() }))
  expect(await sql('SELECT count(*) FROM priced')).toEqual([[2]])
  if (name === 'SQLite') {
    await sql(`INSERT INTO products (sku, name, price) VALUES ('A-3', 'Stool', 1)`)
    expect(await sql('SELECT name FROM makers')).toEqual([['seen']])
    expect(await sql(`SELECT count(*) FROM sqlite_schema WHERE name = 'theirs'`)).toEqual([[1]])
    return
  }
  const problem = await store
    .bring(backendOf(products({ ...columns, price: decimal(12, 3).min(0), total: decimal(12, 3).generated('price + price') })))
    .then(() => '', String)
  expect(problem).toMatch(/The database refused the change: cannot alter type of a column used by a view.*Nothing was changed/)
})
