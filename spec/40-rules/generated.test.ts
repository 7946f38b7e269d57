/** A computed column shows no more than the columns that it is computed from, unless it has a rule of its own. */
import { expect } from 'vitest'
import { anyone, integer, plinth, role, table, text } from '../../src/index.ts'
import { everyDatabaseOf } from '../harness.ts'

const goods = plinth({
  tables: {
    goods: table({
      id: integer(),
      owner: text(),
      price: integer(),
      cost: integer().hidden(),
      /** Read by staff alone. */
      fee: integer(),
      /** Read by whoever is named in the row. */
      note: text(),
      margin: integer().generated('price - cost'),
      toll: integer().generated('price + fee'),
      line: text().generated("owner || ': ' || note"),
      both: integer().generated('cost + fee'),
      /** With a rule of its own, that is what counts. */
      told: integer().generated('cost + 1'),
      kept: integer().generated('price + 1'),
    }).search('owner', 'line'),
  },
  access: {
    goods: {
      read: anyone,
      columns: {
        fee: { read: role('staff') },
        note: { read: ({ row, who }) => row.owner.is(who.claim('name')).or(who.has('staff')) },
        told: { read: anyone },
        kept: { read: role('staff') },
      },
    },
  },
})

const everyDatabase = everyDatabaseOf({
  backend: goods,
  rows: {
    goods: [
      { id: 1, owner: 'ann', price: 10, cost: 7, fee: 1, note: 'canary one' },
      { id: 2, owner: 'bob', price: 20, cost: 1, fee: 2, note: 'canary two' },
    ],
  },
  people: { ann: { sub: 'a', claims: { name: 'ann' } }, sue: { sub: 's', roles: ['staff'] } },
})

everyDatabase('a computed column is there for those alone who may read what it is computed from', async ({ ask }) => {
  const seen = async (as?: 'ann' | 'sue' | 'service'): Promise<unknown> =>
    Object.keys(Object((await ask('/rest/v1/goods?id=eq.1', as && { as })).body)[0])
  const open = ['id', 'owner', 'price', 'note', 'line', 'told']
  expect(await seen()).toEqual(open)
  expect(await seen('sue')).toEqual(['id', 'owner', 'price', 'fee', 'note', 'toll', 'line', 'told', 'kept'])
  expect(await seen('service')).toContain('margin')
})

everyDatabase('what may be read in some rows only is computed in those', async ({ ask }) => {
  const lines = async (as?: 'ann' | 'sue'): Promise<unknown> => (await ask('/rest/v1/goods?select=line&order=id', as && { as })).body
  expect(await lines()).toEqual([{ line: null }, { line: null }])
  expect(await lines('ann')).toEqual([{ line: 'ann: canary one' }, { line: null }])
  expect(await lines('sue')).toEqual([{ line: 'ann: canary one' }, { line: 'bob: canary two' }])
})

/** Every way to ask for a column. */
const ways = [
  'select=X',
  'select=id,X::text',
  'X=gt.3',
  'order=X',
  'select=X.sum()',
  'select=X,count()',
  'or=(id.eq.1,X.eq.3)',
  'order=X&after=',
]

for (const way of ways)
  everyDatabase(`a column that is computed from a hidden one does not exist for others: ${way}`, async ({ ask }) => {
    for (const column of ['margin', 'both', 'toll', 'kept']) {
      const { status, body } = await ask(`/rest/v1/goods?${way.replaceAll('X', column)}`)
      expect([column, status, Object(body).code]).toEqual([column, 400, '42703'])
    }
    expect((await ask(`/rest/v1/goods?${way.replaceAll('X', 'told')}`)).status).toBe(200)
    expect((await ask(`/rest/v1/goods?${way.replaceAll('X', 'margin')}`, { as: 'service' })).status).toBe(200)
  })

everyDatabase('neither a filter, an order, an aggregate, a search nor a tag tells what is not shown', async ({ ask, sql }) => {
  const questions = ['line=like.*canary*', 'order=line&select=id', 'select=line.max(),line.count()', 'search=wfts.canary', 'select=*']
  const tag = async (): Promise<unknown> => (await ask('/rest/v1/goods/1')).headers['etag']
  const answers = async (): Promise<unknown> => Promise.all(questions.map(async (one) => (await ask(`/rest/v1/goods?${one}`)).text))
  const before = [await answers(), await tag()]
  expect(JSON.stringify(before)).not.toContain('canary')
  expect(await answers()).toMatchObject({ 0: '[]', 2: '[{"max":null,"count":0}]', 3: '[]' })
  await sql(`UPDATE goods SET note = 'other', fee = 9`)
  expect([await answers(), await tag()]).toEqual(before)
})
