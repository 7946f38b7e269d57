/** A rule walks relations with the system's eye: it counts rows that the asker may not read, and shows nothing of them. */
import { expect } from 'vitest'
import { integer, plinth, ref, table, text, user } from '../../src/index.ts'
import { everyDatabaseOf } from '../harness.ts'
import { asUrl, told } from '../shop.ts'

const ann = { sub: '0197a000-0000-7000-8000-00000000000a' }
const bob = { sub: '0197a000-0000-7000-8000-00000000000b' }

const backend = plinth({
  tables: {
    /** Nobody's, and so are the members. */
    clubs: table({ id: integer(), owner_id: user(), name: text() }),
    members: table({ club_id: ref('clubs'), person_id: ref('people') }).key('club_id', 'person_id'),
    people: table({ id: integer(), account_id: user(), bans: integer().default(0) }),
    rooms: table({ id: integer(), club_id: ref('clubs'), name: text() }),
    notes: table({ id: integer(), room_id: ref('rooms').optional(), words: text() }),
  },
  access: {
    people: { read: ({ row, who }) => row.account_id.is(who.id) },
    rooms: { read: ({ row, who }) => row.club.owner_id.is(who.id).or(row.club.people.some((person) => person.account_id.is(who.id))) },
    notes: {
      read: ({ row, who }) =>
        row.room.club.owner_id
          .is(who.id)
          .or(row.room.exists().not())
          .or(row.room.club.members.every((member) => member.person.bans.above(0))),
    },
  },
})

const everyDatabase = everyDatabaseOf({
  backend,
  people: { ann, bob },
  rows: {
    people: [
      { id: 1, account_id: ann.sub },
      { id: 2, account_id: bob.sub, bans: 1 },
    ],
    clubs: [
      { id: 1, owner_id: ann.sub, name: 'CANARY' },
      { id: 2, owner_id: '0197a000-0000-7000-8000-0000000000ff', name: 'CANARY' },
      { id: 3, owner_id: '0197a000-0000-7000-8000-0000000000ff', name: 'CANARY' },
    ],
    members: [
      { club_id: 2, person_id: 1 },
      { club_id: 1, person_id: 2 },
    ],
    rooms: [
      { id: 1, club_id: 1, name: 'hall' },
      { id: 2, club_id: 2, name: 'attic' },
      { id: 3, club_id: 3, name: 'cellar' },
    ],
    notes: [
      { id: 1, room_id: 1, words: 'one' },
      { id: 2, room_id: 2, words: 'two' },
      { id: 3, room_id: 3, words: 'three' },
      { id: 4, words: 'four' },
    ],
  },
})

/** Who asks, what, and the whole answer. */
const sentences: readonly (readonly [as: 'ann' | 'bob' | undefined, path: string, answer: unknown])[] = [
  ['ann', 'rooms?select=id', [{ id: 1 }, { id: 2 }]],
  ['bob', 'rooms?select=id', [{ id: 1 }]],
  [undefined, 'rooms?select=id', []],
  // Ann owns the first club; bans are of all members of the first, and the third has none.
  ['ann', 'notes?select=id', [{ id: 1 }, { id: 3 }, { id: 4 }]],
  ['bob', 'notes?select=id', [{ id: 1 }, { id: 3 }, { id: 4 }]],
  [undefined, 'notes?select=id', [{ id: 1 }, { id: 3 }, { id: 4 }]],
  [
    'ann',
    'notes?select=id,room(name)',
    [
      { id: 1, room: { name: 'hall' } },
      { id: 3, room: null },
      { id: 4, room: null },
    ],
  ],
  [
    undefined,
    'notes?select=id,room(name)',
    [
      { id: 1, room: null },
      { id: 3, room: null },
      { id: 4, room: null },
    ],
  ],
  [
    'ann',
    'rooms?select=id,notes(id)',
    [
      { id: 1, notes: [{ id: 1 }] },
      { id: 2, notes: [] },
    ],
  ],
  ['ann', 'notes?select=id,room!inner(name)', [{ id: 1, room: { name: 'hall' } }]],
  [
    'ann',
    'notes?select=id,...room(room:name)&order=room(name).desc.nullslast',
    [
      { id: 1, room: 'hall' },
      { id: 3, room: null },
      { id: 4, room: null },
    ],
  ],
  ['ann', 'clubs', 'PGRST205'],
  ['ann', 'members', 'PGRST205'],
  ['ann', 'rooms?select=id,club(name)', 'PGRST200'],
  ['ann', 'rooms?select=id,club()&club=not.is.null', 'PGRST200'],
  ['ann', 'rooms?select=id,club()&order=club(name)', 'PGRST200'],
  ['ann', 'people?select=id,clubs(name)', 'PGRST200'],
  ['ann', 'people?select=id,members(club_id)', 'PGRST200'],
]

for (const [as, path, answer] of sentences) {
  everyDatabase(`${as ?? 'a stranger'} asks ${path}`, async ({ ask }) => {
    const answered = await ask(asUrl(path), as === undefined ? {} : { as })
    expect(told(answered)).toEqual(answer)
    expect(answered.text).not.toContain('CANARY')
  })
}
