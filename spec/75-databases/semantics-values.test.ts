/** The promises about numbers, times, JSON, lists and the other types, each asked on every database. */
import { expect } from 'vitest'
import { SYSTEM } from '../../src/query/who.ts'
import { everyDatabase, found, get, list, type Place } from './semantics-world.ts'

/** One value as it is on the wire, digit by digit. */
async function wire(here: Pick<Place, 'ask'>, table: string, id: number, column: string): Promise<string> {
  const { text } = await get(here, table, { select: `x:${column}`, id: `eq.${id}` })
  return text.slice('[{"x":'.length, -'}]'.length)
}

const insert = async (here: Pick<Place, 'backend'>, table: string, row: Readonly<Record<string, unknown>>) =>
  here.backend.ask(
    { query: { kind: 'insert', table, columns: Object.keys(row), rows: { kind: 'value', at: 0 } }, values: [[Object.values(row)]] },
    SYSTEM,
  )

/** Table, column, and what each id has on the wire. */
const wires: readonly (readonly [table: string, column: string, values: Readonly<Record<number, string>>])[] = [
  ['numbers', 'whole', { 1: '9223372036854775807', 2: '-9223372036854775808', 4: '9007199254740993', 5: '0', 6: 'null' }],
  ['numbers', 'whole::text', { 1: '"9223372036854775807"', 2: '"-9223372036854775808"', 6: 'null' }],
  ['numbers', 'price', { 1: '0.10', 2: '-0.05', 3: '9999999999.99', 4: '195.10', 5: '0.00', 6: 'null' }],
  ['numbers', 'price::text', { 1: '"0.10"', 2: '"-0.05"', 5: '"0.00"', 6: 'null' }],
  ['numbers', 'price::numeric', { 1: '0.10', 5: '0.00' }],
  ['numbers', 'fine', { 1: '999999999999.999999', 2: '0.000001', 4: '-1.000000', 5: '0.000000' }],
  [
    'numbers',
    'ratio',
    { 1: '0.1', 2: '1', 3: '1e+21', 4: '5e-324', 5: '0', 6: 'null', 7: '123456789012345680000', 8: '1e-7', 9: '1.7976931348623157e+308' },
  ],
  ['numbers', 'ratio::text', { 1: '"0.1"', 2: '"1"', 3: '"1e+21"', 8: '"1e-7"' }],
  ['numbers', 'price::integer', { 1: '0', 2: '0', 3: '10000000000', 4: '195' }],
  ['numbers', 'whole::float8', { 1: '9223372036854776000', 4: '9007199254740992', 5: '0' }],
  [
    'moments',
    'at',
    {
      1: '"2026-11-21T01:15:29.123456+00:00"',
      2: '"2026-11-21T01:15:29.123456+00:00"',
      3: '"0001-01-01T00:00:00.000000+00:00"',
      4: '"9999-12-31T23:59:59.999999+00:00"',
      5: '"2026-11-21T00:00:00.000000+00:00"',
      6: 'null',
    },
  ],
  ['moments', 'at::text', { 1: '"2026-11-21T01:15:29.123456+00:00"' }],
  ['moments', 'day', { 1: '"2024-02-29"', 2: '"0001-01-01"', 3: '"9999-12-31"' }],
  ['moments', 'hour', { 1: '"01:15:29.123456"', 2: '"00:00:00"', 3: '"24:00:00"', 4: '"12:30:00.5"' }],
  ['moments', 'at::date', { 1: '"2026-11-21"', 3: '"0001-01-01"', 4: '"9999-12-31"' }],
  ['moments', 'at::time', { 1: '"01:15:29.123456"', 5: '"00:00:00"' }],
  ['moments', 'day::timestamp', { 1: '"2024-02-29T00:00:00.000000+00:00"' }],
  ['marks', 'code', { 1: '"0197a3b0-1111-7000-8000-00000000000a"', 2: '"0197a3b0-1111-7000-8000-000000000000"', 3: 'null' }],
  ['marks', 'raw', { 1: '""', 2: '"/w=="', 3: '"AAEC"' }],
  ['marks', 'good', { 1: 'true', 2: 'false', 3: 'null' }],
  ['marks', 'good::text', { 1: '"true"', 2: '"false"' }],
  ['marks', 'good::integer', { 1: '1', 2: '0' }],
  ['lists', 'texts', { 1: '["b","a",null,"NULL","","x,y \\"z\\" \\\\{}"]', 2: '[]', 3: '["a","b"]', 4: 'null' }],
  ['lists', 'wholes', { 1: '[9223372036854775807,-1,null]' }],
  ['lists', 'prices', { 1: '[1.50,2.00,null]' }],
  ['lists', 'ratios', { 1: '[1,0.1,1e+21,null]' }],
  ['lists', 'goods', { 1: '[true,false,null]' }],
  ['lists', 'moments', { 1: '["2026-11-21T01:00:00.000000+00:00",null]' }],
  ['lists', 'days', { 1: '["2026-11-21",null]' }],
  ['lists', 'hours', { 1: '["01:02:00","03:04:05.6",null]' }],
  ['lists', 'codes', { 1: '["0197a3b0-1111-7000-8000-00000000000a",null]' }],
  ['lists', 'raws', { 1: '["AAEC","",null]' }],
  ['lists', 'kind', { 1: '"large"', 2: '"small"', 3: '"Large"', 4: 'null' }],
  ['lists', 'wholes::text', { 1: '"[9223372036854775807,-1,null]"' }],
  ['lists', 'texts->0', { 1: '"b"', 2: 'null', 4: 'null' }],
  ['lists', 'texts->>-1', { 1: '"x,y \\"z\\" \\\\{}"', 3: '"b"' }],
  ['lists', 'texts->2', { 1: 'null' }],
  ['lists', 'texts->0->0', { 1: 'null' }],
  ['lists', 'wholes->>0', { 1: '"9223372036854775807"', 2: '"1"' }],
  ['lists', 'prices->>0', { 1: '"1.50"' }],
  ['lists', 'ratios->>2', { 1: '"1e+21"' }],
  ['lists', 'goods->>1', { 1: '"false"' }],
  ['lists', 'moments->0', { 1: '"2026-11-21T01:00:00.000000+00:00"' }],
  ['lists', 'hours->>1', { 1: '"03:04:05.6"' }],
  ['lists', 'raws->0', { 1: '"AAEC"' }],
]

for (const [table, column, values] of wires) {
  everyDatabase(`${table}.${column} is ${Object.values(values).slice(0, 2).join(', ')} … on the wire`, async (here) => {
    for (const [id, value] of Object.entries(values)) expect(await wire(here, table, Number(id), column)).toBe(value)
  })
}

/** Table, column, filter, and the ids that it finds or the code that it is refused with. */
const filters: readonly (readonly [table: string, column: string, filter: string, ids: readonly number[] | string])[] = [
  // Integers
  ['numbers', 'whole', 'eq.9223372036854775807', [1, 3]],
  ['numbers', 'whole', 'eq.9007199254740993', [4]],
  ['numbers', 'whole', 'eq.9007199254740992', []],
  ['numbers', 'whole', 'gt.9007199254740992', [1, 3, 4]],
  ['numbers', 'whole', 'in.(-9223372036854775808,0)', [2, 5]],
  ['numbers', 'whole', 'eq.9223372036854775808', '22003'],
  ['numbers', 'whole', 'in.(1,-9223372036854775809)', '22003'],
  ['numbers', 'whole', 'eq.1.5', '22P02'],
  ['numbers', 'whole', 'eq.1e3', '22P02'],
  ['numbers', 'whole', 'eq.', '22P02'],
  ['numbers', 'whole', 'eq.+0', [5]],
  ['numbers', 'whole', 'isdistinct.0', [1, 2, 3, 4, 6, 7, 8, 9, 10]],
  ['numbers', 'whole', 'neq.0', [1, 2, 3, 4]],
  ['numbers', 'whole', 'like.9*', '42883'],
  // Decimals: filters may have more digits than the column
  ['numbers', 'price', 'eq.0.1', [1]],
  ['numbers', 'price', 'eq.0.1000', [1]],
  ['numbers', 'price', 'eq.1e-1', [1]],
  ['numbers', 'price', 'eq.0.1001', []],
  ['numbers', 'price', 'neq.0.1001', [1, 2, 3, 4, 5]],
  ['numbers', 'price', 'gt.0.0999', [1, 3, 4]],
  ['numbers', 'price', 'gte.0.1001', [3, 4]],
  ['numbers', 'price', 'lt.-0.0499', [2]],
  ['numbers', 'price', 'lt.-0.0501', []],
  ['numbers', 'price', 'lte.9999999999.989', [1, 2, 4, 5]],
  ['numbers', 'price', 'lt.1e30', [1, 2, 3, 4, 5]],
  ['numbers', 'price', 'gt.1e30', []],
  ['numbers', 'price', 'in.(0.1,0.1001,195.1)', [1, 4]],
  ['numbers', 'price', 'not.in.(0.1,0.1001)', [2, 3, 4, 5]],
  ['numbers', 'price', 'gt(any).{9999999999.985,1000}', [3]],
  ['numbers', 'price', 'lt(all).{0.105,0.095}', [2, 5]],
  ['numbers', 'price', 'eq.-0', [5]],
  ['numbers', 'price', 'eq.NaN', '22P02'],
  ['numbers', 'price', 'eq.1e999999', '22003'],
  // Floats
  ['numbers', 'ratio', 'eq.0.1', [1]],
  ['numbers', 'ratio', 'eq.0.10000000000000001', [1]],
  ['numbers', 'ratio', 'eq.5e-324', [4]],
  ['numbers', 'ratio', 'gt.1e20', [3, 7, 9, 10]],
  ['numbers', 'ratio', 'eq.-0', [5]],
  ['numbers', 'ratio', 'in.(1,1e-7,1e21)', [2, 3, 8]],
  ['numbers', 'ratio', 'eq.NaN', '22P02'],
  ['numbers', 'ratio', 'lt.Infinity', '22P02'],
  ['numbers', 'ratio', 'lt.1e309', '22003'],
  // Times
  ['moments', 'at', 'eq.2026-11-21T01:15:29.123456+00:00', [1, 2]],
  ['moments', 'at', 'eq.2026-11-20T20:15:29.123456-05', [1, 2]],
  ['moments', 'at', 'eq.2026-11-21 02:15:29.123456 +0100', [1, 2]],
  ['moments', 'at', 'eq.2026-11-21T01:15:29.1234561Z', [1, 2]],
  ['moments', 'at', 'gt.2026-11-21T01:15:29.123455Z', [1, 2, 4]],
  ['moments', 'at', 'lt.2026-11-21T01:15:29.123456Z', [3, 5]],
  ['moments', 'at', 'eq.2026-11-21', [5]],
  ['moments', 'at', 'eq.20261121T000000Z', [5]],
  ['moments', 'at', 'lt.0001-01-01T00:00:00+01:00', '22008'],
  ['moments', 'at', 'eq.2026-02-30T00:00:00Z', '22008'],
  ['moments', 'at', 'eq.infinity', '22008'],
  ['moments', 'at', 'eq.now', '22007'],
  ['moments', 'at', 'eq.01/02/2026', '22007'],
  ['moments', 'day', 'gte.2024-02-29', [1, 3]],
  ['moments', 'day', 'eq.2024-2-29', [1]],
  ['moments', 'day', 'eq.2023-02-29', '22008'],
  ['moments', 'hour', 'eq.12:30:00.5', [4]],
  ['moments', 'hour', 'gt.12:30', [3, 4]],
  ['moments', 'hour', 'lt.00:00:00.000001', [2]],
  ['moments', 'hour', 'eq.25:00', '22008'],
  // UUIDs, bytes and booleans
  ['marks', 'code', 'eq.0197A3B0-1111-7000-8000-00000000000A', [1]],
  ['marks', 'code', 'in.(0197A3B011117000800000000000000A,{0197a3b0-1111-7000-8000-000000000000})', [1, 2]],
  ['marks', 'code', 'gt.0197a3b0-1111-7000-8000-000000000001', [1]],
  ['marks', 'code', 'eq.0197a3b0', '22P02'],
  ['marks', 'raw', 'eq.AAEC', [3]],
  ['marks', 'raw', 'eq.', [1]],
  ['marks', 'raw', 'gt.AAEC', [2]],
  ['marks', 'raw', 'in.(/w,AAEC)', [2, 3]],
  ['marks', 'raw', 'eq.?', '22P02'],
  ['marks', 'good', 'is.true', [1]],
  ['marks', 'good', 'not.is.true', [2, 3, 4]],
  ['marks', 'good', 'is.unknown', [3, 4]],
  ['marks', 'good', 'eq.yes', [1]],
  ['marks', 'good', 'lt.true', [2]],
  ['marks', 'good', 'in.(t,f)', [1, 2]],
  ['marks', 'good', 'eq.maybe', '22P02'],
  // JSON is compared by value
  ['documents', 'data', 'eq.{"b":[1.0,2e0,{"c":"x"}],"deep":{"er":null},"a":1.00,"odd \\"key\\".\\\\%":"here"}', [1, 2]],
  ['documents', 'data', 'eq."text"', [4]],
  ['documents', 'data', 'eq.7.0', [6]],
  ['documents', 'data', 'eq.true', [7]],
  ['documents', 'data', 'eq.[1,"two",false,null]', [3]],
  ['documents', 'data', 'eq.[1,"two",false]', []],
  ['documents', 'data', 'eq.{', '22P02'],
  ['documents', 'data', 'cs.{"b":[2]}', [1, 2]],
  ['documents', 'data', 'cs.{"deep":{}}', [1, 2]],
  ['documents', 'data', 'cs.["two"]', [3]],
  ['documents', 'data', 'cd.[1,"two",false,null,5]', [3]],
  ['documents', 'data', 'cd.{"a":"1","z":0}', [5]],
  ['documents', 'data', 'in.("7.0","\\"text\\"")', [4, 6]],
  ['documents', 'data', 'gt(any).{"5","[9]"}', [1, 2, 3, 5, 6, 7]],
  ['documents', 'data', 'gt(all).{"{}"}', []],
  ['documents', 'data', 'not.gt(all).{"{}"}', [3, 4, 6, 7]],
  ['documents', 'data->a', 'eq.1', [1, 2]],
  ['documents', 'data->a', 'eq."1"', [5]],
  ['documents', 'data->>a', 'eq.1', [1, 2, 5]],
  ['documents', 'data->b->2->>c', 'eq.x', [1, 2]],
  ['documents', 'data->b->-1->>c', 'like.*', [1, 2]],
  ['documents', 'data->b->0', 'lt.2', [1, 2]],
  ['documents', 'data->1', 'eq."two"', [3]],
  ['documents', 'data->deep->er', 'is.null', [3, 4, 5, 6, 7, 8]],
  ['documents', 'data->deep->>er', 'is.null', [1, 2, 3, 4, 5, 6, 7, 8]],
  ['documents', 'data->nothing', 'is.null', [1, 2, 3, 4, 5, 6, 7, 8]],
  ['documents', 'data->"odd \\"key\\".\\\\%"', 'eq."here"', [1, 2]],
  ['documents', 'data->>"odd \\"key\\".\\\\%"', 'eq.here', [1, 2]],
  ['documents', 'data->>deep', 'eq.{"er": null}', [1, 2]],
  // Arrays keep the order of their elements
  ['lists', 'wholes', 'eq.{1,2}', [2]],
  ['lists', 'wholes', 'eq.{2,1}', [3]],
  ['lists', 'wholes', 'neq.{2,1}', [1, 2]],
  ['lists', 'wholes', 'isdistinct.{2,1}', [1, 2, 4]],
  ['lists', 'wholes', 'cs.{2}', [2, 3]],
  ['lists', 'wholes', 'cs.{2,1}', [2, 3]],
  ['lists', 'wholes', 'cd.{1,2,3}', [2, 3]],
  ['lists', 'wholes', 'ov.{-1,2}', [1, 2, 3]],
  ['lists', 'wholes', 'cs.{9223372036854775807}', [1]],
  ['lists', 'wholes', 'ov.{}', []],
  ['lists', 'wholes', 'cs.{}', [1, 2, 3]],
  ['lists', 'wholes', 'cs.{x}', '22P02'],
  ['lists', 'wholes', 'gt.{1}', '42883'],
  ['lists', 'wholes', 'in.("{1,2}","{2,1}")', '42883'],
  ['lists', 'wholes', 'not.in.("{1,2}")', '42883'],
  ['lists', 'texts', 'eq(any).{"{a,b}","{}"}', '42883'],
  ['lists', 'wholes->0', 'eq.1', [2]],
  ['lists', 'texts', 'cs.{NULL}', []],
  ['lists', 'texts', 'cs.{"NULL"}', [1]],
  ['lists', 'texts', 'cs.{"x,y \\"z\\" \\\\{}"}', [1]],
  ['lists', 'texts', 'eq.{}', [2]],
  ['lists', 'texts->>1', 'eq.b', [3]],
  ['lists', 'prices', 'cs.{1.500}', [1]],
  ['lists', 'ratios', 'ov.{1e21}', [1]],
  ['lists', 'goods', 'cs.{f,t}', [1]],
  ['lists', 'moments', 'cs.{2026-11-21T03:00:00+02:00}', [1]],
  ['lists', 'moments->>0', 'eq.2026-11-21T01:00:00.000000+00:00', [1]],
  ['lists', 'days', 'ov.{2026-11-21}', [1]],
  ['lists', 'hours', 'ov.{03:04:05.600}', [1]],
  ['lists', 'codes', 'cs.{0197A3B0-1111-7000-8000-00000000000A}', [1]],
  ['lists', 'raws', 'cs.{AAEC}', [1]],
  ['lists', 'raws->>0', 'eq.AAEC', [1]],
  ['lists', 'kind', 'eq.large', [1]],
  ['lists', 'kind', 'gt.Large', [1, 2]],
]

for (const [table, column, filter, ids] of filters) {
  everyDatabase(
    `${table}: ${column}=${filter} is ${typeof ids === 'string' ? `refused with ${ids}` : `true for ${ids.join(' ') || 'none'}`}`,
    async (here) => {
      expect(await found(here, table, column, filter)).toEqual(ids)
    },
  )
}

everyDatabase('JSON comes out with the value it went in with, and its text is the same everywhere', async (here) => {
  expect((await get(here, 'documents', { select: 'data', id: 'in.(1,3,4,6)' })).body).toEqual([
    { data: { a: 1, b: [1, 2, { c: 'x' }], 'odd "key".\\%': 'here', deep: { er: null } } },
    { data: [1, 'two', false, null] },
    { data: 'text' },
    { data: 7 },
  ])
  const text = '{"a": 1, "b": [1, 2, {"c": "x"}], "deep": {"er": null}, "odd \\"key\\".\\\\%": "here"}'
  expect((await get(here, 'documents', { select: 'data::text', id: 'in.(1,2,3)' })).body).toEqual([
    { data: text },
    { data: text },
    { data: '[1, "two", false, null]' },
  ])
  expect((await get(here, 'documents', { select: 'b:data->>b', id: 'in.(1,2)' })).body).toEqual([
    { b: '[1, 2, {"c": "x"}]' },
    { b: '[1, 2, {"c": "x"}]' },
  ])
})

everyDatabase('JSON that is equal is one group', async (here) => {
  const { body } = await get(here, 'documents', { select: 'a:data->a,n:count()', order: 'n.desc' })
  expect(body).toEqual([
    { a: null, n: 5 },
    { a: 1, n: 2 },
    { a: '1', n: 1 },
  ])
  const whole = await get(here, 'documents', { select: 'n:count(),data', id: 'lt.3' })
  expect(list(whole, 'n')).toEqual([2])
})

everyDatabase('values are ordered as what they are, not as text', async (here) => {
  const asked = async (table: string, order: string, more: Readonly<Record<string, string>> = {}) =>
    list(await get(here, table, { select: 'id', order, ...more }))
  expect(await asked('numbers', 'price', { id: 'lt.6' })).toEqual([2, 5, 1, 4, 3])
  expect(await asked('numbers', 'ratio.desc', { id: 'lt.6' })).toEqual([3, 2, 1, 4, 5])
  expect(await asked('numbers', 'whole', { id: 'lt.6' })).toEqual([2, 5, 4, 1, 3])
  expect(await asked('moments', 'at')).toEqual([3, 5, 1, 2, 4, 6])
  expect(await asked('moments', 'hour', { id: 'lt.5' })).toEqual([2, 1, 4, 3])
  expect(await asked('documents', 'data')).toEqual([4, 6, 7, 3, 1, 2, 5, 8])
  expect(await asked('marks', 'good')).toEqual([2, 1, 3, 4])
  expect(await asked('lists', 'wholes')).toBe('42883')
  expect(list(await get(here, 'lists', { select: 'wholes,n:count()', order: 'wholes' }))).toBe('42883')
})

/** What is refused on the way in, and the code. */
const refused: readonly (readonly [table: string, row: Readonly<Record<string, unknown>>, code: string])[] = [
  ['numbers', { id: 99, whole: '9223372036854775808' }, '22003'],
  ['numbers', { id: 99, whole: 2 ** 53 }, '22003'],
  ['numbers', { id: 99, whole: 1.5 }, '22P02'],
  ['numbers', { id: 99, price: '0.001' }, '22003'],
  ['numbers', { id: 99, price: '10000000000' }, '22003'],
  ['numbers', { id: 99, ratio: 'NaN' }, '22P02'],
  ['numbers', { id: 99, ratio: Infinity }, '22003'],
  ['moments', { id: 99, at: '2026-13-01' }, '22008'],
  ['moments', { id: 99, day: 'today' }, '22007'],
  ['moments', { id: 99, hour: '24:00:01' }, '22008'],
  ['marks', { id: 99, code: 'x' }, '22P02'],
  ['marks', { id: 99, raw: '*' }, '22P02'],
  ['lists', { id: 99, kind: 'LARGE' }, '23514'],
  ['lists', { id: 99, wholes: ['x'] }, '22P02'],
]

for (const [table, row, code] of refused) {
  everyDatabase(`${JSON.stringify(row)} is refused by ${table} with ${code}`, async (here) => {
    await expect(insert(here, table, row)).rejects.toMatchObject({ code })
    expect(await found(here, table, 'id', 'eq.99')).toEqual([])
  })
}

/** Text → type → its JSON, or the code. What PostgreSQL alone would take is taken nowhere. */
const casts: readonly (readonly [text: string, type: string, value: string])[] = [
  ['12', 'integer', '12'],
  [' +12 ', 'integer', '12'],
  ['1.5', 'integer', '22P02'],
  ['0x10', 'integer', '22P02'],
  ['1_000', 'integer', '22P02'],
  ['9223372036854775808', 'integer', '22003'],
  ['1.50', 'numeric', '1.50'],
  ['-1e3', 'numeric', '-1000'],
  ['.5', 'numeric', '0.5'],
  ['NaN', 'numeric', '22P02'],
  ['Infinity', 'numeric', '22P02'],
  ['1e5000', 'numeric', '22003'],
  ['1e21', 'float8', '1e+21'],
  ['-0', 'float8', '0'],
  ['nan', 'float8', '22P02'],
  ['inf', 'float8', '22P02'],
  ['0x10', 'float8', '22P02'],
  ['1e309', 'float8', '22003'],
  ['on', 'boolean', 'true'],
  ['F', 'boolean', 'false'],
  ['o', 'boolean', '22P02'],
  ['2026-02-28', 'date', '"2026-02-28"'],
  ['2026-02-29', 'date', '22008'],
  ['today', 'date', '22007'],
  ['infinity', 'date', '22008'],
  ['January 1, 2026', 'date', '22007'],
  ['2026-01-01 BC', 'date', '22007'],
  ['2026-01-01T10:00:00.1234565+05:30', 'timestamp', '"2026-01-01T04:30:00.123457+00:00"'],
  ['2026-01-01', 'timestamp', '"2026-01-01T00:00:00.000000+00:00"'],
  ['20260101T101112Z', 'timestamp', '"2026-01-01T10:11:12.000000+00:00"'],
  ['9999-12-31T23:59:59-01', 'timestamp', '22008'],
  ['2026-01-01T10:00:00+16', 'timestamp', '22008'],
  ['2026-01-01T10:00:00 Europe/Oslo', 'timestamp', '22007'],
  ['epoch', 'timestamp', '22007'],
  ['10000-01-01', 'timestamp', '22008'],
  ['2026-01-01T24:00:00Z', 'timestamp', '"2026-01-02T00:00:00.000000+00:00"'],
  ['12:30', 'time', '"12:30:00"'],
  ['12:30:00,50', 'time', '"12:30:00.5"'],
  ['12:30 PM', 'time', '22007'],
  ['25:00', 'time', '22008'],
  ['0197A3B011117000800000000000000A', 'uuid', '"0197a3b0-1111-7000-8000-00000000000a"'],
  ['0197', 'uuid', '22P02'],
  ['{"a":1}', 'json', '{"a":1}'],
  ['{a:1}', 'json', '22P02'],
]

everyDatabase('a cast of text takes the same texts everywhere, and gives the same values and codes', async (here) => {
  const rows = casts.map(([text], at) => [1000 + at, text])
  await here.backend.ask(
    { query: { kind: 'insert', table: 'texts', columns: ['id', 'text'], rows: { kind: 'value', at: 0 } }, values: [rows] },
    SYSTEM,
  )
  const answers = await Promise.all(casts.map(async ([text, type], at) => [text, type, await castOf(here, type, 1000 + at)]))
  expect(answers).toEqual(casts)
  // In a group of its own, what is not counted says why.
  const counted = await Promise.all(casts.map(async ([text, type], at) => [text, type, await countOf(here, type, 1000 + at)]))
  expect(counted).toEqual(casts.map(([text, type, value]) => [text, type, /^2\w{4}$/.test(value) ? value : '1']))
  await here.sql('DELETE FROM texts WHERE id >= 1000')
})

everyDatabase('a cast fails on a row of the answer, or not at all', async (here) => {
  await here.backend.ask(
    {
      query: { kind: 'insert', table: 'texts', columns: ['id', 'text'], rows: { kind: 'value', at: 0 } },
      values: [
        [
          [1000, '3'],
          [1001, '2'],
          [1002, 'one'],
          [1003, '4'],
        ],
      ],
    },
    SYSTEM,
  )
  const asked = async (more: Readonly<Record<string, string>>) =>
    list(await get(here, 'texts', { select: 'x:text::integer', id: 'gte.1000', ...more }), 'x')
  expect(await asked({})).toBe('22P02')
  expect(await asked({ order: 'text', limit: '3' })).toEqual([2, 3, 4])
  expect(await asked({ order: 'id', limit: '2' })).toEqual([3, 2])
  expect(await asked({ order: 'id', limit: '2', after: '' })).toEqual([3, 2])
  expect(await asked({ order: 'id.desc', limit: '2' })).toBe('22P02')
  expect(await asked({ select: 'x:text::integer.sum()', id: 'in.(1000,1001,1002)' })).toBe('22P02')
  expect(await asked({ select: 'x:text::numeric.sum()', id: 'in.(1000,1001,1002)' })).toBe('22P02')
  expect(await asked({ select: 'x:text::numeric.sum()', id: 'in.(1000,1001,1003)' })).toEqual([9])
  await here.sql('DELETE FROM texts WHERE id >= 1000')
})

everyDatabase('a cast that goes into an aggregate fails in a group of the answer, or not at all', async (here) => {
  const values = [
    [1000, '3'],
    [1001, '2'],
    [1002, 'one'],
    [1003, null],
    [1004, '[1]'],
  ]
  await here.backend.ask(
    { query: { kind: 'insert', table: 'texts', columns: ['id', 'text'], rows: { kind: 'value', at: 0 } }, values: [values] },
    SYSTEM,
  )
  const asked = async (select: string, more: Readonly<Record<string, string>> = {}) =>
    list(await get(here, 'texts', { select: `${select},id`, id: 'gte.1000', order: 'id', ...more }), 'x')
  for (const cast of ['integer', 'numeric', 'float']) expect(await asked(`x:text::${cast}.sum()`, { limit: '2' })).toEqual([3, 2])
  expect(await asked('x:text::integer.avg()::integer', { limit: '1', offset: '1' })).toEqual([2])
  expect(await asked('x:text::date.count()', { limit: '1', offset: '3' })).toEqual([0])
  expect(await asked('x:text::integer.max()::text', { order: 'id.desc', limit: '2' })).toBe('22P02')
  expect(await asked('x:text::integer.max()', { order: 'id.desc', limit: '1', offset: '1' })).toEqual([null])
  expect(await asked('x:text::integer.min()', { limit: '3' })).toBe('22P02')
  expect(await asked('x:text::json.count()', { limit: '2' })).toEqual([1, 1])
  // What every group is ordered by is asked of every group.
  expect(await asked('x:text::integer.sum()', { order: 'x', limit: '1' })).toBe('22P02')
  const said = await get(here, 'texts', { select: 'x:text::integer.sum(),id', id: 'gte.1000', order: 'id' })
  expect(Object(said.body).message).toBe('invalid input syntax for type integer: "one"')
  await here.sql('DELETE FROM texts WHERE id >= 1000')
})

async function countOf(here: Pick<Place, 'ask'>, type: string, id: number): Promise<string> {
  const answer = await get(here, 'texts', { select: `id,x:text::${type}.count()`, id: `eq.${id}` })
  return String(answer.status >= 400 ? list(answer) : list(answer, 'x')[0])
}

async function castOf(here: Pick<Place, 'ask'>, type: string, id: number): Promise<string> {
  const answer = await get(here, 'texts', { select: `x:text::${type}`, id: `eq.${id}` })
  if (answer.status >= 400) return String(list(answer))
  return type === 'json' ? JSON.stringify(list(answer, 'x')[0]) : answer.text.slice('[{"x":'.length, -'}]'.length)
}
