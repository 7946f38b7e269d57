/**
 * The world of the specification: a small tea shop that nearly all sentences are about. Few rows, each with a reason.
 *
 * Ann and Bob are customers; Sue is staff; a stranger has the publishable key alone.
 * Every type has a column (`products`), and every kind of rule a table. Rows named `CANARY` are read by nobody but
 * staff and the service: an answer that holds the word has leaked.
 */
import {
  anyone,
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
  role,
  signedIn,
  table,
  text,
  time,
  timestamp,
  timestamps,
  user,
  uuid,
} from '../src/index.ts'
import { everyDatabaseOf } from './harness.ts'

export const people = {
  ann: { sub: '0197a000-0000-7000-8000-00000000000a', claims: { city: 'Oslo' } },
  bob: { sub: '0197a000-0000-7000-8000-00000000000b' },
  /** Staff: sees all that is not the vault's. */
  sue: { sub: '0197a000-0000-7000-8000-00000000000c', roles: ['staff'] },
  /** Signed in, and a customer of nothing. */
  max: { sub: '0197a000-0000-7000-8000-00000000000d' },
}

export const shop = plinth({
  tables: {
    products: table({
      id: integer(),
      sku: text().unique().pattern('^[A-Z]+-[0-9]+$').comment('Printed on the box.'),
      name: text().min(1).max(60),
      blurb: text().optional(),
      price: decimal(10, 2).min(0),
      cost: decimal(10, 2).hidden(),
      margin: decimal(10, 2).generated('price - cost').hidden(),
      stock: integer().default(0),
      grams: float().optional(),
      organic: boolean().default(false),
      published: boolean().default(true),
      picked: date().optional(),
      brew_time: time().optional(),
      added_at: timestamp().defaultNow(),
      details: json().optional(),
      notes: array(text()).optional(),
      sizes: array(integer()).optional(),
      label: bytes().optional(),
      batch: uuid().optional(),
      successor_id: ref('products', { back: 'predecessors' }).optional(),
    })
      .index('price')
      .search('name', 'blurb')
      .check('stock_is_sane', ({ row }) => row.stock.atLeast(0))
      .comment('What is sold.'),

    tags: table({ name: text(), colour: oneOf('green', 'black', 'red') }).key('name'),
    product_tags: table({ product_id: ref('products', { onDelete: 'cascade' }), tag_id: ref('tags') }).key('product_id', 'tag_id'),

    customers: table({
      id: integer(),
      account_id: user().unique(),
      name: text(),
      city: text().optional(),
      phone: text().optional(),
      referrer_id: ref('customers', { back: 'referred' }).optional(),
    }),
    addresses: table({ id: integer(), customer_id: ref('customers'), street: text(), city: text() }),

    orders: table({
      id: integer(),
      customer_id: ref('customers'),
      billing_id: ref('addresses'),
      shipping_id: ref('addresses').optional(),
      status: oneOf('open', 'paid', 'shipped').default('open'),
      placed_at: timestamp(),
      remark: text().optional(),
      ...timestamps(),
    }),
    lines: table({
      order_id: ref('orders', { onDelete: 'cascade' }),
      product_id: ref('products'),
      quantity: integer().min(1),
      price: decimal(10, 2),
    }).key('order_id', 'product_id'),
    returns: table({ id: integer(), order_id: ref('orders'), product_id: ref('products'), reason: text().optional() }).link(
      'line',
      'lines',
      'order_id',
      'product_id',
    ),

    reviews: table({
      id: integer(),
      product_id: ref('products'),
      customer_id: ref('customers'),
      stars: integer().min(1).max(5),
      words: text().optional(),
      approved: boolean().default(false),
    }).unique('product_id', 'customer_id'),

    /** No rule: nobody's but the service's. */
    vault: table({ id: integer(), secret: text() }),
  },

  access: {
    products: {
      read: ({ row, who }) => row.published.is(true).or(who.has('staff')),
      write: role('staff'),
      columns: { cost: { read: role('staff') }, margin: { read: role('staff') } },
    },
    tags: { read: anyone },
    product_tags: { read: anyone },
    customers: {
      read: ({ row, who }) =>
        row.account_id
          .is(who.id)
          .or(row.referred.some((friend) => friend.account_id.is(who.id)))
          .or(who.has('staff')),
      columns: { phone: { read: ({ row, who }) => row.account_id.is(who.id).or(who.has('staff')) } },
    },
    addresses: {
      read: ({ row, who }) =>
        row.customer.account_id
          .is(who.id)
          .or(row.city.is(who.claim('city')))
          .or(who.has('staff')),
    },
    orders: { read: ({ row, who }) => row.customer.account_id.is(who.id).or(who.has('staff')) },
    lines: { read: ({ row, who }) => row.order.customer.account_id.is(who.id).or(who.has('staff')) },
    returns: { read: signedIn },
    reviews: { read: ({ row }) => row.approved.is(true) },
  },
})

/** In the order in which they can be put in. */
export const rows = {
  products: [
    {
      id: 1,
      sku: 'TEA-1',
      name: 'Sencha',
      blurb: 'A green tea from Japan, steamed and fresh',
      price: '12.50',
      cost: '7.00',
      stock: 40,
      grams: 100,
      organic: true,
      picked: '2026-05-01',
      brew_time: '00:02:00',
      added_at: '2026-05-20T08:00:00Z',
      details: { origin: { country: 'Japan', region: 'Uji' }, caffeine: 30, grades: ['A', 'B'] },
      notes: ['grass', 'sea'],
      sizes: [50, 100, 250],
      label: 'U2VuY2hh',
      batch: '0197a111-0000-7000-8000-000000000001',
    },
    {
      id: 2,
      sku: 'TEA-2',
      name: 'Assam',
      blurb: 'A strong black tea for the morning',
      price: '9.90',
      cost: '4.35',
      stock: 0,
      grams: 125.5,
      picked: '2026-03-15',
      brew_time: '00:04:30',
      added_at: '2026-05-20T10:30:00.123456+02:00',
      details: { origin: { country: 'India', region: null }, caffeine: 60, grades: [] },
      notes: ['malt'],
      sizes: [100],
    },
    {
      id: 3,
      sku: 'TEA-3',
      name: 'Öölong',
      blurb: null,
      price: '21.00',
      cost: '15.50',
      stock: 7,
      grams: 0.1,
      added_at: '2026-06-01T00:00:00Z',
      details: [1, 2, 3],
      notes: [],
    },
    {
      id: 4,
      sku: 'POT-4',
      name: 'Small pot',
      blurb: '100% clay_pot, not for tea from Japan',
      price: '195.10',
      cost: '120.00',
      stock: 3,
      added_at: '2026-06-01T00:00:00Z',
      // A string is read as JSON text.
      details: '"fragile"',
      successor_id: null,
    },
    {
      id: 5,
      sku: 'POT-5',
      name: 'small pot, old',
      price: '80.00',
      cost: '60.00',
      stock: 1,
      added_at: '2025-01-01T00:00:00Z',
      successor_id: 4,
    },
    {
      id: 6,
      sku: 'CANARY-6',
      name: 'CANARY',
      blurb: 'CANARY green tea',
      price: '0.01',
      cost: '0.01',
      published: false,
      added_at: '2020-01-01T00:00:00Z',
      details: { CANARY: true },
      notes: ['CANARY'],
    },
  ],
  tags: [
    { name: 'green', colour: 'green' },
    { name: 'strong', colour: 'black' },
    { name: 'gift', colour: 'red' },
  ],
  product_tags: [
    { product_id: 1, tag_id: 'green' },
    { product_id: 1, tag_id: 'gift' },
    { product_id: 2, tag_id: 'strong' },
    { product_id: 4, tag_id: 'gift' },
    { product_id: 6, tag_id: 'green' },
  ],
  customers: [
    { id: 1, account_id: people.ann.sub, name: 'Ann', city: 'Oslo', phone: '+47 1' },
    { id: 2, account_id: people.bob.sub, name: 'Bob', city: 'Bergen', phone: '+47 2', referrer_id: 1 },
    { id: 3, account_id: '0197a000-0000-7000-8000-00000000000f', name: 'CANARY', phone: 'CANARY' },
  ],
  addresses: [
    { id: 1, customer_id: 1, street: 'High Street 1', city: 'Oslo' },
    { id: 2, customer_id: 1, street: 'Low Street 2', city: 'Bergen' },
    { id: 3, customer_id: 2, street: 'Quay 3', city: 'Bergen' },
    { id: 4, customer_id: 3, street: 'CANARY', city: 'Paris' },
  ],
  orders: [
    { id: 1, customer_id: 1, billing_id: 1, shipping_id: 2, status: 'shipped', placed_at: '2026-10-01T09:00:00Z', remark: 'Ring twice' },
    { id: 2, customer_id: 1, billing_id: 1, status: 'open', placed_at: '2026-11-20T17:45:30.5Z' },
    { id: 3, customer_id: 2, billing_id: 3, shipping_id: 3, status: 'paid', placed_at: '2026-11-01T00:00:00Z' },
    { id: 4, customer_id: 3, billing_id: 4, status: 'paid', placed_at: '2026-11-02T00:00:00Z', remark: 'CANARY' },
  ],
  lines: [
    { order_id: 1, product_id: 1, quantity: 2, price: '12.50' },
    { order_id: 1, product_id: 4, quantity: 1, price: '195.10' },
    { order_id: 2, product_id: 2, quantity: 10, price: '9.90' },
    { order_id: 3, product_id: 1, quantity: 1, price: '11.00' },
    { order_id: 4, product_id: 6, quantity: 99, price: '0.01' },
  ],
  returns: [{ id: 1, order_id: 1, product_id: 4, reason: 'The lid is chipped' }],
  reviews: [
    { id: 1, product_id: 1, customer_id: 1, stars: 5, words: 'Tastes of spring', approved: true },
    { id: 2, product_id: 1, customer_id: 2, stars: 3, approved: true },
    { id: 3, product_id: 2, customer_id: 2, stars: 1, words: 'CANARY', approved: false },
  ],
  vault: [{ id: 1, secret: 'CANARY' }],
}

/** Registers a sentence about the shop on each database. */
export const everyDatabase = everyDatabaseOf({ backend: shop, rows, people })
