/** What Plinth has on top of the reference when it writes: nested rows, one row at its address, conditions. */
import { unwritten, written, type Row } from '../row.ts'

const rep = { prefer: 'return=representation' }
const json = { 'content-type': 'application/json; charset=utf-8' }
const film = { id: 8, title: 'Cleo', year: 1962 }
const varda = { id: 9, first_name: 'Agnès', last_name: 'Varda' }

const nested: readonly Row[] = [
  written(
    'nested rows',
    'POST',
    '/films?select=title,roles(character,actor(last_name))',
    {
      ...film,
      roles: [
        { actor_id: 4, character: 'Cléo' },
        { actor_id: 5, character: 'Antoine' },
      ],
    },
    {
      status: 201,
      body: [
        {
          title: 'Cleo',
          roles: [
            { character: 'Cléo', actor: { last_name: 'Thurman' } },
            { character: 'Antoine', actor: { last_name: 'Travolta' } },
          ],
        },
      ],
    },
    rep,
  ),
  written(
    'a row nested that is referred to',
    'POST',
    '/films?select=title,director(last_name)',
    [{ ...film, director: varda }],
    { status: 201, body: [{ title: 'Cleo', director: { last_name: 'Varda' } }] },
    rep,
  ),
  unwritten(
    'nested rows in an upsert',
    'POST',
    '/films',
    { ...film, roles: [] },
    { status: 400, code: 'PGRST127' },
    { prefer: 'resolution=merge-duplicates' },
  ),
  unwritten(
    'nested rows that name what they hang on',
    'POST',
    '/films',
    { ...film, roles: [{ film_id: 8, actor_id: 4, character: 'x' }] },
    { status: 400, code: '42701' },
  ),
]

const addressed: readonly Row[] = [
  written('PATCH of one row', 'PATCH', '/marks/1', { name: 'x' }, { status: 204, body: '' }),
  written(
    'PATCH of one row',
    'PATCH',
    '/marks/1?select=name',
    { name: 'x' },
    { headers: { ...json, etag: /^"[\w-]{27}"$/ }, body: { name: 'x' } },
    rep,
  ),
  unwritten('PATCH of one row that is not there', 'PATCH', '/marks/9', { name: 'x' }, { status: 404, code: 'not_found' }),
  written('PUT of one row', 'PUT', '/marks/1', { name: 'x' }, { body: { id: 1, name: 'x' } }, rep),
  written('PUT of one row', 'PUT', '/marks/9', { id: 9, name: 'x' }, { status: 201, body: { id: 9, name: 'x' } }, rep),
  written('PUT of one row', 'PUT', '/nominations/1,6', { rank: 3 }, { status: 201, body: { competition_id: 1, film_id: 6, rank: 3 } }, rep),
  unwritten('PUT of one row under another key', 'PUT', '/marks/9', { id: 1, name: 'x' }, { status: 400, code: 'PGRST115' }),
  written('DELETE of one row', 'DELETE', '/marks/1', undefined, { status: 204, body: '' }),
  written('DELETE of one row', 'DELETE', '/marks/1', undefined, { body: { id: 1, name: 'Hebdon,John' } }, rep),
  unwritten('DELETE of one row that is not there', 'DELETE', '/marks/9', undefined, { status: 404, code: 'not_found' }),
  unwritten(
    'POST at the address of one row',
    'POST',
    '/marks/9',
    { name: 'x' },
    {
      status: 405,
      code: 'PGRST117',
      headers: { allow: 'OPTIONS,GET,HEAD,PUT,PATCH,DELETE' },
    },
  ),
]

const conditional: readonly Row[] = [
  written('If-Match', 'PATCH', '/marks/1', { name: 'x' }, { status: 204, body: '' }, { headers: { 'if-match': '*' } }),
  unwritten(
    'If-Match',
    'PATCH',
    '/marks/1',
    { name: 'x' },
    { status: 412, code: 'precondition_failed' },
    { headers: { 'if-match': '"other"' } },
  ),
  unwritten('If-Match', 'DELETE', '/marks/9', undefined, { status: 412, code: 'precondition_failed' }, { headers: { 'if-match': '*' } }),
  written('If-None-Match of a PUT', 'PUT', '/marks/9', { name: 'x' }, { status: 204, body: '' }, { headers: { 'if-none-match': '*' } }),
  unwritten(
    'If-None-Match of a PUT',
    'PUT',
    '/marks/1',
    { name: 'x' },
    { status: 412, code: 'precondition_failed' },
    { headers: { 'if-none-match': '*' } },
  ),
  unwritten(
    'conditions on several rows',
    'PATCH',
    '/marks',
    { name: 'x' },
    { status: 400, code: 'PGRST127' },
    { headers: { 'if-match': '*' } },
  ),
]

const left: readonly Row[] = [
  // Which rows a limit leaves out is told by no order that the write has. PostgREST passes limits over, and touches all.
  ...['PATCH', 'DELETE'].flatMap((method) =>
    ['limit=1', 'offset=1', 'after='].map((page) =>
      unwritten('a write with a page', method, `/marks?${page}`, { name: 'x' }, { status: 400, code: 'PGRST127' }),
    ),
  ),
  // PostgREST passes the filters of a POST over.
  unwritten('POST with filters', 'POST', '/marks?id=eq.9', { id: 9, name: 'x' }, { status: 400, code: 'PGRST127' }),
  // PostgREST keeps the last of two members of one name.
  unwritten('a member twice', 'POST', '/marks', '{"id":9,"id":8,"name":"x"}', { status: 400, code: 'PGRST102' }),
  unwritten(
    'a write of more rows than an answer holds',
    'POST',
    '/only_keys',
    Array.from({ length: 1001 }, (_, at) => ({ id: at + 10 })),
    { status: 400, code: 'too_complex' },
    rep,
  ),
  unwritten(
    'the plan of a write',
    'POST',
    '/only_keys',
    { id: 9 },
    { status: 400, code: 'PGRST127' },
    { headers: { accept: 'application/vnd.pgrst.plan' } },
  ),
  {
    item: 'a write that no rule allows',
    request: { path: '/marks', method: 'POST', body: { id: 9, name: 'x' } },
    refused: { status: 403, code: '42501', message: 'new rows may not be written to table "marks"' },
  },
]

export const plinthWrites: readonly Row[] = [...nested, ...addressed, ...conditional, ...left]
