import { describe, expect, test } from 'vitest'
import { settings } from '../../src/settings.ts'
import { expectDocument } from '../90-errors/document.ts'
import { everyDatabaseOf } from '../harness.ts'
import { people, rows, shop } from '../world.ts'
import { limits, small } from './requests.ts'

/** A gift is more than three products here. */
const gifts = [2, 3].map((product_id) => ({ product_id, tag_id: 'gift' }))
const everyDatabase = everyDatabaseOf({
  backend: shop,
  rows: { ...rows, product_tags: [...rows.product_tags, ...gifts] },
  people,
  settings: small,
})
const asUrl = (path: string): string => `/rest/v1/${path.replaceAll(/["<>[\]\\^`{|}]/g, encodeURIComponent)}`

for (const { setting, title, answered, refused, code, message, hint } of limits) {
  everyDatabase(`${settings[setting].env}: ${title}`, async ({ ask }) => {
    for (const path of answered) expect(await ask(asUrl(path)), path).toMatchObject({ status: 200 })
    for (const path of refused) {
      const { status, body } = await ask(asUrl(path))
      expect([path, status]).toEqual([path, 400])
      expectDocument(code, body, { message, details: null, hint })
    }
  })
}

everyDatabase('PLINTH_MAX_ROWS: an answer has so many rows and no more, and Content-Range says which', async ({ ask }) => {
  const asked = async (query: string, headers: Record<string, string> = {}) => {
    const { status, headers: sent, body } = await ask(`/rest/v1/products?select=id${query}`, { headers })
    return [status, sent['content-range'], body]
  }
  const [one, two, three, four, five] = [1, 2, 3, 4, 5].map((id) => ({ id }))
  expect(await asked('')).toEqual([200, '0-2/*', [one, two, three]])
  expect(await asked('&limit=100')).toEqual([200, '0-2/*', [one, two, three]])
  expect(await asked('&limit=2')).toEqual([200, '0-1/*', [one, two]])
  expect(await asked('', { range: '0-99' })).toEqual([200, '0-2/*', [one, two, three]])
  expect(await asked('', { prefer: 'count=exact' })).toEqual([206, '0-2/5', [one, two, three]])
  expect(await asked('&offset=3', { prefer: 'count=exact' })).toEqual([206, '3-4/5', [four, five]])
})

everyDatabase('PLINTH_MAX_ROWS: also of CSV, and of the secret key', async ({ ask }) => {
  const csv = await ask('/rest/v1/products?select=id', { headers: { accept: 'text/csv' } })
  expect(csv.body).toBe('id\n1\n2\n3')
  expect((await ask('/rest/v1/products?select=id', { as: 'service' })).body).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
})

everyDatabase('PLINTH_MAX_ROWS: each embed has so many rows and no more, whatever it asks for', async ({ ask }) => {
  const gift = async (select: string): Promise<unknown> => (await ask(`/rest/v1/tags?name=eq.gift&select=${select}`)).body
  const three = [{ id: 1 }, { id: 2 }, { id: 3 }]
  expect(await gift('products(id)')).toEqual([{ products: three }])
  expect(await gift('products(id)&products.limit=50')).toEqual([{ products: three }])
  expect(await gift('products(id)&products.limit=2&products.offset=1')).toEqual([{ products: [{ id: 2 }, { id: 3 }] }])
  expect(await gift('...products(id)')).toEqual([{ id: [1, 2, 3] }])
})

everyDatabase('PLINTH_MAX_ROWS: what is counted or added up is all of it', async ({ ask }) => {
  expect((await ask('/rest/v1/products?select=count(),stock.sum()')).body).toEqual([{ count: 5, sum: 51 }])
  expect((await ask('/rest/v1/tags?name=eq.gift&select=products(count())')).body).toEqual([{ products: [{ count: 4 }] }])
  expect((await ask('/rest/v1/products?select=id,count()')).body).toHaveLength(3)
})

everyDatabase('PLINTH_MAX_ROWS: pages that follow each other still give every row', async ({ ask }) => {
  const seen: unknown[] = []
  for (let next: string | undefined = '/rest/v1/products?select=id&after='; next !== undefined && seen.length < 10;) {
    const { headers, body } = await ask(next)
    seen.push(...[body].flat())
    next = /<([^>]+)>; rel="next"/.exec(headers['link'] ?? '')?.[1]
  }
  expect(seen).toEqual([1, 2, 3, 4, 5].map((id) => ({ id })))
})

describe('What may be asked at once', () => {
  test('is bounded by settings that each have a sentence', () => {
    const told = [...limits.map(({ setting }) => settings[setting].env), 'PLINTH_MAX_ROWS']
    expect(told.toSorted()).toEqual(Object.keys(small).toSorted())
  })
})
