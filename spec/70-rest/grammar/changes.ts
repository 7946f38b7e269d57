/** Update and delete. Every row is rehearsed (`tx=rollback`). Where we differ from PostgREST on purpose, the row says so. */
import { unwritten, written, type Row } from '../row.ts'

const rep = { prefer: 'return=representation' }
const csv = { headers: { 'content-type': 'text/csv' } }
const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' } }

const updates: readonly Row[] = [
  written(
    'update',
    'PATCH',
    '/directors?id=eq.1',
    { last_name: 'Varda' },
    { status: 204, headers: { 'content-range': '0-0/*' }, body: '' },
  ),
  written('update', 'PATCH', '/people?age=lt.13&select=id,student', { student: false }, { body: [{ id: 1, student: false }] }, rep),
  written(
    'update of several rows',
    'PATCH',
    '/people?age=not.is.null&select=id,age',
    { age: 3 },
    {
      headers: { 'content-range': '0-1/2' },
      body: [
        { id: 1, age: 3 },
        { id: 2, age: 3 },
      ],
    },
    { prefer: 'return=representation, count=exact' },
  ),
  written('update of no row', 'PATCH', '/people?id=eq.0', { age: 3 }, { status: 204, headers: { 'content-range': '*/*' }, body: '' }),
  written('update of no row', 'PATCH', '/people?id=eq.0', { age: 3 }, { body: [] }, rep),
  written('update of all rows', 'PATCH', '/marks', { name: 'x' }, { status: 204, headers: { 'content-range': '0-4/*' }, body: '' }),
  written('update to NULL', 'PATCH', '/people?id=eq.1&select=age', { age: null }, { body: [{ age: null }] }, rep),
  written('update of a key', 'PATCH', '/marks?id=eq.5&select=id', { id: 99 }, { body: [{ id: 99 }] }, rep),
  written(
    'update that selects',
    'PATCH',
    '/people?id=eq.1&select=who:full_name,years:age::text',
    { age: 3 },
    {
      body: [{ who: 'John Doe', years: '3' }],
    },
    rep,
  ),
  written('update that selects', 'PATCH', '/people?id=eq.1&select=full_name', { age: 3 }, { status: 204, body: '' }),
  written(
    'update in an order',
    'PATCH',
    '/people?age=not.is.null&select=id&order=id.desc',
    { age: 3 },
    { body: [{ id: 2 }, { id: 1 }] },
    rep,
  ),
  written('update with nothing', 'PATCH', '/people', {}, { status: 204, headers: { 'content-range': '*/*' }, body: '' }),
  written('update with nothing', 'PATCH', '/people', [], { body: [] }, rep),
  written('update with nothing', 'PATCH', '/people', [{}], { body: [] }, rep),
  written(
    'update with columns',
    'PATCH',
    '/people?id=eq.1&columns=age&select=age,full_name',
    { age: 3, full_name: 'x', y: 1 },
    {
      body: [{ age: 3, full_name: 'John Doe' }],
    },
    rep,
  ),
  unwritten('update with columns that are not there', 'PATCH', '/people?id=eq.1&columns=helicopter', {}, { status: 400, code: 'PGRST204' }),
  written('update from CSV', 'PATCH', '/marks?id=eq.1&select=name', 'name\nx', { body: [{ name: 'x' }] }, { ...rep, ...csv }),
  written('update from a form', 'PATCH', '/marks?id=eq.1&select=name', 'name=x+y', { body: [{ name: 'x y' }] }, { ...rep, ...form }),
  // PostgREST takes the first of several objects.
  unwritten('update with several objects', 'PATCH', '/marks', [{ name: 'x' }, { name: 'y' }], { status: 400, code: 'PGRST102' }),
  unwritten('update of a table that is not there', 'PATCH', '/fake', { real: false }, { status: 404, code: 'PGRST205' }),
]

const deletes: readonly Row[] = [
  written('delete', 'DELETE', '/marks?id=eq.1', undefined, { status: 204, headers: { 'content-range': '*/*' }, body: '' }),
  written('delete', 'DELETE', '/marks?id=eq.1&select=id', undefined, { status: 204, body: '' }),
  written(
    'delete of several rows',
    'DELETE',
    '/marks?id=lte.2&select=id&order=id.desc',
    undefined,
    {
      headers: { 'content-range': '*/2' },
      body: [{ id: 2 }, { id: 1 }],
    },
    { prefer: 'return=representation, count=exact' },
  ),
  written('delete of no row', 'DELETE', '/marks?id=eq.0', undefined, { body: [] }, rep),
  written(
    'delete that selects',
    'DELETE',
    '/marks?id=eq.1&select=key:id::text,who:name',
    undefined,
    { body: [{ key: '1', who: 'Hebdon,John' }] },
    rep,
  ),
  written(
    'delete of all rows',
    'DELETE',
    '/marks',
    undefined,
    { status: 204, headers: { 'content-range': '*/5' }, body: '' },
    { prefer: 'count=exact' },
  ),
  unwritten('delete of a row that others refer to', 'DELETE', '/directors?id=eq.1', undefined, {
    status: 409,
    code: '23503',
    message: 'update or delete on table "directors" violates foreign key constraint "films_director_id_fkey" on table "films"',
    details: 'Key (id)=(1) is still referenced from table "films".',
  }),
  unwritten('delete from a table that is not there', 'DELETE', '/foozle?id=eq.101', undefined, { status: 404, code: 'PGRST205' }),
]

export const changes: readonly Row[] = [...updates, ...deletes]
