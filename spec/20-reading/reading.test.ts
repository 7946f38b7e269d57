/** What a read gives: columns, names, casts, parts of JSON and lists, pages, counts, one row. */
import { expect } from 'vitest'
import { sentences } from '../shop.ts'
import { everyDatabase } from '../world.ts'

sentences([
  [
    'without a select a stranger gets every column that is not hidden, in the order of the file',
    'stranger',
    'products?id=eq.2',
    [
      {
        id: 2,
        sku: 'TEA-2',
        name: 'Assam',
        blurb: 'A strong black tea for the morning',
        price: 9.9,
        stock: 0,
        grams: 125.5,
        organic: false,
        published: true,
        picked: '2026-03-15',
        brew_time: '00:04:30',
        added_at: '2026-05-20T08:30:00.123456+00:00',
        details: { origin: { country: 'India', region: null }, caffeine: 60, grades: [] },
        notes: ['malt'],
        sizes: [100],
        label: null,
        batch: null,
        successor_id: null,
      },
    ],
  ],
  [
    'a star is all that is not hidden, and stands beside others',
    'sue',
    'tags?select=*,again:name&name=eq.gift',
    [{ name: 'gift', colour: 'red', again: 'gift' }],
  ],
  [
    'columns come renamed and cast, in the order of the select',
    'stranger',
    'products?select=euros:price::text,id,whole:price::integer,made:added_at::date&id=eq.1',
    [{ euros: '12.50', id: 1, whole: 13, made: '2026-05-20' }],
  ],
  ['a cast that there is not is refused', 'stranger', 'products?select=price::boolean', '42846'],
  ['a cast to a type that there is not is refused', 'stranger', 'products?select=price::money', '42704'],
  [
    'parts of JSON and of lists come as JSON or as text',
    'stranger',
    'products?select=details->origin->country,region:details->origin->>region,details->caffeine,cups:details->>caffeine,first:details->grades->0,sizes->-1,note:notes->>0&id=lte.2',
    [
      { country: 'Japan', region: 'Uji', caffeine: 30, cups: '30', first: 'A', sizes: 250, note: 'grass' },
      { country: 'India', region: null, caffeine: 60, cups: '60', first: null, sizes: 100, note: 'malt' },
    ],
  ],
  [
    'a part of what has no parts is null',
    'stranger',
    'products?select=id,x:details->origin,y:details->0,z:details->>0&id=in.(3,4)',
    [
      { id: 3, x: null, y: 1, z: '1' },
      { id: 4, x: null, y: null, z: null },
    ],
  ],
  ['a path into a column that is no JSON is refused', 'stranger', 'products?select=name->x', '42883'],
  [
    'a hidden column is selected by name, by who may read it',
    'sue',
    'products?select=id,cost,margin&id=eq.1',
    [{ id: 1, cost: 7, margin: 5.5 }],
  ],
  ['a hidden column is not there for others', 'ann', 'products?select=id,cost', '42703'],
  ['a column that there is not has the same code', 'ann', 'products?select=id,price_of_tea', '42703'],
  ['a table that there is not', 'ann', 'teapots', 'PGRST205'],
  ['a table that is nobody’s is as if it were not there', 'sue', 'vault', 'PGRST205'],
  ['the secret key reads it', 'service', 'vault', [{ id: 1, secret: 'CANARY' }]],
  ['limit and offset take a part of the list', 'stranger', 'products?select=id&limit=2&offset=1', [{ id: 2 }, { id: 3 }]],
  ['a limit of none gives none', 'stranger', 'products?select=id&limit=0', []],
  ['an offset past the end gives none', 'stranger', 'products?select=id&offset=99', []],
  ['one row is an object', 'stranger', 'products/4?select=name,price', { name: 'Small pot', price: 195.1 }],
  [
    'one row by two keys',
    'ann',
    'lines/1,4?select=quantity,product(name),order(status)',
    { quantity: 1, product: { name: 'Small pot' }, order: { status: 'shipped' } },
  ],
  ['one row with a filter that it does not pass is not there', 'stranger', 'products/4?price=lt.10', 'not_found'],
  ['one row that is somebody else’s is not there', 'bob', 'orders/1', 'not_found'],
  ['one row that there is not', 'bob', 'orders/99', 'not_found'],
  ['a key that is not of its type is refused', 'bob', 'orders/first', '22P02'],
])

everyDatabase('a star has no hidden column, not even for whom may read it', async ({ ask }) => {
  for (const path of ['products/1', 'products/1?select=*', 'products?select=*,cost:sku&id=eq.1', 'lines?select=product(*)&order_id=eq.1']) {
    const { text } = await ask(`/rest/v1/${path}`, { as: 'sue' })
    expect(text).not.toMatch(/margin|"cost":\d/)
    expect(text).toContain('"price":12.50')
  }
})

everyDatabase('what one may not read is answered byte by byte as what there is not', async ({ ask }) => {
  const pairs = [
    ['orders/1', 'orders/99'],
    ['orders?id=eq.1', 'orders?id=eq.99'],
    ['products/6', 'products/99'],
    ['lines/1,1', 'lines/99,1'],
    ['customers?id=eq.3&select=name,orders(id)', 'customers?id=eq.99&select=name,orders(id)'],
  ] as const
  for (const [hidden, absent] of pairs) {
    for (const method of ['GET', 'HEAD']) {
      const options = { as: 'bob', method, headers: { prefer: 'count=exact' } } as const
      const [one, other] = [await ask(`/rest/v1/${hidden}`, options), await ask(`/rest/v1/${absent}`, options)]
      expect({ ...one, headers: { ...one.headers, 'content-location': '' } }).toEqual({
        ...other,
        headers: { ...other.headers, 'content-location': '' },
      })
    }
  }
})

everyDatabase('counts are of what the asker may read, and pages say where they are', async ({ ask }) => {
  const range = async (path: string, as: 'ann' | 'sue', count = 'exact') =>
    (await ask(`/rest/v1/${path}`, { as, headers: { prefer: `count=${count}` } })).headers['content-range']
  expect(await range('orders?select=id', 'ann')).toBe('0-1/2')
  expect(await range('orders?select=id&limit=2&offset=2', 'sue')).toBe('2-3/4')
  expect(await range('orders?select=id&status=eq.paid', 'ann')).toBe('*/0')
  expect(await range('orders?select=status,count()', 'sue')).toBe('0-2/3')
  for (const count of ['planned', 'estimated']) expect(await range('orders?select=id', 'ann', count)).toBe('0-1/2')
})

everyDatabase('CSV of no rows is the line of the names that the asker may read', async ({ ask }) => {
  const header = async (path: string, as?: 'ann' | 'sue'): Promise<unknown> =>
    (await ask(`/rest/v1/${path}`, { headers: { accept: 'text/csv' }, ...(as && { as }) })).text
  expect(await header('tags?name=eq.none')).toBe('name,colour\n')
  expect(await header('products?id=eq.0&select=id,*,shown:name,price.sum()')).toMatch(/^id,id,sku,.*,successor_id,shown,sum\n$/)
  expect(await header('products?id=eq.0')).not.toContain('cost')
  expect(await header('customers?id=eq.0', 'ann')).toBe('id,account_id,name,city,phone,referrer_id\n')
  expect(await header('products?select=id,n:tags(*),...product_tags(tag_id,tag(*)),reviews()&id=eq.0')).toBe('id,n,tag_id,tag\n')
  expect(await header('products?select=name,...successor(*)&id=eq.0')).toMatch(/^name,id,sku,/)
  expect(await header('tags?name=gt.z&after=')).toBe('name,colour\n')
})
