/** Full-text search, in its four ways of writing. */
import { ids, refused, type Call } from '../call.ts'

export const searching: readonly Call[] = [
  {
    method: 'textSearch',
    does: 'reads operators',
    ask: (db) => db.from('products').select('id').textSearch('blurb', 'tea & !black'),
    gives: ids(1, 4),
  },
  {
    method: 'textSearch',
    does: 'reads plain words',
    ask: (db) => db.from('products').select('id').textSearch('blurb', 'morning strong', { type: 'plain' }),
    gives: ids(2),
  },
  {
    method: 'textSearch',
    does: 'reads a phrase',
    ask: (db) => db.from('products').select('id').textSearch('blurb', 'tea from japan', { type: 'phrase' }),
    gives: ids(1, 4),
  },
  {
    method: 'textSearch',
    does: 'reads what people write into a search box',
    ask: (db) => db.from('products').select('id').textSearch('blurb', '"tea from" -pot or morning', { type: 'websearch' }),
    gives: ids(1, 2),
  },
  {
    method: 'textSearch',
    does: 'takes the one configuration that there is',
    ask: (db) => db.from('products').select('id').textSearch('blurb', 'steamed', { config: 'simple' }),
    gives: ids(1),
  },
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
