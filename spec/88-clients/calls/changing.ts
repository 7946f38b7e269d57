/** What is there already: `update` and `delete`, each undone at the end, with filters and what may come back. */
import { refused, type Call } from '../call.ts'

export const changing: readonly Call[] = [
  {
    method: 'update',
    does: 'changes the rows that match, and says no more than that',
    as: 'sue',
    ask: (db) => db.from('products').update({ stock: 1 }).eq('id', 1).rollback(),
    gives: { status: 204 },
  },
  {
    method: 'update',
    does: 'counts the rows that it changes',
    as: 'sue',
    ask: (db) => db.from('products').update({ stock: 1 }, { count: 'exact' }).gte('price', 20).rollback(),
    gives: { status: 204, count: 3 },
  },
  {
    method: 'update',
    does: 'takes a value away',
    as: 'sue',
    ask: (db) => db.from('products').update({ blurb: null, grams: null }).in('id', [1, 2]).rollback().select('id, blurb, grams'),
    gives: {
      data: [
        { id: 1, blurb: null, grams: null },
        { id: 2, blurb: null, grams: null },
      ],
    },
  },
  {
    method: 'update',
    does: 'changes no row where none matches',
    as: 'sue',
    ask: (db) => db.from('products').update({ stock: 1 }, { count: 'exact' }).eq('id', 99).rollback().select(),
    gives: { data: [], count: 0 },
  },
  {
    method: 'update',
    does: 'of the whole table needs no filter',
    as: 'sue',
    ask: (db) => db.from('products').update({ stock: 9 }, { count: 'exact' }).rollback(),
    gives: { status: 204, count: 6 },
  },
  {
    method: 'update',
    does: 'is refused for a value that breaks a check',
    as: 'sue',
    ask: (db) => db.from('products').update({ stock: -1 }).eq('id', 1),
    gives: refused(400, { code: '23514', message: 'new row for relation "products" violates check constraint "products_stock_is_sane"' }),
  },
  {
    method: 'update',
    does: 'is refused for a column that is computed',
    as: 'service',
    // @ts-expect-error a column that is computed
    ask: (db) => db.from('products').update({ margin: 1 }).eq('id', 1),
    gives: refused(400, { code: '428C9', message: 'column "margin" cannot be changed', details: 'Column "margin" is computed.' }),
  },
  {
    method: 'update',
    does: 'is refused for a column that is not for this asker to write',
    as: 'sue',
    ask: (db) => db.from('products').update({ cost: 1 }).eq('id', 1),
    gives: refused(403, { code: '42501', message: 'column "cost" of table "products" may not be written' }),
  },
  {
    method: 'update',
    does: 'is refused to those whom the rules let change nothing',
    as: 'ann',
    ask: (db) => db.from('products').update({ stock: 1 }).eq('id', 1),
    gives: refused(403, { code: '42501', message: 'rows may not be changed in table "products"' }),
  },
  {
    method: 'delete',
    does: 'takes out the rows that match, and says no more than that',
    as: 'service',
    ask: (db) => db.from('returns').delete().eq('id', 1).rollback(),
    gives: { status: 204 },
  },
  {
    method: 'delete',
    does: 'counts the rows that it takes out',
    as: 'service',
    ask: (db) => db.from('reviews').delete({ count: 'exact' }).lt('stars', 4).rollback(),
    gives: { status: 204, count: 2 },
  },
  {
    method: 'delete',
    does: 'is refused while other rows refer to one of them',
    as: 'service',
    ask: (db) => db.from('tags').delete().eq('name', 'strong'),
    gives: refused(409, {
      code: '23503',
      message: 'update or delete on table "tags" violates foreign key constraint "product_tags_tag_id_fkey" on table "product_tags"',
      details: 'Key (name)=(strong) is still referenced from table "product_tags".',
    }),
  },
  {
    method: 'select',
    does: 'gives back what was changed, as it is now, with what is related to it',
    as: 'sue',
    ask: (db) => db.from('products').update({ name: 'Old pot' }).eq('id', 5).rollback().select('name, successor(name), tags(name)'),
    gives: { data: [{ name: 'Old pot', successor: { name: 'Small pot' }, tags: [] }] },
  },
  {
    method: 'select',
    does: 'gives back what was taken out, as it was, with what was related to it',
    as: 'service',
    ask: (db) => db.from('product_tags').delete().eq('tag_id', 'gift').rollback().select('product(name), tag(colour)'),
    gives: {
      data: [
        { product: { name: 'Sencha' }, tag: { colour: 'red' } },
        { product: { name: 'Small pot' }, tag: { colour: 'red' } },
      ],
    },
  },
  {
    method: 'single',
    does: 'changes a row where it is the one that matches',
    as: 'sue',
    ask: (db) => db.from('products').update({ stock: 1 }).eq('sku', 'TEA-1').rollback().select('sku, stock').single(),
    gives: { data: { sku: 'TEA-1', stock: 1 } },
  },
  {
    method: 'single',
    does: 'changes nothing where several rows match, or none',
    as: 'sue',
    ask: async (db) => {
      await db.from('products').update({ stock: 77 }).like('sku', 'TEA-%').select('sku').single()
      const none = await db.from('products').update({ stock: 77 }).eq('sku', 'TEA-99').select('sku').single()
      const { count } = await db.from('products').select('id', { count: 'exact', head: true }).eq('stock', 77)
      return { ...none, count }
    },
    gives: {
      ...refused(406, {
        code: 'PGRST116',
        message: 'Cannot coerce the result to a single JSON object',
        details: 'The result contains 0 rows',
        hint: null,
      }),
      count: 0,
    },
  },
  {
    method: 'maybeSingle',
    does: 'gives the one row that was changed',
    as: 'sue',
    ask: (db) => db.from('products').update({ stock: 1 }).eq('id', 1).rollback().select('id').maybeSingle(),
    gives: { data: { id: 1 } },
  },
  {
    method: 'maybeSingle',
    does: 'gives null where nothing was taken out',
    as: 'service',
    ask: (db) => db.from('returns').delete().eq('id', 99).rollback().select().maybeSingle(),
    gives: { data: null },
  },
  {
    method: 'order',
    does: 'sorts what was changed',
    as: 'sue',
    ask: (db) =>
      db
        .from('products')
        .update({ organic: true })
        .in('id', [1, 2, 3])
        .rollback()
        .select('id')
        .order('price', { ascending: false })
        .order('id'),
    gives: { data: [{ id: 3 }, { id: 1 }, { id: 2 }] },
  },
  {
    method: 'limit',
    does: 'is refused for a write, because it would be misunderstood',
    as: 'sue',
    ask: (db) => db.from('products').update({ organic: true }).select('id').order('id').limit(1),
    gives: refused(400, {
      code: 'PGRST127',
      message: 'Feature not implemented',
      details: 'A write has no limit and no offset.',
      hint: 'Name the rows by filters; Prefer: handling=strict, max-affected=… keeps their number in bounds.',
    }),
  },
  {
    method: 'range',
    does: 'is refused for a write, because it would be misunderstood',
    as: 'service',
    ask: (db) => db.from('returns').delete().select('id').range(0, 1),
    gives: refused(400, { code: 'PGRST127', details: 'A write has no limit and no offset.' }),
  },
  {
    method: 'limit',
    does: 'bounds an embed of what was changed',
    as: 'sue',
    ask: (db) =>
      db
        .from('products')
        .update({ organic: true })
        .eq('id', 1)
        .rollback()
        .select('id, tags(name)')
        .order('name', { referencedTable: 'tags' })
        .limit(1, { referencedTable: 'tags' }),
    gives: { data: [{ id: 1, tags: [{ name: 'gift' }] }] },
  },
  {
    method: 'csv',
    does: 'gives what was taken out as text',
    as: 'service',
    ask: (db) => db.from('returns').delete().eq('id', 1).rollback().select('id, reason').csv(),
    gives: { data: 'id,reason\n1,The lid is chipped' },
  },
  {
    method: 'stripNulls',
    does: 'leaves out members without a value of what was changed',
    as: 'sue',
    ask: (db) => db.from('products').update({ blurb: null }).eq('id', 1).rollback().select('id, blurb').stripNulls(),
    gives: { data: [{ id: 1 }] },
  },
  {
    method: 'maxAffected',
    does: 'lets as many rows be changed as are meant',
    as: 'sue',
    ask: (db) => db.from('products').update({ stock: 1 }).in('id', [1, 2]).maxAffected(2).rollback().select('id'),
    gives: { data: [{ id: 1 }, { id: 2 }] },
  },
  {
    method: 'maxAffected',
    does: 'changes nothing where more rows match than are meant',
    as: 'sue',
    ask: (db) => db.from('products').update({ stock: 1 }).in('id', [1, 2]).maxAffected(1),
    gives: refused(400, {
      code: 'PGRST124',
      message: 'Query result exceeds max-affected preference constraint',
      details: 'The query affects 2 rows',
      hint: null,
    }),
  },
  {
    method: 'maxAffected',
    does: 'takes out nothing where more rows match than are meant',
    as: 'service',
    ask: (db) => db.from('reviews').delete().maxAffected(2),
    gives: refused(400, { code: 'PGRST124', details: 'The query affects 3 rows' }),
  },
  {
    method: 'match',
    does: 'names the rows that are changed',
    as: 'sue',
    ask: (db) => db.from('products').update({ stock: 1 }).match({ organic: false, stock: 0 }).rollback().select('id'),
    gives: { data: [{ id: 2 }, { id: 6 }] },
  },
  {
    method: 'or',
    does: 'names the rows that are taken out',
    as: 'service',
    ask: (db) => db.from('reviews').delete().or('stars.eq.1,words.ilike.*spring*').rollback().select('id'),
    gives: { data: [{ id: 1 }, { id: 3 }] },
  },
  {
    method: 'rollback',
    does: 'leaves what was taken out where it was',
    as: 'service',
    ask: async (db) => {
      await db.from('returns').delete().rollback()
      await db.from('returns').update({ reason: 'x' }).rollback()
      return db.from('returns').select('id, reason')
    },
    gives: { data: [{ id: 1, reason: 'The lid is chipped' }] },
  },
]
