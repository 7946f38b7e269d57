/** Orders: by columns, parts and related rows; where nothing is; and pages that meet every row once. */
import fc from 'fast-check'
import { expect } from 'vitest'
import { boolean, decimal, float, integer, json, plinth, ref, table, text, timestamp } from '../../src/index.ts'
import { everyDatabaseOf, type Here } from '../harness.ts'
import { asUrl, sentences, told } from '../shop.ts'

const ids = (...of: readonly number[]) => of.map((id) => ({ id }))

sentences([
  ['without an order rows come by their key', 'stranger', 'products?select=id', ids(1, 2, 3, 4, 5)],
  ['by a column, going up', 'stranger', 'products?select=id&order=price', ids(2, 1, 3, 5, 4)],
  ['by a column, going down', 'stranger', 'products?select=id&order=price.desc', ids(4, 5, 3, 1, 2)],
  ['by text, capitals first', 'stranger', 'products?select=id&order=name', ids(2, 1, 4, 5, 3)],
  ['what has no value is last going up', 'stranger', 'products?select=id&order=grams', ids(3, 1, 2, 4, 5)],
  ['and first going down', 'stranger', 'products?select=id&order=grams.desc', ids(4, 5, 2, 1, 3)],
  ['unless the order says', 'stranger', 'products?select=id&order=grams.nullsfirst', ids(4, 5, 3, 1, 2)],
  ['in both directions', 'stranger', 'products?select=id&order=grams.desc.nullslast', ids(2, 1, 3, 4, 5)],
  ['by several columns', 'stranger', 'products?select=id&order=organic.desc,added_at.desc,id.desc', ids(1, 4, 3, 2, 5)],
  ['by a part of JSON, as JSON', 'stranger', 'products?select=id&order=details->caffeine.desc.nullslast', ids(2, 1, 3, 4, 5)],
  ['by a part of JSON, as text', 'stranger', 'products?select=id&order=details->origin->>country', ids(2, 1, 3, 4, 5)],
  ['by what is computed, by staff', 'sue', 'products?select=id&order=margin.desc&limit=2', ids(4, 5)],
  ['by a hidden column, by anyone else', 'ann', 'products?select=id&order=cost', '42703'],
  ['by a list', 'stranger', 'products?select=id&order=sizes', '42883'],
  ['by a column that there is not', 'stranger', 'products?select=id&order=weight', '42703'],
  ['by a related row', 'sue', 'orders?select=id,customer()&order=customer(name).desc,id.desc', ids(4, 3, 2, 1)],
  ['by a related row that may be missing', 'sue', 'orders?select=id,shipping()&order=shipping(street).desc', ids(2, 4, 3, 1)],
  [
    'by two related rows of one table',
    'sue',
    'orders?select=id,billing(),shipping()&order=billing(city),shipping(city).nullsfirst',
    ids(3, 2, 1, 4),
  ],
  ['by a hidden column of a related row', 'ann', 'lines?select=order_id,product()&order=product(cost)', '42703'],
  ['by a relation that is not embedded', 'sue', 'orders?select=id&order=customer(name)', 'PGRST108'],
  ['by a relation to many', 'sue', 'customers?select=id,orders()&order=orders(id)', 'PGRST118'],
  ['within an embed', 'ann', 'customers?select=id,orders(id)&id=eq.1&orders.order=placed_at.desc', [{ id: 1, orders: ids(2, 1) }]],
  [
    'within an embed, by a related row of it',
    'ann',
    'orders?select=id,lines(product_id,product())&id=eq.1&lines.order=product(price).desc',
    [{ id: 1, lines: [{ product_id: 4 }, { product_id: 1 }] }],
  ],
  [
    'over a join table',
    'stranger',
    'products?select=id,tags(name)&id=eq.1&tags.order=colour.desc',
    [{ id: 1, tags: [{ name: 'gift' }, { name: 'green' }] }],
  ],
])

// ── Page after page ──

const backend = plinth({
  tables: {
    owners: table({ id: integer(), name: text().optional() }),
    things: table({
      a: text(),
      b: integer(),
      word: text().optional(),
      whole: integer().optional(),
      price: decimal(10, 2).optional(),
      ratio: float().optional(),
      good: boolean().optional(),
      at: timestamp().optional(),
      data: json().optional(),
      owner_id: ref('owners').optional(),
    }).key('a', 'b'),
  },
  access: {},
})

const owners = [
  { id: 1, name: 'Zoë' },
  { id: 2, name: null },
  { id: 3, name: 'adam' },
]
const pick = <T>(list: readonly T[], at: number): T | undefined => list[at % list.length]
const things = Array.from({ length: 60 }, (_, at) => ({
  a: String(pick(['x', 'Y', 'z, "quoted"', '😀', '\uffee'], at)),
  b: Math.floor(at / 5) - 5,
  word: pick(['', 'a', 'A', 'é', null, '😀', ' a', 'a'], at * 7),
  whole: pick([null, '9223372036854775807', '-9223372036854775808', '9007199254740993', '0', '0'], at * 5),
  price: pick(['0.10', '-0.10', null, '99999999.99', '0.10'], at * 3),
  ratio: pick([0.1, null, 1e21, -5e-324, 0.1, 123456789.125], at * 11),
  good: pick([true, false, null], at),
  at: pick(['2026-11-21T01:15:29.123456Z', '2026-11-21T01:15:29.123457Z', null, '0001-01-01'], at * 3),
  data: pick(
    [
      { n: 1 },
      { n: 1.5 },
      { n: '1' },
      { n: null },
      { n: [1] },
      { n: [2] },
      { n: {} },
      { n: { x: 1 } },
      { n: true },
      null,
      { n: 'é' },
      { n: 1 },
    ],
    at * 7,
  ),
  owner_id: pick([1, 2, 3, null], at),
}))

const everyDatabase = everyDatabaseOf({ backend, rows: { owners, things }, people: {} })

type Asking = Pick<Here<never>, 'ask'>
type Row = Readonly<Record<string, unknown>>

/** All pages, one after the other, by the `Link` of each. */
async function pages({ ask }: Asking, path: string): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (let next: string | undefined = asUrl(path); next !== undefined;) {
    const answer = await ask(next, { as: 'service' })
    expect({ path: next, status: answer.status }).toEqual({ path: next, status: 200 })
    rows.push(...(answer.body as readonly Row[])) // a list, because the status is 200
    if (rows.length > 200) throw new Error(`${path} has no end`)
    next = /<([^>]+)>; rel="next"/.exec(answer.headers['link'] ?? '')?.[1]
  }
  return rows
}

async function expectPages(here: Asking, order: string, limit: number): Promise<void> {
  const select = 'select=a,b,owner()'
  const whole = told(await here.ask(asUrl(`things?${select}&order=${order}`), { as: 'service' }))
  expect(whole).toHaveLength(things.length)
  expect(await pages(here, `things?${select}&order=${order}&limit=${limit}&after=`), `${order}, ${limit} at a time`).toEqual(whole)
}

const terms = ['word', 'whole', 'price', 'ratio', 'good', 'at', 'data->n', 'data->>n', 'data', 'owner_id', 'owner(name)', 'a', 'b']
const term = fc
  .tuple(fc.constantFrom(...terms), fc.constantFrom('', '.desc', '.asc'), fc.constantFrom('', '.nullsfirst', '.nullslast'))
  .map((parts) => parts.join(''))
const order = fc.uniqueArray(term, { minLength: 1, maxLength: 3, selector: (one) => one.split('.')[0] })

for (const column of terms) {
  everyDatabase(`pages by ${column} meet every row once, up and down, with and without values`, async (here) => {
    for (const direction of ['', '.desc', '.nullsfirst', '.desc.nullslast']) await expectPages(here, `${column}${direction}`, 7)
  })
}

everyDatabase('pages meet every row once in any order, of any length', async (here) => {
  await fc.assert(
    fc.asyncProperty(order, fc.integer({ min: 1, max: 70 }), async (by, limit) => expectPages(here, by.join(','), limit)),
    { seed: 20261121, numRuns: 40 },
  )
})

everyDatabase('pages with a filter meet every row that passes', async (here) => {
  const path = 'things?select=a,b&price=gte.0&order=price.desc,word'
  const whole = told(await here.ask(asUrl(path), { as: 'service' }))
  expect(await pages(here, `${path}&limit=3&after=`)).toEqual(whole)
})

everyDatabase('rows that come in between shift no page', async (here) => {
  const first = await here.ask(asUrl('owners?select=id&order=id&limit=2&after='), { as: 'service' })
  expect(first.body).toEqual([{ id: 1 }, { id: 2 }])
  await here.insert('owners', [{ id: -1, name: 'new' }])
  const next = /<([^>]+)>; rel="next"/.exec(first.headers['link'] ?? '')?.[1] ?? ''
  expect((await here.ask(next, { as: 'service' })).body).toEqual([{ id: 3 }])
  await here.sql('DELETE FROM owners WHERE id = -1')
})

everyDatabase('a token that is none, or of another order, is refused', async ({ ask }) => {
  const token = (text: string) => Buffer.from(text).toString('base64url')
  for (const after of ['x', token('{}'), token('["1"]'), token('[1,2]'), token('["x","y","z"]'), token('["a","b"]')]) {
    expect(told(await ask(`/rest/v1/things?order=a&limit=2&after=${after}`, { as: 'service' }))).toBe('22P02')
  }
})
