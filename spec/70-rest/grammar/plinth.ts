/** What Plinth has on top of the reference: having, keyset pages, search over a table, one row by its key. */
import { answered, ids, refused, type Row } from '../row.ts'

export const plinth: readonly Row[] = [
  answered('having', '/sales?select=order_date,total:amount.sum()&having=total.gte.100&order=order_date', [
    { order_date: '2023-09-01', total: 544.93 },
    { order_date: '2023-09-02', total: 100 },
  ]),
  answered('having with or', '/sales?select=order_date,total:amount.sum()&having=or(total.gt.500,total.lt.1)&order=order_date', [
    { order_date: '2023-09-01', total: 544.93 },
    { order_date: '2023-09-03', total: 0.1 },
  ]),
  answered('order by an aggregate', '/sales?select=order_date,total:amount.sum()&order=total.desc&limit=2', [
    { order_date: '2023-09-01', total: 544.93 },
    { order_date: '2023-09-02', total: 100 },
  ]),
  ids('search', '/films?search=wfts.castle', 3),
  ids('search', '/films?search=wfts.lighthouse keepers -pulp', 6),
  ids('search in a mode', '/films?or=(search.phfts.goes wrong,search.plfts.pulp)', 4, 5),
  {
    item: 'the first page by after',
    request: { path: '/people?select=id&order=age&limit=2&after=' },
    answer: {
      headers: { 'content-range': '*/*', link: /^<\/rest\/v1\/people\?select=id&order=age&limit=2&after=[^&>]+>; rel="next"$/ },
      body: [{ id: 1 }, { id: 2 }],
    },
  },
  refused('a page by after', '/people?select=id&order=age&limit=2&after=nonsense', 400, '22P02'),
  refused('after with offset', '/people?limit=2&after=&offset=2', 400, 'PGRST100'),
  {
    item: 'one row',
    request: { path: '/competitions/2' },
    answer: {
      headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'private, no-cache', etag: /^"[\w-]{27}"$/ },
      body: { id: 2, name: 'Oscars', year: 1995 },
    },
  },
  answered('one row', '/films/4?select=title,roles(character)&roles.order=character.desc&roles.limit=1', {
    title: 'Pulp Fiction',
    roles: [{ character: 'Vincent Vega' }],
  }),
  answered('one row by a compound key', '/roles/4,5?select=character', { character: 'Vincent Vega' }),
  { item: 'one row, HEAD', request: { path: '/competitions/2', method: 'HEAD' }, answer: { headers: { etag: /^"[\w-]{27}"$/ }, body: '' } },
  {
    item: 'one row that the client has',
    request: { path: '/competitions/2', headers: { 'if-none-match': '*' } },
    answer: { status: 304, headers: { etag: /^"[\w-]{27}"$/ }, body: '' },
  },
  {
    item: 'one row as CSV',
    request: { path: '/competitions/2', headers: { accept: 'text/csv' } },
    answer: { headers: { 'content-type': 'text/csv; charset=utf-8' }, body: 'id,name,year\n2,Oscars,1995' },
  },
  refused('one row that is not there', '/competitions/9', 404, 'not_found'),
  refused('one row that is not there', '/roles/4', 404, 'not_found'),
  refused('one row that may not be read', '/films/7', 404, 'not_found'),
  refused('a list parameter for one row', '/films/4?order=id', 400, 'PGRST100'),
]
