/** What is asked for: columns, relations, counts. */
import { ids, type Call } from '../call.ts'

export const selecting: readonly Call[] = [
  {
    method: 'from',
    does: 'names the table, and select without columns gives all that are not hidden',
    ask: (db) => db.from('tags').select(),
    gives: {
      data: [
        { name: 'gift', colour: 'red' },
        { name: 'green', colour: 'green' },
        { name: 'strong', colour: 'black' },
      ],
    },
  },
  {
    method: 'select',
    does: 'takes columns, renames, casts and parts of JSON',
    ask: (db) => db.from('products').select('title:name, price::text, details->origin->>country').eq('id', 1),
    gives: { data: [{ title: 'Sencha', price: '12.50', country: 'Japan' }] },
  },
  {
    method: 'select',
    does: 'embeds relations to one, to many and through a join table',
    as: 'ann',
    ask: (db) =>
      db
        .from('orders')
        .select('id, customer(name), lines(quantity, product(name, tags(name)))')
        .order('id')
        .order('product_id', { referencedTable: 'lines' }),
    gives: {
      data: [
        {
          id: 1,
          customer: { name: 'Ann' },
          lines: [
            { quantity: 2, product: { name: 'Sencha', tags: [{ name: 'gift' }, { name: 'green' }] } },
            { quantity: 1, product: { name: 'Small pot', tags: [{ name: 'gift' }] } },
          ],
        },
        { id: 2, customer: { name: 'Ann' }, lines: [{ quantity: 10, product: { name: 'Assam', tags: [{ name: 'strong' }] } }] },
      ],
    },
  },
  {
    method: 'select',
    does: 'tells references to one table apart by their hints, and spreads a relation to one',
    as: 'ann',
    ask: (db) => db.from('orders').select('id, bill:addresses!billing(street), ...customer(who:name)').eq('id', 1),
    gives: { data: [{ id: 1, bill: { street: 'High Street 1' }, who: 'Ann' }] },
  },
  {
    method: 'select',
    does: 'aggregates, in groups of what is selected besides',
    as: 'sue',
    ask: (db) => db.from('lines').select('product_id, quantity.sum()').order('product_id'),
    gives: {
      data: [
        { product_id: 1, sum: 3 },
        { product_id: 2, sum: 10 },
        { product_id: 4, sum: 1 },
        { product_id: 6, sum: 99 },
      ],
    },
  },
  {
    method: 'select',
    does: 'counts with head, without any row',
    ask: (db) => db.from('products').select('*', { head: true, count: 'exact' }),
    gives: { data: null, count: 5 },
  },
  {
    method: 'select',
    does: 'counts beside the rows of a page, which is then a part of all',
    ask: (db) => db.from('products').select('id', { count: 'exact' }).order('id').limit(2),
    gives: { ...ids(1, 2), count: 5, status: 206 },
  },
  {
    method: 'select',
    does: 'gives a planned and an estimated count as the exact one to whoever may not see the planner',
    ask: async (db) => {
      const { count } = await db.from('products').select('id', { head: true, count: 'estimated' })
      return { ...(await db.from('products').select('id', { head: true, count: 'planned' })), data: count }
    },
    gives: { data: 5, count: 5 },
  },
]
