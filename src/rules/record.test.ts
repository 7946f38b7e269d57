import { describe, expect, test } from 'vitest'
import { LoadFailure, type LoadError } from '../errors.ts'
import {
  anyone,
  array,
  boolean,
  bytes,
  decimal,
  float,
  integer,
  json,
  oneOf,
  plinth,
  ref,
  role,
  signedIn,
  table,
  text,
  timestamp,
  user,
  type AccessOf,
  type Row,
  type Rule,
} from '../index.ts'
import type { Condition } from '../query/query.ts'
import { load } from '../schema/load.ts'
import { record, type Recorded } from './record.ts'

const tables = {
  customers: table({ account_id: user(), name: text(), referrer_id: ref('customers', { back: 'referred' }).optional() }),
  orders: table({
    customer_id: ref('customers'),
    status: oneOf('open', 'paid').default('open'),
    total: decimal(12, 2),
    count: integer(),
    weight: float().optional(),
    gift: boolean().default(false),
    placed_at: timestamp().defaultNow(),
    tags: array(text()).optional(),
    mark: bytes().optional(),
    data: json().optional(),
  }),
  lines: table({ order_id: ref('orders'), exists: boolean() }),
  invoices: table({ order_id: ref('orders').unique() }),
}
type Shop = typeof tables
type OrderRule = Exclude<Rule<Row<Shop, 'orders'>>, { verdict: string }>

const recorded = (access: AccessOf<Shop>): Recorded => record(load(plinth({ tables, access })))
const ofOrders = (read: OrderRule): Condition | undefined => recorded({ orders: { read } }).rules.get('orders')?.get('read')

const field = (name: string, ...path: string[]) => ({ kind: 'field', path: path.map((step) => ({ name: step })), name })
const literal = (value: unknown) => ({ kind: 'literal', value })
const me = { kind: 'who', claim: ['id'] }

describe('verdicts', () => {
  test('say themselves', () => {
    const { rules, columns } = recorded({
      orders: { read: anyone, insert: signedIn, update: role('staff'), columns: { total: { read: role('staff') } } },
    })
    expect(rules.get('orders')).toStrictEqual(
      new Map<string, unknown>([
        ['read', { kind: 'constant', value: true }],
        ['insert', { kind: 'signedIn' }],
        ['update', { kind: 'has', role: 'staff' }],
      ]),
    )
    expect(columns.get('orders')?.get('total')?.get('read')).toStrictEqual({ kind: 'has', role: 'staff' })
  })

  test('nothing said is nothing there', () => {
    expect(recorded({}).rules.size).toBe(0)
  })
})

describe('a rule becomes a condition', () => {
  test('of columns, walks and who asks', () => {
    expect(
      ofOrders(({ row, who }) =>
        row.customer.account_id
          .is(who.id)
          .or(who.has('staff'))
          .or(row.customer.name.is(who.claim('app', 'name'))),
      ),
    ).toStrictEqual({
      kind: 'or',
      of: [
        { kind: 'compare', op: 'eq', left: field('account_id', 'customer'), right: me },
        { kind: 'has', role: 'staff' },
        { kind: 'compare', op: 'eq', left: field('name', 'customer'), right: { kind: 'who', claim: ['app', 'name'] } },
      ],
    })
  })

  test.each<[string, OrderRule, object]>([
    ['isNot', ({ row }) => row.status.isNot('paid'), { kind: 'compare', op: 'neq', left: field('status'), right: literal('paid') }],
    ['in', ({ row }) => row.status.in(['open', 'paid']), { kind: 'in', left: field('status'), right: literal(['open', 'paid']) }],
    ['notIn', ({ row }) => row.count.notIn([1]), { kind: 'not', of: { kind: 'in', left: field('count'), right: literal([1]) } }],
    ['isNull', ({ row }) => row.weight.isNull(), { kind: 'is', left: field('weight'), is: 'null' }],
    ['above', ({ row }) => row.total.above(9.9), { kind: 'compare', op: 'gt', left: field('total'), right: literal('9.90') }],
    [
      'atLeast',
      ({ row }) => row.count.atLeast(2n ** 60n),
      { kind: 'compare', op: 'gte', left: field('count'), right: literal('1152921504606846976') },
    ],
    [
      'below',
      ({ row }) => row.placed_at.below('2026-11-21'),
      { kind: 'compare', op: 'lt', left: field('placed_at'), right: literal('2026-11-21T00:00:00.000000+00:00') },
    ],
    ['atMost', ({ row }) => row.total.atMost(row.count), { kind: 'compare', op: 'lte', left: field('total'), right: field('count') }],
    [
      'like',
      ({ row }) => row.customer.name.like('A%'),
      { kind: 'compare', op: 'like', left: field('name', 'customer'), right: literal('A%') },
    ],
    [
      'ilike',
      ({ row }) => row.customer.name.ilike('a_'),
      { kind: 'compare', op: 'ilike', left: field('name', 'customer'), right: literal('a_') },
    ],
    [
      'contains one',
      ({ row }) => row.tags.contains('new'),
      { kind: 'compare', op: 'contains', left: field('tags'), right: literal(['new']) },
    ],
    [
      'contains all',
      ({ row }) => row.tags.contains(['a', 'b']),
      { kind: 'compare', op: 'contains', left: field('tags'), right: literal(['a', 'b']) },
    ],
    ['bytes', ({ row }) => row.mark.is(new Uint8Array([1, 2])), { kind: 'compare', op: 'eq', left: field('mark'), right: literal('AQI=') }],
    [
      'at',
      ({ row }) => row.data.at('a', 0).is('x'),
      { kind: 'compare', op: 'eq', left: { ...field('data'), json: { path: ['a', 0], text: true } }, right: literal('x') },
    ],
    [
      'not',
      ({ row }) => row.gift.is(true).not(),
      { kind: 'not', of: { kind: 'compare', op: 'eq', left: field('gift'), right: literal(true) } },
    ],
    ['exists', ({ row }) => row.invoices.exists(), { kind: 'related', quantifier: 'some', relation: { name: 'invoices' } }],
    [
      'walk to a relation to many',
      ({ row }) => row.customer.referred.none((one) => one.name.is('x')),
      {
        kind: 'related',
        quantifier: 'some',
        relation: { name: 'customer' },
        where: {
          kind: 'related',
          quantifier: 'none',
          relation: { name: 'referred' },
          where: { kind: 'compare', op: 'eq', left: field('name'), right: literal('x') },
        },
      },
    ],
    [
      'walk from a related row',
      ({ row }) => row.lines.some((line) => line.order.count.above(1).and(line.exists.is(true))),
      {
        kind: 'related',
        quantifier: 'some',
        relation: { name: 'lines' },
        where: {
          kind: 'and',
          of: [
            { kind: 'compare', op: 'gt', left: field('count', 'order'), right: literal(1) },
            { kind: 'compare', op: 'eq', left: field('exists'), right: literal(true) },
          ],
        },
      },
    ],
    [
      'and, flattened',
      ({ row }) =>
        row.gift
          .is(true)
          .and(row.count.is(1))
          .and(row.count.is(2).or(row.count.is(3))),
      {
        kind: 'and',
        of: [
          { kind: 'compare', op: 'eq', left: field('gift'), right: literal(true) },
          { kind: 'compare', op: 'eq', left: field('count'), right: literal(1) },
          {
            kind: 'or',
            of: [
              { kind: 'compare', op: 'eq', left: field('count'), right: literal(2) },
              { kind: 'compare', op: 'eq', left: field('count'), right: literal(3) },
            ],
          },
        ],
      },
    ],
  ])('%s', (_, rule, wanted) => expect(ofOrders(rule)).toStrictEqual(wanted))

  test('a condition may be used twice, and one rule serve several operations', () => {
    let calls = 0
    const write: OrderRule = ({ row, who }) => {
      calls++
      const mine = row.customer.account_id.is(who.id)
      return mine.and(row.gift.is(true)).or(mine.and(row.count.is(1)))
    }
    const { rules } = recorded({ orders: { write } })
    expect([...(rules.get('orders')?.keys() ?? [])]).toStrictEqual(['insert', 'update', 'delete'])
    expect(calls).toBe(1)
  })

  test('a check is about its own columns', () => {
    const schema = load(
      plinth({ tables: { spans: table({ from: integer(), to: integer() }).check('forward', ({ row }) => row.to.atLeast(row.from)) } }),
    )
    expect(record(schema).checks.get('spans')?.get('spans_forward')).toStrictEqual({
      kind: 'compare',
      op: 'gte',
      left: field('to'),
      right: field('from'),
    })
  })
})

// ── What cannot be recorded ──

/** A rule as JavaScript writes it. */
// oxlint-disable-next-line typescript/no-explicit-any -- the compiler would refuse each of these
type Loose = (asked: any) => unknown

function errorsOf(run: () => unknown): readonly LoadError[] {
  try {
    run()
  } catch (error) {
    if (error instanceof LoadFailure) return error.errors
    throw error
  }
  return []
}

function refusal(rule: Loose): string {
  const errors = errorsOf(() => recorded({ orders: { read: rule as OrderRule } }))
  expect(errors).toMatchObject([{ place: 'access.orders.read', source: expect.stringMatching(/^src\/rules\/record\.test\.ts:\d+:\d+$/) }])
  return errors.map(({ message, fix }) => `${message} | ${fix}`).join()
}

const INSTEAD = 'Rules are recorded: write a.and(b), a.or(b) and a.not() for &&, || and !, and compare with .is(), .above() and their like.'

describe('misuse stops the start, with the rule, the line and the way out', () => {
  test.each<[string, Loose, string]>([
    ['&&', ({ row }) => row.gift.is(true) && row.count.is(1), `A condition is made and then lost. | ${INSTEAD}`],
    [
      '||',
      ({ row }) => row.gift.is(true) || row.count.is(1),
      'It uses ||, which takes the first condition and drops the second. | Write a.or(b); for a default of a plain value, write ?? instead.',
    ],
    ['!', ({ row }) => !row.gift.is(true), `The rule gives, instead of a condition, false. | ${INSTEAD}`],
    [
      'if',
      ({ row }) => {
        if (row.gift.is(true)) return row.count.is(1)
      },
      `A condition is made and then lost. | ${INSTEAD}`,
    ],
    ['? :', ({ row }) => (row.gift.is(true) ? row.count.is(1) : row.count.is(2)), `A condition is made and then lost. | ${INSTEAD}`],
    ['===', ({ row }) => row.count === 3, `The rule gives, instead of a condition, false. | ${INSTEAD}`],
    ['>', ({ row }) => row.count > 3, `row.count is used like a plain value. | ${INSTEAD}`],
    ['text of it', ({ row }) => row.customer.name.is(`${row.status}`), `row.status is used like a plain value. | ${INSTEAD}`],
    [
      'nothing',
      ({ row }) => {
        row.gift.is(true)
      },
      'The rule gives, instead of a condition, nothing. | Return the condition: ({ row, who }) => row.owner_id.is(who.id), or write return before it.',
    ],
    ['a bare column', ({ row }) => row.gift, 'The rule gives, instead of a condition, a value. | Compare it: row.published.is(true).'],
    [
      'a verdict',
      () => signedIn,
      "The rule gives, instead of a condition, a verdict. | Give the verdict itself (read: signedIn); inside a condition ask who.has('…').",
    ],
    [
      'a promise',
      async ({ row }) => row.gift.is(true),
      'The rule gives, instead of a condition, a promise. | A rule runs once, when the file is loaded: take async away.',
    ],
    ['an unknown column', ({ row }) => row.statsu.is('open'), '"orders" has no column and no relation "statsu". | Did you mean "status"?'],
    [
      'an unknown column behind a walk',
      ({ row }) => row.customer.nam.is('x'),
      '"customers" has no column and no relation "nam". | Did you mean "name"?',
    ],
    [
      'a column of several rows',
      ({ row }) => row.lines.exists.is(true),
      'row.lines is several rows, and has no "exists". | Ask row.lines.some((one) => …), .every(…) or .none(…).',
    ],
    [
      'an unknown comparison',
      ({ row }) => row.count.equals(3),
      'row.count is integer, and has no "equals". | Known: is, isNot, in, notIn, isNull, above, atLeast, below, atMost.',
    ],
    [
      'an order of booleans',
      ({ row }) => row.gift.above(false),
      'row.gift is boolean, and has no "above". | Known: is, isNot, in, notIn, isNull.',
    ],
    ['an unknown word', ({ row }) => row.status.is('opne'), 'row.status is never "opne". | Did you mean "open"?'],
    ['an unknown word in a list', ({ row }) => row.status.in(['paid', 'shut']), 'row.status is never "shut". | Known: open, paid.'],
    [
      'another type',
      ({ row }) => row.count.is('many'),
      'row.count is integer: invalid input syntax for type integer: "many". | Give a value of type integer.',
    ],
    [
      'more decimals than there are',
      ({ row }) => row.total.above('9.999'),
      'row.total is decimal(12,2): value "9.999" is out of range for type decimal(12,2). | It has more than 2 decimals; round it first.',
    ],
    ['two types', ({ row }) => row.count.is(row.status), 'row.count is integer, and row.status is text. | Compare values of one type.'],
    [
      'floats with exact numbers',
      ({ row }) => row.weight.above(row.total),
      'row.weight is float, and row.total is decimal(12,2). | Floats and exact numbers do not compare exactly: declare both alike.',
    ],
    [
      'text with who asks',
      ({ row, who }) => row.customer.name.is(who.id),
      'row.customer.name is text, and who.id is uuid. | Compare values of one type.',
    ],
    [
      'nothing to compare with',
      ({ row }) => row.count.is(undefined),
      'row.count is compared with undefined. | Ask .isNull() for a missing value.',
    ],
    ['null', ({ row }) => row.weight.is(null), 'row.weight is compared with null. | Ask .isNull() for a missing value.'],
    [
      'columns of two rows',
      ({ row }) => row.lines.some((line: Row<Shop, 'lines'>) => line.order.count.is(row.count)),
      'it.order.count and row.count are of different rows. | Walk from the related row: line.order.limit instead of row.limit.',
    ],
    [
      'another row inside',
      ({ row }) => row.lines.some((line: Row<Shop, 'lines'>) => line.exists.is(true).and(row.gift.is(true))),
      '.some() asks about another row than the related one. | Ask about that row outside, with .and(); or walk to it from the related row.',
    ],
    [
      'some of nothing',
      ({ row }) => row.lines.some(),
      '.some() takes a function of the related row. | Write .some((one) => one.id.is(…)).',
    ],
    [
      'some without an answer',
      ({ row }) => row.lines.some(() => {}),
      '.some() wants a condition of its function, and got nothing. | Return the condition: ({ row, who }) => row.owner_id.is(who.id), or write return before it.',
    ],
    ['and with no condition', ({ row }) => row.gift.is(true).and(true), `.and() takes a condition, and got true. | ${INSTEAD}`],
    ['an unknown thing of who asks', ({ who }) => who.name.is('x'), 'who has no "name". | Use one of id, has, claim.'],
    ['no role', ({ who }) => who.has(), "who.has() is asked about no role. | Name it: who.has('staff')."],
    [
      'no claim',
      ({ who }) => who.claim('').is('x'),
      "who.claim() is asked for no claim. | Name it, by its path: who.claim('app_metadata', 'team').",
    ],
    [
      'a number for text',
      ({ row }) => row.customer.name.is(5),
      "row.customer.name is text, and is compared with the number 5. | Write it as text: '5'.",
    ],
    [
      'a boolean in a list of words',
      ({ row }) => row.status.in(['open', true]),
      "row.status is text, and is compared with the boolean true. | Write it as text: 'true'.",
    ],
    [
      'a number in an array of text',
      ({ row }) => row.tags.contains([1]),
      "row.tags is text[], and is compared with the number 1. | Write it as text: '1'.",
    ],
    [
      'a number for a part of JSON',
      ({ row }) => row.data.at('a').is(5),
      `row.data.at("a") is text, and is compared with the number 5. | Write it as text: '5'.`,
    ],
    [
      'an object for text',
      ({ row }) => row.customer.name.is({}),
      "row.customer.name is text, and is compared with a value of type object. | Compare it with text: 'open'.",
    ],
    [
      'several rows for a value',
      ({ row }) => row.count.is(row.lines),
      'row.count is compared with row.lines, which is several rows of "lines". | Ask about the rows instead: row.lines.some((one) => one.id.is(…)).',
    ],
    [
      'a row for a value',
      ({ row }) => row.status.is(row.customer),
      'row.status is compared with row.customer, which is a row of "customers". | Compare with a column of it: row.customer.name.',
    ],
    [
      'who asks for a value',
      ({ row, who }) => row.customer.account_id.is(who),
      'row.customer.account_id is compared with who, which is no value. | Compare with who.id, or with a claim.',
    ],
    [
      'a condition for a value',
      ({ row }) => row.gift.is(row.count.is(1)),
      'row.gift is compared with a condition. | Compare it with a value or a column, and join conditions with .and() and .or().',
    ],
    [
      'rows in a list',
      ({ row }) => row.count.in(row.lines),
      'row.count is compared with row.lines, which is several rows of "lines". | Ask about the rows instead: row.lines.some((one) => one.id.is(…)).',
    ],
    [
      'a column in a list',
      ({ row }) => row.count.in([1, row.total]),
      'A list for row.count holds row.total. | Lists hold plain values: write .is(row.total), and join it with .or().',
    ],
    ['JSON as a whole', ({ row }) => row.data.is({}), 'row.data is json, and has no "is". | Known: isNull, at.'],
    [
      'a pattern cut short',
      ({ row }) => row.customer.name.like('a\\'),
      'row.customer.name is asked for "a\\": LIKE pattern must not end with escape character. | Double the backslash at its end.',
    ],
    [
      'no list',
      ({ row }) => row.status.in('open'),
      "row.status is asked for one of something that is no list. | Give a list: .in(['open', 'paid']).",
    ],
    [
      'a change',
      ({ row }) => {
        row.count = 3
      },
      'row is given a new count. | A rule asks and changes nothing.',
    ],
  ])('%s', (_, rule, wanted) => expect(refusal(rule)).toBe(wanted))

  test('a rule that throws says where and what', () => {
    expect(
      refusal(() => {
        throw new TypeError('no owner is set')
      }),
    ).toMatch(/^The rule throws: no owner is set\. \| A rule runs once/)
  })

  test('all of them at once, the same rule once', () => {
    const bad: Loose = ({ row }) => row.nothing.is(1)
    const checked = table({ a: integer(), code: text().pattern('(a') }).check('odd', bad as never)
    const access = { orders: { write: bad as OrderRule, columns: { total: { read: bad as OrderRule } } }, lines: { read: bad as never } }
    const errors = errorsOf(() => record(load(plinth({ tables: { ...tables, checked }, access }))))
    expect(errors.map(({ place }) => place)).toStrictEqual([
      'access.orders.write',
      'access.lines.read',
      'access.orders.columns.total.read',
      'tables.checked.check(odd)',
      'tables.checked.code',
    ])
    for (const { source } of errors) expect(source).toMatch(/^src\/rules\/record\.test\.ts:/)
  })
})
