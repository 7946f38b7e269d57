/**
 * A plan is made once for a question and a profile: the asker's answers to all that rules ask of the asker alone. What
 * else a rule needs (an id, a claim) is bound for each request, so that askers who share a plan share no row.
 */
import fc from 'fast-check'
import { expect } from 'vitest'
import { integer, plinth, ref, table, text, user } from '../../src/index.ts'
import type { Question } from '../../src/query/query.ts'
import { ANONYMOUS, type Who } from '../../src/query/who.ts'
import { everyDatabaseOf, type Here } from '../harness.ts'

const backend = plinth({
  tables: {
    notes: table({ id: integer(), owner_id: user(), city: text().optional(), words: text(), secret: text() }).search('words'),
    marks: table({ id: integer(), note_id: ref('notes'), owner_id: user() }),
  },
  access: {
    notes: {
      read: ({ row, who }) =>
        row.owner_id
          .is(who.id)
          .or(row.city.is(who.claim('city')))
          .or(who.has('staff')),
      columns: { secret: { read: ({ row, who }) => row.owner_id.is(who.id).or(who.claim('level').is('high')) } },
    },
    marks: {
      read: ({ row, who }) =>
        row.note.owner_id
          .is(who.id)
          .or(row.note.marks.some((other) => other.owner_id.is(who.id)))
          .or(who.has('staff')),
    },
  },
})

const id = (number: number): string => `0197a000-0000-7000-8000-00000000000${number}`
const cities = ['Oslo', 'Bergen', undefined] as const
const notes = Array.from({ length: 20 }, (_, at) => ({
  id: at,
  owner_id: id(at % 5),
  city: cities[at % 3] ?? null,
  words: `note of ${at % 5}`,
  secret: `secret of ${at % 5}`,
}))
const marks = Array.from({ length: 30 }, (_, at) => ({ id: at, note_id: (at * 7) % 20, owner_id: id(at % 4) }))

const everyDatabase = everyDatabaseOf({ backend, people: {}, rows: { notes, marks } })

/** A stranger has no number. */
interface Person {
  readonly number: number | null
  readonly city: (typeof cities)[number]
  readonly level: 'high' | 'low'
  readonly staff: boolean
}

const person: fc.Arbitrary<Person> = fc.record({
  number: fc.option(fc.integer({ min: 0, max: 5 }), { freq: 5 }),
  city: fc.constantFrom(...cities),
  level: fc.constantFrom('high' as const, 'low' as const),
  staff: fc.boolean(),
})

const whoOf = ({ number, city, level, staff }: Person): Who =>
  number === null
    ? ANONYMOUS
    : { kind: 'user', id: id(number), roles: new Set(staff ? ['staff'] : []), claims: { ...(city && { city }), level }, expires: Infinity }

const field = (name: string) => ({ kind: 'field', field: { kind: 'field', path: [], name }, as: name }) as const

/** The very same objects for every asker. */
const questions: readonly [Question, ...Question[]] = [
  { query: { kind: 'read', table: 'notes', select: [field('id'), field('secret')], order: [] }, values: [] },
  {
    query: {
      kind: 'read',
      table: 'notes',
      select: [field('id'), field('secret')],
      order: [],
      where: { kind: 'search', field: null, mode: 'web', right: { kind: 'value', at: 0 } },
    },
    values: ['note'],
  },
  {
    query: {
      kind: 'read',
      table: 'notes',
      select: [
        field('id'),
        { kind: 'embed', relation: { name: 'marks' }, as: 'marks', spread: false, read: { select: [field('id')], order: [] } },
      ],
      order: [],
    },
    values: [],
  },
  { query: { kind: 'read', table: 'marks', select: [field('id')], order: [] }, values: [] },
  {
    query: { kind: 'read', table: 'notes', select: [{ kind: 'aggregate', aggregate: 'count', field: null, as: 'n' }], order: [] },
    values: [],
  },
  {
    query: {
      kind: 'read',
      table: 'notes',
      select: [field('id'), field('secret')],
      order: [],
      where: {
        kind: 'related',
        quantifier: 'every',
        relation: { name: 'marks' },
        where: { kind: 'compare', op: 'eq', left: { kind: 'field', path: [], name: 'owner_id' }, right: { kind: 'value', at: 0 } },
      },
    },
    values: [id(1)],
  },
]

// ── What each may see, on plain rows ──

const isOwn = (number: number | null, row: { readonly owner_id: string }): boolean => number !== null && row.owner_id === id(number)
const seesNote = ({ number, city, staff }: Person, note: (typeof notes)[number]): boolean =>
  isOwn(number, note) || (city !== undefined && note.city === city) || staff
const secretOf = ({ number, level }: Person, note: (typeof notes)[number]): string | null =>
  isOwn(number, note) || level === 'high' ? note.secret : null
const seesMark = ({ number, staff }: Person, mark: (typeof marks)[number]): boolean =>
  staff ||
  notes.some((note) => note.id === mark.note_id && isOwn(number, note)) ||
  marks.some((other) => other.note_id === mark.note_id && isOwn(number, other))

function wanted(asked: Person, at: number): unknown {
  const one: Person = asked.number === null ? { number: null, city: undefined, level: 'low', staff: false } : asked
  const own = notes.filter((note) => seesNote(one, note))
  const ofNote = (note: number) => marks.filter((mark) => mark.note_id === note && seesMark(one, mark)).map((mark) => ({ id: mark.id }))
  if (at === 2) return own.map((note) => ({ id: note.id, marks: ofNote(note.id) }))
  if (at === 3) return marks.filter((mark) => seesMark(one, mark)).map((mark) => ({ id: mark.id }))
  if (at === 4) return [{ n: own.length }]
  const shown =
    at === 5
      ? own.filter((note) => marks.every((mark) => mark.note_id !== note.id || !seesMark(one, mark) || mark.owner_id === id(1)))
      : own
  return shown.map((note) => ({ id: note.id, secret: secretOf(one, note) }))
}

async function rowsOf({ backend: running }: Pick<Here<never>, 'backend'>, question: Question, who: Who): Promise<unknown> {
  const answer = await running.ask(question, who)
  return answer.kind === 'rows' ? JSON.parse(answer.json) : answer
}

everyDatabase('askers of one profile share a plan and never a row, in any sequence, at once', async (here) => {
  const sequence = fc.array(fc.tuple(person, fc.integer({ min: 0, max: questions.length - 1 })), { minLength: 2, maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(sequence, async (asked) => {
      const answers = await Promise.all(asked.map(async ([one, at]) => rowsOf(here, questions[at] ?? questions[0], whoOf(one))))
      expect(answers).toEqual(asked.map(([one, at]) => wanted(one, at)))
    }),
    { seed: 20261121, numRuns: 60 },
  )
})

everyDatabase('the same identity object asks again and gets the same again', async (here) => {
  const people = [0, 1, 2].map((number): Person => ({ number, city: undefined, level: 'low', staff: false }))
  const whos = people.map(whoOf)
  for (let round = 0; round < 5; round++) {
    for (const [at, who] of whos.entries()) {
      const one = people[at]
      for (const [index, question] of questions.entries()) expect(await rowsOf(here, question, who)).toEqual(one && wanted(one, index))
    }
  }
})

// ── Where no rule asks who it is ──

const diaries = plinth({
  tables: { diaries: table({ id: integer(), owner_id: user() }) },
  access: { diaries: { read: ({ row, who }) => row.owner_id.is(who.id) } },
})

const ofDiaries = everyDatabaseOf({
  backend: diaries,
  people: {},
  rows: { diaries: [1, 2, 3].map((number) => ({ id: number, owner_id: id(number) })) },
})

ofDiaries('whoever is signed in and a stranger share nothing, whoever came first', async (here) => {
  const question: Question = { query: { kind: 'read', table: 'diaries', select: [field('id')], order: [] }, values: [] }
  for (const number of [null, 1, null, 2, 3, 1, null]) {
    const who = whoOf({ number, city: undefined, level: 'low', staff: false })
    expect(await rowsOf(here, question, who)).toEqual(number === null ? [] : [{ id: number }])
  }
})
