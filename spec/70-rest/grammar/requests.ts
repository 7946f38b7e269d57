/** Pages, counts, preferences, media types, URLs and errors. */
import { answered, ids, refused, unwritten, type Answer, type Row } from '../row.ts'

const people = (...found: readonly number[]): object[] => found.map((id) => ({ id }))
const paged = (
  item: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  status: number,
  range: string,
  ...found: readonly number[]
): Row => ({
  item,
  request: { path, headers },
  answer: { status, headers: { 'content-range': range }, body: people(...found) },
})
const media = (item: string, path: string, accept: string, answer: Answer): Row => ({
  item,
  request: { path, headers: { accept } },
  answer,
})
const json = { 'content-type': 'application/json; charset=utf-8' }
const object = 'application/vnd.pgrst.object+json'

const pages: readonly Row[] = [
  paged('limit and offset', '/people?select=id&limit=1&offset=1', {}, 200, '1-1/*', 2),
  paged('limit zero', '/people?select=id&limit=0', {}, 200, '*/*'),
  refused('negative limit', '/people?limit=-1', 416, 'PGRST103'),
  paged('Range', '/people?select=id', { 'range-unit': 'items', range: '0-1' }, 200, '0-1/*', 1, 2),
  paged('Range', '/people?select=id&limit=2', { range: '1-5' }, 200, '1-1/*', 2),
  paged('open Range', '/people?select=id', { range: '1-' }, 200, '1-2/*', 2, 3),
  refused('Range that ends before it begins', '/people', 416, 'PGRST103', { range: '1-0' }),
  paged('exact count', '/people?select=id&limit=1', { prefer: 'count=exact' }, 206, '0-0/3', 1),
  paged('exact count', '/people?select=id&age=not.is.null', { prefer: 'count=exact' }, 200, '0-1/2', 1, 2),
  paged('exact count', '/people?select=id&id=eq.0', { prefer: 'count=exact' }, 200, '*/0'),
  {
    item: 'exact count',
    request: { path: '/people?limit=2', method: 'HEAD', headers: { prefer: 'count=exact' } },
    answer: { status: 206, headers: { 'content-range': '0-1/3', 'preference-applied': 'count=exact' }, body: '' },
  },
  paged('planned count', '/people?select=id&limit=1', { prefer: 'count=planned' }, 206, '0-0/3', 1),
  paged('estimated count', '/people?select=id&limit=1', { prefer: 'count=estimated' }, 206, '0-0/3', 1),
  {
    item: 'an offset past the end',
    request: { path: '/people?offset=100', headers: { prefer: 'count=exact' } },
    refused: {
      status: 416,
      code: 'PGRST103',
      headers: { 'content-range': '*/3' },
      message: 'Requested range not satisfiable',
      details: 'An offset of 100 was requested, but there are only 3 rows.',
    },
  },
]

const preferences: readonly Row[] = [
  {
    item: 'handling=strict',
    request: { path: '/people', headers: { prefer: 'handling=strict, foo, bar' } },
    refused: {
      status: 400,
      code: 'PGRST122',
      message: 'Invalid preferences given with handling=strict',
      details: 'Invalid preferences: foo, bar',
    },
  },
  {
    item: 'handling=lenient',
    request: { path: '/people?select=id', headers: { prefer: 'handling=lenient, foo, bar' } },
    answer: { headers: { 'preference-applied': 'handling=lenient' }, body: people(1, 2, 3) },
  },
  ids('timezone', '/people?age=eq.12', 1),
  {
    item: 'timezone',
    request: { path: '/people?select=id&age=eq.12', headers: { prefer: 'timezone=UTC, handling=strict' } },
    answer: { headers: { 'preference-applied': 'handling=strict, timezone=UTC' }, body: people(1) },
  },
  refused('timezone, strictly', '/people', 400, 'PGRST122', { prefer: 'handling=strict, timezone=America/Los_Angeles' }),
  {
    item: 'preferences of writes',
    request: {
      path: '/people?select=id',
      headers: {
        prefer: 'handling=strict, return=representation, resolution=merge-duplicates, missing=default, tx=rollback, max-affected=10',
      },
    },
    answer: { headers: { 'preference-applied': 'handling=strict' }, body: people(1, 2, 3) },
  },
]

const representations: readonly Row[] = [
  media('JSON', '/people?select=id', 'application/json', { headers: json, body: people(1, 2, 3) }),
  media('CSV', '/people?select=id,full_name,age,salary,languages&order=id', 'text/csv; version=1', {
    headers: { 'content-type': 'text/csv; charset=utf-8' },
    body: /^id,full_name,age,salary,languages\n1,John Doe,12,90000\.00,"\[""en"", ?""fr""\]"\n2,Jane Olsen,21,120000\.00,"\[""no""\]"\n3,Ann Parker,,45\.10,\[\]$/,
  }),
  refused('OpenAPI at the root', '/', 404, 'PGRST125'),
  refused('GeoJSON', '/people', 406, 'PGRST107', { accept: 'application/geo+json' }),
  media('any media type', '/people?select=id', '*/*', { headers: json, body: people(1, 2, 3) }),
  media('several media types', '/marks?select=id&limit=1', 'text/unknown, text/csv, */*', {
    headers: { 'content-type': 'text/csv; charset=utf-8' },
    body: 'id\n1',
  }),
  media('several media types', '/people?select=id', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', {
    headers: json,
    body: people(1, 2, 3),
  }),
  {
    item: 'a media type that is not there',
    request: { path: '/people', headers: { accept: 'unknown/unknown' } },
    refused: { status: 406, code: 'PGRST107', message: 'None of these media types are available: unknown/unknown' },
  },
  media('singular', '/people?select=id&id=eq.1', object, { headers: { 'content-type': `${object}; charset=utf-8` }, body: { id: 1 } }),
  {
    item: 'singular of none',
    request: { path: '/people?id=eq.0', headers: { accept: object } },
    refused: {
      status: 406,
      code: 'PGRST116',
      message: 'Cannot coerce the result to a single JSON object',
      details: 'The result contains 0 rows',
    },
  },
  {
    item: 'singular of several',
    request: { path: '/people', headers: { accept: 'application/vnd.pgrst.object' } },
    refused: { status: 406, code: 'PGRST116', details: 'The result contains 3 rows' },
  },
  media('nulls stripped from an array', '/films?select=id,language,info&id=lte.2', 'application/vnd.pgrst.array+json;nulls=stripped', {
    headers: { 'content-type': 'application/vnd.pgrst.array+json;nulls=stripped; charset=utf-8' },
    body: [
      { id: 1, info: { reels: 1, sound: {} } },
      { id: 2, language: 'english', info: { reels: 1, sound: { kind: 'cylinder' } } },
    ],
  }),
  media('nulls stripped from an object', '/people?select=id,age&id=eq.3', `${object};nulls=stripped`, {
    headers: { 'content-type': `${object};nulls=stripped; charset=utf-8` },
    body: { id: 3 },
  }),
  refused('custom media types', '/people', 406, 'PGRST107', { accept: 'application/vnd.twkb' }),
]

const urls: readonly Row[] = [
  answered('Unicode', '/موارد?select=اسم&اسم=eq.كتاب', [{ اسم: 'كتاب' }]),
  answered('spaces', '/Order%20Items?Unit%20Price=lt.200', [{ id: 1, 'Unit Price': 199.99 }]),
  answered('spaces', '/Order Items?select=Unit Price&order=Unit Price.desc', [{ 'Unit Price': 200 }, { 'Unit Price': 199.99 }]),
  ids('reserved characters in values', '/marks?name=in.(%22Hebdon,John%22,%22Williams,Mary%22)', 1, 2),
  answered('reserved characters in names', '/vulnerabilities?%22information.cpe%22=like.*MS*&select="information.cpe"', [
    { 'information.cpe': 'cpe:MS:word' },
  ]),
  ids('escaped quotes and backslashes', '/marks?name=in.(%22Quote:%5C%22%22,%22Backslash:%5C%5C%22)', 3, 4),
]

const others: readonly Row[] = [
  {
    item: 'OPTIONS of a table',
    request: { path: '/people', method: 'OPTIONS' },
    answer: { headers: { allow: 'OPTIONS,GET,HEAD,POST,PUT,PATCH,DELETE' }, body: '' },
  },
  {
    item: 'OPTIONS of a function',
    request: { path: '/rpc/add', method: 'OPTIONS' },
    answer: { headers: { allow: 'OPTIONS,GET,HEAD,POST' }, body: '' },
  },
  {
    item: 'Vary',
    request: { path: '/people?select=id' },
    answer: { headers: { vary: 'Accept, Prefer, Range, Authorization, apikey' }, body: people(1, 2, 3) },
  },
]

const errors: readonly Row[] = [
  {
    item: 'the body of an error',
    request: { path: '/people?select=nonsense' },
    refused: {
      status: 400,
      code: '42703',
      headers: { 'content-type': 'application/problem+json; charset=utf-8' },
      message: 'column people.nonsense does not exist',
    },
  },
  {
    item: 'Proxy-Status',
    request: { path: '/people?select=nonsense', method: 'HEAD' },
    answer: { status: 400, headers: { 'proxy-status': 'plinth; error=42703' }, body: '' },
  },
  {
    item: 'PGRST100',
    request: { path: '/people?age=12' },
    refused: {
      status: 400,
      code: 'PGRST100',
      message: '"failed to parse filter (12)" (line 1, column 1)',
      details: 'unexpected "1" expecting "not" or operator (eq, gt, ...)',
    },
  },
  refused('PGRST103', '/people?limit=-1', 416, 'PGRST103'),
  refused('PGRST106', '/people', 406, 'PGRST106', { 'accept-profile': 'private' }),
  refused('PGRST107', '/people', 406, 'PGRST107', { accept: 'text/unknown' }),
  {
    item: 'PGRST108',
    request: { path: '/films?actors.id=eq.1' },
    refused: { status: 400, code: 'PGRST108', message: "'actors' is not an embedded resource in this request" },
  },
  refused('PGRST116', '/people', 406, 'PGRST116', { accept: object }),
  {
    item: 'PGRST117',
    request: { path: '/people', method: 'TRACE' },
    refused: { status: 405, code: 'PGRST117', message: 'Unsupported HTTP method: TRACE' },
  },
  unwritten('PGRST102', 'POST', '/marks', '{', { status: 400, code: 'PGRST102', message: 'Empty or invalid json' }),
  unwritten('PGRST105', 'PUT', '/marks?name=eq.x', { id: 1, name: 'x' }, { status: 405, code: 'PGRST105' }),
  unwritten('PGRST114', 'PUT', '/marks?id=eq.1&limit=1', { id: 1, name: 'x' }, { status: 400, code: 'PGRST114' }),
  unwritten('PGRST115', 'PUT', '/marks?id=eq.1', { id: 2, name: 'x' }, { status: 400, code: 'PGRST115' }),
  unwritten(
    'PGRST124',
    'DELETE',
    '/marks',
    undefined,
    { status: 400, code: 'PGRST124', details: 'The query affects 5 rows' },
    { prefer: 'handling=strict, max-affected=4' },
  ),
  unwritten(
    'PGRST204',
    'POST',
    '/marks',
    { id: 9, colour: 'red' },
    {
      status: 400,
      code: 'PGRST204',
      message: "Could not find the 'colour' column of 'marks'",
    },
  ),
  { item: 'PGRST118', request: { path: '/films?select=actors()&order=actors(id)' }, refused: { status: 400, code: 'PGRST118' } },
  {
    item: 'PGRST120',
    request: { path: '/films?select=title,actors()&actors=eq.1' },
    refused: {
      status: 400,
      code: 'PGRST120',
      message: "Bad operator on the 'actors' embedded resource",
      details: 'Only is null or not is null filters are allowed on embedded resources',
    },
  },
  refused('PGRST122', '/people', 400, 'PGRST122', { prefer: 'handling=strict, anything' }),
  {
    item: 'PGRST125',
    request: { path: '/people/1/2' },
    refused: { status: 404, code: 'PGRST125', message: 'Invalid path specified in request URL' },
  },
  refused('PGRST127', '/customers?select=sales(count())&sales.having=count.gt.1', 400, 'PGRST127'),
  { item: 'PGRST200', request: { path: '/films?select=customers(*)' }, refused: { status: 400, code: 'PGRST200' } },
  refused('PGRST201', '/addresses?select=orders(*)', 300, 'PGRST201'),
  refused('PGRST202', '/rpc/nonexistent_function', 404, 'PGRST202'),
  refused('PGRST205', '/itemsxx', 404, 'PGRST205'),
  refused('PGRST301', '/people', 401, 'PGRST301', { authorization: 'Bearer not.a.token' }),
]

export const requests: readonly Row[] = [...pages, ...preferences, ...representations, ...urls, ...others, ...errors]
