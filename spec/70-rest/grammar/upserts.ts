/** Upsert and PUT. Every row is rehearsed (`tx=rollback`). Where we differ from PostgREST on purpose, the row says so. */
import { unwritten, written, type Row } from '../row.ts'

const rep = { prefer: 'return=representation' }
const merge = { prefer: 'return=representation, resolution=merge-duplicates' }
const ignore = { prefer: 'return=representation, resolution=ignore-duplicates' }

const ada = '0197a000-0000-7000-8000-00000000000a'

const merged: readonly Row[] = [
  written(
    'upsert',
    'POST',
    '/products',
    [
      { sku: 'CL2031', name: 'Existing T-shirt', price: 35 },
      { sku: 'AC1022', name: 'New Cap', price: 30 },
    ],
    {
      status: 201,
      headers: { 'preference-applied': 'resolution=merge-duplicates, return=representation, tx=rollback' },
      body: [
        { sku: 'CL2031', name: 'Existing T-shirt', price: 35 },
        { sku: 'AC1022', name: 'New Cap', price: 30 },
      ],
    },
    merge,
  ),
  written(
    'upsert of what is there',
    'POST',
    '/products?select=name',
    [{ sku: 'CL2031', name: 'x', price: 1 }],
    { body: [{ name: 'x' }] },
    merge,
  ),
  written(
    'upsert of a part',
    'POST',
    '/workers?on_conflict=name&select=salary,seat',
    [{ name: 'Ada', salary: 1 }],
    {
      body: [{ salary: 1, seat: 1 }],
    },
    merge,
  ),
  written('upsert of nothing', 'POST', '/products', [], { body: [] }, merge),
  written(
    'upsert by a compound key',
    'POST',
    '/nominations',
    [
      { competition_id: 1, film_id: 4, rank: 7 },
      { competition_id: 1, film_id: 6, rank: 8 },
    ],
    {
      status: 201,
      body: [
        { competition_id: 1, film_id: 4, rank: 7 },
        { competition_id: 1, film_id: 6, rank: 8 },
      ],
    },
    merge,
  ),
  written(
    'upsert with keys that are made',
    'POST',
    '/workers?columns=id,name,salary&select=name,salary,seat',
    [
      { id: ada, name: 'Ada', salary: 1 },
      { name: 'Cy', salary: 2 },
    ],
    {
      status: 201,
      body: [
        { name: 'Ada', salary: 1, seat: 1 },
        { name: 'Cy', salary: 2, seat: null },
      ],
    },
    { prefer: `${merge.prefer}, missing=default` },
  ),
  written('upsert of keys alone', 'POST', '/only_keys', [{ id: 1 }, { id: 3 }], { status: 201, body: [{ id: 1 }, { id: 3 }] }, merge),
  written(
    'upsert in an order',
    'POST',
    '/products?select=sku&order=sku',
    [
      { sku: 'CL2031', name: 'x', price: 1 },
      { sku: 'AC1022', name: 'y', price: 2 },
    ],
    { status: 201, body: [{ sku: 'AC1022' }, { sku: 'CL2031' }] },
    merge,
  ),
  written(
    'ignored duplicates',
    'POST',
    '/products?select=sku',
    [
      { sku: 'CL2031', name: 'x', price: 1 },
      { sku: 'AC1022', name: 'y', price: 2 },
    ],
    {
      status: 201,
      headers: { 'preference-applied': 'resolution=ignore-duplicates, return=representation, tx=rollback' },
      body: [{ sku: 'AC1022' }],
    },
    ignore,
  ),
  written('ignored duplicates', 'POST', '/products', [{ sku: 'CL2031', name: 'x', price: 1 }], { status: 201, body: [] }, ignore),
  written('ignored duplicates of keys alone', 'POST', '/only_keys', [{ id: 1 }, { id: 3 }], { status: 201, body: [{ id: 3 }] }, ignore),
  unwritten('one row twice', 'POST', '/only_keys', [{ id: 3 }, { id: 3 }], { status: 400, code: '21000' }, merge),
  written(
    'on_conflict',
    'POST',
    '/workers?on_conflict=name&select=name,salary',
    [
      { name: 'Ada', salary: 40000 },
      { name: 'Cy', salary: 60000 },
    ],
    {
      status: 201,
      body: [
        { name: 'Ada', salary: 40000 },
        { name: 'Cy', salary: 60000 },
      ],
    },
    merge,
  ),
  written(
    'on_conflict',
    'POST',
    '/workers?on_conflict=name&select=name',
    [{ name: 'Ada' }, { name: 'Cy' }],
    { status: 201, body: [{ name: 'Cy' }] },
    ignore,
  ),
  written(
    'on_conflict of several columns',
    'POST',
    '/workers?on_conflict=team,seat&select=name',
    [
      { name: 'Al', team: 'red', seat: 2 },
      { name: 'Cy', team: 'red', seat: 3 },
    ],
    { status: 201, body: [{ name: 'Al' }, { name: 'Cy' }] },
    merge,
  ),
  unwritten(
    'on_conflict of columns that are not unique',
    'POST',
    '/workers?on_conflict=salary',
    [{ name: 'Al', salary: 1 }],
    {
      status: 400,
      code: '42P10',
      message: 'there is no unique or exclusion constraint matching the ON CONFLICT specification',
    },
    merge,
  ),
  unwritten(
    'on_conflict of columns that are not there',
    'POST',
    '/workers?on_conflict=helicopter',
    [{ name: 'Al' }],
    { status: 400, code: 'PGRST204' },
    merge,
  ),
  written(
    'on_conflict without a resolution',
    'POST',
    '/workers?on_conflict=name&select=name',
    [{ name: 'Cy' }],
    { status: 201, body: [{ name: 'Cy' }] },
    rep,
  ),
]

const puts: readonly Row[] = [
  written('PUT', 'PUT', '/products?sku=eq.CL2031', { sku: 'CL2031', name: 'x', price: 1 }, { status: 204, body: '' }),
  written(
    'PUT',
    'PUT',
    '/products?sku=eq.CL2031',
    { sku: 'CL2031', name: 'x', price: 1 },
    { body: [{ sku: 'CL2031', name: 'x', price: 1 }] },
    rep,
  ),
  written(
    'PUT of a new row',
    'PUT',
    '/products?sku=eq.AC1022',
    [{ sku: 'AC1022', name: 'x', price: 1 }],
    {
      status: 201,
      body: [{ sku: 'AC1022', name: 'x', price: 1 }],
    },
    rep,
  ),
  written(
    'PUT by a compound key',
    'PUT',
    '/nominations?film_id=eq.4&competition_id=eq.1&select=rank',
    { competition_id: 1, film_id: 4, rank: 9 },
    { body: [{ rank: 9 }] },
    rep,
  ),
  written('PUT of keys alone', 'PUT', '/only_keys?id=eq.1', { id: 1 }, { body: [{ id: 1 }] }, rep),
  written(
    'PUT as an object',
    'PUT',
    '/products?sku=eq.AC1022',
    { sku: 'AC1022', name: 'x', price: 1 },
    {
      status: 201,
      headers: { 'content-type': 'application/vnd.pgrst.object+json; charset=utf-8' },
      body: { sku: 'AC1022', name: 'x', price: 1 },
    },
    { ...rep, headers: { accept: 'application/vnd.pgrst.object+json' } },
  ),
  written('PUT with a Range', 'PUT', '/only_keys?id=eq.1', { id: 1 }, { body: [{ id: 1 }] }, { ...rep, headers: { range: '1-1' } }),
  // What the body leaves out is its default; PostgREST wants all columns. What the server makes by itself stays.
  written(
    'PUT of a part',
    'PUT',
    `/workers?id=eq.${ada}&select=name,salary,team,seat`,
    { name: 'Ada' },
    {
      body: [{ name: 'Ada', salary: null, team: null, seat: null }],
    },
    rep,
  ),
  // PostgREST puts the first of several.
  unwritten('PUT of several rows', 'PUT', '/only_keys?id=eq.1', [{ id: 1 }, { id: 2 }], { status: 400, code: 'PGRST102' }),
  ...['sku=eq.1&name=eq.x', 'name=eq.x', 'sku=not.eq.1', 'sku=in.(1)', 'and=(sku.eq.1)', ''].map((query) =>
    unwritten(
      'PUT by anything but the key',
      'PUT',
      `/products?${query}`,
      { sku: '1', name: 'x', price: 1 },
      {
        status: 405,
        code: 'PGRST105',
        message: "Filters must include all and only primary key columns with 'eq' operators",
      },
    ),
  ),
  unwritten(
    'PUT by a part of the key',
    'PUT',
    '/nominations?film_id=eq.4',
    { competition_id: 1, film_id: 4, rank: 9 },
    {
      status: 405,
      code: 'PGRST105',
    },
  ),
  ...['limit', 'offset'].map((name) =>
    unwritten(
      'PUT with a page',
      'PUT',
      `/only_keys?id=eq.1&${name}=1`,
      { id: 1 },
      {
        status: 400,
        code: 'PGRST114',
        message: 'limit/offset querystring parameters are not allowed for PUT',
      },
    ),
  ),
  unwritten(
    'PUT of another key',
    'PUT',
    '/only_keys?id=eq.1',
    { id: 2 },
    {
      status: 400,
      code: 'PGRST115',
      message: 'Payload values do not match URL in primary key column(s)',
    },
  ),
]

export const upserts: readonly Row[] = [...merged, ...puts]
