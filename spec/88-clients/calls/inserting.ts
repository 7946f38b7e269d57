/** What goes in, as the secret key: `insert` and `upsert`, each undone at the end, and what may come back of it. */
import { refused, type Call } from '../call.ts'

const service = 'service'
const tag = { name: 'new', colour: 'red' as const }
const review = { id: 9, product_id: 4, customer_id: 1, stars: 4 }

export const inserting: readonly Call[] = [
  {
    method: 'insert',
    does: 'puts a row in, and says no more than that',
    as: service,
    ask: (db) => db.from('tags').insert(tag).rollback(),
    gives: { status: 201 },
  },
  {
    method: 'insert',
    does: 'counts the rows that it puts in',
    as: service,
    ask: (db) =>
      db
        .from('tags')
        .insert([tag, { ...tag, name: 'newer' }], { count: 'exact' })
        .rollback(),
    gives: { status: 201, count: 2 },
  },
  {
    method: 'insert',
    does: 'puts in nothing without complaint',
    as: service,
    ask: (db) => db.from('tags').insert([], { count: 'exact' }).rollback().select(),
    gives: { status: 201, count: 0, data: [] },
  },
  {
    method: 'insert',
    does: 'puts NULL where one of several rows says nothing',
    as: service,
    ask: (db) =>
      db
        .from('reviews')
        .insert([
          { ...review, words: 'Good' },
          { ...review, id: 10, customer_id: 2 },
        ])
        .rollback()
        .select('id, words, approved'),
    gives: {
      status: 201,
      data: [
        { id: 9, words: 'Good', approved: false },
        { id: 10, words: null, approved: false },
      ],
    },
  },
  {
    method: 'insert',
    does: 'refuses NULL where there must be a value, unless it is told to put the default there',
    as: service,
    ask: (db) =>
      db.from('reviews').insert([
        { ...review, approved: true },
        { ...review, id: 10, customer_id: 2 },
      ]),
    gives: refused(400, {
      code: '23502',
      message: 'null value in column "approved" of relation "reviews" violates not-null constraint',
    }),
  },
  {
    method: 'insert',
    does: 'puts the default where one of several rows says nothing, when it is told to',
    as: service,
    ask: (db) =>
      db
        .from('reviews')
        .insert(
          [
            { ...review, approved: true },
            { ...review, id: 10, customer_id: 2 },
          ],
          { defaultToNull: false },
        )
        .rollback()
        .select('id, approved'),
    gives: {
      status: 201,
      data: [
        { id: 9, approved: true },
        { id: 10, approved: false },
      ],
    },
  },
  {
    method: 'insert',
    does: 'keeps JSON, lists and every digit',
    as: service,
    ask: (db) =>
      db
        .from('products')
        .insert({
          id: 9,
          sku: 'TEA-9',
          name: 'Pu’er',
          price: 12.3,
          cost: 1,
          added_at: '2026-01-01',
          details: { a: [1, null] },
          notes: ['a, b', ''],
        })
        .rollback()
        .select('price, margin, details, notes'),
    gives: { status: 201, data: [{ price: 12.3, margin: 11.3, details: { a: [1, null] }, notes: ['a, b', ''] }] },
  },
  {
    method: 'insert',
    does: 'is refused for a value that is there already',
    as: service,
    ask: (db) => db.from('tags').insert({ name: 'gift', colour: 'red' }),
    gives: refused(409, {
      code: '23505',
      message: 'duplicate key value violates unique constraint "tags_pkey"',
      details: 'Key (name)=(gift) already exists.',
    }),
  },
  {
    method: 'insert',
    does: 'is refused for a reference that leads nowhere',
    as: service,
    ask: (db) => db.from('product_tags').insert({ product_id: 99, tag_id: 'gift' }),
    gives: refused(409, { code: '23503', details: 'Key (product_id)=(99) is not present in table "products".' }),
  },
  {
    method: 'insert',
    does: 'is refused for a column that is not there',
    as: service,
    // @ts-expect-error a column that is not there
    ask: (db) => db.from('tags').insert({ ...tag, size: 1 }),
    gives: refused(400, { code: 'PGRST204', message: "Could not find the 'size' column of 'tags'" }),
  },
  {
    method: 'upsert',
    does: 'changes the rows that are there and puts the others in, by their key',
    as: service,
    ask: (db) =>
      db
        .from('tags')
        .upsert([{ name: 'gift', colour: 'green' }, tag])
        .rollback()
        .select(),
    gives: {
      status: 201,
      data: [
        { name: 'gift', colour: 'green' },
        { name: 'new', colour: 'red' },
      ],
    },
  },
  {
    method: 'upsert',
    does: 'tells with its status that nothing is new, and leaves alone what is not given',
    as: service,
    ask: (db) =>
      db
        .from('reviews')
        .upsert({ ...review, id: 1, product_id: 1, stars: 2 }, { count: 'exact' })
        .rollback()
        .select('stars, words'),
    gives: { status: 200, count: 1, data: [{ stars: 2, words: 'Tastes of spring' }] },
  },
  {
    method: 'upsert',
    does: 'tells rows apart by other columns, where these are named',
    as: service,
    ask: (db) =>
      db
        .from('reviews')
        .upsert({ id: 1, product_id: 1, customer_id: 1, stars: 1 }, { onConflict: 'product_id,customer_id' })
        .rollback()
        .select('id, stars'),
    gives: { status: 200, data: [{ id: 1, stars: 1 }] },
  },
  {
    method: 'upsert',
    does: 'is refused where the named columns tell no rows apart',
    as: service,
    ask: (db) => db.from('reviews').upsert(review, { onConflict: 'stars' }),
    gives: refused(400, { code: '42P10', message: 'there is no unique or exclusion constraint matching the ON CONFLICT specification' }),
  },
  {
    method: 'upsert',
    does: 'leaves the rows that are there alone, when it is told to ignore them',
    as: service,
    ask: (db) =>
      db
        .from('tags')
        .upsert([{ name: 'gift', colour: 'green' }, tag], { ignoreDuplicates: true, count: 'exact' })
        .rollback()
        .select(),
    gives: { status: 201, count: 1, data: [{ name: 'new', colour: 'red' }] },
  },
  {
    method: 'upsert',
    does: 'puts the default where one of several rows says nothing, when it is told to',
    as: service,
    ask: (db) =>
      db
        .from('reviews')
        .upsert([{ ...review, id: 2, product_id: 1, customer_id: 2, approved: false }, review], { defaultToNull: false })
        .rollback()
        .select('id, approved'),
    gives: {
      status: 201,
      data: [
        { id: 2, approved: false },
        { id: 9, approved: false },
      ],
    },
  },
  {
    method: 'upsert',
    does: 'cannot change one row twice',
    as: service,
    ask: (db) => db.from('tags').upsert([tag, tag]),
    gives: refused(400, { code: '21000', message: 'ON CONFLICT DO UPDATE command cannot affect row a second time' }),
  },
]
