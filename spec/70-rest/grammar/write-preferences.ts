/** What writes prefer. Every row is rehearsed, but the one that says otherwise. */
import { unwritten, written, type Row } from '../row.ts'

const rep = { prefer: 'return=representation' }
const director = { id: 9, first_name: 'Agnès', last_name: 'Varda' }
const json = { 'content-type': 'application/json; charset=utf-8' }
const applied = (text: string): Record<string, string> => ({ 'preference-applied': text })
const committed = (method: string, path: string, prefer: string, body: unknown): Row['request'] => ({
  path,
  method,
  as: 'service',
  headers: { prefer },
  body,
})
/** What is there already, so that the world stays as it is. */
const same = { name: 'Hebdon,John' }

const returned: readonly Row[] = [
  written(
    'return=minimal',
    'POST',
    '/directors',
    director,
    { status: 201, headers: applied('return=minimal, tx=rollback'), body: '' },
    { prefer: 'return=minimal' },
  ),
  written(
    'return=minimal',
    'PATCH',
    '/marks?id=eq.1',
    same,
    { status: 204, headers: applied('return=minimal, tx=rollback'), body: '' },
    { prefer: 'return=minimal' },
  ),
  written(
    'return=minimal',
    'DELETE',
    '/marks?id=eq.1',
    undefined,
    { status: 204, headers: applied('return=minimal, tx=rollback'), body: '' },
    { prefer: 'return=minimal' },
  ),
  written(
    'return=headers-only',
    'POST',
    '/directors?select=last_name',
    director,
    {
      status: 201,
      headers: { location: '/rest/v1/directors?id=eq.9', 'content-range': '*/*', ...applied('return=headers-only, tx=rollback') },
      body: '',
    },
    { prefer: 'return=headers-only' },
  ),
  written(
    'return=headers-only of a compound key',
    'POST',
    '/roles',
    { film_id: 1, actor_id: 2, character: 'x' },
    { status: 201, headers: { location: '/rest/v1/roles?film_id=eq.1&actor_id=eq.2' }, body: '' },
    { prefer: 'return=headers-only' },
  ),
  written(
    'return=headers-only of a key that is no plain word',
    'POST',
    '/products',
    { sku: 'Rock & R+ll 圍', name: 'x', price: 1 },
    { status: 201, headers: { location: '/rest/v1/products?sku=eq.Rock%20%26%20R%2Bll%20%E5%9C%8D' }, body: '' },
    { prefer: 'return=headers-only' },
  ),
  written(
    'return=headers-only of a change',
    'PATCH',
    '/marks?id=eq.1',
    same,
    { status: 204, headers: applied('return=headers-only, tx=rollback'), body: '' },
    { prefer: 'return=headers-only' },
  ),
  written(
    'return=representation',
    'POST',
    '/directors',
    director,
    { status: 201, headers: { ...json, ...applied('return=representation, tx=rollback') }, body: [director] },
    rep,
  ),
]

const others: readonly Row[] = [
  written(
    'resolution that has no effect',
    'PATCH',
    '/marks?id=eq.1',
    same,
    { status: 204, headers: applied('tx=rollback'), body: '' },
    { prefer: 'resolution=merge-duplicates' },
  ),
  written(
    'missing=default',
    'POST',
    '/foo?columns=bar,baz&select=bar,baz',
    [{ bar: 'val1' }, { bar: 'val2', baz: 15 }],
    {
      status: 201,
      headers: applied('missing=default, return=representation, tx=rollback'),
      body: [
        { bar: 'val1', baz: 100 },
        { bar: 'val2', baz: 15 },
      ],
    },
    { prefer: 'return=representation, missing=default' },
  ),
  written(
    'missing=default of a change',
    'PATCH',
    '/foo?baz=eq.1&columns=bar,baz&select=bar,baz',
    { bar: 'x' },
    { headers: applied('missing=default, return=representation, tx=rollback'), body: [{ bar: 'x', baz: 100 }] },
    { prefer: 'return=representation, missing=default' },
  ),
  written(
    'missing=null',
    'POST',
    '/foo?columns=bar,baz&select=bar,baz',
    { baz: 15 },
    { status: 201, headers: applied('missing=null, return=representation, tx=rollback'), body: [{ bar: null, baz: 15 }] },
    { prefer: 'return=representation, missing=null' },
  ),
  unwritten('missing=null', 'POST', '/foo?columns=bar,baz', { bar: 'x' }, { status: 400, code: '23502' }),
  written(
    'max-affected',
    'DELETE',
    '/marks?id=lte.3',
    undefined,
    { status: 204, headers: applied('tx=rollback, handling=strict, max-affected=3'), body: '' },
    { prefer: 'handling=strict, max-affected=3' },
  ),
  written(
    'max-affected',
    'PATCH',
    '/marks?id=lte.3',
    same,
    { status: 204, headers: applied('tx=rollback, handling=strict, max-affected=3'), body: '' },
    { prefer: 'handling=strict, max-affected=3' },
  ),
  unwritten(
    'max-affected that is exceeded',
    'DELETE',
    '/marks?id=lte.3',
    undefined,
    {
      status: 400,
      code: 'PGRST124',
      message: 'Query result exceeds max-affected preference constraint',
      details: 'The query affects 3 rows',
    },
    { prefer: 'handling=strict, max-affected=2' },
  ),
  unwritten(
    'max-affected that is exceeded',
    'PATCH',
    '/marks?id=eq.1',
    same,
    { status: 400, code: 'PGRST124', details: 'The query affects 1 rows' },
    { prefer: 'handling=strict, max-affected=0' },
  ),
  written(
    'max-affected, leniently',
    'DELETE',
    '/marks?id=lte.3',
    undefined,
    { status: 204, headers: applied('tx=rollback, handling=lenient'), body: '' },
    { prefer: 'handling=lenient, max-affected=2' },
  ),
  written('tx=rollback', 'POST', '/directors', director, { status: 201, headers: applied('tx=rollback'), body: '' }),
  written('tx=rollback', 'DELETE', '/marks?select=id', undefined, { body: [1, 2, 3, 4, 5].map((id) => ({ id })) }, rep),
  {
    item: 'tx=commit',
    request: committed('PATCH', '/marks?id=eq.1&select=name', 'tx=commit, return=representation', same),
    answer: { headers: applied('return=representation, tx=commit'), body: [same] },
  },
  unwritten(
    'handling=strict of a write',
    'POST',
    '/directors',
    director,
    {
      status: 400,
      code: 'PGRST122',
      message: 'Invalid preferences given with handling=strict',
      details: 'Invalid preferences: foo, return=all',
    },
    { prefer: 'handling=strict, foo, return=all' },
  ),
  written(
    'handling=lenient of a write',
    'POST',
    '/directors',
    director,
    { status: 201, headers: applied('tx=rollback, handling=lenient'), body: '' },
    { prefer: 'handling=lenient, foo, return=all' },
  ),
  written(
    'count of a write',
    'PATCH',
    '/marks?id=lte.2',
    same,
    { status: 204, headers: { 'content-range': '0-1/2' }, body: '' },
    { prefer: 'count=exact' },
  ),
  written(
    'count of a write',
    'POST',
    '/only_keys',
    [{ id: 3 }, { id: 4 }],
    { status: 201, headers: { 'content-range': '*/2' }, body: '' },
    { prefer: 'count=planned' },
  ),
]

export const writePreferences: readonly Row[] = [...returned, ...others]
