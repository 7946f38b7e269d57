/**
 * The rule matrix for reading: who asks × table × whole answer, by each way that leads to a row: a list, a count, its
 * key, an embed from each neighbour, a filter and an order through a relation, an aggregate, search.
 *
 * `seen` is written by hand; all else follows from it and from the rows of the world in plain TypeScript.
 */
import { expect } from 'vitest'
import { signToken } from '../../src/auth/keys.ts'
import { load } from '../../src/schema/load.ts'
import type { Relation } from '../../src/schema/schema.ts'
import type { Answered, Here } from '../harness.ts'
import { asUrl, by, told, type Asker } from '../shop.ts'
import { everyDatabase, people, rows, shop } from '../world.ts'

type TableName = keyof typeof rows
type Row = Readonly<Record<string, unknown>>

const schema = load(shop)
const tables = Object.keys(rows) as TableName[] // Object.keys forgets the keys' type
const askers: readonly Asker[] = ['stranger', 'ann', 'bob', 'max', 'sue', 'service']
const all = Symbol('all of them')
const none = Symbol('as if there were no such table')

/** Keys of the rows that each asker sees. */
const seen: Readonly<Record<TableName, Readonly<Record<Asker, readonly string[] | typeof all | typeof none>>>> = {
  products: {
    stranger: ['1', '2', '3', '4', '5'],
    ann: ['1', '2', '3', '4', '5'],
    bob: ['1', '2', '3', '4', '5'],
    max: ['1', '2', '3', '4', '5'],
    sue: all,
    service: all,
  },
  tags: { stranger: all, ann: all, bob: all, max: all, sue: all, service: all },
  product_tags: { stranger: all, ann: all, bob: all, max: all, sue: all, service: all },
  customers: { stranger: [], ann: ['1'], bob: ['1', '2'], max: [], sue: all, service: all },
  addresses: { stranger: [], ann: ['1', '2'], bob: ['3'], max: [], sue: all, service: all },
  orders: { stranger: [], ann: ['1', '2'], bob: ['3'], max: [], sue: all, service: all },
  lines: { stranger: [], ann: ['1,1', '1,4', '2,2'], bob: ['3,1'], max: [], sue: all, service: all },
  returns: { stranger: none, ann: all, bob: all, max: all, sue: all, service: all },
  reviews: { stranger: ['1', '2'], ann: ['1', '2'], bob: ['1', '2'], max: ['1', '2'], sue: ['1', '2'], service: all },
  vault: { stranger: none, ann: none, bob: none, max: none, sue: none, service: all },
}

// ── What follows from it ──

const keyNames = (table: string): readonly string[] => schema.tables.get(table)?.key ?? []
const keyOf = (table: string, row: Row): string =>
  keyNames(table)
    .map((name) => String(row[name]))
    .join(',')
const relationsOf = (table: TableName): readonly Relation[] => [...(schema.tables.get(table)?.relations.values() ?? [])]
const isThere = (table: string, as: Asker): boolean => seen[table as TableName][as] !== none // a relation leads to a table

/** In the order of their keys. */
function visible(table: string, as: Asker): readonly Row[] {
  const name = table as TableName // names come from the schema
  const keys = seen[name][as]
  const found = rows[name].filter((row: Row) => keys === all || (keys !== none && keys.includes(keyOf(name, row))))
  return found.toSorted((one: Row, other: Row) => compareKeys(name, one, other))
}

function compareKeys(table: string, one: Row, other: Row): number {
  for (const name of keyNames(table)) {
    const [a, b] = [one[name], other[name]]
    if (a !== b) return typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1
  }
  return 0
}

const matches = (row: Row, columns: readonly string[], other: Row, target: readonly string[]): boolean =>
  columns.every((column, at) => row[column] != null && row[column] === other[target[at] ?? ''])

/** The rows at a relation's other end that the asker sees, over join rows that the asker sees. */
function linked(relation: Relation, row: Row, as: Asker): readonly Row[] {
  const { columns, target, through } = relation
  const ends = visible(relation.to, as)
  if (through === undefined) return ends.filter((end) => matches(row, columns, end, target))
  const joins = visible(through.table, as).filter((join) => matches(row, columns, join, through.near))
  return ends.filter((end) => joins.some((join) => matches(join, through.far, end, target)))
}

const keysOnly = (table: string, row: Row): Row => Object.fromEntries(keyNames(table).map((name) => [name, row[name]]))

// ── Asking ──

/** Every answer to somebody who is neither staff nor the service goes by here. */
function clean(as: Asker, answer: Answered): Answered {
  if (as !== 'sue' && as !== 'service') expect(answer.text + JSON.stringify(answer.headers)).not.toContain('CANARY')
  return answer
}

const asked = async ({ ask }: Pick<Here<keyof typeof people>, 'ask'>, as: Asker, path: string, headers = {}): Promise<Answered> =>
  clean(as, await ask(asUrl(path), { ...by(as), headers }))

for (const table of tables) {
  const key = keyNames(table).join(',')
  for (const as of askers) {
    const there = isThere(table, as)
    const own = visible(table, as)
    const ids = own.map((row) => keysOnly(table, row))

    everyDatabase(`${as} lists ${own.length} of ${table}`, async (here) => {
      expect(told(await asked(here, as, `${table}?select=${key}`))).toEqual(there ? ids : 'PGRST205')
    })

    everyDatabase(`${as} counts ${own.length} of ${table}`, async (here) => {
      expect(told(await asked(here, as, `${table}?select=count()`))).toEqual(there ? [{ count: own.length }] : 'PGRST205')
      for (const count of ['exact', 'planned', 'estimated']) {
        if (as === 'service' && count !== 'exact') continue // the planner's own numbers
        const { headers, status } = await asked(here, as, `${table}?select=${key}`, { prefer: `count=${count}` })
        expect(there ? headers['content-range']?.split('/')[1] : status).toBe(there ? String(own.length) : 404)
      }
    })

    everyDatabase(`${as} gets each of ${table} by its key, and no other`, async (here) => {
      const found: Row[] = []
      const refusals = new Set<string>()
      for (const row of rows[table].toSorted((one: Row, other: Row) => compareKeys(table, one, other))) {
        const answer = await asked(here, as, `${table}/${keyOf(table, row)}?select=${key}`)
        if (answer.status === 200) found.push(answer.body as Row) // an object, because it is one row
        else refusals.add(answer.text)
      }
      expect(found).toEqual(ids)
      if (own.length < rows[table].length) expect(refusals.size).toBe(1)
      if (there && refusals.size > 0)
        expect([...refusals][0]).toBe(
          (
            await asked(
              here,
              as,
              `${table}/${keyNames(table)
                .map(() => '987')
                .join(',')}?select=${key}`,
            )
          ).text,
        )
    })

    for (const relation of relationsOf(table)) {
      const leads = isThere(relation.to, as) && (relation.through === undefined || isThere(relation.through.table, as))
      const refusal = there ? 'PGRST200' : 'PGRST205'
      const far = keyNames(relation.to).join(',')
      const ends = own.map((row) => linked(relation, row, as).map((end) => keysOnly(relation.to, end)))

      everyDatabase(`${as} sees of ${table} what ${relation.name} may show`, async (here) => {
        const embedded = ids.map((id, at) => ({ ...id, x: relation.many ? ends[at] : (ends[at]?.[0] ?? null) }))
        expect(told(await asked(here, as, `${table}?select=${key},x:${relation.name}(${far})`))).toEqual(
          there && leads ? embedded : refusal,
        )
        const counts = ids.map((id, at) => ({ ...id, x: relation.many ? [{ n: ends[at]?.length }] : { n: ends[at]?.length } }))
        expect(told(await asked(here, as, `${table}?select=${key},x:${relation.name}(n:count())`))).toEqual(
          there && leads ? counts : refusal,
        )
        if (!relation.many) {
          const spread = ids.map((id, at) => ({ ...id, x: ends[at]?.[0]?.[keyNames(relation.to)[0] ?? ''] ?? null }))
          expect(told(await asked(here, as, `${table}?select=${key},...${relation.name}(x:${keyNames(relation.to)[0]})`))).toEqual(
            there && leads ? spread : refusal,
          )
        }
      })

      everyDatabase(`${as} filters and orders ${table} by what ${relation.name} may show`, async (here) => {
        const having = ids.filter((_, at) => (ends[at]?.length ?? 0) > 0)
        const missing = ids.filter((_, at) => ends[at]?.length === 0)
        expect(told(await asked(here, as, `${table}?select=${key},${relation.name}!inner()`))).toEqual(there && leads ? having : refusal)
        expect(told(await asked(here, as, `${table}?select=${key},x:${relation.name}()&x=is.null`))).toEqual(
          there && leads ? missing : refusal,
        )
        if (relation.many) return
        const place = (at: number): string => String(ends[at]?.[0]?.[keyNames(relation.to)[0] ?? ''] ?? '')
        const ordered = ids
          .map((id, at) => ({ id, place: place(at), at }))
          .toSorted((one, other) => (one.place === other.place ? one.at - other.at : one.place < other.place ? -1 : 1))
        const order = `x(${keyNames(relation.to)[0]}).nullsfirst`
        expect(told(await asked(here, as, `${table}?select=${key},x:${relation.name}()&order=${order}`))).toEqual(
          there && leads ? ordered.map(({ id }) => id) : refusal,
        )
      })
    }
  }
}

everyDatabase('search finds what the asker may read', async (here) => {
  const words = 'search=wfts.tea or canary'
  for (const as of askers) {
    const wanted = as === 'sue' || as === 'service' ? [1, 2, 4, 6] : [1, 2, 4]
    expect(told(await asked(here, as, `products?select=id&${words}`))).toEqual(wanted.map((id) => ({ id })))
    expect(told(await asked(here, as, `products?select=count()&${words}`))).toEqual([{ count: wanted.length }])
  }
})

// ── Columns ──

const phones: Readonly<Record<Asker, unknown>> = {
  stranger: [],
  ann: [{ id: 1, phone: '+47 1' }],
  bob: [
    { id: 1, phone: null },
    { id: 2, phone: '+47 2' },
  ],
  max: [],
  sue: [
    { id: 1, phone: '+47 1' },
    { id: 2, phone: '+47 2' },
    { id: 3, phone: 'CANARY' },
  ],
  service: [
    { id: 1, phone: '+47 1' },
    { id: 2, phone: '+47 2' },
    { id: 3, phone: 'CANARY' },
  ],
}

for (const as of askers) {
  everyDatabase(`${as} sees in each row the columns that are for ${as}`, async (here) => {
    expect(told(await asked(here, as, 'customers?select=id,phone'))).toEqual(phones[as])
    const list = phones[as] as readonly { phone: string | null }[] // as above
    const known = list.filter(({ phone }) => phone !== null)
    expect(told(await asked(here, as, 'customers?select=id,phone&phone=not.is.null'))).toEqual(known)
    expect(told(await asked(here, as, 'customers?select=id,phone&phone=like.*47*'))).toEqual(
      known.filter(({ phone }) => phone?.includes('47')),
    )
    const called = known.filter(({ phone }) => phone?.startsWith('+'))
    expect(told(await asked(here, as, 'customers?select=n:phone.count(),last:phone.max()&phone=like.%2B*'))).toEqual([
      { n: called.length, last: called.at(-1)?.phone ?? null },
    ])
    expect(told(await asked(here, as, 'customers?select=id,phone&order=phone.desc.nullslast,id'))).toHaveLength(list.length)
    const cost = as === 'sue' || as === 'service' ? [{ cost: 7, margin: 5.5 }] : '42703'
    expect(told(await asked(here, as, 'products?select=cost,margin&id=eq.1'))).toEqual(cost)
    expect(told(await asked(here, as, 'lines?select=product(cost,margin)&product_id=eq.1&order_id=lt.0'))).toEqual(
      as === 'sue' || as === 'service' ? [] : '42703',
    )
    for (const path of [
      'products?cost=gt.1',
      'products?order=cost',
      'products?select=cost.sum()',
      'products?or=(cost.gt.1,id.eq.1)',
      'tags?select=products(id)&products.cost=gt.1',
      'lines?select=product()&order=product(margin)',
    ]) {
      expect((await asked(here, as, path)).status).toBe(cost === '42703' ? 400 : 200)
    }
  })
}

everyDatabase('an embed shows a cell to whom it may be shown, row by row', async (here) => {
  const path = 'customers?select=name,referrer(name,phone),referred(name,phone)&order=id'
  expect(told(await asked(here, 'bob', path))).toEqual([
    { name: 'Ann', referrer: null, referred: [{ name: 'Bob', phone: '+47 2' }] },
    { name: 'Bob', referrer: { name: 'Ann', phone: null }, referred: [] },
  ])
  expect(told(await asked(here, 'ann', path))).toEqual([{ name: 'Ann', referrer: null, referred: [] }])
})

// ── Who asks ──

/** Claims of a token, and the addresses that they open beside one's own. */
const claims: readonly (readonly [says: string, claims: Readonly<Record<string, unknown>>, ids: readonly number[]])[] = [
  ['none', {}, []],
  ['a city', { city: 'Bergen' }, [2, 3]],
  ['another city', { city: 'Oslo' }, [1]],
  ['a city in other letters', { city: 'oslo' }, []],
  ['no text', { city: 7 }, []],
  ['nothing', { city: null }, []],
  ['a list', { city: ['Bergen'] }, []],
  ['an object', { city: { name: 'Bergen' } }, []],
  ['roles that the issuer did not put where roles are', { roles: ['staff'], user_metadata: { roles: ['staff'] } }, []],
  ['the role of the service', { role: 'service_role', app_metadata: { role: 'staff' } }, []],
  ['an id of somebody else beside the own', { id: people.ann.sub, user_id: people.ann.sub }, []],
  ['an odd name', { __proto__: { city: 'Bergen' }, constructor: 'x' }, []],
]

for (const [says, given, ids] of claims) {
  everyDatabase(`a claim that is ${says} opens ${ids.length} addresses`, async ({ ask, backend }) => {
    const token = await signToken(backend.keys, {
      sub: '0197a000-0000-7000-8000-0000000000ff',
      claims: given,
      expiresIn: 60,
      now: Date.UTC(2026, 10, 21, 12),
    })
    const answer = clean('max', await ask('/rest/v1/addresses?select=id', { headers: { authorization: `Bearer ${token}` } }))
    expect(answer.body).toEqual(ids.map((id) => ({ id })))
  })
}

everyDatabase(
  'a token that is forged, expired or not yet valid opens nothing, not even what strangers see',
  async ({ ask, backend, as }) => {
    const now = Date.UTC(2026, 10, 21, 12)
    const [head, body, signature = ''] = as.sue.split('.')
    const other = as.ann.split('.')
    const forged: readonly (readonly [token: string, code: string])[] = [
      [`${head}.${body}.${signature.slice(0, -2)}${signature.endsWith('AA') ? 'BB' : 'AA'}`, 'PGRST301'],
      [`${other[0]}.${body}.${other[2]}`, 'PGRST301'],
      [`${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${body}.`, 'PGRST301'],
      ['not.a.token', 'PGRST301'],
      [await signToken(backend.keys, { ...people.sue, expiresIn: 60, now: now - 3_600_000 }), 'PGRST303'],
      [await signToken(backend.keys, { ...people.sue, expiresIn: 7200, now: now + 3_600_000 }), 'PGRST303'],
    ]
    for (const [token, code] of forged) {
      for (const table of tables) {
        const answer = clean('stranger', await ask(`/rest/v1/${table}`, { headers: { authorization: `Bearer ${token}` } }))
        expect([answer.status, told(answer)]).toEqual([401, code])
      }
    }
  },
)
