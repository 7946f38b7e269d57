/** How large an answer may be: one that is larger is refused whole, before it leaves the database. */
import { expect } from 'vitest'
import { anyone, integer, plinth, ref, table, text } from '../../src/index.ts'
import { expectDocument } from '../90-errors/document.ts'
import { everyDatabaseOf, type Answered } from '../harness.ts'

const library = plinth({
  tables: {
    shelves: table({ id: integer(), name: text() }),
    books: table({ id: integer(), shelf_id: ref('shelves'), words: text(), mark: text().default('7') }),
  },
  access: { shelves: { read: anyone }, books: { read: anyone, write: anyone } },
})

const MOST = 64 * 1024
const book = (id: number, words: string): Record<string, unknown> => ({ id, shelf_id: 1, words })
/** `[{"words":"…"}]` of one book. */
const fitting = MOST - '[{"words":""}]'.length

const everyDatabase = everyDatabaseOf({
  backend: library,
  rows: {
    shelves: [{ id: 1, name: 'Tea' }],
    books: [
      book(1, 'a'.repeat(fitting)),
      book(2, 'a'.repeat(fitting + 1)),
      // Three bytes each.
      book(3, '茶'.repeat(fitting / 2)),
      ...Array.from({ length: 8 }, (_, at) => book(at + 4, 'b'.repeat(10_000))),
    ],
  },
  people: {},
  settings: { PLINTH_MAX_ANSWER: '64kb' },
})

function expectRefused({ status, body }: Answered, what: string): void {
  expect([what, status]).toEqual([what, 400])
  expectDocument('too_complex', body, {
    message: 'The answer is larger than it may be',
    details: null,
    hint: 'Ask for fewer rows or columns, or raise PLINTH_MAX_ANSWER.',
  })
}

everyDatabase('PLINTH_MAX_ANSWER: an answer may have so many bytes, and not one more', async ({ ask }) => {
  const { status, text: whole } = await ask('/rest/v1/books?select=words&id=eq.1')
  expect([status, whole.length]).toEqual([200, MOST])
  for (const id of [2, 3]) expectRefused(await ask(`/rest/v1/books?select=words&id=eq.${id}`), `book ${id}`)
})

/** Each is answered with seven books of ten thousand bytes less, and too large with eight. */
const forms: Readonly<Record<string, string>> = {
  'a list': 'books?select=words&id=gte.4&order=id.desc',
  'a list in the order of its words': 'books?select=words&id=gte.4&order=words',
  'a page by after': 'books?select=words&id=gte.4&after=',
  'a list that is cast': 'books?select=words,mark::integer&id=gte.4',
  groups: 'books?select=words,id,count()&id=gte.4',
}

for (const [what, path] of Object.entries(forms))
  everyDatabase(`PLINTH_MAX_ANSWER: it is of all rows together: ${what}`, async ({ ask }) => {
    const six = await ask(`/rest/v1/${path}&limit=6`)
    expect([six.status, [six.body].flat().length]).toEqual([200, 6])
    expectRefused(await ask(`/rest/v1/${path}`), what)
    expectRefused(await ask(`/rest/v1/${path}`, { headers: { prefer: 'count=exact' } }), `${what}, counted`)
    expectRefused(await ask(`/rest/v1/${path}`, { headers: { accept: 'text/csv' } }), `${what} as CSV`)
  })

everyDatabase('PLINTH_MAX_ANSWER: rows in rows count as well, wherever they are', async ({ ask }) => {
  for (const path of ['shelves?select=books(words)', 'shelves/1?select=books(words)', 'books?select=id,shelf(books(words))&limit=1'])
    expectRefused(await ask(`/rest/v1/${path}`), path)
  const six = '&books.id=gte.4&books.limit=6'
  expect((await ask(`/rest/v1/shelves?select=books(words)${six}`)).status).toBe(200)
  expect((await ask(`/rest/v1/shelves/1?select=books(words)${six}`)).status).toBe(200)
})

everyDatabase('PLINTH_MAX_ANSWER: a row at its own address may be so large', async ({ ask }) => {
  expect((await ask('/rest/v1/books/1?select=words')).status).toBe(200)
  expectRefused(await ask('/rest/v1/books/2?select=words'), 'one row')
})

everyDatabase('PLINTH_MAX_ANSWER: what is only counted may be as much as it is', async ({ ask }) => {
  const { status, headers } = await ask('/rest/v1/books?select=words', { method: 'HEAD', headers: { prefer: 'count=exact' } })
  expect([status, headers['content-range']]).toEqual([200, '0-10/11'])
})

everyDatabase('PLINTH_MAX_ANSWER: a write that would give back too much is not done', async ({ ask }) => {
  const changed = { method: 'PATCH', body: { words: 'c'.repeat(10_000) } }
  const path = '/rest/v1/books?id=gte.4&select=words'
  expectRefused(await ask(path, { ...changed, headers: { prefer: 'return=representation' } }), 'rows that were changed')
  expect((await ask('/rest/v1/books?select=count()&words=like.c*')).body).toEqual([{ count: 0 }])
  const deleted = { method: 'DELETE', headers: { prefer: 'return=representation' } }
  expectRefused(await ask(path, deleted), 'rows that were deleted')
  expect((await ask('/rest/v1/books?select=count()')).body).toEqual([{ count: 11 }])
})
