/** Claims in rules: compared with constants and with columns, on either side, as what the other side is. */
import { expect } from 'vitest'
import { signToken } from '../../src/auth/keys.ts'
import { decimal, integer, plinth, table, text, timestamp } from '../../src/index.ts'
import { everyDatabaseOf } from '../harness.ts'

const one = () => table({ id: integer() })

const backend = plinth({
  tables: {
    above: one(),
    below: one(),
    equal: one(),
    other: one(),
    within: one(),
    like: one(),
    missing: one(),
    prices: table({ id: integer(), price: decimal(10, 2) }),
    dear: table({ id: integer(), price: decimal(10, 2) }),
    atLeast: table({ id: integer(), price: decimal(10, 2) }),
    days: table({ id: integer(), at: timestamp() }),
    words: table({ id: integer(), word: text() }),
  },
  access: {
    above: { read: ({ who }) => who.claim('n').above(9) },
    below: { read: ({ who }) => who.claim('n').below(18) },
    equal: { read: ({ who }) => who.claim('n').is(5) },
    other: { read: ({ who }) => who.claim('n').isNot('x') },
    within: { read: ({ who }) => who.claim('app', 'plan').in(['pro', 'team']) },
    like: { read: ({ who }) => who.claim('mail').ilike('%@Example.org') },
    missing: { read: ({ who }) => who.claim('n').isNull() },
    prices: { read: ({ row, who }) => row.price.below(who.claim('budget')) },
    dear: { read: ({ row, who }) => who.claim('budget').below(row.price) },
    atLeast: { read: ({ row, who }) => who.claim('budget').atLeast(row.price) },
    days: { read: ({ row, who }) => row.at.atLeast(who.claim('since')) },
    words: { read: ({ row, who }) => who.claim('word').is(row.word) },
  },
})

const single = [{ id: 1 }]
const prices = ['10.54', '10.55', '10.56', '100.00'].map((price, at) => ({ id: at + 1, price }))

const everyDatabase = everyDatabaseOf({
  backend,
  people: {},
  rows: {
    above: single,
    below: single,
    equal: single,
    other: single,
    within: single,
    like: single,
    missing: single,
    prices,
    dear: prices,
    atLeast: prices,
    days: [
      { id: 1, at: '2026-01-01T00:00:00Z' },
      { id: 2, at: '2026-06-01T00:00:00Z' },
    ],
    words: [
      { id: 1, word: 'a' },
      { id: 2, word: 'A' },
      { id: 3, word: '5' },
    ],
  },
})

/** Claims, a table, and the ids it shows; undefined where it is as if there were no such table. */
const rows: readonly (readonly [claims: Readonly<Record<string, unknown>>, table: string, ids: readonly number[] | undefined])[] = [
  [{ n: 10 }, 'above', [1]],
  [{ n: '10' }, 'above', [1]],
  [{ n: 9 }, 'above', undefined],
  [{ n: 9.5 }, 'above', [1]],
  [{ n: 'many' }, 'above', undefined],
  [{}, 'above', undefined],
  [{ n: 100 }, 'below', undefined],
  [{ n: 9 }, 'below', [1]],
  [{ n: '' }, 'below', undefined],
  [{ n: 5 }, 'equal', [1]],
  [{ n: '5.0' }, 'equal', [1]],
  [{ n: 50 }, 'equal', undefined],
  [{ n: [5] }, 'equal', undefined],
  [{ n: 'y' }, 'other', [1]],
  [{ n: 'x' }, 'other', undefined],
  [{}, 'other', undefined],
  [{ app: { plan: 'pro' } }, 'within', [1]],
  [{ app: { plan: 'PRO' } }, 'within', undefined],
  [{ app: 'pro' }, 'within', undefined],
  [{ 'app.plan': 'pro' }, 'within', undefined],
  [{ mail: 'ANN@example.ORG' }, 'like', [1]],
  [{ mail: 'ann@example.org.evil' }, 'like', undefined],
  [{}, 'missing', [1]],
  [{ n: null }, 'missing', [1]],
  [{ n: 0 }, 'missing', undefined],
  [{ budget: 10.555 }, 'prices', [1, 2]],
  [{ budget: '10.55' }, 'prices', [1]],
  [{ budget: '1e3' }, 'prices', [1, 2, 3, 4]],
  [{ budget: 'all' }, 'prices', []],
  [{}, 'prices', []],
  [{ budget: 10.555 }, 'dear', [3, 4]],
  [{ budget: 10.55 }, 'dear', [3, 4]],
  [{ budget: -1e30 }, 'dear', [1, 2, 3, 4]],
  [{ budget: 10.555 }, 'atLeast', [1, 2]],
  [{ budget: 10.56 }, 'atLeast', [1, 2, 3]],
  [{ budget: true }, 'atLeast', []],
  [{ since: '2026-03-01' }, 'days', [2]],
  [{ since: '2026-06-01T01:00:00+01:00' }, 'days', [2]],
  [{ since: 'yesterday' }, 'days', []],
  [{ word: 'a' }, 'words', [1]],
  [{ word: 5 }, 'words', [3]],
  [{ word: { toString: 'a' } }, 'words', []],
]

for (const [claims, name, ids] of rows) {
  everyDatabase(
    `${JSON.stringify(claims)} shows ${ids === undefined ? 'no table' : ids.join(' ') || 'nothing'} of ${name}`,
    async ({ ask, backend: running }) => {
      const token = await signToken(running.keys, {
        sub: '0197a000-0000-7000-8000-0000000000ff',
        claims,
        expiresIn: 60,
        now: Date.UTC(2026, 10, 21, 12),
      })
      const { status, body } = await ask(`/rest/v1/${name}?select=id`, { headers: { authorization: `Bearer ${token}` } })
      expect(status === 404 ? undefined : body).toEqual(ids?.map((id) => ({ id })))
    },
  )
}
