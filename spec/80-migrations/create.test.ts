import { expect } from 'vitest'
import {
  array,
  boolean,
  bytes,
  date,
  decimal,
  float,
  integer,
  json,
  oneOf,
  plinth,
  ref,
  table,
  text,
  time,
  timestamp,
  timestamps,
  user,
  uuid,
} from '../../src/index.ts'
import { eachStore } from '../stores.ts'

const everything = plinth({
  tables: {
    things: table({
      code: text().unique().length(3).pattern('^[a-z]+$').default('abc'),
      name: text().max(20).comment('What it is called'),
      amount: integer().min(0).max(10).default(1),
      price: decimal(10, 2).min('0').default('1.50'),
      cost: decimal(12, 3).default('0.125'),
      margin: decimal(12, 3).generated('price - cost'),
      label: text().generated("name || ' (' || code || ')'"),
      ratio: float().default(0.5),
      on: boolean().default(true),
      at: timestamp().defaultNow(),
      day: date().defaultNow(),
      clock: time().defaultNow(),
      extra: json().default({ a: [1, 'two', null] }),
      token: uuid().optional(),
      body: bytes().max(4).optional(),
      tags: array(text()).default(['x', 'say "hi", {you}']),
      sizes: array(decimal(4, 1)).optional(),
      state: oneOf('open', 'closed').default('open'),
      parent_id: ref('things', { back: 'children', onDelete: 'cascade' }).optional(),
      owner_id: user().optional(),
      'odd "name"': text().optional(),
      ...timestamps(),
    })
      .check('cheap', ({ row }) => row.price.atMost(1000))
      .search('name', 'label')
      .index('amount', 'price')
      .comment('All sorts'),
    links: table({
      from_id: ref('things', { back: 'links_from', onDelete: 'cascade' }),
      to_id: ref('things', { back: 'links_to' }),
      weight: integer().default(1),
    }).key('from_id', 'to_id'),
  },
  access: {},
})

eachStore('An empty database gets every table, and nothing the second time', async ({ bring, sql }) => {
  const first = await bring(everything, 'create')
  expect(first.created).toBe(true)
  expect(first.applied.map((step) => step.kind)).toContain('createTable')
  expect(await bring(everything, 'create')).toEqual({ applied: [], created: false })
  const [row] = await sql(`INSERT INTO things (name) VALUES ('one') RETURNING code, amount, label, "on", state`)
  expect([row?.[0], row?.[1], row?.[2], Number(row?.[3]), row?.[4]]).toEqual(['abc', 1, 'one (abc)', 1, 'open'])
})

eachStore('Rows that raw SQL puts in get the same defaults and computed values', async ({ bring, sql, name }) => {
  await bring(everything)
  const [row] = await sql(`INSERT INTO things (name) VALUES ('one') RETURNING id, price, cost, margin, ratio, at, day, clock, extra, tags`)
  const [id, price, cost, margin, ratio, at, day, clock, extra, tags] = row ?? []
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(Math.abs(Number.parseInt(String(id).replace('-', '').slice(0, 12), 16) - Date.now())).toBeLessThan(60_000)
  expect([price, cost, margin].map(String)).toEqual(name === 'SQLite' ? ['150', '125', '1375'] : ['1.50', '0.125', '1.375'])
  expect(ratio).toBe(0.5)
  expect(Math.abs(Date.parse(String(at)) - Date.now())).toBeLessThan(60_000)
  expect(day).toMatch(/^\d{4}-\d\d-\d\d$/)
  expect(clock).toMatch(/^\d\d:\d\d:\d\d(\.\d*[1-9])?$/)
  expect(JSON.parse(String(extra))).toEqual({ a: [1, 'two', null] })
  expect(tags).toBe(name === 'SQLite' ? '["x","say \\"hi\\", {you}"]' : '{x,"say \\"hi\\", {you}"}')
})

eachStore('An update touches updated_at by itself, unless it says another instant', async ({ bring, sql }) => {
  await bring(everything)
  await sql(
    `INSERT INTO things (name, created_at, updated_at) VALUES ('one', '2020-01-01T00:00:00.000000+00:00', '2020-01-01T00:00:00.000000+00:00')`,
  )
  await sql(`UPDATE things SET amount = 2`)
  const [touched] = await sql('SELECT created_at, updated_at FROM things')
  expect(Date.parse(String(touched?.[0]))).toBe(Date.UTC(2020))
  expect(Math.abs(Date.parse(String(touched?.[1])) - Date.now())).toBeLessThan(60_000)
  await sql(`UPDATE things SET updated_at = '2021-01-01T00:00:00.000000+00:00'`)
  const [given] = await sql('SELECT updated_at FROM things')
  expect(Date.parse(String(given?.[0]))).toBe(Date.UTC(2021))
})

eachStore('Search follows inserts, updates, replaced keys, deletes and cascades', async ({ bring, sql, name }) => {
  await bring(everything)
  const found = async (word: string): Promise<number> => {
    const text =
      name === 'SQLite'
        ? `SELECT count(*) FROM plinth_search_things WHERE plinth_search_things MATCH '"${word}"'`
        : `SELECT count(*) FROM things WHERE plinth_search @@ '''${word}'''::tsquery`
    return Number((await sql(text))[0]?.[0])
  }
  const ids = ['00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002']
  await sql(`INSERT INTO things (id, name, code) VALUES (?, 'Große Äpfel', 'aaa'), (?, 'pears', 'bbb')`, ...ids)
  expect([await found('äpfel'), await found('pears'), await found('bbb')]).toEqual([1, 1, 1])
  await sql(`UPDATE things SET name = 'plums' WHERE code = 'bbb'`)
  expect([await found('pears'), await found('plums')]).toEqual([0, 1])
  await sql(`UPDATE things SET id = '00000000-0000-7000-8000-000000000003' WHERE code = 'bbb'`)
  expect(await found('plums')).toBe(1)
  await sql(`UPDATE things SET parent_id = ? WHERE code = 'bbb'`, ids[0] ?? null)
  await sql(`DELETE FROM things WHERE code = 'aaa'`)
  expect([await found('äpfel'), await found('plums')]).toEqual([0, 0])
})

eachStore('A database with tables of others is refused and left alone', async ({ bring, sql }) => {
  await sql('CREATE TABLE theirs (a integer)')
  await expect(bring(everything)).rejects.toThrow(/tables that Plinth did not make: theirs/)
  await sql('INSERT INTO theirs VALUES (1)')
  await sql('DROP TABLE theirs')
  await bring(everything)
  await sql('CREATE TABLE extras (a integer)')
  const more = plinth({ tables: { ...everything.tables, extras: table({ words: text() }) }, access: {} })
  await expect(bring(more)).rejects.toThrow(/a table of this name that Plinth did not make/)
})

eachStore('An older Plinth keeps its hands off what a newer one made', async ({ bring, sql }) => {
  await bring(everything)
  await sql(`UPDATE plinth_meta SET value = '999' WHERE key = 'version'`)
  await expect(bring(everything)).rejects.toThrow(/A newer Plinth has used this database/)
})

eachStore('Servers that start at the same moment on an empty database make it once', async ({ bring }) => {
  const all = await Promise.all([bring(everything), bring(everything), bring(everything)])
  expect(all.filter(({ created }) => created)).toHaveLength(1)
})

eachStore('When words are taken in another way than before, search is made anew', async ({ bring, sql }) => {
  await bring(everything)
  await sql(`INSERT INTO things (name) VALUES ('pears')`)
  await sql(`UPDATE plinth_meta SET value = 'older' WHERE key IN ('words', 'functions')`)
  expect((await bring(everything, 'create')).applied.map(({ kind, table }) => [kind, table])).toEqual([
    ['dropSearch', 'things'],
    ['addSearch', 'things'],
  ])
  expect((await bring(everything)).applied).toEqual([])
})
