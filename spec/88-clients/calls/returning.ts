/** What comes back of rows that go in, in its forms; each write is undone at the end. */
import { refused, type Call } from '../call.ts'

const service = 'service'
const tag = { name: 'new', colour: 'red' as const }
const review = { id: 9, product_id: 4, customer_id: 1, stars: 4 }

export const returning: readonly Call[] = [
  {
    method: 'select',
    does: 'gives back what was put in, with what is related to it',
    as: service,
    ask: (db) =>
      db
        .from('lines')
        .insert({ order_id: 2, product_id: 1, quantity: 3, price: 12.5 })
        .rollback()
        .select('quantity, product(name, tags(name)), order(customer(name))'),
    gives: {
      status: 201,
      data: [
        { quantity: 3, product: { name: 'Sencha', tags: [{ name: 'gift' }, { name: 'green' }] }, order: { customer: { name: 'Ann' } } },
      ],
    },
  },
  {
    method: 'single',
    does: 'gives back the row that was put in as an object',
    as: service,
    ask: (db) => db.from('tags').insert(tag).rollback().select().single(),
    gives: { status: 201, data: tag },
  },
  {
    method: 'csv',
    does: 'gives back what was put in as text',
    as: service,
    ask: (db) => db.from('reviews').insert(review).rollback().select('id, words, stars').csv(),
    gives: { status: 201, data: 'id,words,stars\n9,,4' },
  },
  {
    method: 'stripNulls',
    does: 'leaves out members without a value of what was put in',
    as: service,
    ask: (db) => db.from('reviews').insert(review).rollback().select('id, words').stripNulls(),
    gives: { status: 201, data: [{ id: 9 }] },
  },
  {
    method: 'overrideTypes',
    does: 'gives the compiler another type of what was put in',
    as: service,
    ask: (db) => db.from('tags').insert(tag).rollback().select('name').overrideTypes<{ name: 'new' }[]>(),
    gives: { status: 201, data: [{ name: 'new' }] },
  },
  {
    method: 'returns',
    does: 'gives the compiler another type of what was put in',
    as: service,
    ask: (db) => db.from('tags').insert(tag).rollback().select('name').returns<{ name: 'new' }[]>(),
    gives: { status: 201, data: [{ name: 'new' }] },
  },
  {
    method: 'schema',
    does: 'takes the one schema that there is for a write, too',
    as: service,
    ask: (db) => db.schema('public').from('tags').insert(tag).rollback(),
    gives: { status: 201 },
  },
  {
    method: 'setHeader',
    does: 'asks for where the new row is',
    as: service,
    ask: (db) => db.from('tags').insert(tag).setHeader('Prefer', 'return=headers-only, tx=rollback'),
    gives: { status: 201 },
  },
  {
    method: 'explain',
    does: 'is refused for a write',
    as: service,
    ask: (db) => db.from('tags').insert(tag).select().explain(),
    gives: refused(400, { code: 'PGRST127', message: 'Feature not implemented', details: 'A write has no plan to show.' }),
  },
  {
    method: 'rollback',
    does: 'answers as if all were done, and undoes it',
    as: service,
    ask: async (db) => {
      await db.from('tags').insert(tag).rollback()
      return db.from('tags').select('name').eq('name', 'new')
    },
    gives: { data: [] },
  },
]
