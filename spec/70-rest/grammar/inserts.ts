/** Insert. Every row is rehearsed (`tx=rollback`). Where we differ from PostgREST on purpose, the row says so. */
import { unwritten, written, type Row } from '../row.ts'

const rep = { prefer: 'return=representation' }
const csv = { headers: { 'content-type': 'text/csv' } }
const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' } }

const director = { id: 9, first_name: 'Agnès', last_name: 'Varda' }
const other = { id: 8, first_name: 'Chantal', last_name: 'Akerman' }
const isUuid = /^\[\{"id":"[0-9a-f-]{36}","bar":null,"baz":100,"twice":200\}\]$/

export const inserts: readonly Row[] = [
  written('insert', 'POST', '/directors', director, { status: 201, headers: { 'content-range': '*/*' }, body: '' }),
  written('insert', 'POST', '/directors', director, { status: 201, body: [director] }, rep),
  written('insert that selects', 'POST', '/directors?select=last_name', director, { status: 201, body: [{ last_name: 'Varda' }] }, rep),
  written('insert that selects', 'POST', '/directors?select=last_name', director, { status: 201, body: '' }),
  written(
    'insert that selects',
    'POST',
    '/directors?select=who:last_name,key:id::text',
    director,
    {
      status: 201,
      body: [{ who: 'Varda', key: '9' }],
    },
    rep,
  ),
  written('insert of defaults alone', 'POST', '/foo', {}, { status: 201, body: isUuid }, rep),
  written('insert of defaults alone', 'POST', '/foo?select=baz', [{}, {}], { status: 201, body: [{ baz: 100 }, { baz: 100 }] }, rep),
  written('insert of NULL', 'POST', '/foo?select=bar,baz', { bar: null, baz: 3 }, { status: 201, body: [{ bar: null, baz: 3 }] }, rep),
  written(
    'insert of JSON',
    'POST',
    '/films?select=info',
    { id: 8, title: 'x', year: 2000, info: { reels: [1, { a: null }] } },
    {
      status: 201,
      body: [{ info: { reels: [1, { a: null }] } }],
    },
    rep,
  ),
  written('insert of Unicode', 'POST', '/موارد', { id: 2, اسم: '圍棋' }, { status: 201, body: [{ id: 2, اسم: '圍棋' }] }, rep),
  written('insert between blanks', 'POST', '/directors', `\t \n ${JSON.stringify(director)} \r\n `, { status: 201, body: [director] }, rep),
  written(
    'insert of a form',
    'POST',
    '/directors',
    'id=9&first_name=Agn%C3%A8s&last_name=Varda+%26+co',
    {
      status: 201,
      body: [{ ...director, last_name: 'Varda & co' }],
    },
    { ...rep, ...form },
  ),
  // PostgREST puts nothing in, and answers 201.
  unwritten('insert of quoted JSON', 'POST', '/directors', JSON.stringify(JSON.stringify(director)), {
    status: 400,
    code: 'PGRST102',
    message: 'A body is an object, or an array of objects',
    details: 'It is a string.',
  }),
  unwritten(
    'insert without a value that is needed',
    'POST',
    '/directors',
    { id: 9, first_name: 'Agnès' },
    {
      status: 400,
      code: '23502',
      message: 'null value in column "last_name" of relation "directors" violates not-null constraint',
    },
  ),
  unwritten(
    'insert of a key that is there',
    'POST',
    '/directors',
    { ...director, id: 1 },
    {
      status: 409,
      code: '23505',
      message: 'duplicate key value violates unique constraint "directors_pkey"',
      details: 'Key (id)=(1) already exists.',
    },
  ),
  unwritten(
    'insert of a unique value that is there',
    'POST',
    '/workers',
    { name: 'Ada' },
    {
      status: 409,
      code: '23505',
      message: 'duplicate key value violates unique constraint "workers_name_key"',
      details: 'Key (name)=(Ada) already exists.',
    },
  ),
  unwritten(
    'insert of a reference that leads nowhere',
    'POST',
    '/technical_specs',
    { film_id: 404, runtime: '01:00' },
    {
      status: 409,
      code: '23503',
      message: 'insert or update on table "technical_specs" violates foreign key constraint "technical_specs_film_id_fkey"',
      details: 'Key (film_id)=(404) is not present in table "films".',
    },
  ),
  unwritten('insert into a computed column', 'POST', '/foo', { twice: 4 }, { status: 400, code: '428C9' }),

  written('bulk insert', 'POST', '/directors?select=id', [director, other], { status: 201, body: [{ id: 9 }, { id: 8 }] }, rep),
  written(
    'bulk insert',
    'POST',
    '/directors',
    [director, other],
    { status: 201, headers: { 'content-range': '*/2' }, body: '' },
    {
      prefer: 'count=exact',
    },
  ),
  written('bulk insert of nothing', 'POST', '/directors', [], { status: 201, body: [] }, rep),
  unwritten('bulk insert of unlike rows', 'POST', '/directors', [director, { id: 8 }], {
    status: 400,
    code: 'PGRST102',
    message: 'All object keys must match',
  }),
  unwritten('bulk insert of what is no row', 'POST', '/directors', [director, 7, 'x'], {
    status: 400,
    code: 'PGRST102',
    message: 'All object keys must match',
  }),
  written(
    'bulk insert of CSV',
    'POST',
    '/directors',
    'id,first_name,last_name\n9,Agnès,Varda\r\n8,"Chantal ""C""","Akerman, A."\n',
    {
      status: 201,
      body: [director, { id: 8, first_name: 'Chantal "C"', last_name: 'Akerman, A.' }],
    },
    { ...rep, ...csv },
  ),
  // An empty field is no value, so that CSV that was read can be sent back; PostgREST takes it for an empty text.
  written(
    'bulk insert of CSV with NULL',
    'POST',
    '/foo?select=bar',
    'bar\nNULL\n""\n"NULL"\n',
    {
      status: 201,
      body: [{ bar: null }, { bar: '' }, { bar: 'NULL' }],
    },
    { ...rep, ...csv },
  ),
  unwritten('bulk insert of CSV with NULL', 'POST', '/marks', 'id,name\n9,', { status: 400, code: '23502' }, csv),
  unwritten(
    'bulk insert of uneven CSV',
    'POST',
    '/marks',
    'id,name\n9',
    {
      status: 400,
      code: 'PGRST102',
      message: 'All lines must have same number of fields',
    },
    csv,
  ),

  written(
    'insert with columns',
    'POST',
    '/directors?columns=id,first_name,last_name',
    { ...director, born: 1928, x: {} },
    {
      status: 201,
      body: [director],
    },
    rep,
  ),
  written(
    'bulk insert with columns',
    'POST',
    '/foo?columns=bar,baz&select=bar,baz',
    [
      { bar: 'a', baz: 1, x: 1 },
      { baz: 2, y: {} },
    ],
    {
      status: 201,
      body: [
        { bar: 'a', baz: 1 },
        { bar: null, baz: 2 },
      ],
    },
    rep,
  ),
  unwritten('columns that are not there', 'POST', '/directors?columns=helicopter', director, {
    status: 400,
    code: 'PGRST204',
    message: "Could not find the 'helicopter' column of 'directors'",
  }),
  written(
    'a column that is named twice',
    'POST',
    '/marks?columns=id,name,id',
    { id: 9, name: 'x' },
    { status: 201, body: [{ id: 9, name: 'x' }] },
    rep,
  ),
  unwritten('columns of a table that is not there', 'POST', '/garlic?columns=helicopter', director, { status: 404, code: 'PGRST205' }),
  unwritten('blank columns', 'POST', '/directors?columns=', director, {
    status: 400,
    code: 'PGRST100',
    message: '"failed to parse columns parameter ()" (line 1, column 1)',
    details: 'unexpected end of input expecting field name (* or [a..z0..9_$])',
  }),
]
