import { expect } from 'vitest'
import { array, boolean, bytes, date, decimal, float, integer, json, plinth, table, text, time, timestamp, uuid } from '../../src/index.ts'
import type { Canonical } from '../../src/schema/schema.ts'
import { eachStore, type Store } from '../stores.ts'

const columns = {
  text: text().optional(),
  integer: integer().optional(),
  decimal: decimal(18, 4).optional(),
  float: float().optional(),
  boolean: boolean().optional(),
  timestamp: timestamp().optional(),
  date: date().optional(),
  time: time().optional(),
  uuid: uuid().optional(),
  json: json().optional(),
  bytes: bytes().optional(),
  texts: array(text()).optional(),
  decimals: array(decimal(6, 2)).optional(),
  floats: array(float()).optional(),
  moments: array(timestamp()).optional(),
}
const backend = plinth({ tables: { values: table(columns) }, access: {} })

/** For each column: a canonical value, and what raw SQL reads back on SQLite and on PostgreSQL. */
const kept: readonly (readonly [column: keyof typeof columns, value: Canonical, sqlite: unknown, postgres?: unknown])[] = [
  ['text', `Größe 🦊 "quoted" 'single' \\ back`, `Größe 🦊 "quoted" 'single' \\ back`],
  ['integer', 9223372036854775807n, 9223372036854775807n],
  ['integer', -9223372036854775808n, -9223372036854775808n],
  ['integer', 12n, 12],
  ['decimal', '-99999999999999.9999', -999999999999999999n, '-99999999999999.9999'],
  ['decimal', '0.0001', 1, '0.0001'],
  ['float', 0.1, 0.1],
  ['float', 5e-324, 5e-324],
  ['float', 1.7976931348623157e308, 1.7976931348623157e308],
  ['boolean', true, 1, true],
  ['boolean', false, 0, false],
  ['timestamp', '2026-11-21T01:15:29.123456+00:00', '2026-11-21T01:15:29.123456+00:00', '2026-11-21 01:15:29.123456+00'],
  ['timestamp', '0001-01-01T00:00:00.000000+00:00', '0001-01-01T00:00:00.000000+00:00', '0001-01-01 00:00:00+00'],
  ['timestamp', '9999-12-31T23:59:59.999999+00:00', '9999-12-31T23:59:59.999999+00:00', '9999-12-31 23:59:59.999999+00'],
  ['date', '2024-02-29', '2024-02-29'],
  ['time', '23:59:59.5', '23:59:59.5'],
  ['time', '00:00:00', '00:00:00'],
  ['time', '24:00:00', '24:00:00'],
  ['uuid', '018f0000-0000-7000-8000-00000000abcd', '018f0000-0000-7000-8000-00000000abcd'],
  ['json', '{"b":1,"a":[null,"x"]}', '{"b":1,"a":[null,"x"]}', '{"a": [null, "x"], "b": 1}'],
  ['bytes', new Uint8Array([0, 255, 1]), new Uint8Array([0, 255, 1]), '\\x00ff01'],
  [
    'texts',
    ['a', 'b,"c"', '\\', '', 'NULL', null, '{}'],
    '["a","b,\\"c\\"","\\\\","","NULL",null,"{}"]',
    '{a,"b,\\"c\\"","\\\\","","NULL",NULL,"{}"}',
  ],
  ['texts', [], '[]', '{}'],
  ['decimals', ['195.10', '-0.05', null], '[195.10,-0.05,null]', '{195.10,-0.05,NULL}'],
  ['floats', [1, 0.1], '[1,0.1]', '{1,0.1}'],
  ['moments', ['2026-11-21T01:15:29.000000+00:00'], '["2026-11-21T01:15:29.000000+00:00"]', '{"2026-11-21 01:15:29+00"}'],
]

async function typeOf(store: Store, column: keyof typeof columns) {
  const type = store.builder(backend).schema.tables.get('values')?.columns.get(column)?.type
  if (type === undefined) throw new Error(`there is no column ${column}`)
  return type
}

eachStore('Every type comes back as it went in', async (store) => {
  await store.bring(backend)
  for (const [column, value, sqlite, postgres = sqlite] of kept) {
    const stored = store.encode(await typeOf(store, column), value)
    const [row] = await store.sql(`INSERT INTO "values" ("${column}") VALUES (?) RETURNING "${column}"`, stored)
    expect([column, row?.[0]]).toEqual([column, store.name === 'SQLite' ? sqlite : postgres])
  }
})

eachStore('Text is ordered by code point, and numbers and times by what they mean', async (store) => {
  await store.bring(backend)
  const orders: Readonly<Partial<Record<keyof typeof columns, readonly Canonical[]>>> = {
    text: ['', 'A', 'Z', 'a', 'z', 'É', 'ﬀ', '🦊'],
    integer: [-9223372036854775808n, -1n, 0n, 2n, 10n],
    decimal: ['-10.0000', '-2.0000', '0.0001', '9.0000', '10.0000'],
    timestamp: ['0001-01-01T00:00:00.000000+00:00', '1999-12-31T23:59:59.999999+00:00', '2026-11-21T00:00:00.000000+00:00'],
    uuid: ['00000000-0000-0000-0000-000000000000', 'a0000000-0000-0000-0000-000000000000'],
    time: ['00:00:00', '00:00:00.5', '10:00:00', '24:00:00'],
  }
  for (const [column, values] of Object.entries(orders)) {
    const type = await typeOf(store, column as keyof typeof columns)
    await store.sql('DELETE FROM "values"')
    for (const value of values.toReversed()) await store.sql(`INSERT INTO "values" ("${column}") VALUES (?)`, store.encode(type, value))
    const rows = await store.sql(`SELECT "${column}" FROM "values" ORDER BY "${column}"`)
    const again = await store.sql(`SELECT "${column}" FROM "values" ORDER BY "${column}" DESC`)
    expect([column, rows]).toEqual([column, again.toReversed()])
    expect(rows).toHaveLength(values.length)
    if (column === 'text') expect(rows.flat()).toEqual(values)
  }
})

/** What raw SQL may try to put in, and the semantics do not know. */
const strange: Readonly<Record<Store['name'], readonly (readonly [column: keyof typeof columns, sql: string])[]>> = {
  SQLite: [
    ['text', `'a' || char(0) || 'b'`],
    ['decimal', '1000000000000000000'],
    ['float', '9e999'],
    ['boolean', '2'],
    ['timestamp', `'2026-02-30T00:00:00.000000+00:00'`],
    ['timestamp', `'2026-02-03 00:00:00'`],
    ['timestamp', `'2026-02-03T24:00:00.000000+00:00'`],
    ['date', `'2026-13-01'`],
    ['date', `'0000-01-01'`],
    ['time', `'25:00:00'`],
    ['time', `'10:00:00.50'`],
    ['time', `'10:00:00.'`],
    ['uuid', `'018F0000-0000-7000-8000-00000000ABCD'`],
    ['uuid', `'018f00000000-7000-8000-00000000-abcd'`],
    ['json', `'{'`],
    ['texts', `'{"a":1}'`],
  ],
  PostgreSQL: [
    ['decimal', `'NaN'`],
    ['float', `'NaN'`],
    ['float', `'-Infinity'`],
    ['timestamp', `'infinity'`],
    ['timestamp', `'0044-03-15 BC'`],
    ['timestamp', `'10000-01-01'`],
    ['date', `'-infinity'`],
    ['texts', `'{{a},{b}}'`],
    ['texts', `'[0:0]={a}'`],
    ['decimals', `'{1,NaN}'`],
    ['floats', `'{1,NULL,Infinity}'`],
    ['moments', `'{infinity}'`],
  ],
}

eachStore('What a type does not know is refused even from raw SQL', async (store) => {
  await store.bring(backend)
  for (const [column, sql] of strange[store.name]) {
    const outcome = await store.sql(`INSERT INTO "values" ("${column}") VALUES (${sql})`).then(
      () => 'taken',
      (error: Error) => error.message,
    )
    expect([column, sql, outcome]).toEqual([column, sql, `new row for relation "values" violates check constraint "values_${column}_form"`])
  }
})

eachStore('Whole numbers arrive exactly, small ones as numbers', async ({ bring, sql, driver }) => {
  await bring(backend)
  await sql('INSERT INTO "values" (integer) VALUES (9007199254740993), (5)')
  expect(await driver.prepare('SELECT integer, integer + 0 FROM "values" ORDER BY integer').rows([])).toEqual([
    [5, 5],
    [9007199254740993n, 9007199254740993n],
  ])
})

eachStore('Computed columns are exact across scales, and NULL where a part is', async ({ bring, sql, name }) => {
  const sums = plinth({
    tables: {
      sums: table({
        a: decimal(6, 2).optional(),
        b: decimal(6, 1),
        n: integer().default(3),
        sum: decimal(8, 2).optional().generated('a + b'),
        less: decimal(8, 2).optional().generated('a - b - n'),
        product: decimal(12, 3).optional().generated('a * b'),
        first: decimal(8, 2).generated('coalesce(a, b)'),
      }),
    },
    access: {},
  })
  await bring(sums)
  await sql(
    name === 'SQLite'
      ? 'INSERT INTO sums (a, b) VALUES (-1005, 15), (NULL, 15)'
      : 'INSERT INTO sums (a, b) VALUES (-10.05, 1.5), (NULL, 1.5)',
  )
  const rows = await sql('SELECT sum, less, product, first FROM sums ORDER BY a IS NULL')
  const digits = (value: unknown): string | null => (value === null ? null : String(value).replace('.', ''))
  expect(rows.map((row) => row.map(digits))).toEqual([
    ['-855', '-1455', '-15075', '-1005'],
    [null, null, null, '150'],
  ])
})
