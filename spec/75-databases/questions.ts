/**
 * Random questions about one table of every type, its relations both ways, many to many and to itself: columns, parts,
 * casts, aggregates, embeds, filters of each operator, orders, pages. Awkward values are among few, so that they meet.
 */
import fc from 'fast-check'
import {
  array,
  boolean,
  bytes,
  date,
  decimal,
  float,
  integer,
  json,
  plinth,
  ref,
  table,
  text,
  time,
  timestamp,
  uuid,
} from '../../src/index.ts'

export const backend = plinth({
  tables: {
    homes: table({ id: integer(), town: text().optional(), rank: integer().optional() }),
    things: table({
      id: integer(),
      word: text().optional(),
      whole: integer().optional(),
      price: decimal(12, 2).optional(),
      weight: float().optional(),
      good: boolean().optional(),
      at: timestamp().optional(),
      day: date().optional(),
      hour: time().optional(),
      code: uuid().optional(),
      raw: bytes().optional(),
      data: json().optional(),
      tags: array(text()).optional(),
      counts: array(integer()).optional(),
      ratios: array(float()).optional(),
      home_id: ref('homes').optional(),
      up_id: ref('things', { back: 'downs' }).optional(),
    }).search('word'),
    parts: table({ id: integer(), thing_id: ref('things'), size: integer().optional(), label: text().optional() }),
    labels: table({ name: text(), colour: text().optional() }).key('name'),
    thing_labels: table({ thing_id: ref('things'), label_id: ref('labels') }).key('thing_id', 'label_id'),
  },
  access: {},
})

/** Column → its values, as texts. */
const values = {
  word: [
    '',
    'a',
    'A',
    'straße',
    'STRASSE',
    'ÉTÉ',
    'été',
    'a%b',
    'a_b',
    'a\\b',
    '😀',
    '\uffee',
    'İ',
    'ı',
    'Σς',
    ' a',
    '12',
    '1.50',
    'true',
    '2026-01-02',
    'two words',
    '{"a":1}',
    'x,y',
    '"q"',
  ],
  whole: ['0', '1', '-1', '9223372036854775807', '-9223372036854775808', '42'],
  price: ['0', '0.01', '-0.05', '1.50', '9999999999.99', '-9999999999.99'],
  weight: ['0', '0.1', '-1.5', '1e21', '5e-324', '0.30000000000000004', '1e15', '1e-7'],
  good: ['true', 'false'],
  at: ['2026-11-21T01:15:29.123456+00:00', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999Z'],
  day: ['2026-11-21', '0001-01-01', '9999-12-31'],
  hour: ['00:00', '12:34:56.5', '24:00'],
  code: ['00000000-0000-0000-0000-000000000000', '0197a3b0-1111-7000-8000-00000000000a'],
  raw: ['', 'AA==', '/w=='],
  data: [
    'null',
    'true',
    '1',
    '1.0',
    '"a"',
    '[]',
    '[1,2]',
    '{}',
    '{"a":1}',
    '{"a":{"b":[1,"x",null]}}',
    '{"a":"1"}',
    '2e0',
    '{"a":[1,2,{"b":1.50}],"b":null}',
    '{"b":true,"a":1e2}',
    '[[1],["x"]]',
  ],
  tags: ['[]', '["a"]', '["a","b"]', '["b","a"]', '["a",null]', '["NULL"]', '["x y","q\\"t"]'],
  counts: ['[]', '[1,2]', '[2,1]', '[null]', '[9223372036854775807]'],
  ratios: ['[0.1,1e21]', '[]', '[1]'],
} as const

type Name = keyof typeof values
type Kind = 'text' | 'integer' | 'decimal' | 'float' | 'boolean' | 'timestamp' | 'date' | 'time' | 'uuid' | 'bytes' | 'json' | 'array'

const kinds: Readonly<Record<Name, Kind>> = {
  word: 'text',
  whole: 'integer',
  price: 'decimal',
  weight: 'float',
  good: 'boolean',
  at: 'timestamp',
  day: 'date',
  hour: 'time',
  code: 'uuid',
  raw: 'bytes',
  data: 'json',
  tags: 'array',
  counts: 'array',
  ratios: 'array',
}
const names = Object.keys(values) as Name[] // Object.keys forgets the keys' type

const given = (name: Name): readonly string[] => values[name]

// ── Rows ──

export type Rows = readonly Readonly<Record<string, string | number | null>>[]
const { constantFrom, option, constant, array: listOf, tuple, oneof } = fc

const thing = fc.record({
  ...Object.fromEntries(names.map((name) => [name, option(constantFrom(...given(name)), { freq: 4 })])),
  home_id: constantFrom(null, 1, 2, 3),
  up_id: constantFrom(null, 1, 2),
})

/** In an order in which they can be put in; all as texts. */
export function rowsOf(seed: number): Readonly<Record<string, Rows>> {
  const things = fc.sample(thing, { seed, numRuns: 40 }).map((row, at) => ({ id: at + 1, ...row, ...(at < 2 && { up_id: null }) }))
  const labels = ['a', 'B', 'é', '😀', '\uffee']
  return {
    homes: [
      { id: 1, town: 'Bern', rank: 2 },
      { id: 2, town: 'bern', rank: null },
      { id: 3, town: null, rank: 1 },
    ],
    things,
    parts: Array.from({ length: 60 }, (_, at) => ({
      id: at + 1,
      thing_id: ((at * 7) % 33) + 1,
      size: at % 5 ? at % 4 : null,
      label: ['x', 'Y', null, 'é'][at % 4] ?? null,
    })),
    labels: labels.map((name, at) => ({ name, colour: at % 2 ? 'red' : null })),
    thing_labels: Array.from({ length: 22 }, (_, at) => ({
      thing_id: (at % 11) + 1,
      label_id: labels[(at * 3 + Math.floor(at / 11)) % 5] ?? '',
    })),
  }
}

// ── What is asked of a row ──

/** A column or a part of one. */
interface Term {
  readonly text: string
  readonly kind: Kind
  readonly values: readonly string[]
}

const partTexts = ['1', 'a', 'x', '', 'true', '[1, 2]', '{"b": 1.50}', '0.1', '1e+21', '100']
const part = (text: string): Term => ({
  text,
  kind: text.includes('->>') ? 'text' : 'json',
  values: text.includes('->>') ? partTexts : values.data,
})
const paths = ['->a', '->>a', '->0', '->>0', '->-1', '->a->b', '->a->>b', '->a->b->1', '->a->>0', '->b', '->>b', '->a->2->>b']
const columns = names.map((name): Term => ({ text: name, kind: kinds[name], values: given(name) }))
const parts = [...paths.map((path) => `data${path}`), 'tags->0', 'tags->>1', 'counts->>0', 'counts->-1', 'ratios->>1', 'ratios->0'].map(
  part,
)
const term = oneof({ weight: 4, arbitrary: constantFrom(...columns) }, { weight: 3, arbitrary: constantFrom(...parts) })

const casts: Readonly<Record<Kind, readonly string[]>> = {
  text: ['text', 'integer', 'numeric', 'float8', 'boolean', 'date', 'json'],
  integer: ['text', 'numeric', 'float8', 'boolean'],
  decimal: ['text', 'integer', 'numeric', 'float8'],
  float: ['text', 'numeric'],
  boolean: ['text', 'integer'],
  timestamp: ['text', 'date', 'time'],
  date: ['text', 'timestamp'],
  time: ['text'],
  uuid: ['text'],
  bytes: ['text'],
  json: ['text', 'integer'],
  array: ['text', 'json'],
}
const casted = term.chain(({ text, kind }) =>
  option(constantFrom(...casts[kind]), { freq: 1 }).map((cast) => (cast === null ? text : `${text}::${cast}`)),
)

const total = oneof(
  tuple(
    constantFrom('whole', 'price', 'weight', 'price::float8', 'whole::numeric', 'weight::numeric', 'good::integer'),
    constantFrom('sum', 'avg', 'min', 'max', 'count'),
  ),
  tuple(constantFrom('word', 'at', 'day', 'hour', 'data->>a', 'at::text', 'price::text'), constantFrom('min', 'max', 'count')),
  tuple(
    term.map(({ text }) => text),
    constant('count'),
  ),
).chain(([text, aggregate]) => constantFrom('', '', '::text').map((cast) => `${text}.${aggregate}()${cast}`))

const embeds = [
  'home(town,rank)',
  '...home(town)',
  'parts(size,label)',
  'up(id,home(town))',
  'downs(id)',
  'labels(name,colour)',
  'parts(label,n:count(),size.sum())',
  'labels(count())',
  '...labels(called:name)',
  'up(parts(count()))',
  'home!inner(town)',
  'parts!inner(size)',
]

// ── Filters ──

const comparing = ['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'isdistinct', 'is', 'in', 'eq(any)', 'gt(all)', 'lte(any)']
const operators = ({ text, kind }: Term): readonly string[] => {
  if (kind === 'array') return ['eq', 'neq', 'isdistinct', 'cs', 'cd', 'ov', 'is']
  if (kind === 'json') return [...comparing, 'cs', 'cd']
  return kind === 'text'
    ? [...comparing, 'like', 'ilike', 'match', 'imatch', 'like(any)', ...(text === 'word' ? ['wfts', 'plfts'] : [])]
    : comparing
}

const inQuotes = (value: string): string => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
const likes = ['*', 'a*', '*É*', 'a\\_b', '_', 'a\\\\b', '*ß*', 'İ', 'ΣΣ']
const searches = ['a', 'été', 'a b', '-a', '"two words"', 'stra*', 'x or a']
const patterns = ['^a', 'é$', '[a-c]', '^\\w+$', 'ß', '^.$', '(a|b)+']

function right(op: string, { kind, values: own }: Term): fc.Arbitrary<string> {
  if (op === 'is') return constantFrom(...(kind === 'boolean' ? ['null', 'true', 'false'] : ['null']))
  if (op === 'in') return listOf(constantFrom(...own), { maxLength: 3 }).map((list) => `(${list.map(inQuotes).join(',')})`)
  if (op.includes('('))
    return listOf(constantFrom(...(op.startsWith('like') ? likes : own)), { minLength: 1, maxLength: 3 }).map(
      (list) => `{${list.map(inQuotes).join(',')}}`,
    )
  if (op.endsWith('fts')) return constantFrom(...searches)
  if (op.endsWith('like')) return constantFrom(...likes)
  return constantFrom(...(op.endsWith('match') ? patterns : own))
}

interface Leaf {
  readonly text: string
  readonly op: string
  readonly not: boolean
  readonly right: string
}

const leaf = term.chain((of) =>
  tuple(constantFrom(...operators(of)), fc.boolean()).chain(([op, not]) =>
    right(op, of).map((value): Leaf => ({ text: of.text, op, not, right: value })),
  ),
)
const isBare = ({ op }: Leaf): boolean => op === 'is' || op === 'in' || op.includes('(')
const inTree = (one: Leaf): string => `${one.text}.${one.not ? 'not.' : ''}${one.op}.${isBare(one) ? one.right : inQuotes(one.right)}`

const filter = oneof(
  { weight: 4, arbitrary: leaf.map((one): Parameter => [one.text, `${one.not ? 'not.' : ''}${one.op}.${one.right}`]) },
  {
    weight: 1,
    arbitrary: tuple(constantFrom('or', 'not.or', 'and'), listOf(leaf, { minLength: 2, maxLength: 3 })).map(([word, list]): Parameter => [
      word,
      `(${list.map(inTree).join(',')})`,
    ]),
  },
)

// ── Questions ──

type Parameter = readonly [name: string, value: string]

const named = (list: readonly string[]): readonly string[] => list.map((one, at) => `x${at}:${one}`)
const direction = constantFrom('', '.desc', '.nullsfirst', '.desc.nullslast')
const pages: readonly (readonly Parameter[])[] = [
  [],
  [],
  [['limit', '5']],
  [
    ['limit', '3'],
    ['offset', '2'],
  ],
]

const plain = tuple(
  listOf(casted, { minLength: 1, maxLength: 4 }),
  listOf(constantFrom(...embeds), { maxLength: 1 }),
  listOf(
    tuple(
      term.filter(({ kind }) => kind !== 'array').map(({ text }) => text),
      direction,
    ),
    { maxLength: 2 },
  ),
  constantFrom(...pages, [
    ['after', ''],
    ['limit', '4'],
  ] as const),
).map(([own, inner, order, page]): readonly Parameter[] => [['select', [...named(own), ...inner].join(',')], ...orderOf(order), ...page])

const grouped = tuple(
  listOf(casted, { maxLength: 2 }),
  listOf(total, { minLength: 1, maxLength: 2 }),
  listOf(constantFrom('...home(town)', 'home(town)', 'up(id)'), { maxLength: 1 }),
  listOf(tuple(constantFrom('n'), direction), { maxLength: 1 }),
  constantFrom(...pages, [['having', 'n.gt.1']] as const),
).map(([own, totals, inner, order, page]): readonly Parameter[] => [
  ['select', [...named([...own, ...totals]), 'n:count()', ...inner].join(',')],
  ...orderOf(order),
  ...page,
])

const orderOf = (order: readonly (readonly [string, string])[]): readonly Parameter[] =>
  order.length === 0 ? [] : [['order', order.map((one) => one.join('')).join(',')]]

/** The query string. */
export const question: fc.Arbitrary<string> = tuple(oneof(plain, grouped), listOf(filter, { maxLength: 2 })).map(([asked, filters]) =>
  [...asked, ...filters].map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&'),
)
