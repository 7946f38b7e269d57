/**
 * A world for the chapter on meaning: a table for each subject of the promises, so that a sentence sees only its own
 * rows. Everything is asked with the secret key; rules have a chapter of their own.
 */
import {
  array,
  boolean,
  bytes,
  date,
  decimal,
  float,
  integer,
  json,
  oneOf,
  plinth,
  ref,
  table,
  text,
  time,
  timestamp,
  timestamps,
  uuid,
} from '../../src/index.ts'
import { everyDatabaseOf, type Answered, type Here } from '../harness.ts'

const backend = plinth({
  tables: {
    texts: table({ id: integer(), text: text().optional() }).search('text'),
    short: table({ id: integer(), text: text().max(3) }),
    numbers: table({
      id: integer(),
      whole: integer().optional(),
      price: decimal(12, 2).optional(),
      fine: decimal(18, 6).optional(),
      ratio: float().optional(),
      group: text().optional(),
    }),
    moments: table({ id: integer(), at: timestamp().optional(), day: date().optional(), hour: time().optional() }),
    documents: table({ id: integer(), data: json().optional() }),
    marks: table({ id: integer(), code: uuid().optional(), raw: bytes().optional(), good: boolean().optional() }),
    lists: table({
      id: integer(),
      texts: array(text()).optional(),
      wholes: array(integer()).optional(),
      prices: array(decimal(10, 2)).optional(),
      ratios: array(float()).optional(),
      goods: array(boolean()).optional(),
      moments: array(timestamp()).optional(),
      days: array(date()).optional(),
      hours: array(time()).optional(),
      codes: array(uuid()).optional(),
      raws: array(bytes()).optional(),
      kind: oneOf('small', 'large', 'Large').optional(),
    }),
    /** Every kind of default. */
    defaults: table({
      name: text(),
      word: text().default('it’s “here”'),
      whole: integer().default(-7),
      price: decimal(12, 2).default('-0.5'),
      ratio: float().default(0.1),
      good: boolean().default(true),
      day: date().default('2024-02-29'),
      hour: time().default('23:59:59.5'),
      at: timestamp().default('2026-01-01T01:00:00+01:00'),
      data: json().default({ a: [1, null, 'x'] }),
      kind: oneOf('a', 'b').default('b'),
      twice: integer().generated('whole * 2'),
      seen_at: timestamp().defaultNow(),
      ...timestamps(),
    }),
    shelves: table({ id: integer(), label: text().unique().optional() }),
    books: table({
      id: integer(),
      shelf_id: ref('shelves').optional(),
      title: text().min(1),
      isbn: text().pattern('^[0-9]{3}$').optional(),
      pages: integer().min(1).max(5000).optional(),
      sold: integer().default(0),
    })
      .unique('shelf_id', 'title')
      .check('sold_is_sane', ({ row }) => row.sold.atLeast(0)),
    /** Two rows that are only ever changed together. */
    accounts: table({ id: integer(), amount: integer() }),
  },
  access: {},
})

const word = (id: number, value: string | null) => ({ id, text: value })

/** A capital of each kind that folds in its own way, and what looks as if it did. */
export const cases = [
  'straße',
  'STRASSE',
  'STRAẞE',
  'σίσυφος',
  'ΣΊΣΥΦΟΣ',
  'i',
  'I',
  'İ',
  'ı',
  'k',
  '\u212a',
  'å',
  '\u212b',
  's',
  'ſ',
  'ꭰ',
  'Ꭰ',
  '𐐨',
  '𐐀',
  'ǆ',
  'ǅ',
  'µ',
  'μ',
  'ﬁ',
  'FI',
] as const

/** By code point, the last two in the order that sixteen-bit units would turn round. */
export const inOrder = [
  '',
  ' ',
  ' a',
  '10',
  '9',
  'A',
  'Z',
  '_',
  'a',
  'a ',
  'ab',
  'e\u0301',
  'z',
  'Ä',
  'é',
  'Œ',
  'я',
  '中',
  '\uffee',
  '😀',
] as const

const rows = {
  texts: [
    ...[...inOrder].reverse().map((value, at) => word(at + 1, value)),
    ...cases.map((value, at) => word(at + 101, value)),
    word(200, null),
    word(201, 'a%b_c\\d'),
    word(202, 'two\nlines'),
    word(203, `${'a'.repeat(40_000)}!`),
  ],
  numbers: [
    { id: 1, whole: '9223372036854775807', price: '0.1', fine: '999999999999.999999', ratio: 0.1, group: 'a' },
    { id: 2, whole: '-9223372036854775808', price: '-0.05', fine: '0.000001', ratio: 1, group: 'a' },
    { id: 3, whole: '9223372036854775807', price: '9999999999.99', ratio: 1e21, group: 'b' },
    { id: 4, whole: '9007199254740993', price: '195.1', fine: '-1', ratio: 5e-324, group: 'b' },
    { id: 5, whole: 0, price: '-0.00', fine: 0, ratio: -0, group: 'c' },
    { id: 6, group: null },
    { id: 7, ratio: 123456789012345680000, group: 'd' },
    { id: 8, ratio: 1e-7, group: 'd' },
    { id: 9, ratio: 1.7976931348623157e308, group: 'e' },
    { id: 10, ratio: 1.7976931348623157e308, group: 'e' },
  ],
  moments: [
    { id: 1, at: '2026-11-21T01:15:29.123456+00:00', day: '2024-02-29', hour: '01:15:29.123456' },
    { id: 2, at: '2026-11-21 06:45:29.1234560 +05:30', day: '0001-01-01', hour: '00:00' },
    { id: 3, at: '0001-01-01T00:00:00Z', day: '9999-12-31', hour: '24:00:00' },
    { id: 4, at: '9999-12-31T23:59:59.9999994Z', hour: '12:30:00.500' },
    { id: 5, at: '2026-11-21' },
    { id: 6 },
  ],
  documents: [
    { id: 1, data: { a: 1, b: [1, 2, { c: 'x' }], 'odd "key".\\%': 'here', deep: { er: null } } },
    { id: 2, data: { deep: { er: null }, b: [1, 2, { c: 'x' }], 'odd "key".\\%': 'here', a: 1 } },
    { id: 3, data: [1, 'two', false, null] },
    { id: 4, data: 'text' },
    { id: 5, data: { a: '1' } },
    { id: 6, data: 7 },
    { id: 7, data: true },
    { id: 8 },
  ],
  marks: [
    { id: 1, code: '0197A3B0-1111-7000-8000-00000000000A', raw: '', good: true },
    { id: 2, code: '{0197a3b0111170008000000000000000}', raw: '/w==', good: false },
    { id: 3, raw: 'AAEC' },
    { id: 4 },
  ],
  lists: [
    {
      id: 1,
      texts: ['b', 'a', null, 'NULL', '', 'x,y "z" \\{}'],
      wholes: ['9223372036854775807', -1, null],
      prices: ['1.5', 2, null],
      ratios: [1, 0.1, 1e21, null],
      goods: [true, false, null],
      moments: ['2026-11-21T02:00:00+01:00', null],
      days: ['2026-11-21', null],
      hours: ['01:02', '03:04:05.60', null],
      codes: ['0197A3B0-1111-7000-8000-00000000000A', null],
      raws: ['AAEC', '', null],
      kind: 'large',
    },
    { id: 2, texts: [], wholes: [1, 2], kind: 'small' },
    { id: 3, texts: ['a', 'b'], wholes: [2, 1], kind: 'Large' },
    { id: 4 },
  ],
  shelves: [{ id: 1, label: 'A' }, { id: 2 }, { id: 3 }],
  books: [
    { id: 1, shelf_id: 1, title: 'Emma' },
    { id: 2, title: 'Emma' },
    { id: 3, title: 'Emma' },
  ],
  accounts: [
    { id: 1, amount: 50 },
    { id: 2, amount: 50 },
  ],
}

export const everyDatabase = everyDatabaseOf({ backend, rows, people: {} })

export type Place = Here<never>

/** Asks with the secret key; what a URL cannot hold is escaped, percent signs and all. */
export const get = ({ ask }: Pick<Place, 'ask'>, table: string, parameters: Readonly<Record<string, string>>): Promise<Answered> => {
  const query = Object.entries(parameters).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
  return ask(`/rest/v1/${table}?${query.join('&')}`, { as: 'service' })
}

/** The ids of the rows that pass a filter, in the order of the ids; or the code of the error. */
export async function found(here: Pick<Place, 'ask'>, table: string, column: string, filter: string): Promise<readonly unknown[] | string> {
  return list(await get(here, table, { select: 'id', [column]: filter }))
}

/** One member of each row; or the code of the error. */
export function list({ status, body }: Answered, member = 'id'): readonly unknown[] | string {
  if (status >= 400 && typeof body === 'object' && body !== null && 'code' in body) return String(body.code)
  return Array.isArray(body) ? body.map((row: Record<string, unknown>) => row[member]) : [body]
}
