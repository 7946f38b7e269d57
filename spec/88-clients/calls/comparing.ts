/** Filters, each as the client writes it. Those of ranges are refused, as no column is of one. */
import { ids, refused, type Call } from '../call.ts'

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

export const comparing: readonly Call[] = [
  { method: 'eq', does: 'keeps rows with the value', ask: (db) => db.from('products').select('id').eq('name', 'Öölong'), gives: ids(3) },
  {
    method: 'neq',
    does: 'keeps rows with another value',
    ask: (db) => db.from('tags').select('name').neq('colour', 'red'),
    gives: { data: [{ name: 'green' }, { name: 'strong' }] },
  },
  { method: 'gt', does: 'keeps what is greater', ask: (db) => db.from('products').select('id').gt('price', 21), gives: ids(4, 5) },
  {
    method: 'gte',
    does: 'keeps what is greater or equal',
    ask: (db) => db.from('products').select('id').gte('price', 21),
    gives: ids(3, 4, 5),
  },
  { method: 'lt', does: 'keeps what is less', ask: (db) => db.from('products').select('id').lt('price', 12.5), gives: ids(2) },
  {
    method: 'lte',
    does: 'keeps what is less or equal',
    ask: (db) => db.from('products').select('id').lte('price', 12.5),
    gives: ids(1, 2),
  },
  {
    method: 'like',
    does: 'minds case',
    ask: (db) => db.from('products').select('id').like('name', '%pot%').like('name', 'S%'),
    gives: ids(4),
  },
  {
    method: 'likeAllOf',
    does: 'wants every pattern',
    ask: (db) => db.from('products').select('id').likeAllOf('name', ['s%', '%old']),
    gives: ids(5),
  },
  {
    method: 'likeAnyOf',
    does: 'wants one of the patterns',
    ask: (db) => db.from('products').select('id').likeAnyOf('name', ['Sen%', 'Ass%']),
    gives: ids(1, 2),
  },
  {
    method: 'ilike',
    does: 'does not mind case, beyond ASCII too',
    ask: (db) => db.from('products').select('id').ilike('name', 'ÖÖL%'),
    gives: ids(3),
  },
  {
    method: 'ilikeAllOf',
    does: 'wants every pattern, whatever the case',
    ask: (db) => db.from('products').select('id').ilikeAllOf('name', ['S%', '%POT']),
    gives: ids(4),
  },
  {
    method: 'ilikeAnyOf',
    does: 'wants one of the patterns, whatever the case',
    ask: (db) => db.from('products').select('id').ilikeAnyOf('name', ['SEN%', '%POT%']),
    gives: ids(1, 4, 5),
  },
  {
    method: 'regexMatch',
    does: 'takes a regular expression',
    ask: (db) => db.from('products').select('id').regexMatch('sku', '^TEA-[12]$'),
    gives: ids(1, 2),
  },
  {
    method: 'regexIMatch',
    does: 'takes one that does not mind case',
    ask: (db) => db.from('products').select('id').regexIMatch('sku', '^tea-[23]$'),
    gives: ids(2, 3),
  },
  {
    method: 'is',
    does: 'asks for null, true and false',
    ask: (db) => db.from('products').select('id').is('blurb', null).is('organic', false),
    gives: ids(3, 5),
  },
  {
    method: 'isDistinct',
    does: 'takes what has no value for another value',
    ask: (db) => db.from('products').select('id').isDistinct('brew_time', '00:02:00'),
    gives: ids(2, 3, 4, 5),
  },
  {
    method: 'in',
    does: 'takes a list, with commas in its values too',
    ask: (db) => db.from('products').select('id').in('name', ['small pot, old', 'Assam', 'nothing']),
    gives: ids(2, 5),
  },
  { method: 'in', does: 'finds nothing in an empty list', ask: (db) => db.from('products').select('id').in('id', []), gives: ids() },
  { method: 'notIn', does: 'leaves out a list', ask: (db) => db.from('products').select('id').notIn('id', [1, 2, 3]), gives: ids(4, 5) },
  { method: 'contains', does: 'asks arrays', ask: (db) => db.from('products').select('id').contains('notes', ['sea']), gives: ids(1) },
  {
    method: 'contains',
    does: 'asks JSON',
    ask: (db) =>
      db
        .from('products')
        .select('id')
        .contains('details', { origin: { country: 'India' } }),
    gives: ids(2),
  },
  {
    method: 'containedBy',
    does: 'asks arrays the other way',
    ask: (db) => db.from('products').select('id').containedBy('sizes', [50, 100, 200]),
    gives: ids(2),
  },
  {
    method: 'containedBy',
    does: 'takes JSON as text',
    ask: (db) => db.from('products').select('id').containedBy('details', '[1,2,3,4]'),
    gives: ids(3),
  },
  {
    method: 'overlaps',
    does: 'wants one element in common',
    ask: (db) => db.from('products').select('id').overlaps('sizes', [100, 7]),
    gives: ids(1, 2),
  },
  {
    method: 'match',
    does: 'takes several columns at once',
    ask: (db) => db.from('products').select('id').match({ stock: 0, organic: false }),
    gives: ids(2),
  },
  {
    method: 'not',
    does: 'turns an operator round',
    ask: (db) => db.from('products').select('id').not('blurb', 'is', null).not('id', 'in', '(1,2)'),
    gives: ids(4),
  },
  {
    method: 'or',
    does: 'joins filters',
    ask: (db) => db.from('products').select('id').or('price.lt.10,and(stock.gt.5,organic.is.true)'),
    gives: ids(1, 2),
  },
  {
    method: 'or',
    does: 'joins filters of an embed',
    ask: (db) => db.from('products').select('id, tags(name)').eq('id', 1).or('name.eq.gift,colour.eq.black', { referencedTable: 'tags' }),
    gives: { data: [{ id: 1, tags: [{ name: 'gift' }] }] },
  },
  {
    method: 'filter',
    does: 'takes any operator as it is on the wire',
    ask: (db) => db.from('products').select('id').filter('price', 'gte', 80).filter('name', 'not.like', 'S*'),
    gives: ids(5),
  },
  {
    method: 'filter',
    does: 'reaches into JSON',
    ask: (db) => db.from('products').select('id').filter('details->caffeine', 'gt', 30),
    gives: ids(2),
  },
  {
    method: 'eq',
    does: 'filters rows by a relation that is embedded with !inner',
    ask: (db) => db.from('products').select('id, tags!inner(name)').eq('tags.name', 'green'),
    gives: { data: [{ id: 1, tags: [{ name: 'green' }] }] },
  },
  ranges('rangeGt', 'sr', 'gt', (db) => db.from('products').select('id').rangeGt('sizes', '[1,2)')),
  ranges('rangeGte', 'nxl', 'gte', (db) => db.from('products').select('id').rangeGte('sizes', '[1,2)')),
  ranges('rangeLt', 'sl', 'lt', (db) => db.from('products').select('id').rangeLt('sizes', '[1,2)')),
  ranges('rangeLte', 'nxr', 'lte', (db) => db.from('products').select('id').rangeLte('sizes', '[1,2)')),
  ranges('rangeAdjacent', 'adj', 'eq', (db) => db.from('products').select('id').rangeAdjacent('sizes', '[1,2)')),
]
