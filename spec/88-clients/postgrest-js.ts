/**
 * Each method of `@supabase/postgrest-js` that reads, called once at least, with the whole of what comes back.
 *
 * To add one: a row in `calls`. A method without a row fails the test, and so does a row that does not call its method.
 */
import type { Asker } from '../listening.ts'
import type { people } from '../world.ts'
import type { Client } from './connect.ts'

/** What a call of the client resolves to. */
export interface Result {
  readonly data: unknown
  readonly error: unknown
  readonly count: number | null
  readonly status: number
}

export interface Call {
  readonly method: string
  /** What it does, as a sentence that goes on from the method's name. */
  readonly does: string
  readonly as?: Asker<keyof typeof people>
  readonly ask: (db: Client) => PromiseLike<Result>
  /** What is not said of it is as in any good answer: no error, no count, 200. */
  readonly gives: Partial<Result>
}

/** An error as the client hands it on. */
const refused = (status: number, error: Readonly<Record<string, unknown>>): Partial<Result> => ({ data: null, status, error })

const ids = (...list: number[]): Partial<Result> => ({ data: list.map((id) => ({ id })) })

const ranges = (method: string, word: string, instead: string, ask: Call['ask']): Call => ({
  method,
  does: 'is refused, because no column is of a range type',
  ask,
  gives: refused(400, {
    code: '42883',
    message: `The operator ${word} is for range types, and no column is of one`,
    details: null,
    hint: `Compare both ends of the range with ${instead} and its like.`,
  }),
})

const selecting: readonly Call[] = [
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
      db.from('orders').select('id, customer(name), lines(quantity, product(name, tags(name)))').order('id').order('product_id', { referencedTable: 'lines' }),
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

const comparing: readonly Call[] = [
  { method: 'eq', does: 'keeps rows with the value', ask: (db) => db.from('products').select('id').eq('name', 'Öölong'), gives: ids(3) },
  { method: 'neq', does: 'keeps rows with another value', ask: (db) => db.from('tags').select('name').neq('colour', 'red'), gives: { data: [{ name: 'green' }, { name: 'strong' }] } },
  { method: 'gt', does: 'keeps what is greater', ask: (db) => db.from('products').select('id').gt('price', 21), gives: ids(4, 5) },
  { method: 'gte', does: 'keeps what is greater or equal', ask: (db) => db.from('products').select('id').gte('price', 21), gives: ids(3, 4, 5) },
  { method: 'lt', does: 'keeps what is less', ask: (db) => db.from('products').select('id').lt('price', 12.5), gives: ids(2) },
  { method: 'lte', does: 'keeps what is less or equal', ask: (db) => db.from('products').select('id').lte('price', 12.5), gives: ids(1, 2) },
  { method: 'like', does: 'minds case', ask: (db) => db.from('products').select('id').like('name', '%pot%').like('name', 'S%'), gives: ids(4) },
  { method: 'likeAllOf', does: 'wants every pattern', ask: (db) => db.from('products').select('id').likeAllOf('name', ['s%', '%old']), gives: ids(5) },
  { method: 'likeAnyOf', does: 'wants one of the patterns', ask: (db) => db.from('products').select('id').likeAnyOf('name', ['Sen%', 'Ass%']), gives: ids(1, 2) },
  { method: 'ilike', does: 'does not mind case, beyond ASCII too', ask: (db) => db.from('products').select('id').ilike('name', 'ÖÖL%'), gives: ids(3) },
  { method: 'ilikeAllOf', does: 'wants every pattern, whatever the case', ask: (db) => db.from('products').select('id').ilikeAllOf('name', ['S%', '%POT']), gives: ids(4) },
  { method: 'ilikeAnyOf', does: 'wants one of the patterns, whatever the case', ask: (db) => db.from('products').select('id').ilikeAnyOf('name', ['SEN%', '%POT%']), gives: ids(1, 4, 5) },
  { method: 'regexMatch', does: 'takes a regular expression', ask: (db) => db.from('products').select('id').regexMatch('sku', '^TEA-[12]$'), gives: ids(1, 2) },
  { method: 'regexIMatch', does: 'takes one that does not mind case', ask: (db) => db.from('products').select('id').regexIMatch('sku', '^tea-[23]$'), gives: ids(2, 3) },
  { method: 'is', does: 'asks for null, true and false', ask: (db) => db.from('products').select('id').is('blurb', null).is('organic', false), gives: ids(3, 5) },
  { method: 'isDistinct', does: 'takes what has no value for another value', ask: (db) => db.from('products').select('id').isDistinct('brew_time', '00:02:00'), gives: ids(2, 3, 4, 5) },
  { method: 'in', does: 'takes a list, with commas in its values too', ask: (db) => db.from('products').select('id').in('name', ['small pot, old', 'Assam', 'nothing']), gives: ids(2, 5) },
  { method: 'in', does: 'finds nothing in an empty list', ask: (db) => db.from('products').select('id').in('id', []), gives: ids() },
  { method: 'notIn', does: 'leaves out a list', ask: (db) => db.from('products').select('id').notIn('id', [1, 2, 3]), gives: ids(4, 5) },
  { method: 'contains', does: 'asks arrays', ask: (db) => db.from('products').select('id').contains('notes', ['sea']), gives: ids(1) },
  { method: 'contains', does: 'asks JSON', ask: (db) => db.from('products').select('id').contains('details', { origin: { country: 'India' } }), gives: ids(2) },
  { method: 'containedBy', does: 'asks arrays the other way', ask: (db) => db.from('products').select('id').containedBy('sizes', [50, 100, 200]), gives: ids(2) },
  { method: 'containedBy', does: 'takes JSON as text', ask: (db) => db.from('products').select('id').containedBy('details', '[1,2,3,4]'), gives: ids(3) },
  { method: 'overlaps', does: 'wants one element in common', ask: (db) => db.from('products').select('id').overlaps('sizes', [100, 7]), gives: ids(1, 2) },
  { method: 'match', does: 'takes several columns at once', ask: (db) => db.from('products').select('id').match({ stock: 0, organic: false }), gives: ids(2) },
  { method: 'not', does: 'turns an operator round', ask: (db) => db.from('products').select('id').not('blurb', 'is', null).not('id', 'in', '(1,2)'), gives: ids(4) },
  { method: 'or', does: 'joins filters', ask: (db) => db.from('products').select('id').or('price.lt.10,and(stock.gt.5,organic.is.true)'), gives: ids(1, 2) },
  { method: 'or', does: 'joins filters of an embed', ask: (db) => db.from('products').select('id, tags(name)').eq('id', 1).or('name.eq.gift,colour.eq.black', { referencedTable: 'tags' }), gives: { data: [{ id: 1, tags: [{ name: 'gift' }] }] } },
  { method: 'filter', does: 'takes any operator as it is on the wire', ask: (db) => db.from('products').select('id').filter('price', 'gte', 80).filter('name', 'not.like', 'S*'), gives: ids(5) },
  { method: 'filter', does: 'reaches into JSON', ask: (db) => db.from('products').select('id').filter('details->caffeine', 'gt', 30), gives: ids(2) },
  { method: 'eq', does: 'filters rows by a relation that is embedded with !inner', ask: (db) => db.from('products').select('id, tags!inner(name)').eq('tags.name', 'green'), gives: { data: [{ id: 1, tags: [{ name: 'green' }] }] } },
  ranges('rangeGt', 'sr', 'gt', (db) => db.from('products').select('id').rangeGt('sizes', '[1,2)')),
  ranges('rangeGte', 'nxl', 'gte', (db) => db.from('products').select('id').rangeGte('sizes', '[1,2)')),
  ranges('rangeLt', 'sl', 'lt', (db) => db.from('products').select('id').rangeLt('sizes', '[1,2)')),
  ranges('rangeLte', 'nxr', 'lte', (db) => db.from('products').select('id').rangeLte('sizes', '[1,2)')),
  ranges('rangeAdjacent', 'adj', 'eq', (db) => db.from('products').select('id').rangeAdjacent('sizes', '[1,2)')),
]

const searching: readonly Call[] = [
  { method: 'textSearch', does: 'reads operators', ask: (db) => db.from('products').select('id').textSearch('blurb', 'tea & !black'), gives: ids(1, 4) },
  { method: 'textSearch', does: 'reads plain words', ask: (db) => db.from('products').select('id').textSearch('blurb', 'morning strong', { type: 'plain' }), gives: ids(2) },
  { method: 'textSearch', does: 'reads a phrase', ask: (db) => db.from('products').select('id').textSearch('blurb', 'tea from japan', { type: 'phrase' }), gives: ids(1, 4) },
  { method: 'textSearch', does: 'reads what people write into a search box', ask: (db) => db.from('products').select('id').textSearch('blurb', '"tea from" -pot or morning', { type: 'websearch' }), gives: ids(1, 2) },
  { method: 'textSearch', does: 'takes the one configuration that there is', ask: (db) => db.from('products').select('id').textSearch('blurb', 'steamed', { config: 'simple' }), gives: ids(1) },
  {
    method: 'textSearch',
    does: 'refuses another configuration',
    ask: (db) => db.from('products').select('id').textSearch('blurb', 'steamed', { config: 'english', type: 'plain' }),
    gives: refused(400, {
      code: '0A000',
      message: "There is no text search configuration 'english'",
      details: null,
      hint: 'Words are folded by the simple table; leave the configuration out.',
    }),
  },
]

const shaping: readonly Call[] = [
  { method: 'order', does: 'sorts by several columns, each in its direction', ask: (db) => db.from('products').select('id').order('stock', { ascending: false }).order('name', { ascending: true }), gives: ids(1, 3, 4, 5, 2) },
  { method: 'order', does: 'puts what has no value where it is told to', ask: (db) => db.from('products').select('id').order('grams', { nullsFirst: true }).order('id', { ascending: false }), gives: ids(5, 4, 3, 1, 2) },
  { method: 'order', does: 'sorts by a relation to one', as: 'sue', ask: (db) => db.from('orders').select('id, ...customer(name)').order('customer(name)', { ascending: false }).order('id', { ascending: false }),
    gives: { data: [{ id: 4, name: 'CANARY' }, { id: 3, name: 'Bob' }, { id: 2, name: 'Ann' }, { id: 1, name: 'Ann' }] } },
  { method: 'order', does: 'sorts inside an embed', ask: (db) => db.from('products').select('id, tags(name)').eq('id', 1).order('name', { referencedTable: 'tags', ascending: false }), gives: { data: [{ id: 1, tags: [{ name: 'green' }, { name: 'gift' }] }] } },
  { method: 'limit', does: 'bounds the rows', ask: (db) => db.from('products').select('id').limit(2), gives: ids(1, 2) },
  { method: 'limit', does: 'bounds an embed', ask: (db) => db.from('products').select('id, tags(name)').eq('id', 1).limit(1, { referencedTable: 'tags' }), gives: { data: [{ id: 1, tags: [{ name: 'gift' }] }] } },
  { method: 'range', does: 'gives a page', ask: (db) => db.from('products').select('id').range(1, 3), gives: ids(2, 3, 4) },
  { method: 'range', does: 'gives a page of an embed', ask: (db) => db.from('products').select('id, tags(name)').eq('id', 1).range(1, 5, { referencedTable: 'tags' }), gives: { data: [{ id: 1, tags: [{ name: 'green' }] }] } },
  {
    method: 'range',
    does: 'beyond the last row is refused where the rows are counted',
    ask: (db) => db.from('products').select('id', { count: 'exact' }).range(7, 9),
    gives: refused(416, {
      code: 'PGRST103',
      message: 'Requested range not satisfiable',
      details: 'An offset of 7 was requested, but there are only 5 rows.',
      hint: null,
    }),
  },
  { method: 'single', does: 'gives the one row as an object', ask: (db) => db.from('products').select('id, name').eq('id', 1).single(), gives: { data: { id: 1, name: 'Sencha' } } },
  {
    method: 'single',
    does: 'refuses several rows',
    ask: (db) => db.from('products').select('id').single(),
    gives: refused(406, { code: 'PGRST116', message: 'Cannot coerce the result to a single JSON object', details: 'The result contains 5 rows', hint: null }),
  },
  { method: 'maybeSingle', does: 'gives the one row', ask: (db) => db.from('products').select('id').eq('id', 2).maybeSingle(), gives: { data: { id: 2 } } },
  { method: 'maybeSingle', does: 'gives null where there is no row', ask: (db) => db.from('products').select('id').eq('id', 99).maybeSingle(), gives: { data: null } },
  { method: 'csv', does: 'gives text', ask: (db) => db.from('products').select('id, name, blurb').in('id', [3, 5]).csv(), gives: { data: 'id,name,blurb\n3,Öölong,\n5,"small pot, old",' } },
  { method: 'stripNulls', does: 'leaves out members without a value', ask: (db) => db.from('products').select('id, blurb, grams').in('id', [3, 5]).stripNulls(), gives: { data: [{ id: 3, grams: 0.1 }, { id: 5 }] } },
  { method: 'stripNulls', does: 'goes with a single row', ask: (db) => db.from('products').select('id, blurb').eq('id', 3).single().stripNulls(), gives: { data: { id: 3 } } },
  {
    method: 'explain',
    does: 'shows no plan to anybody but the secret key',
    as: 'sue',
    ask: (db) => db.from('products').select('id').explain(),
    gives: refused(403, { code: '42501', message: 'The plan of a query is shown to the secret key only', details: null, hint: null }),
  },
  {
    method: 'geojson',
    does: 'is refused, because no column is of a geometry',
    ask: (db) => db.from('products').select('id').geojson(),
    gives: refused(406, { code: 'PGRST107', message: 'None of these media types are available: application/geo+json', details: null, hint: null }),
  },
  { method: 'setHeader', does: 'adds a header to one request', ask: (db) => db.from('products').select('id').eq('id', 1).setHeader('Prefer', 'count=exact'), gives: { ...ids(1), count: 1 } },
  { method: 'retry', does: 'changes nothing about a good answer', ask: (db) => db.from('products').select('id').eq('id', 1).retry(false), gives: ids(1) },
  { method: 'rollback', does: 'changes nothing about reading', ask: (db) => db.from('products').select('id').eq('id', 1).rollback(), gives: ids(1) },
  { method: 'returns', does: 'is for the compiler alone', ask: (db) => db.from('products').select('id').eq('id', 1).returns<{ id: 1 }[]>(), gives: ids(1) },
  { method: 'overrideTypes', does: 'is for the compiler alone', ask: (db) => db.from('products').select('id, details').eq('id', 3).overrideTypes<{ details: number[] }[]>(), gives: { data: [{ id: 3, details: [1, 2, 3] }] } },
  { method: 'schema', does: 'takes the one schema that there is', ask: (db) => db.schema('public').from('products').select('id').eq('id', 1), gives: ids(1) },
  {
    method: 'schema',
    does: 'refuses another schema',
    // @ts-expect-error a schema that is not there
    ask: (db) => db.schema('private').from('products').select('id'),
    gives: refused(406, { code: 'PGRST106', message: 'Invalid schema: private', details: null, hint: 'Only the following schemas are exposed: public' }),
  },
]

const refusing: readonly Call[] = [
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

/** What writes is refused as long as nothing can be written over REST. */
const writing: readonly Call[] = [
  { method: 'insert', ask: (db: Client) => db.from('tags').insert({ name: 'new', colour: 'red' as const }), verb: 'POST' },
  { method: 'upsert', ask: (db: Client) => db.from('tags').upsert({ name: 'new', colour: 'red' as const }), verb: 'POST' },
  { method: 'update', ask: (db: Client) => db.from('tags').update({ colour: 'red' as const }).eq('name', 'green'), verb: 'PATCH' },
  { method: 'delete', ask: (db: Client) => db.from('tags').delete().eq('name', 'green'), verb: 'DELETE' },
  { method: 'maxAffected', ask: (db: Client) => db.from('tags').delete().eq('name', 'green').maxAffected(1), verb: 'DELETE' },
].map(({ method, ask, verb }) => ({
  method,
  does: 'is refused: rows are not written over REST yet',
  ask,
  gives: refused(405, { code: 'PGRST117', message: `Unsupported HTTP method: ${verb}`, details: null, hint: null }),
}))

const calling: readonly Call[] = [
  {
    method: 'rpc',
    does: 'is refused: there are no functions yet',
    // @ts-expect-error a function that is not there
    ask: (db) => db.rpc('restock'),
    gives: refused(404, { code: 'PGRST202', message: 'Could not find the function restock in the schema cache', details: null, hint: null }),
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

export const calls: readonly Call[] = [...selecting, ...comparing, ...searching, ...shaping, ...refusing, ...writing, ...calling]
