/**
 * What the compiler says of a backend file: checked by the lint step's compilers, run by nobody. Under each
 * `@ts-expect-error` stands a slip that somebody makes in an editor, and that must be underlined there.
 */
import { createClient } from '@supabase/supabase-js'
import { expectTypeOf } from 'vitest'
import {
  anyone,
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
  role,
  signedIn,
  table,
  text,
  time,
  timestamp,
  timestamps,
  user,
  uuid,
  type AccessOf,
  type DatabaseOf,
  type Row,
  type SeedRow,
  type TablesOf,
  type Who,
} from '../../src/index.ts'

/** A lending library. */
const library = plinth({
  tables: {
    members: table({ account_id: user().unique(), name: text().max(80), sponsor_id: ref('members', { back: 'sponsored' }).optional() }),
    branches: table({ name: text(), opens: time().min('06:00'), closes: time() }).check('open_awhile', ({ row }) =>
      row.closes.above(row.opens),
    ),
    books: table({
      isbn: text().length(13).pattern('^97[89]').unique(),
      title: text().max(300),
      price: decimal(8, 2).min(0).hidden(),
      pages: integer().min(1).optional(),
      weight: float().optional(),
      facts: json<{ language: string }>().optional(),
      subjects: array(text()).default([]),
      cover: bytes().max(65536).optional(),
      added: date().defaultNow(),
    })
      .index('title')
      .search('title')
      .comment('What can be borrowed.'),
    authors: table({ name: text() }),
    authorships: table({ book_id: ref('books', { onDelete: 'cascade' }), author_id: ref('authors') }).key('book_id', 'author_id'),
    loans: table({
      book_id: ref('books'),
      member_id: ref('members'),
      taken_at_id: ref('branches'),
      due_at_id: ref('branches').optional(),
      state: oneOf('out', 'back', 'lost').default('out'),
      urgent: boolean().default(false),
      fee: decimal(6, 2).default('0.00'),
      tax: decimal(6, 2).default(0),
      total: decimal(6, 2).generated('fee + tax'),
      ...timestamps(),
    }),
    fines: table({ loan_id: ref('loans').unique(), amount: decimal(6, 2) }),
    slips: table({ loan_id: ref('loans'), words: text(), printed: timestamp() }).key('loan_id'),
    shelves: table({ branch_id: ref('branches'), number: integer() }).key('branch_id', 'number'),
    places: table({ branch_id: ref('branches'), number: integer(), book_id: ref('books') }).link('shelf', 'shelves', 'branch_id', 'number'),
    friendships: table({ one_id: ref('members'), other_id: ref('members') }).key('one_id', 'other_id'),
    wishes: table({ id: integer(), member_id: ref('members'), book_id: ref('books') }).unique('member_id', 'book_id'),
  },
  access: {
    books: { read: anyone, write: role('librarian'), columns: { price: { read: role('librarian') } } },
    members: { read: ({ row, who }) => row.account_id.is(who.id).or(row.sponsored.every((other) => other.account_id.isNot(who.id))) },
    branches: {
      read: ({ row }) => row.loans_by_taken_at.some((loan) => loan.book.authorships.none((by) => by.author.name.is('Anonymous'))),
    },
    loans: {
      read: ({ row, who }) => row.member.account_id.is(who.id).or(who.has('librarian')),
      insert: ({ row, who }) => row.member.account_id.is(who.id).and(row.state.is('out')),
      delete: role('librarian'),
    },
    places: { read: ({ row }) => row.shelf.branch.name.is('Main') },
    fines: { read: signedIn },
  },
  seed: async ({ insert, progress }) => {
    progress?.('books')
    expectTypeOf(
      insert('books', [{ isbn: '9780000000000', title: 'Tea', price: '9.90', pages: 12n, cover: new Uint8Array([1]) }]),
    ).resolves.toBeNumber()
    // @ts-expect-error there is no table "book"
    await insert('book', [])
    // @ts-expect-error a title is owed
    await insert('books', [{ isbn: '9780000000000', price: 1 }])
  },
})

type Library = typeof library.tables
type Wire = DatabaseOf<typeof library>['public']['Tables']
type Loan = Row<Library, 'loans'>
type Book = Row<Library, 'books'>
type Member = Row<Library, 'members'>

export function whatGoesOverTheWire() {
  expectTypeOf<Wire['books']['Row']>().toEqualTypeOf<{
    id: string
    isbn: string
    title: string
    pages: number | null
    weight: number | null
    facts: { language: string } | null
    subjects: string[]
    cover: string | null
    added: string
    price?: number
  }>()
  expectTypeOf<Wire['loans']['Insert']>().toEqualTypeOf<{
    id?: string
    book_id: string
    member_id: string
    taken_at_id: string
    due_at_id?: string | null
    state?: 'out' | 'back' | 'lost'
    urgent?: boolean
    fee?: number | string
    tax?: number | string
    created_at?: string | Date
    updated_at?: string | Date
  }>()
  expectTypeOf<Wire['shelves']['Row']>().toEqualTypeOf<{ branch_id: string; number: number }>()
  expectTypeOf<Wire['wishes']['Row']>().toEqualTypeOf<{ id: number; member_id: string; book_id: string }>()
  expectTypeOf<keyof Wire['loans']['Update'] & 'total'>().toBeNever()
}

export async function whatAClientGetsBack() {
  const client = createClient<DatabaseOf<typeof library>>('http://localhost', 'key')

  const loan = await client.from('loans').select('state, total, member(name), book:books(title, price)').limit(1).single()
  expectTypeOf(loan.data).toEqualTypeOf<{
    state: 'out' | 'back' | 'lost'
    total: number
    member: { name: string }
    book: { title: string; price: number | undefined }
  } | null>()

  const hinted = await client.from('loans').select('from:branches!taken_at(name), to:branches!due_at_id(name)')
  expectTypeOf(hinted.data).toEqualTypeOf<{ from: { name: string }; to: { name: string } | null }[] | null>()

  const reverse = await client.from('members').select('name, loans(id), sponsor:sponsor_id(name)')
  expectTypeOf(reverse.data).toEqualTypeOf<{ name: string; loans: { id: string }[]; sponsor: { name: string } | null }[] | null>()

  const compound = await client.from('places').select('shelf(number)')
  expectTypeOf(compound.data).toEqualTypeOf<{ shelf: { number: number } }[] | null>()

  const overJoinTable = await client.from('books').select('title, authors(name)')
  expectTypeOf(overJoinTable.data).toEqualTypeOf<{ title: string; authors: { name: string }[] }[] | null>()

  const toOneBack = await client.from('loans').select('fines(amount), slips(words)')
  expectTypeOf(toOneBack.data).toEqualTypeOf<{ fines: { amount: number } | null; slips: { words: string } | null }[] | null>()
}

export function whatAClientCannotAsk() {
  const client = createClient<DatabaseOf<typeof library>>('http://localhost', 'key')
  return [
    // @ts-expect-error there is no table "loan"
    () => client.from('loan'),
    // @ts-expect-error a loan is never "gone"
    () => client.from('loans').update({ state: 'gone' }),
    // @ts-expect-error a computed column is not sent
    () => client.from('loans').update({ total: 3 }),
    // @ts-expect-error a book is owed
    () => client.from('loans').insert({ member_id: 'm', taken_at_id: 'b' }),
    // @ts-expect-error there is no column "titel"
    () => client.from('books').insert({ isbn: '9780000000000', titel: 'Tea', price: 1 }),
    // @ts-expect-error there is no function
    () => client.rpc('remind'),
  ]
}

export const whatARuleCanSay = (loan: Loan, book: Book, member: Member, who: Who) => [
  loan.due_at.exists().and(loan.due_at.name.ilike('main%')),
  loan.fines.exists().or(loan.fines.amount.above(loan.total)),
  loan.slips.printed.below(new Date()),
  loan.urgent.is(true).not(),
  book.authors.some((author) => author.name.in(['Ann', 'Bob'])),
  book.authorships.none((by) => by.author.name.isNull()),
  book.members.every((wishing) => wishing.account_id.is(who.id)),
  book.facts.at('language').notIn(['no', 'en']),
  book.subjects.contains('tea').or(book.subjects.contains(['tea', 'pots'])),
  book.pages.atMost(2n).or(book.pages.is('9007199254740993')),
  book.price.atLeast(book.pages),
  member.sponsored.some((other) => other.sponsor.exists()),
  member.friendships_by_one.some((pair) => pair.other.name.is('Ann')),
  member.other_through_friendships.none((friend) => friend.account_id.is(who.id)),
  loan.member_id.is(who.claim('member')),
  who.claim('app_metadata', 'level').is(3),
]

export const whatARuleCannotSay = (loan: Loan, book: Book, member: Member, who: Who) => [
  // @ts-expect-error there is no relation "membre"
  () => loan.membre,
  // @ts-expect-error there is no column "nmae" behind the walk
  () => loan.member.nmae,
  // @ts-expect-error a loan is never "gone"
  () => loan.state.isNot('gone'),
  // @ts-expect-error a loan is never "gone", in a list either
  () => loan.state.in(['out', 'gone']),
  // @ts-expect-error a title is text, and an account a UUID
  () => book.title.is(who.id),
  // @ts-expect-error several rows have no one name
  () => book.authors.name,
  // @ts-expect-error there is no column "writer" in the related rows
  () => book.authorships.some((by) => by.writer.is('x')),
  // @ts-expect-error true is not more than false
  () => loan.urgent.atLeast(false),
  // @ts-expect-error numbers have no pattern
  () => book.pages.like('1%'),
  // @ts-expect-error text is no list
  () => book.title.contains('tea'),
  // @ts-expect-error the subjects are text
  () => book.subjects.contains(5),
  // @ts-expect-error JSON is asked about by its parts
  () => book.facts.is({ language: 'no' }),
  // @ts-expect-error text has no parts
  () => book.title.at('first'),
  // @ts-expect-error a float is not compared with an exact number
  () => book.weight.above(book.price),
  // @ts-expect-error two references lead here: friendships_by_one or friendships_by_other
  () => member.friendships,
  // @ts-expect-error what is owed is always there
  () => loan.member.exists(),
  // @ts-expect-error nobody's name is known
  () => who.name,
]

const cups = table({ color: text() })
export const whatAFileCannotSay = [
  // @ts-expect-error cups.saucer leads to 'saucers', which is no table
  () => plinth({ tables: { cups: table({ saucer_id: ref('saucers') }) } }),
  // @ts-expect-error cups.inner is a reference: end its name in _id
  () => plinth({ tables: { cups: table({ inner: ref('cups') }) } }),
  // @ts-expect-error cups.inner is a column and a relation
  () => plinth({ tables: { cups: table({ inner_id: ref('cups'), inner: text() }) } }),
  // @ts-expect-error there is no column "colr"
  () => table({ color: text() }).index('colr'),
  // @ts-expect-error there is no column "colr"
  () => table({ color: text() }).key('colr'),
  // @ts-expect-error there is no column "colr"
  () => table({ color: text() }).link('paint', 'paints', 'colr'),
  // @ts-expect-error there is no column "colr" in the checked row
  () => table({ color: text() }).check('bright', ({ row }) => row.colr.is('red')),
  // @ts-expect-error there is no table "cup"
  () => plinth({ tables: { cups }, access: { cup: { read: anyone } } }),
  // @ts-expect-error there is no operation "look"
  () => plinth({ tables: { cups }, access: { cups: { look: anyone } } }),
  // @ts-expect-error there is no column "colr"
  () => plinth({ tables: { cups }, access: { cups: { columns: { colr: { read: anyone } } } } }),
  // @ts-expect-error what && gives is no condition
  () => plinth({ tables: { cups }, access: { cups: { read: ({ row }) => row.color.is('red') && row.color !== undefined } } }),
  // @ts-expect-error nothing is returned
  () => plinth({ tables: { cups }, access: { cups: { read: ({ row }) => void row.color.is('red') } } }),
  // @ts-expect-error there is no setting "prot"
  () => plinth({ tables: { cups }, settings: { prot: 4000 } }),
]

export const whatAColumnCannotSay = [
  // @ts-expect-error true and false have no least
  () => boolean().min(0),
  // @ts-expect-error a UUID has no pattern
  () => uuid().pattern('^a'),
  // @ts-expect-error a length is a number
  () => text().max('200'),
  // @ts-expect-error numbers have no length
  () => integer().length(3),
  // @ts-expect-error text has no now
  () => text().defaultNow(),
  // @ts-expect-error a default is one of the words
  () => oneOf('open', 'paid').default('payed'),
  // @ts-expect-error a default is of the column's type
  () => integer().default('many'),
  // @ts-expect-error floats are not computed
  () => float().generated('a + b'),
  // @ts-expect-error JSON has no collation
  () => json().collate('nb'),
  // @ts-expect-error lists of lists are not kept
  () => array(array(text())),
  // @ts-expect-error oneOf has words
  () => oneOf(),
  // @ts-expect-error nothing is deleted like this
  () => ref('cups', { onDelete: 'explode' }),
]

export const whatAColumnCanSay = [
  bytes()
    .max(10)
    .default(new Uint8Array([1])),
  time().min('08:00').max('18:00'),
  timestamp().min(new Date()).defaultNow(),
  text().collate('nb-NO-x-icu').length(3).comment('A code.'),
  array(integer()).max(3).default([1, 2]),
]

/** Names kept as somebody else chose them, and a reference to what is unique but no key. */
const store = plinth({
  tables: {
    Artist: table({ ArtistId: integer(), Name: text() }).key('ArtistId'),
    Album: table({ AlbumId: integer(), ArtistId: ref('Artist', { as: 'artist' }) }).key('AlbumId'),
    Employee: table({
      EmployeeId: integer(),
      Code: text().unique(),
      ReportsTo: ref('Employee', { as: 'manager', back: 'team' }).optional(),
    }).key('EmployeeId'),
    Badge: table({ code_id: ref('Employee', { column: 'Code' }) }).key('code_id'),
  },
  access: {
    Album: { read: ({ row }) => row.artist.Name.is('AC/DC').and(row.ArtistId.is(1)) },
    Artist: { read: ({ row }) => row.Album.some((album) => album.AlbumId.above(3)) },
    Employee: { read: ({ row }) => row.team.some((other) => other.manager.exists()).and(row.Badge.code_id.is('x')) },
  },
})

export async function namesAreWhatTheyAre() {
  const client = createClient<DatabaseOf<typeof store>>('http://localhost', 'key')
  const album = await client.from('Album').select('AlbumId, artist(Name)')
  expectTypeOf(album.data).toEqualTypeOf<{ AlbumId: number; artist: { Name: string } }[] | null>()
  expectTypeOf<SeedRow<typeof store.tables, 'Badge'>>().toEqualTypeOf<{ code_id: string }>()
}

// ── Several files ──

const people = { tables: { people: table({ name: text(), boss_id: ref('people', { back: 'staff' }).optional() }) } }
const desks = { tables: { desks: table({ person_id: ref('people'), floor: integer() }) } }
type Office = TablesOf<typeof people | typeof desks>
const peopleAccess = { people: { read: ({ row }) => row.desks.some((desk) => desk.floor.is(3)) } } satisfies AccessOf<Office>
// @ts-expect-error there is no column "flor" in the other file's table
export const wrongAccess = { people: { read: ({ row }) => row.desks.some((desk) => desk.flor.is(3)) } } satisfies AccessOf<Office>
export const office = plinth({ tables: { ...people.tables, ...desks.tables }, access: { ...peopleAccess } })
