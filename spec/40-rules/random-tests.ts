/**
 * Random rows and random tests over them, for the sentence that both readers of the expression language agree. The
 * values are few, so that comparisons come out either way; awkward ones are among them.
 */
import fc from 'fast-check'
import type { Condition, Field } from '../../src/query/query.ts'
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
    homes: table({ id: integer(), town: text().optional() }).key('id'),
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
      home_id: ref('homes').optional(),
    }).key('id'),
    parts: table({ id: integer(), thing_id: ref('things'), size: integer().optional() }).key('id'),
  },
  access: {},
})

const codes = ['00000000-0000-0000-0000-000000000000', '0197a3b0-1111-7000-8000-00000000000a', 'ffffffff-ffff-ffff-ffff-ffffffffffff']

/** Column → the texts a client may send for it. */
export const pools = {
  word: [
    '',
    'a',
    'A',
    'ab',
    'straße',
    'STRASSE',
    'ÉTÉ',
    'été',
    'a%b',
    'a_b',
    'a\\b',
    '\u{1f600}',
    '\uffee',
    'İ',
    'ı',
    'Σς',
    'x'.repeat(50),
    ' a',
    'null',
  ],
  whole: ['0', '1', '-1', '9223372036854775807', '-9223372036854775808', '42'],
  price: ['0', '0.01', '-0.05', '1.50', '1.5', '9999999999.99', '-9999999999.99', '2'],
  weight: ['0', '0.1', '-1.5', '1e21', '5e-324', '1.7976931348623157e308', '0.30000000000000004', '3'],
  good: ['true', 'false'],
  at: [
    '2026-11-21T01:15:29.123456+00:00',
    '2026-11-21T03:15:29.123456+02:00',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999999Z',
    '2026-11-21',
  ],
  day: ['2026-11-21', '0001-01-01', '9999-12-31', '2024-02-29'],
  hour: ['00:00', '12:34:56.5', '23:59:59.999999', '12:34:56'],
  code: codes,
  raw: ['', 'AA==', 'AAEC', '/w=='],
  data: ['null', 'true', '1', '1.0', '"a"', '[]', '[1,2]', '{}', '{"a":1}', '{"a":{"b":[1,"x",null]}}', '{"a":"1"}', '10', '2e0', '"B"'],
  tags: ['[]', '["a"]', '["a","b"]', '["b","a"]', '["a",null]', '["NULL"]', '["x y","q\\"t"]'],
} as const

type ColumnName = keyof typeof pools
const columnNames = Object.keys(pools) as ColumnName[] // Object.keys forgets the keys' type

/** Numbers that no column of the type holds, for filters alone. */
const beyond: Partial<Record<ColumnName, readonly string[]>> = { price: ['1.499', '1.501', '-0.0501', '1e30', '-1e30', '0.005'] }

export type GivenRow = Readonly<Record<string, string | number | null>>

const cell = (name: ColumnName): fc.Arbitrary<string | null> => fc.option(fc.constantFrom(...pools[name]), { freq: 5, nil: null })

/** A row of `things` with the given number. */
export const thing = (id: number): fc.Arbitrary<GivenRow> =>
  fc.record({
    ...Object.fromEntries(columnNames.map((name) => [name, cell(name)])),
    id: fc.constant(id),
    home_id: fc.constantFrom(null, 1, 2, 3),
  })

// ── Conditions ──

const field = (name: string, path: readonly string[] = []): Field => ({ kind: 'field', path: path.map((step) => ({ name: step })), name })

/** Collects the values of one condition as it is drawn. */
export interface Drawn {
  readonly condition: Condition
  readonly values: readonly unknown[]
}

type Make = (at: number) => Condition

const value = (at: number) => ({ kind: 'value', at }) as const

const equality = ['eq', 'neq', 'isdistinct'] as const
const ordering = ['gt', 'gte', 'lt', 'lte'] as const

const given = (name: ColumnName): fc.Arbitrary<string> => fc.constantFrom<string>(...pools[name], ...(beyond[name] ?? []))

const compared = fc.constantFrom(...columnNames).chain((name) => {
  const operators = name === 'tags' ? equality : [...equality, ...ordering]
  return fc
    .tuple(fc.constantFrom(...operators), given(name))
    .map(([op, text]): [Make, unknown] => [(at) => ({ kind: 'compare', op, left: field(name), right: value(at) }), text])
})

const likePattern = fc
  .array(fc.constantFrom('%', '_', 'a', 'A', 'ß', 'é', 'É', '\\%', '\\_', '\\\\', 'x', 'ς', 'Σ', 'İ', '\u{1f600}'), { maxLength: 5 })
  .map((parts) => parts.join(''))
const regex = fc
  .array(fc.constantFrom('a', 'A', '.', '[a-c]', '[^a]', 'é', '^', '$', 'b*', '(a|b)', 'x+', 'ß', '\\d', '\\w'), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join(''))

const patterned = fc
  .oneof(
    fc.tuple(fc.constantFrom('like' as const, 'ilike' as const), likePattern),
    fc.tuple(fc.constantFrom('match' as const, 'imatch' as const), regex),
  )
  .map(([op, pattern]): [Make, unknown] => [(at) => ({ kind: 'compare', op, left: field('word'), right: value(at) }), pattern])

const listed = fc
  .constantFrom<ColumnName>('word', 'whole', 'price', 'weight', 'good', 'at', 'code', 'raw', 'hour', 'data')
  .chain((name) =>
    fc
      .tuple(fc.array(given(name), { maxLength: 3 }), fc.constantFrom('in', 'any', 'all'), fc.constantFrom(...ordering, 'eq' as const))
      .map(([texts, form, op]): [Make, unknown] => [
        (at) =>
          form === 'in'
            ? { kind: 'in', left: field(name), right: value(at) }
            : { kind: 'compare', op, left: field(name), right: value(at), each: form === 'any' ? 'any' : 'all' },
        texts,
      ]),
  )

const contained = fc
  .tuple(fc.constantFrom('contains' as const, 'contained' as const, 'overlaps' as const), fc.constantFrom<'data' | 'tags'>('data', 'tags'))
  .chain(([op, name]) =>
    given(name).map((text): [Make, unknown] => [
      (at) => ({ kind: 'compare', op: op === 'overlaps' && name === 'data' ? 'contains' : op, left: field(name), right: value(at) }),
      text,
    ]),
  )

const steps = fc.array(fc.constantFrom<string | number>('a', 'b', 0, 1, -1, 'no'), { minLength: 1, maxLength: 3 })
const parted = fc
  .tuple(steps, fc.boolean(), fc.constantFrom(...equality, ...ordering))
  .chain(([path, text, op]) =>
    fc
      .constantFrom<string>(...(text ? ['1', 'a', 'x', '', 'true'] : pools.data))
      .map((right): [Make, unknown] => [
        (at) => ({ kind: 'compare', op, left: { ...field('data'), json: { path, text } }, right: value(at) }),
        right,
      ]),
  )

const isA = fc
  .tuple(fc.constantFrom(...columnNames), fc.constantFrom('null' as const, 'true' as const, 'false' as const))
  .map(([name, is]): [Make, unknown] => [() => ({ kind: 'is', left: field(is === 'null' ? name : 'good'), is }), null])

const searched = fc
  .tuple(
    fc.constantFrom('plain' as const, 'web' as const, 'phrase' as const),
    fc.constantFrom('a', 'été', 'a b', '-a', '"a b"', 'stra*', '', 'x or a'),
  )
  .map(([mode, text]): [Make, unknown] => [(at) => ({ kind: 'search', field: field('word'), mode, right: value(at) }), text])

const atHome = fc
  .tuple(fc.constantFrom(...equality, ...ordering), fc.constantFrom('Bern', 'bern', ''))
  .map(([op, town]): [Make, unknown] => [(at) => ({ kind: 'compare', op, left: field('town', ['home']), right: value(at) }), town])

const withParts = fc
  .tuple(
    fc.constantFrom('some' as const, 'every' as const, 'none' as const),
    fc.constantFrom(...equality, ...ordering),
    fc.constantFrom('1', '2', '3'),
  )
  .map(([quantifier, op, size]): [Make, unknown] => [
    (at) => ({
      kind: 'related',
      quantifier,
      relation: { name: 'parts' },
      where: { kind: 'compare', op, left: field('size'), right: value(at) },
    }),
    size,
  ])

const leaf: fc.Arbitrary<Drawn> = fc
  .oneof(
    { weight: 5, arbitrary: compared },
    { weight: 3, arbitrary: patterned },
    { weight: 3, arbitrary: listed },
    { weight: 2, arbitrary: contained },
    { weight: 3, arbitrary: parted },
    { weight: 1, arbitrary: isA },
    { weight: 1, arbitrary: searched },
    { weight: 1, arbitrary: atHome },
    { weight: 1, arbitrary: withParts },
  )
  .map(([make, given_]) => ({ condition: make(0), values: [given_] }))

/** Leaves joined by `and`, `or` and `not`, up to three deep. */
export const drawn: fc.Arbitrary<Drawn> = fc.letrec<{ node: Drawn }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 4, arbitrary: leaf },
    { weight: 1, arbitrary: tie('node').map(({ condition, values }): Drawn => ({ condition: { kind: 'not', of: condition }, values })) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('node'), { minLength: 2, maxLength: 3 }))
        .map(([kind, parts]) => joined(kind, parts)),
    },
  ),
})).node

function joined(kind: 'and' | 'or', parts: readonly Drawn[]): Drawn {
  const values: unknown[] = []
  const of = parts.map((part) => {
    const from = values.length
    values.push(...part.values)
    return shifted(part.condition, from)
  })
  return { condition: { kind, of }, values }
}

/** The same condition with its values further along. */
function shifted(condition: Condition, by: number): Condition {
  // A condition is plain JSON, so a copy through text is the same condition.
  return JSON.parse(JSON.stringify(condition), (_, part) =>
    typeof part === 'object' && part !== null && part.kind === 'value' ? { ...part, at: part.at + by } : part,
  ) as Condition
}
