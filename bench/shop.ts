/** The backend that our side serves in the benches: every table has a rule that looks at the row and at who asks. */
import { boolean, decimal, integer, oneOf, plinth, ref, table, text, timestamp } from '../src/index.ts'

export default plinth({
  tables: {
    products: table({
      sku: text().unique(),
      name: text(),
      category: text(),
      price: decimal(10, 2),
      stock: integer(),
      active: boolean(),
    }).index('category', 'price'),
    customers: table({ name: text(), city: text(), store: text() }),
    orders: table({ customer_id: ref('customers'), status: oneOf('open', 'paid', 'shipped'), store: text(), placed_at: timestamp() }).index(
      'customer_id',
      'placed_at',
    ),
    visits: table({ store: text(), page: text(), at: timestamp(), milliseconds: integer() }),
    lines: table({ order_id: ref('orders'), product_id: ref('products'), quantity: integer(), price: decimal(10, 2) }).key(
      'order_id',
      'product_id',
    ),
  },
  access: {
    products: { read: ({ row, who }) => row.active.is(true).or(who.has('staff')) },
    customers: { read: ({ row, who }) => row.store.is(who.claim('store')) },
    orders: { read: ({ row, who }) => row.store.is(who.claim('store')) },
    visits: { read: ({ row, who }) => row.store.is(who.claim('store')), insert: ({ row, who }) => row.store.is(who.claim('store')) },
    lines: { read: ({ row, who }) => row.order.store.is(who.claim('store')) },
  },
})
