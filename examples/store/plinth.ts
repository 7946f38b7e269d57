/**
 * An online shop for the home. Strangers see the catalogue and its reviews; customers see their own orders, addresses
 * and profile besides; couriers see where parcels are going; staff see everything, costs included.
 */
import {
  anyone,
  array,
  boolean,
  date,
  decimal,
  integer,
  json,
  oneOf,
  plinth,
  ref,
  role,
  table,
  text,
  timestamp,
  timestamps,
  user,
} from 'plinth'
import { addresses, categories, customers, lines, orders, productCategories, products, reviews, stock, warehouses } from './seed.ts'

interface Attributes {
  readonly size: { readonly width: number; readonly height: number }
  readonly colour: string
  readonly material: string
  readonly dishwasher?: boolean
}

export default plinth({
  tables: {
    customers: table({
      account_id: user().unique().comment('Who signs in as this customer.'),
      name: text().min(1).max(100),
      email: text().max(200).unique(),
      phone: text().max(30).optional(),
      joined_on: date(),
    }).comment('Somebody with an account.'),

    addresses: table({
      customer_id: ref('customers', { onDelete: 'cascade' }),
      recipient: text().max(100),
      street: text().max(100),
      postal_code: text().max(12),
      city: text().max(80),
      country: text().pattern('^[A-Z]{2}$').comment('Two letters, ISO 3166.'),
    }).comment('Where bills and parcels go.'),

    categories: table({
      slug: text().unique().pattern('^[a-z]+(-[a-z]+)*$').comment('The name in addresses of pages.'),
      name: text().max(60),
      position: integer().min(0).comment('The place among its siblings.'),
      parent_id: ref('categories', { back: 'children' }).optional(),
    }).comment('The shelves of the shop: a tree.'),

    products: table({
      sku: text().unique().pattern('^[A-Z]{3}-[0-9]{5}$').comment('The number on the label.'),
      name: text().min(1).max(120),
      description: text().max(2000),
      price: decimal(10, 2).min(0).comment('In euros, with tax.'),
      cost: decimal(10, 2).min(0).hidden().comment('What we pay for one.'),
      margin: decimal(10, 2).generated('price - cost').hidden(),
      grams: integer().min(1),
      tags: array(text()),
      attributes: json<Attributes>(),
      image: text().max(200),
      image_alt: text().max(200).comment('What the picture shows, for those who do not see it.'),
      published: boolean().default(false),
      released_on: date(),
    })
      .index('price')
      .index('released_on')
      .search('name', 'description')
      .comment('What is sold.'),

    product_categories: table({
      product_id: ref('products', { onDelete: 'cascade' }),
      category_id: ref('categories', { onDelete: 'cascade' }),
    })
      .key('product_id', 'category_id')
      .comment('Which shelves a product stands on.'),

    warehouses: table({ name: text().unique(), city: text() }),

    stock: table({
      product_id: ref('products', { onDelete: 'cascade' }),
      warehouse_id: ref('warehouses'),
      quantity: integer().min(0),
      reorder_at: integer().min(0).default(10).hidden(),
    })
      .key('product_id', 'warehouse_id')
      .comment('How many of a product lie where.'),

    orders: table({
      number: integer().unique().comment('What the customer is told.'),
      customer_id: ref('customers'),
      billing_id: ref('addresses'),
      shipping_id: ref('addresses').optional().comment('None where it is collected at the shop.'),
      status: oneOf('open', 'paid', 'shipped', 'delivered', 'cancelled').default('open'),
      total: decimal(12, 2).min(0),
      remark: text().max(500).optional(),
      placed_at: timestamp().defaultNow(),
      ...timestamps(),
    })
      .index('customer_id', 'placed_at')
      .index('status', 'placed_at'),

    lines: table({
      order_id: ref('orders', { onDelete: 'cascade' }),
      product_id: ref('products'),
      quantity: integer().min(1).max(99),
      unit_price: decimal(10, 2).min(0).comment('As it was on the day of the order.'),
      amount: decimal(12, 2).generated('unit_price * quantity'),
    })
      .key('order_id', 'product_id')
      .comment('What an order is made of.'),

    reviews: table({
      product_id: ref('products', { onDelete: 'cascade' }),
      customer_id: ref('customers', { onDelete: 'cascade' }),
      rating: integer().min(1).max(5),
      title: text().max(120),
      body: text().max(4000).optional(),
      signed: text().max(60).comment('The name that is shown with it.'),
      status: oneOf('pending', 'published').default('pending'),
      written_at: timestamp().defaultNow(),
    })
      .unique('product_id', 'customer_id')
      .comment('One of each customer for each product.'),
  },

  access: {
    categories: { read: anyone, write: role('staff') },

    products: {
      read: ({ row, who }) => row.published.is(true).or(who.has('staff')),
      write: role('staff'),
      columns: { cost: { read: role('staff'), write: role('staff') }, margin: { read: role('staff') } },
    },
    product_categories: { read: ({ row, who }) => row.product.published.is(true).or(who.has('staff')), write: role('staff') },

    warehouses: { read: anyone, write: role('staff') },
    stock: {
      read: ({ row, who }) => row.product.published.is(true).or(who.has('staff')),
      write: role('staff'),
      columns: { reorder_at: { read: role('staff'), write: role('staff') } },
    },

    customers: {
      read: ({ row, who }) => row.account_id.is(who.id).or(who.has('staff')),
      insert: ({ row, who }) => row.account_id.is(who.id),
      update: ({ row, who }) => row.account_id.is(who.id).or(who.has('staff')),
    },
    addresses: {
      // A courier sees the addresses that a parcel is on its way to, and no other.
      read: ({ row, who }) =>
        row.customer.account_id
          .is(who.id)
          .or(who.has('staff'))
          .or(who.has('courier').and(row.orders_by_shipping.some((order) => order.status.is('shipped')))),
      write: ({ row, who }) => row.customer.account_id.is(who.id).or(who.has('staff')),
    },
    orders: {
      read: ({ row, who }) => row.customer.account_id.is(who.id).or(who.has('staff')),
      insert: ({ row, who }) => row.customer.account_id.is(who.id).and(row.billing.customer_id.is(row.customer_id)),
      update: role('staff'),
    },
    lines: {
      read: ({ row, who }) => row.order.customer.account_id.is(who.id).or(who.has('staff')),
      insert: ({ row, who }) => row.order.customer.account_id.is(who.id).and(row.order.status.is('open')),
    },
    reviews: {
      read: ({ row, who }) => row.status.is('published').or(row.customer.account_id.is(who.id)).or(who.has('staff')),
      // Only of what one has bought.
      insert: ({ row, who }) =>
        row.customer.account_id
          .is(who.id)
          .and(row.status.is('pending'))
          .and(row.product.lines.some((line) => line.order.customer.account_id.is(who.id))),
      update: role('staff'),
      delete: ({ row, who }) => row.customer.account_id.is(who.id).or(who.has('staff')),
      // Who wrote it is told to the writer and to staff; to all others it is null.
      columns: { customer_id: { read: ({ row, who }) => row.customer.account_id.is(who.id).or(who.has('staff')) } },
    },
  },

  async seed({ insert }) {
    await insert('categories', categories())
    await insert('products', products())
    await insert('product_categories', productCategories())
    await insert('warehouses', warehouses())
    await insert('stock', stock())
    await insert('customers', customers())
    await insert('addresses', addresses())
    await insert('orders', orders())
    await insert('lines', lines())
    await insert('reviews', reviews())
  },
})
