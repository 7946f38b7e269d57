/** The promises about defaults, constraints, aggregates and transactions, each asked on every database. */
import { expect } from 'vitest'
import { SYSTEM } from '../../src/query/who.ts'
import { everyDatabase, found, get, list, type Place } from './semantics-world.ts'

type Rows = readonly Readonly<Record<string, unknown>>[]

/** Puts rows in as the system; all of them, or none. */
async function insert({ backend }: Pick<Place, 'backend'>, table: string, rows: Rows) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const values = rows.map((row) => columns.map((column) => row[column]))
  return backend.ask({ query: { kind: 'insert', table, columns, rows: { kind: 'value', at: 0 } }, values: [values] }, SYSTEM)
}

// ── Defaults ──

const fixed = {
  word: 'it’s “here”',
  whole: -7,
  price: -0.5,
  ratio: 0.1,
  good: true,
  day: '2024-02-29',
  hour: '23:59:59.5',
  at: '2026-01-01T00:00:00.000000+00:00',
  data: { a: [1, null, 'x'] },
  kind: 'b',
  twice: -14,
}
const stamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/)

everyDatabase('a default is the same whichever way the row came in', async (here) => {
  await insert(here, 'defaults', [{ name: 'ours' }])
  await here.sql(`INSERT INTO defaults (name) VALUES ('raw')`)
  const { body, text } = await get(here, 'defaults', { order: 'name' })
  const made = {
    id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
    seen_at: stamp,
    created_at: stamp,
    updated_at: stamp,
  }
  expect(body).toEqual([
    { ...fixed, ...made, name: 'ours' },
    { ...fixed, ...made, name: 'raw' },
  ])
  expect(text.match(/"price":-0\.50/g)).toHaveLength(2)
})

everyDatabase('ids and moments of defaults are those of their making', async (here) => {
  const before = Date.now()
  await here.sql(`INSERT INTO defaults (name) VALUES ('timed')`)
  const { body } = await get(here, 'defaults', { select: 'id,seen_at,created_at,updated_at', name: 'eq.timed' })
  const [row] = Array.isArray(body) ? body : []
  for (const at of [row.seen_at, row.created_at, row.updated_at]) expect(Math.abs(Date.parse(at) - before)).toBeLessThan(5000)
  expect(Math.abs(Number.parseInt(String(row.id).replaceAll('-', '').slice(0, 12), 16) - before)).toBeLessThan(5000)
})

everyDatabase('a change by raw SQL moves updated_at and what is computed', async (here) => {
  await here.sql(`INSERT INTO defaults (name, updated_at) VALUES ('moved', '2000-01-01T00:00:00.000000+00:00')`)
  await here.sql(`UPDATE defaults SET whole = 21 WHERE name = 'moved'`)
  const { body } = await get(here, 'defaults', { select: 'twice,updated_at', name: 'eq.moved' })
  expect(body).toEqual([{ twice: 42, updated_at: expect.not.stringMatching(/^2000/) }])
})

everyDatabase('what is computed can be filtered, ordered and grouped by', async (here) => {
  await insert(here, 'defaults', [
    { name: 'x', whole: 100 },
    { name: 'y', whole: 101 },
  ])
  expect(list(await get(here, 'defaults', { select: 'name', twice: 'gte.200', order: 'twice.desc' }), 'name')).toEqual(['y', 'x'])
  expect((await get(here, 'defaults', { select: 'twice,n:count()', twice: 'gt.100' })).body).toEqual([
    { twice: 200, n: 1 },
    { twice: 202, n: 1 },
  ])
})

// ── Constraints ──

/** What is put in, and what a client is told. */
const violations: readonly (readonly [says: string, table: string, rows: Rows, told: Readonly<Record<string, unknown>>])[] = [
  [
    'a key that is there already',
    'books',
    [{ id: 1, title: 'New' }],
    { code: '23505', message: 'duplicate key value violates unique constraint "books_pkey"', details: 'Key (id)=(1) already exists.' },
  ],
  [
    'a unique value that is there already',
    'shelves',
    [{ id: 9, label: 'A' }],
    {
      code: '23505',
      message: 'duplicate key value violates unique constraint "shelves_label_key"',
      details: 'Key (label)=(A) already exists.',
    },
  ],
  [
    'a unique pair that is there already',
    'books',
    [{ id: 9, shelf_id: 1, title: 'Emma' }],
    {
      code: '23505',
      message: 'duplicate key value violates unique constraint "books_shelf_id_title_key"',
      details: 'Key (shelf_id, title)=(1, Emma) already exists.',
    },
  ],
  [
    'two equal rows in one request',
    'shelves',
    [
      { id: 9, label: 'Z' },
      { id: 10, label: 'Z' },
    ],
    {
      code: '23505',
      message: 'duplicate key value violates unique constraint "shelves_label_key"',
      details: 'Key (label)=(Z) already exists.',
    },
  ],
  [
    'a reference to nowhere',
    'books',
    [{ id: 9, shelf_id: 77, title: 'Emma' }],
    {
      code: '23503',
      message: 'insert or update on table "books" violates foreign key constraint "books_shelf_id_fkey"',
      details: 'Key (shelf_id)=(77) is not present in table "shelves".',
    },
  ],
  [
    'text that is too short',
    'books',
    [{ id: 9, title: '' }],
    { code: '23514', message: 'new row for relation "books" violates check constraint "books_title_check"', details: null },
  ],
  [
    'text that is not of the pattern',
    'books',
    [{ id: 9, title: 'Emma', isbn: '12a' }],
    { code: '23514', message: 'new row for relation "books" violates check constraint "books_isbn_check"', details: null },
  ],
  [
    'a number out of bounds',
    'books',
    [{ id: 9, title: 'Emma', pages: 5001 }],
    { code: '23514', message: 'new row for relation "books" violates check constraint "books_pages_check"', details: null },
  ],
  [
    'a check of the table',
    'books',
    [{ id: 9, title: 'Emma', sold: -1 }],
    { code: '23514', message: 'new row for relation "books" violates check constraint "books_sold_is_sane"', details: null },
  ],
  [
    'a word that is none of the words',
    'lists',
    [{ id: 9, kind: 'huge' }],
    { code: '23514', message: 'new row for relation "lists" violates check constraint "lists_kind_check"', details: null },
  ],
  [
    'no value where there must be one',
    'books',
    [{ id: 9, title: null }],
    { code: '23502', message: 'null value in column "title" of relation "books" violates not-null constraint', details: null },
  ],
  [
    'a value that is left out where there must be one',
    'books',
    [{ id: 9 }],
    { code: '23502', message: 'null value in column "title" of relation "books" violates not-null constraint', details: null },
  ],
  [
    'a value that is too large',
    'books',
    [{ id: 9, title: 'Emma', pages: '99999999999999999999' }],
    { code: '22003', details: 'Column "pages".' },
  ],
  ['a value for what is computed', 'defaults', [{ name: 'refused', twice: 1 }], { code: '428C9', details: 'Column "twice" is computed.' }],
]

for (const [says, table, rows, told] of violations) {
  everyDatabase(`${says} is refused by its name, and nothing of the request is kept`, async (here) => {
    const good = table === 'books' ? [{ id: 8, title: 'Good' }] : table === 'shelves' ? [{ id: 8 }] : []
    await expect(insert(here, table, [...good, ...rows])).rejects.toMatchObject(told)
    expect(await found(here, table, table === 'defaults' ? 'name' : 'id', table === 'defaults' ? 'eq.refused' : 'in.(8,9,10)')).toEqual([])
  })
}

everyDatabase('rows without a value are not alike in a unique constraint', async (here) => {
  expect(await found(here, 'shelves', 'label', 'is.null')).toEqual([2, 3])
  await insert(here, 'books', [
    { id: 20, title: 'Emma' },
    { id: 21, title: 'Emma' },
  ])
  expect(await found(here, 'books', 'shelf_id', 'is.null')).toEqual([2, 3, 20, 21])
  await here.sql('DELETE FROM books WHERE id >= 20')
})

everyDatabase('a constraint holds for raw SQL as well', async (here) => {
  await expect(here.sql(`INSERT INTO books (id, title) VALUES (9, '')`)).rejects.toThrow()
  await expect(here.sql(`INSERT INTO books (id, title, shelf_id) VALUES (9, 'x', 77)`)).rejects.toThrow()
  await expect(here.sql(`INSERT INTO moments (id, at) VALUES (9, 'not a time')`)).rejects.toThrow()
  expect(await found(here, 'books', 'id', 'eq.9')).toEqual([])
})

// ── One request, one transaction ──

everyDatabase('of many rows of which one is refused, none is kept, however many statements they took', async (here) => {
  const rows = Array.from({ length: 2500 }, (_, at) => ({
    id: 1000 + at,
    title: at === 2400 ? '' : `Volume ${at}`,
    ...(at % 3 === 0 ? { sold: at } : {}),
  }))
  await expect(insert(here, 'books', rows)).rejects.toMatchObject({ code: '23514' })
  expect((await get(here, 'books', { select: 'count()', id: 'gte.1000' })).body).toEqual([{ count: 0 }])
  await insert(
    here,
    'books',
    rows.filter(({ title }) => title !== ''),
  )
  expect((await get(here, 'books', { select: 'n:count(),sold.sum()', id: 'gte.1000' })).body).toEqual([{ n: 2499, sum: 1_039_683 }])
  await here.sql('DELETE FROM books WHERE id >= 1000')
})

everyDatabase('a request sees one state of the data, whatever is written meanwhile', async (here) => {
  const moving = { on: true }
  const moved = (async () => {
    for (let step = 1; moving.on; step++)
      await here.sql(`UPDATE accounts SET amount = CASE id WHEN 1 THEN ${50 + (step % 40)} ELSE ${50 - (step % 40)} END`)
  })()
  try {
    for (let time = 0; time < 60; time++) {
      const [rows, sums] = await Promise.all([
        get(here, 'accounts', { select: 'amount' }),
        get(here, 'accounts', { select: 'amount.sum()' }),
      ])
      expect(list(rows, 'amount')).toSatisfy(([one, other]: number[]) => (one ?? 0) + (other ?? 0) === 100)
      expect(sums.body).toEqual([{ sum: 100 }])
    }
  } finally {
    moving.on = false
    await moved
  }
})

// ── Aggregates ──

/** Select and filter, and the whole answer as text: digits matter. */
const totals: readonly (readonly [says: string, parameters: Readonly<Record<string, string>>, answer: string])[] = [
  ['a sum of integers passes 64 bits', { select: 'whole.sum()', id: 'in.(1,3)' }, '[{"sum":18446744073709551614}]'],
  ['a sum of integers is exact', { select: 'whole.sum()', id: 'in.(1,2,3,4,5,6)' }, '[{"sum":9232379236109516799}]'],
  ['an average of integers has six digits', { select: 'whole.avg()', id: 'in.(1,2)' }, '[{"avg":-0.500000}]'],
  ['an average of large integers is exact', { select: 'whole.avg()', id: 'in.(1,3,4)' }, '[{"avg":6151917090988097535.666667}]'],
  ['a sum of decimals keeps the column’s digits', { select: 'price.sum()', id: 'lt.6' }, '[{"sum":10000000195.14}]'],
  ['an average of decimals has six digits more than the column', { select: 'price.avg()', id: 'in.(1,2)' }, '[{"avg":0.02500000}]'],
  ['an average is rounded half away from zero', { select: 'fine.avg()', id: 'in.(2,5)' }, '[{"avg":0.000000500000}]'],
  [
    'least and most keep the column’s digits',
    { select: 'price.min(),most:price.max(),low:whole.min(),high:whole.max()', id: 'lt.6' },
    '[{"min":-0.05,"most":9999999999.99,"low":-9223372036854775808,"high":9223372036854775807}]',
  ],
  ['floats are summed without a trace of their order', { select: 'ratio.sum()', id: 'in.(1,2,8)' }, '[{"sum":1.1000001}]'],
  ['an average of floats is a float', { select: 'ratio.avg()', id: 'in.(1,2)' }, '[{"avg":0.55}]'],
  ['an average of huge floats is not too large', { select: 'ratio.avg()', id: 'in.(9,10)' }, '[{"avg":1.7976931348623157e+308}]'],
  [
    'the sum of nothing is null, and its count 0',
    { select: 'whole.sum(),price.avg(),ratio.max(),n:count(),wholes:whole.count()', id: 'gt.99' },
    '[{"sum":null,"avg":null,"max":null,"n":0,"wholes":0}]',
  ],
  [
    'nulls are passed over, but counted as rows',
    { select: 'n:count(),wholes:whole.count(),price.avg()', id: 'in.(4,6)' },
    '[{"n":2,"wholes":1,"avg":195.10000000}]',
  ],
  ['nothing grouped is no group', { select: 'group,n:count()', id: 'gt.99' }, '[]'],
  [
    'groups have their own totals',
    { select: 'group,price.sum(),n:count()', id: 'lt.7' },
    '[{"group":"a","sum":0.05,"n":2},{"group":"b","sum":10000000195.09,"n":2},{"group":"c","sum":0.00,"n":1},{"group":null,"sum":null,"n":1}]',
  ],
  [
    'a cast goes in, and another comes out',
    { select: 'price::integer.sum(),whole:whole.max()::text', id: 'in.(3,4)' },
    '[{"sum":10000000195,"whole":"9223372036854775807"}]',
  ],
  [
    'exact numbers that are equal are one group, however they are written',
    { select: 'x:ratio::numeric,n:count()', id: 'in.(2,5,9,10)', order: 'n.desc', limit: '1' },
    `[{"x":${BigInt('17976931348623157') * 10n ** 292n},"n":2}]`,
  ],
]

for (const [says, parameters, answer] of totals) {
  everyDatabase(`${says}: ${parameters['select']}`, async (here) => {
    expect((await get(here, 'numbers', parameters)).text).toBe(answer)
  })
}

everyDatabase('a sum that is larger than any float is an error, not infinity', async (here) => {
  expect(list(await get(here, 'numbers', { select: 'ratio.sum()', id: 'in.(9,10)' }))).toBe('22003')
  expect((await get(here, 'numbers', { select: 'ratio::numeric.sum()', id: 'in.(9,10)' })).text).toBe(
    `[{"sum":${BigInt('35953862697246314') * 10n ** 292n}}]`,
  )
})

everyDatabase('an average that is smaller than any float is zero', async (here) => {
  await insert(
    here,
    'numbers',
    [5e-324, 0, 0].map((ratio, at) => ({ id: 900 + at, ratio })),
  )
  expect((await get(here, 'numbers', { select: 'ratio.avg(),ratio.sum()', id: 'gte.900' })).text).toBe('[{"avg":0,"sum":5e-324}]')
  await here.sql('DELETE FROM numbers WHERE id >= 900')
})

everyDatabase('exact ties of an average go away from zero, on both sides of it', async (here) => {
  const rows = [
    [900, '0.000001'],
    [901, '0.000000'],
    [902, '-0.000001'],
  ].map(([id, fine]) => ({ id, fine }))
  await insert(
    here,
    'numbers',
    rows.map(({ id, fine }) => ({ id, whole: 0, fine })),
  )
  const asked = async (ids: string) => (await get(here, 'numbers', { select: 'whole.avg(),fine.avg()', id: `in.(${ids})` })).text
  expect(await asked('900,901')).toBe('[{"avg":0.000000,"avg":0.000000500000}]')
  expect(await asked('902,901')).toBe('[{"avg":0.000000,"avg":-0.000000500000}]')
  await here.sql('DELETE FROM numbers WHERE id >= 900')
})

everyDatabase('the seventh digit decides how an average is rounded', async (here) => {
  // 64 rows that sum to 1 and to -1, and to 3: 0.015625, exactly; 128 rows: 0.0078125, a tie at the seventh digit.
  const ids = Array.from({ length: 128 }, (_, at) => 2000 + at)
  for (const [first, avg] of [
    [1, '0.007813'],
    [-1, '-0.007813'],
    [3, '0.023438'],
    [-3, '-0.023438'],
    [5, '0.039063'],
    [0, '0.000000'],
  ] as const) {
    await insert(
      here,
      'numbers',
      ids.map((id, at) => ({ id, whole: at === 0 ? first : 0 })),
    )
    expect((await get(here, 'numbers', { select: 'whole.avg()', id: 'gte.2000' })).text).toBe(`[{"avg":${avg}}]`)
    await here.sql('DELETE FROM numbers WHERE id >= 2000')
  }
})
