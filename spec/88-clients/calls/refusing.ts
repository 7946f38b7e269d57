/** What is refused: wrong names and values, and what is not there yet. */
import { refused, type Call } from '../call.ts'
import type { Client } from '../connect.ts'

const wrong: readonly Call[] = [
  {
    method: 'from',
    does: 'refuses a table that is not there',
    // @ts-expect-error a table that is not there
    ask: (db) => db.from('prodcts').select(),
    gives: refused(404, {
      code: 'PGRST205',
      message: "Could not find the table 'prodcts'",
      details: null,
      hint: 'Check the name; or it is there for others: sign in, or add a read rule.',
    }),
  },
  {
    method: 'from',
    does: 'tells of a table that may not be read what it tells of one that is not there',
    as: 'ann',
    ask: (db) => db.from('vault').select(),
    gives: refused(404, {
      code: 'PGRST205',
      message: "Could not find the table 'vault'",
      details: null,
      hint: 'Check the name; or it is there for others: sign in, or add a read rule.',
    }),
  },
  {
    method: 'select',
    does: 'refuses a column that is not there',
    ask: (db) => db.from('products').select('nme'),
    gives: refused(400, { code: '42703', message: 'column products.nme does not exist', details: null, hint: null }),
  },
  {
    method: 'select',
    does: 'refuses a relation that is not there',
    ask: (db) => db.from('products').select('id, shops(name)'),
    gives: refused(400, {
      code: 'PGRST200',
      message: "Could not find a relationship between 'products' and 'shops'",
      details: "Searched for a relationship between 'products' and 'shops', but no matches were found.",
      hint: null,
    }),
  },
  {
    method: 'select',
    does: 'asks which relation is meant where there are two',
    as: 'ann',
    ask: (db) => db.from('orders').select('id, addresses(city)'),
    gives: refused(300, {
      code: 'PGRST201',
      message: "Could not embed because more than one relationship was found for 'orders' and 'addresses'",
      details: 'orders.billing leads to addresses by orders_billing_id_fkey; orders.shipping leads to addresses by orders_shipping_id_fkey',
      hint: 'Say which: addresses!billing, addresses!shipping.',
    }),
  },
  {
    method: 'eq',
    does: 'refuses a value of another type',
    ask: (db) => db.from('products').select('id').filter('id', 'gt', 'many').eq('stock', 1),
    gives: refused(400, { code: '22P02', message: 'invalid input syntax for type integer: "many"', details: null, hint: null }),
  },
]

/** What writes is refused where no rule lets it. */
const writing: readonly Call[] = [
  {
    method: 'insert',
    ask: (db: Client) => db.from('tags').insert({ name: 'new', colour: 'red' as const }),
    says: 'new rows may not be written to',
  },
  {
    method: 'upsert',
    ask: (db: Client) => db.from('tags').upsert({ name: 'new', colour: 'red' as const }),
    says: 'new rows may not be written to',
  },
  {
    method: 'update',
    ask: (db: Client) =>
      db
        .from('tags')
        .update({ colour: 'red' as const })
        .eq('name', 'green'),
    says: 'rows may not be changed in',
  },
  { method: 'delete', ask: (db: Client) => db.from('tags').delete().eq('name', 'green'), says: 'rows may not be deleted from' },
  {
    method: 'maxAffected',
    ask: (db: Client) => db.from('tags').delete().eq('name', 'green').maxAffected(1),
    says: 'rows may not be deleted from',
  },
].map(({ method, ask, says }) => ({
  method,
  does: 'is refused where no rule lets anybody write',
  ask,
  gives: refused(403, { code: '42501', message: `${says} table "tags"` }),
}))

const calling: readonly Call[] = [
  {
    method: 'rpc',
    does: 'is refused: there is no such function',
    // @ts-expect-error a function that is not there
    ask: (db) => db.rpc('restock'),
    gives: refused(404, {
      code: 'PGRST202',
      message: 'Could not find the function restock in the schema cache',
      details: null,
      hint: 'It may be there for those who are signed in.',
    }),
  },
  {
    method: 'getOpenApiSpec',
    does: 'is refused: there is no description yet',
    ask: (db) => db.getOpenApiSpec(),
    gives: refused(404, {
      code: 'PGRST125',
      message: 'Invalid path specified in request URL',
      details: '',
      hint: 'Tables are at /rest/v1/<table>, one row at /rest/v1/<table>/<key>.',
    }),
  },
]

export const refusing: readonly Call[] = [...wrong, ...writing, ...calling]
