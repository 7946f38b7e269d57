/** Orders, pages and the forms of an answer. */
import { ids, refused, type Call } from '../call.ts'

export const shaping: readonly Call[] = [
  {
    method: 'order',
    does: 'sorts by several columns, each in its direction',
    ask: (db) => db.from('products').select('id').order('stock', { ascending: false }).order('name', { ascending: true }),
    gives: ids(1, 3, 4, 5, 2),
  },
  {
    method: 'order',
    does: 'puts what has no value where it is told to',
    ask: (db) => db.from('products').select('id').order('grams', { nullsFirst: true }).order('id', { ascending: false }),
    gives: ids(5, 4, 3, 1, 2),
  },
  {
    method: 'order',
    does: 'sorts by a relation to one',
    as: 'sue',
    ask: (db) =>
      db.from('orders').select('id, ...customer(name)').order('customer(name)', { ascending: false }).order('id', { ascending: false }),
    gives: {
      data: [
        { id: 4, name: 'CANARY' },
        { id: 3, name: 'Bob' },
        { id: 2, name: 'Ann' },
        { id: 1, name: 'Ann' },
      ],
    },
  },
  {
    method: 'order',
    does: 'sorts inside an embed',
    ask: (db) => db.from('products').select('id, tags(name)').eq('id', 1).order('name', { referencedTable: 'tags', ascending: false }),
    gives: { data: [{ id: 1, tags: [{ name: 'green' }, { name: 'gift' }] }] },
  },
  { method: 'limit', does: 'bounds the rows', ask: (db) => db.from('products').select('id').limit(2), gives: ids(1, 2) },
  {
    method: 'limit',
    does: 'bounds an embed',
    ask: (db) => db.from('products').select('id, tags(name)').eq('id', 1).limit(1, { referencedTable: 'tags' }),
    gives: { data: [{ id: 1, tags: [{ name: 'gift' }] }] },
  },
  { method: 'range', does: 'gives a page', ask: (db) => db.from('products').select('id').range(1, 3), gives: ids(2, 3, 4) },
  {
    method: 'range',
    does: 'gives a page of an embed',
    ask: (db) => db.from('products').select('id, tags(name)').eq('id', 1).range(1, 5, { referencedTable: 'tags' }),
    gives: { data: [{ id: 1, tags: [{ name: 'green' }] }] },
  },
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
  {
    method: 'single',
    does: 'gives the one row as an object',
    ask: (db) => db.from('products').select('id, name').eq('id', 1).single(),
    gives: { data: { id: 1, name: 'Sencha' } },
  },
  {
    method: 'single',
    does: 'refuses several rows',
    ask: (db) => db.from('products').select('id').single(),
    gives: refused(406, {
      code: 'PGRST116',
      message: 'Cannot coerce the result to a single JSON object',
      details: 'The result contains 5 rows',
      hint: null,
    }),
  },
  {
    method: 'maybeSingle',
    does: 'gives the one row',
    ask: (db) => db.from('products').select('id').eq('id', 2).maybeSingle(),
    gives: { data: { id: 2 } },
  },
  {
    method: 'maybeSingle',
    does: 'gives null where there is no row',
    ask: (db) => db.from('products').select('id').eq('id', 99).maybeSingle(),
    gives: { data: null },
  },
  {
    method: 'maybeSingle',
    does: 'takes several rows for an error',
    ask: (db) => db.from('products').select('id').gt('id', 3).maybeSingle(),
    gives: refused(406, { code: 'PGRST116', message: 'JSON object requested, multiple (or no) rows returned' }),
  },
  {
    method: 'csv',
    does: 'gives text',
    ask: (db) => db.from('products').select('id, name, blurb').in('id', [3, 5]).csv(),
    gives: { data: 'id,name,blurb\n3,Öölong,\n5,"small pot, old",' },
  },
  {
    method: 'stripNulls',
    does: 'leaves out members without a value',
    ask: (db) => db.from('products').select('id, blurb, grams').in('id', [3, 5]).stripNulls(),
    gives: { data: [{ id: 3, grams: 0.1 }, { id: 5 }] },
  },
  {
    method: 'stripNulls',
    does: 'goes with a single row',
    ask: (db) => db.from('products').select('id, blurb').eq('id', 3).single().stripNulls(),
    gives: { data: { id: 3 } },
  },
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
    gives: refused(406, {
      code: 'PGRST107',
      message: 'None of these media types are available: application/geo+json',
      details: null,
      hint: null,
    }),
  },
  {
    method: 'setHeader',
    does: 'adds a header to one request',
    ask: (db) => db.from('products').select('id').eq('id', 1).setHeader('Prefer', 'count=exact'),
    gives: { ...ids(1), count: 1 },
  },
  {
    method: 'retry',
    does: 'changes nothing about a good answer',
    ask: (db) => db.from('products').select('id').eq('id', 1).retry(false),
    gives: ids(1),
  },
  {
    method: 'rollback',
    does: 'changes nothing about reading',
    ask: (db) => db.from('products').select('id').eq('id', 1).rollback(),
    gives: ids(1),
  },
  {
    method: 'returns',
    does: 'is for the compiler alone',
    ask: (db) => db.from('products').select('id').eq('id', 1).returns<{ id: 1 }[]>(),
    gives: ids(1),
  },
  {
    method: 'overrideTypes',
    does: 'is for the compiler alone',
    ask: (db) => db.from('products').select('id, details').eq('id', 3).overrideTypes<{ details: number[] }[]>(),
    gives: { data: [{ id: 3, details: [1, 2, 3] }] },
  },
  {
    method: 'schema',
    does: 'takes the one schema that there is',
    ask: (db) => db.schema('public').from('products').select('id').eq('id', 1),
    gives: ids(1),
  },
  {
    method: 'schema',
    does: 'refuses another schema',
    // @ts-expect-error a schema that is not there
    ask: (db) => db.schema('private').from('products').select('id'),
    gives: refused(406, {
      code: 'PGRST106',
      message: 'Invalid schema: private',
      details: null,
      hint: 'Only the following schemas are exposed: public',
    }),
  },
]
