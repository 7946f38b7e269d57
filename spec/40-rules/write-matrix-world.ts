/**
 * A small world for the matrix of writes, and what each asker may do in it, twice: as a backend file says it, and as a
 * table that is written by hand, with a plain model of what comes of a write. Whoever changes a rule changes both.
 *
 * Notes belong to teams. Olga owns team 1, in which Will may write and Rita may read; team 2 is Nora's. Team 3 is a
 * letter box: anybody may see that it is there and put notes in, and nobody but its owner may read them. Ada is an
 * administrator.
 */
import { boolean, integer, oneOf, plinth, ref, signedIn, table, text, user } from '../../src/index.ts'

const id = (last: string): string => `0197a000-0000-7000-8000-0000000000${last}`
export const people = {
  olga: { sub: id('01') },
  will: { sub: id('02') },
  rita: { sub: id('03') },
  nora: { sub: id('04') },
  ada: { sub: id('05'), roles: ['admin'] },
}

export const backend = plinth({
  tables: {
    people: table({ id: integer(), account_id: user() }),
    teams: table({ id: integer(), owner_id: ref('people'), box: boolean().default(false) }),
    members: table({ team_id: ref('teams', { onDelete: 'cascade' }), person_id: ref('people'), writes: boolean() }).key(
      'team_id',
      'person_id',
    ),
    notes: table({
      id: integer(),
      team_id: ref('teams'),
      words: text(),
      state: oneOf('open', 'sealed').default('open'),
      weight: integer().default(0),
    }),
  },
  access: {
    people: { read: signedIn },
    teams: {
      read: ({ row, who }) =>
        row.owner.account_id
          .is(who.id)
          .or(row.members.some((member) => member.person.account_id.is(who.id)))
          .or(who.has('admin'))
          .or(row.box.is(true)),
      insert: ({ row, who }) => row.owner.account_id.is(who.id).or(who.has('admin')),
    },
    notes: {
      read: ({ row, who }) =>
        row.team.owner.account_id
          .is(who.id)
          .or(row.team.members.some((member) => member.person.account_id.is(who.id)))
          .or(who.has('admin')),
      insert: ({ row, who }) =>
        row.team.owner.account_id
          .is(who.id)
          .or(row.team.members.some((member) => member.person.account_id.is(who.id).and(member.writes.is(true))))
          .or(who.has('admin'))
          .or(row.team.box.is(true)),
      update: ({ row, who }) =>
        row.team.owner.account_id
          .is(who.id)
          .or(row.team.members.some((member) => member.person.account_id.is(who.id).and(member.writes.is(true))))
          .or(who.has('admin'))
          .or(row.team.box.is(true)),
      delete: ({ row, who }) => row.team.owner.account_id.is(who.id).or(who.has('admin')),
      columns: { weight: { write: ({ row, who }) => row.state.is('open').or(who.has('admin')) } },
    },
  },
})

export type Asker = keyof typeof people | 'stranger' | 'service'
export const askers: readonly Asker[] = ['stranger', 'olga', 'will', 'rita', 'nora', 'ada', 'service']

type Team = 1 | 2 | 3
export interface Note {
  readonly id: number
  /** Team 5 is put in with a note. */
  readonly team_id: Team | 5
  readonly words: string
  readonly state: 'open' | 'sealed'
  readonly weight: number
}
/** What a request gives of a note. */
export type Given = Partial<Note>

export const rows = {
  people: Object.values(people).map(({ sub }, at) => ({ id: at + 1, account_id: sub })),
  teams: [
    { id: 1, owner_id: 1 },
    { id: 2, owner_id: 4 },
    { id: 3, owner_id: 5, box: true },
  ],
  members: [
    { team_id: 1, person_id: 2, writes: true },
    { team_id: 1, person_id: 3, writes: false },
  ],
}

export const notes: readonly Note[] = [
  { id: 1, team_id: 1, words: 'open', state: 'open', weight: 1 },
  { id: 2, team_id: 1, words: 'sealed', state: 'sealed', weight: 2 },
  { id: 3, team_id: 2, words: 'CANARY', state: 'open', weight: 3 },
  { id: 4, team_id: 3, words: 'CANARY', state: 'open', weight: 4 },
]

// ── By hand ──

/** Of each team, whether it is `seen`, and whether its notes may be `read`, put in and changed (`write`), and taken out. */
const everything = 'seen read write delete'
const rights: Readonly<Record<Asker, Readonly<Record<Team, string>>>> = {
  stranger: { 1: '', 2: '', 3: 'seen write' },
  olga: { 1: everything, 2: '', 3: 'seen write' },
  will: { 1: 'seen read write', 2: '', 3: 'seen write' },
  rita: { 1: 'seen read', 2: '', 3: 'seen write' },
  nora: { 1: '', 2: everything, 3: 'seen write' },
  ada: { 1: everything, 2: everything, 3: everything },
  service: { 1: everything, 2: everything, 3: everything },
}

export const may = (asker: Asker, right: 'seen' | 'read' | 'write' | 'delete', { team_id }: Pick<Note, 'team_id'>): boolean =>
  team_id === 5 || rights[asker][team_id].split(' ').includes(right)

const weighsAll = (asker: Asker): boolean => asker === 'ada' || asker === 'service'

/** A weight is given to open notes only. */
const mayWeigh = (asker: Asker, given: Given, note: Note): boolean =>
  given.weight === undefined || note.state === 'open' || weighsAll(asker)

const mayBe = (asker: Asker, given: Given, note: Note): boolean => may(asker, 'write', note) && mayWeigh(asker, given, note)

// ── The model ──

/** What is told, and the notes that are there afterwards. */
export interface Outcome {
  readonly status: number
  readonly code?: string
  /** Rows that were touched, as they are then, or were where they are gone. */
  readonly touched: readonly Note[]
  readonly held: readonly Note[]
}

const refused = (status: number, code: string): Outcome => ({ status, code, touched: [], held: notes })
const leadsNowhere = refused(409, '23503')
const isThere = refused(409, '23505')
const notAllowed = refused(403, '42501')

const complete = (given: Given): Note => ({ id: 0, team_id: 1, words: '', state: 'open', weight: 0, ...given })
const together = (changed: readonly Note[]): readonly Note[] =>
  [...notes.filter(({ id: one }) => !changed.some((note) => note.id === one)), ...changed].toSorted((a, b) => a.id - b.id)

const refersToUnseen = (asker: Asker, given: Given): boolean =>
  given.team_id !== undefined && !may(asker, 'seen', { team_id: given.team_id })

export function inserted(asker: Asker, given: readonly Given[]): Outcome {
  if (given.some((one) => refersToUnseen(asker, one))) return leadsNowhere
  const made = given.map(complete)
  if (made.some((note, at) => !mayBe(asker, given[at] ?? {}, note))) return notAllowed
  return { status: 201, touched: made, held: together(made) }
}

export function updated(asker: Asker, wanted: readonly number[], given: Given): Outcome {
  const old = notes.filter((note) => wanted.includes(note.id) && may(asker, 'read', note) && mayBe(asker, given, note))
  if (old.length > 0 && refersToUnseen(asker, given)) return leadsNowhere
  const changed = old.map((note) => ({ ...note, ...given }))
  if (changed.some((note) => !mayBe(asker, given, note))) return notAllowed
  return { status: 200, touched: changed, held: together(changed) }
}

export function merged(asker: Asker, given: Given, how: 'merge' | 'ignore' | 'put'): Outcome {
  const old = notes.find((note) => note.id === given.id)
  if (old === undefined) return inserted(asker, [given])
  if (refersToUnseen(asker, given)) return leadsNowhere
  if (!may(asker, 'read', old)) return isThere
  if (how === 'ignore') return { status: 201, touched: [], held: notes }
  // What a PUT leaves out is its default, where the asker may write the column in any row.
  const reset = how === 'put' ? { state: 'open' as const, ...(weighsAll(asker) && { weight: 0 }) } : {}
  const changed = { ...old, ...reset, ...given }
  if (!mayBe(asker, given, old) || !mayBe(asker, given, changed)) return notAllowed
  return { status: 200, touched: [changed], held: together([changed]) }
}

export function deleted(asker: Asker, wanted: readonly number[]): Outcome {
  // Somebody without an id owns nothing, whatever there is; that is told at once.
  if (asker === 'stranger') return notAllowed
  const gone = notes.filter((note) => wanted.includes(note.id) && may(asker, 'read', note) && may(asker, 'delete', note))
  return { status: 200, touched: gone, held: notes.filter((note) => !gone.includes(note)) }
}

/** Of team 5, which is put in with the note: teams are for their owners and administrators to put in. */
export function nested(asker: Asker, owner: number, given: Given): Outcome {
  const owns = asker !== 'stranger' && asker !== 'service' && rows.people[owner - 1]?.account_id === people[asker].sub
  if (!owns && !weighsAll(asker)) return notAllowed
  const note = complete({ ...given, team_id: 5 })
  return mayWeigh(asker, given, note) ? { status: 201, touched: [note], held: together([note]) } : notAllowed
}
