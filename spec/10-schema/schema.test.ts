/** What a file means once it is loaded: columns, keys, the names the database gets, and relations both ways. */
import { describe, expect, test } from 'vitest'
import {
  boolean,
  bytes,
  decimal,
  integer,
  json,
  oneOf,
  plinth,
  ref,
  role,
  signedIn,
  table,
  text,
  timestamps,
  user,
} from '../../src/index.ts'
import { load } from '../../src/schema/load.ts'
import { findRelation } from '../../src/schema/relations.ts'
import type { Relation, Schema, Table } from '../../src/schema/schema.ts'

const shop = load(
  plinth({
    tables: {
      customers: table({ account_id: user(), name: text(), referrer_id: ref('customers', { back: 'referred' }).optional() }),
      addresses: table({ customer_id: ref('customers'), city: text() }),
      orders: table({ customer_id: ref('customers'), billing_id: ref('addresses'), shipping_id: ref('addresses').optional() }).index(
        'customer_id',
        'billing_id',
      ),
      products: table({ sku: text().unique(), price: decimal(10, 2).min(0), name: text().max(200) })
        .search('name')
        .comment('What is sold.'),
      lines: table({ order_id: ref('orders', { onDelete: 'cascade' }), product_id: ref('products'), quantity: integer() }).key(
        'order_id',
        'product_id',
      ),
      returns: table({ order_id: ref('orders'), product_id: ref('products') }).link('line', 'lines', 'order_id', 'product_id'),
      specs: table({ product_id: ref('products'), watts: integer() }).key('product_id'),
      follows: table({ follower_id: ref('customers'), followed_id: ref('customers') }).key('follower_id', 'followed_id'),
    },
  }),
)

const tableOf = (schema: Schema, name: string): Table => schema.tables.get(name) ?? expect.fail(`no table ${name}`)
const named = (of: readonly { readonly name: string }[]): string[] => of.map(({ name }) => name)

/** `orders → orders*` for several, `?` for one that may be missing. */
const said = (relation: Relation): string => `${relation.name} → ${relation.to}${relation.many ? '*' : relation.optional ? '?' : ''}`
const relationsOf = (schema: Schema, name: string): string[] => [...tableOf(schema, name).relations.values()].map(said)

describe('columns', () => {
  test('a table has an id unless it says otherwise', () => {
    expect(tableOf(shop, 'orders').key).toStrictEqual(['id'])
    expect(tableOf(shop, 'orders').columns.get('id')).toMatchObject({ type: { kind: 'uuid' }, default: { kind: 'uuid' }, optional: false })
    expect(tableOf(shop, 'lines').key).toStrictEqual(['order_id', 'product_id'])
    expect(tableOf(shop, 'lines').columns.has('id')).toBe(false)
    const own = load(plinth({ tables: { counters: table({ id: integer() }) } }))
    expect(tableOf(own, 'counters').columns.get('id')).toStrictEqual(expect.not.objectContaining({ default: expect.anything() }))
  })

  test('a reference holds what the column it leads to holds', () => {
    const schema = load(
      plinth({
        tables: { a: table({ code: text() }).key('code'), b: table({ a_id: ref('a') }).key('a_id'), c: table({ b_id: ref('b') }) },
      }),
    )
    expect(tableOf(schema, 'c').columns.get('b_id')).toMatchObject({
      type: { kind: 'text' },
      references: { table: 'b', column: 'a_id', onDelete: 'restrict' },
    })
  })

  test('defaults and bounds are in canonical form', () => {
    const { columns } = tableOf(
      load(
        plinth({
          tables: {
            things: table({
              price: decimal(10, 2).min(0).default(1.5),
              size: integer().max('9').default('7'),
              word: oneOf('a', 'b').default('b'),
              data: json().default('x'),
              raw: bytes().length(2),
              ...timestamps(),
            }),
          },
        }),
      ),
      'things',
    )
    expect(columns.get('price')).toMatchObject({ min: '0.00', default: { kind: 'value', value: '1.50' } })
    expect(columns.get('size')).toMatchObject({ max: '9', default: { kind: 'value', value: 7n } })
    expect(columns.get('word')).toMatchObject({ type: { kind: 'text' }, values: ['a', 'b'], default: { value: 'b' } })
    expect(columns.get('data')).toMatchObject({ default: { value: '"x"' } })
    expect(columns.get('raw')).toMatchObject({ min: '2', max: '2' })
    expect(columns.get('created_at')).toMatchObject({ default: { kind: 'now' }, touched: false })
    expect(columns.get('updated_at')).toMatchObject({ default: { kind: 'now' }, touched: true })
  })

  test('comments and search are kept', () => {
    expect(tableOf(shop, 'products')).toMatchObject({ comment: 'What is sold.', search: ['name'] })
  })
})

describe('names in the database', () => {
  test('constraints are named as PostgreSQL names them', () => {
    expect(named(tableOf(shop, 'orders').foreignKeys)).toStrictEqual([
      'orders_customer_id_fkey',
      'orders_billing_id_fkey',
      'orders_shipping_id_fkey',
    ])
    expect(named(tableOf(shop, 'products').uniques)).toStrictEqual(['products_sku_key'])
    expect(named(tableOf(shop, 'returns').foreignKeys)).toContain('returns_order_id_product_id_fkey')
  })

  test('references and user columns have an index, unless one begins with them already', () => {
    expect(named(tableOf(shop, 'orders').indexes)).toStrictEqual([
      'orders_customer_id_billing_id_idx',
      'orders_billing_id_idx',
      'orders_shipping_id_idx',
    ])
    expect(named(tableOf(shop, 'lines').indexes)).toStrictEqual(['lines_product_id_idx'])
    expect(named(tableOf(shop, 'customers').indexes)).toStrictEqual(['customers_referrer_id_idx', 'customers_account_id_idx'])
    expect(named(tableOf(shop, 'returns').indexes)).toStrictEqual(['returns_order_id_product_id_idx', 'returns_product_id_idx'])
  })

  test('a long name is cut at 63 bytes with a hash, and stays the same', () => {
    const long = 'a_very_long_name_that_goes_on_and_on_and_on'
    const schema = load(plinth({ tables: { [long]: table({ [`${long}_one`]: text().unique(), [`${long}_two`]: text().unique() }) } }))
    const [one, two] = named(tableOf(schema, long).uniques)
    expect(one).toMatch(/^a_very_long_name_that_goes_on_and_on_and_on_a_very_[0-9a-f]{8}_key$/)
    expect([one, two].map((name) => Buffer.byteLength(name ?? ''))).toStrictEqual([63, 63])
    expect(one).not.toBe(two)
  })

  test('a name that is taken gets a number', () => {
    const schema = load(
      plinth({ tables: { a_b: table({ c: text().unique() }), a: table({ b_c: text().unique() }), a_b_c_key1: table({ d: boolean() }) } }),
    )
    expect([...named(tableOf(schema, 'a_b').uniques), ...named(tableOf(schema, 'a').uniques)]).toStrictEqual(['a_b_c_key', 'a_b_c_key2'])
  })

  test('checks carry the name of their table', () => {
    const schema = load(plinth({ tables: { lamps: table({ on: boolean() }).check('is_on', ({ row }) => row.on.is(true)) } }))
    expect(named(tableOf(schema, 'lamps').checks)).toStrictEqual(['lamps_is_on'])
  })
})

describe('relations', () => {
  test('a reference makes a relation to one, and one back', () => {
    expect(relationsOf(shop, 'orders')).toStrictEqual([
      'customer → customers',
      'billing → addresses',
      'shipping → addresses?',
      'lines → lines*',
      'returns → returns*',
      'products → products*',
    ])
  })

  test('several references from one table are told apart by their names', () => {
    expect(relationsOf(shop, 'addresses')).toStrictEqual([
      'customer → customers',
      'orders_by_billing → orders*',
      'orders_by_shipping → orders*',
    ])
  })

  test('a unique reference makes a relation to one both ways', () => {
    expect(relationsOf(shop, 'products')).toContain('specs → specs?')
  })

  test('a link is a relation by several columns', () => {
    expect(tableOf(shop, 'returns').relations.get('line')).toMatchObject({
      to: 'lines',
      columns: ['order_id', 'product_id'],
      target: ['order_id', 'product_id'],
      many: false,
    })
    expect(relationsOf(shop, 'lines')).toContain('returns → returns*')
  })

  test('a join table makes relations between the two it joins', () => {
    expect(tableOf(shop, 'orders').relations.get('products')).toMatchObject({
      to: 'products',
      many: true,
      columns: ['id'],
      target: ['id'],
      through: { table: 'lines', near: ['order_id'], far: ['product_id'] },
      constraint: 'lines_order_id_fkey lines_product_id_fkey',
    })
  })

  test('a join table from a table to itself makes one for each direction', () => {
    expect(relationsOf(shop, 'customers').filter((text) => text.includes('follow'))).toStrictEqual([
      'follows_by_follower → follows*',
      'follows_by_followed → follows*',
      'followed_through_follows → customers*',
      'follower_through_follows → customers*',
    ])
    expect(tableOf(shop, 'customers').relations.get('followed_through_follows')?.through).toStrictEqual({
      table: 'follows',
      near: ['follower_id'],
      far: ['followed_id'],
    })
  })

  test('several join tables, or a name that is taken, say which join table', () => {
    const schema = load(
      plinth({
        tables: {
          songs: table({ title: text() }),
          lists: table({ favourite_id: ref('songs', { back: 'favoured' }).optional() }),
          entries: table({ song_id: ref('songs'), list_id: ref('lists') }).key('song_id', 'list_id'),
          votes: table({ song_id: ref('songs'), list_id: ref('lists'), stars: integer() }).unique('song_id', 'list_id'),
          tags: table({ songs: integer() }),
          song_tags: table({ song_id: ref('songs', { back: 'labels' }), tag_id: ref('tags') }).key('song_id', 'tag_id'),
        },
      }),
    )
    expect(relationsOf(schema, 'songs')).toStrictEqual([
      'favoured → lists*',
      'entries → entries*',
      'votes → votes*',
      'labels → song_tags*',
      'lists_through_entries → lists*',
      'lists_through_votes → lists*',
      'tags → tags*',
    ])
    expect(relationsOf(schema, 'tags')).toStrictEqual(['song_tags → song_tags*', 'songs_through_song_tags → songs*'])
  })

  test('names that do not end in _id say their relation', () => {
    const schema = load(
      plinth({
        tables: {
          Artist: table({ ArtistId: integer() }).key('ArtistId'),
          Album: table({ AlbumId: integer(), ArtistId: ref('Artist', { as: 'artist' }) }).key('AlbumId'),
        },
      }),
    )
    expect(relationsOf(schema, 'Album')).toStrictEqual(['artist → Artist'])
    expect(relationsOf(schema, 'Artist')).toStrictEqual(['Album → Album*'])
  })
})

describe('what a name on the wire means', () => {
  const found = (table: string, name: string, hint?: string): string[] => named(findRelation(shop, table, name, hint))

  test('the relation, the other table, the column or the foreign key', () => {
    for (const name of ['customer', 'customers', 'customer_id', 'orders_customer_id_fkey'])
      expect(found('orders', name)).toStrictEqual(['customer'])
    expect(found('products', 'specs')).toStrictEqual(['specs'])
    expect(found('orders', 'products')).toStrictEqual(['products'])
  })

  test('a hint tells several apart', () => {
    expect(found('orders', 'addresses')).toStrictEqual(['billing', 'shipping'])
    for (const hint of ['billing', 'billing_id', 'orders_billing_id_fkey']) {
      expect(found('orders', 'addresses', hint)).toStrictEqual(['billing'])
      expect(found('addresses', 'orders', hint)).toStrictEqual(['orders_by_billing'])
    }
    expect(found('orders', 'products', 'lines')).toStrictEqual(['products'])
    expect(found('orders', 'addresses', 'home')).toStrictEqual([])
  })

  test('a column means the row it leads to, and not the rows that lead here', () => {
    expect(found('customers', 'referrer_id')).toStrictEqual(['referrer'])
    expect(found('products', 'id')).toStrictEqual([])
    expect(found('customers', 'id')).toStrictEqual([])
  })

  test('a name that means nothing finds nothing', () => {
    expect([
      found('orders', 'specs'),
      found('orders', 'customr'),
      found('nowhere', 'orders'),
      found('orders', 'constructor'),
    ]).toStrictEqual([[], [], [], []])
  })
})

describe('access', () => {
  test('write stands for insert, update and delete, and the operation itself says more', () => {
    const staff = role('staff')
    const { access } = load(
      plinth({
        tables: { notes: table({ words: text() }) },
        access: { notes: { write: staff, insert: signedIn, columns: { words: { read: staff } } } },
      }),
    )
    expect(access.get('notes')?.rules).toStrictEqual(
      new Map([
        ['insert', signedIn],
        ['update', staff],
        ['delete', staff],
      ]),
    )
    expect(access.get('notes')?.columns).toStrictEqual(new Map([['words', new Map([['read', staff]])]]))
  })

  test('what is not said is not there', () => {
    expect(load(plinth({ tables: { notes: table({ words: text() }) } })).access.size).toBe(0)
  })
})
