/** Whoever follows a relation learns its columns: so a relation is there only as far as its columns may be read. */
import { expect } from 'vitest'
import { anyone, integer, oneOf, plinth, ref, table, text } from '../../src/index.ts'
import { everyDatabaseOf } from '../harness.ts'

const backend = plinth({
  tables: {
    people: table({ id: integer(), name: text() }),
    notes: table({
      id: integer(),
      author_id: ref('people').hidden(),
      editor_id: ref('people'),
      state: oneOf('open', 'secret'),
      words: text(),
    }),
    tags: table({ id: integer(), name: text() }),
    note_tags: table({ id: integer(), note_id: ref('notes'), tag_id: ref('tags'), shown: oneOf('yes', 'no') }).unique('note_id', 'tag_id'),
    members: table({ id: integer(), person_id: ref('people') }),
  },
  access: {
    people: { read: anyone },
    notes: { read: anyone, columns: { editor_id: { read: ({ row }) => row.state.is('open') } } },
    tags: { read: anyone },
    note_tags: { read: anyone, columns: { note_id: { read: ({ row }) => row.shown.is('yes') } } },
    members: { read: ({ who }) => who.claim('banned').isNull() },
  },
})

const max = { sub: '0197a000-0000-7000-8000-00000000000d' }
const everyDatabase = everyDatabaseOf({
  backend,
  people: { max, banned: { ...max, claims: { banned: 'yes' } } },
  rows: {
    people: [
      { id: 1, name: 'Ann' },
      { id: 2, name: 'Bob' },
    ],
    notes: [
      { id: 1, author_id: 1, editor_id: 2, state: 'open', words: 'first' },
      { id: 2, author_id: 2, editor_id: 1, state: 'secret', words: 'second' },
    ],
    tags: [{ id: 1, name: 'red' }],
    note_tags: [
      { id: 1, note_id: 1, tag_id: 1, shown: 'yes' },
      { id: 2, note_id: 2, tag_id: 1, shown: 'no' },
    ],
    members: [{ id: 1, person_id: 1 }],
  },
})

const gone = [
  'notes?select=words,author(name)',
  'people?select=name,notes_by_author(words)',
  'notes?select=words,...author(name)',
  'notes?select=words,author()&author=not.is.null',
]

for (const question of gone) {
  everyDatabase(`a relation by a column that may not be read is not there: ${question}`, async ({ ask }) => {
    const { status, body } = await ask(`/rest/v1/${question}`)
    expect({ status, body }).toEqual({ status: 400, body: expect.objectContaining({ code: 'PGRST200' }) })
  })
}

const cut: readonly (readonly [string, unknown])[] = [
  [
    'notes?select=words,editor(name)',
    [
      { words: 'first', editor: { name: 'Bob' } },
      { words: 'second', editor: null },
    ],
  ],
  [
    'notes?select=words,...editor(name)',
    [
      { words: 'first', name: 'Bob' },
      { words: 'second', name: null },
    ],
  ],
  ['notes?select=words,editor!inner(name)&editor.name=eq.Ann', []],
  ['notes?select=words,editor!inner(name)&editor.name=eq.Bob', [{ words: 'first', editor: { name: 'Bob' } }]],
  ['notes?select=words,editor()&order=editor(name).nullsfirst', [{ words: 'second' }, { words: 'first' }]],
  ['notes?select=words,editor()&editor=is.null', [{ words: 'second' }]],
  [
    'people?select=name,notes_by_editor(words)',
    [
      { name: 'Ann', notes_by_editor: [] },
      { name: 'Bob', notes_by_editor: [{ words: 'first' }] },
    ],
  ],
  ['people?select=name,notes_by_editor()&notes_by_editor=not.is.null', [{ name: 'Bob' }]],
  [
    'notes?select=words,tags(name)',
    [
      { words: 'first', tags: [{ name: 'red' }] },
      { words: 'second', tags: [] },
    ],
  ],
  ['tags?select=name,notes(words)', [{ name: 'red', notes: [{ words: 'first' }] }]],
  ['tags?select=name,notes!inner(words)&notes.words=eq.second', []],
]

for (const [question, answer] of cut) {
  everyDatabase(`a relation links only the rows whose linking columns may be read: ${question}`, async ({ ask }) => {
    expect((await ask(`/rest/v1/${question}`)).body).toEqual(answer)
  })
}

everyDatabase('the secret key follows every relation', async ({ ask }) => {
  const { body } = await ask('/rest/v1/notes?select=words,author(name),editor(name)', { as: 'service' })
  expect(body).toEqual([
    { words: 'first', author: { name: 'Ann' }, editor: { name: 'Bob' } },
    { words: 'second', author: { name: 'Bob' }, editor: { name: 'Ann' } },
  ])
})

everyDatabase('a rule can ask whether a claim is missing', async ({ ask }) => {
  expect((await ask('/rest/v1/members', { as: 'max' })).body).toEqual([{ id: 1, person_id: 1 }])
  expect((await ask('/rest/v1/members', { as: 'banned' })).status).toBe(404)
})
