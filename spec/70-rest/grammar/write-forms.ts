/** The forms of what writes take and give. Every row is rehearsed. Where we differ from PostgREST on purpose, the row says so. */
import { unwritten, written, type Row } from '../row.ts'

const rep = { prefer: 'return=representation' }
const object = 'application/vnd.pgrst.object+json'
const director = { id: 9, first_name: 'Agnès', last_name: 'Varda' }
/** What is there already. */
const same = { name: 'Hebdon,John' }

const forms: readonly Row[] = [
  written(
    'request bodies',
    'POST',
    '/directors',
    JSON.stringify(director),
    { status: 201, body: [director] },
    { ...rep, headers: { 'content-type': 'application/json; charset=utf-8' } },
  ),
  written(
    'request bodies',
    'POST',
    '/marks',
    'id,name\n9,x',
    { status: 201, body: [{ id: 9, name: 'x' }] },
    { ...rep, headers: { 'content-type': 'text/csv' } },
  ),
  written(
    'request bodies',
    'POST',
    '/marks',
    'id=9&name=x',
    { status: 201, body: [{ id: 9, name: 'x' }] },
    { ...rep, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  ),
  written(
    'request bodies',
    'PUT',
    '/marks?id=eq.1',
    'id,name\n1,x',
    { body: [{ id: 1, name: 'x' }] },
    { ...rep, headers: { 'content-type': 'text/csv' } },
  ),
  // PostgREST answers 400 with PGRST102 and "Content-Type not acceptable".
  unwritten(
    'request bodies of another type',
    'POST',
    '/marks',
    '<id>9</id>',
    { status: 415, code: 'unsupported_media_type' },
    { headers: { 'content-type': 'text/xml' } },
  ),
  unwritten('request bodies that cannot be read', 'POST', '/marks', '}{ x = 2', {
    status: 400,
    code: 'PGRST102',
    message: 'Empty or invalid json',
  }),
  unwritten('request bodies that are not there', 'POST', '/marks', '', { status: 400, code: 'PGRST102', message: 'Empty or invalid json' }),
  written(
    'written rows as CSV',
    'POST',
    '/foo?select=bar,baz',
    { bar: null },
    { status: 201, headers: { 'content-type': 'text/csv; charset=utf-8' }, body: 'bar,baz\n,100' },
    { ...rep, headers: { accept: 'text/csv' } },
  ),
  written(
    'a written row as an object',
    'POST',
    '/directors',
    [director],
    { status: 201, headers: { 'content-type': `${object}; charset=utf-8` }, body: director },
    { ...rep, headers: { accept: object } },
  ),
  written(
    'a written row as an object',
    'DELETE',
    '/marks?id=eq.1&select=id',
    undefined,
    { body: { id: 1 } },
    { ...rep, headers: { accept: object } },
  ),
  unwritten(
    'several written rows as an object',
    'PATCH',
    '/marks',
    same,
    { status: 406, code: 'PGRST116', details: 'The result contains 5 rows' },
    { ...rep, headers: { accept: object } },
  ),
  unwritten(
    'no written row as an object',
    'PATCH',
    '/marks?id=eq.0',
    same,
    { status: 406, code: 'PGRST116', details: 'The result contains 0 rows' },
    { ...rep, headers: { accept: object } },
  ),
  written(
    'written rows without nulls',
    'POST',
    '/foo?select=bar,baz',
    [{ bar: null }],
    { status: 201, body: [{ baz: 100 }] },
    { ...rep, headers: { accept: 'application/vnd.pgrst.array+json;nulls=stripped' } },
  ),
  unwritten(
    'written rows in a form that is not there',
    'POST',
    '/directors',
    director,
    { status: 406, code: 'PGRST107' },
    { ...rep, headers: { accept: 'unknown/unknown' } },
  ),
]

const schemas: readonly Row[] = [
  written('Content-Profile', 'POST', '/only_keys', { id: 9 }, { status: 201, body: '' }, { headers: { 'content-profile': 'public' } }),
  unwritten(
    'Content-Profile that is not there',
    'POST',
    '/only_keys',
    { id: 9 },
    { status: 406, code: 'PGRST106' },
    { headers: { 'content-profile': 'private' } },
  ),
]

export const writeForms: readonly Row[] = [...forms, ...schemas]
