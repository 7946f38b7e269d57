/**
 * The world of what is written about functions: a small bank. Ann and Bob have an account each; nobody writes to the
 * tables but by functions. Ada is a clerk.
 */
import { z } from 'zod'
import {
  action,
  anyone,
  array,
  boolean,
  bytes,
  date,
  decimal,
  endpoint,
  fail,
  float,
  fn,
  integer,
  json,
  plinth,
  ref,
  role,
  signedIn,
  table,
  text,
  time,
  timestamp,
  user,
} from '../../src/index.ts'
import { everyDatabaseOf, type Answered, type Here } from '../harness.ts'

const id = (last: string): string => `0197a000-0000-7000-8000-0000000000${last}`
export const people = {
  ann: { sub: id('0a'), claims: { app_metadata: { team: 'red' } } },
  bob: { sub: id('0b') },
  ada: { sub: id('0f'), roles: ['clerk'] },
}

/** How often the code of `conflicted` was begun. */
export const tried = { count: 0 }
/** What the code of a function left behind for a sentence to look at. */
export const left: { work: Promise<unknown> | undefined; signal: AbortSignal | undefined; ticks: number; cancelled: number } = {
  work: undefined,
  signal: undefined,
  ticks: 0,
  cancelled: 0,
}

export const bank = plinth({
  tables: {
    accounts: table({ id: integer(), owner_id: user(), name: text().unique(), balance: decimal(12, 2).min(0).default('0.00') }),
    transfers: table({
      from_id: ref('accounts', { back: 'sent' }),
      to_id: ref('accounts', { back: 'received' }),
      amount: decimal(12, 2).min('0.01'),
      at: timestamp().defaultNow(),
    }),
    /** A column of each kind. */
    samples: table({
      id: integer(),
      words: text().optional(),
      whole: integer().optional(),
      price: decimal(10, 2).optional(),
      ratio: float().optional(),
      truth: boolean().optional(),
      instant: timestamp().optional(),
      day: date().optional(),
      hour: time().optional(),
      shape: json<{ a: number[] } | string>().optional(),
      data: bytes().optional(),
      tags: array(text()).optional(),
      sizes: array(decimal(5, 1)).optional(),
    }),
  },
  access: {
    accounts: { read: ({ row, who }) => row.owner_id.is(who.id).or(who.has('clerk')), update: role('clerk') },
    transfers: { read: ({ row, who }) => row.from.owner_id.is(who.id).or(row.to.owner_id.is(who.id)) },
    samples: { read: role('clerk') },
  },
  functions: {
    transfer: fn({
      input: z.object({ from: z.int(), to: z.int(), amount: z.string() }),
      allow: signedIn,
      async run({ input, who, db }) {
        const taken = await db
          .updateTable('accounts')
          .set((eb) => ({ balance: eb('balance', '-', input.amount) }))
          .where('id', '=', input.from)
          .where('owner_id', '=', who.id ?? '')
          .where('balance', '>=', input.amount)
          .executeTakeFirst()
        if (taken.numUpdatedRows === 0n) fail('not_covered', 'The account does not hold that much.', { status: 409, hint: 'Send less.' })
        await db
          .updateTable('accounts')
          .set((eb) => ({ balance: eb('balance', '+', input.amount) }))
          .where('id', '=', input.to)
          .execute()
        const made = await db
          .insertInto('transfers')
          .values({ from_id: input.from, to_id: input.to, amount: input.amount })
          .returning(['id', 'amount'])
          .executeTakeFirstOrThrow()
        return { transfer: made.id, amount: made.amount }
      },
    }),
    balance: fn({
      input: z.object({ name: z.string(), double: z.boolean().optional() }),
      allow: signedIn,
      reads: true,
      async run({ input, client }) {
        const { data } = await client.from('accounts').select('balance').eq('name', input.name).maybeSingle()
        return (data?.balance ?? 0) * (input.double === true ? 2 : 1)
      },
    }),
    writes_in_vain: fn({
      allow: anyone,
      reads: true,
      run: ({ db }) =>
        db
          .insertInto('accounts')
          .values({ id: 77, owner_id: id('0a'), name: 'Vain' })
          .execute(),
    }),
    names: fn({
      allow: role('clerk'),
      reads: true,
      run: ({ db }) => db.selectFrom('accounts').select(['id', 'name']).orderBy('id').execute(),
    }),
    quiet: fn({ allow: anyone, run: () => undefined }),
    echo: fn({ input: z.unknown(), allow: anyone, reads: true, run: ({ input }) => input }),
    about_me: fn({
      allow: anyone,
      run: ({ who }) => ({ kind: who.kind, id: who.id, clerk: who.has('clerk'), team: who.claim('app_metadata', 'team') ?? null }),
    }),
    red_only: fn({ allow: ({ who }) => who.claim('app_metadata', 'team').is('red'), run: () => 'red' }),
    typed: fn({
      input: z.object({ list: z.array(z.int()), on: z.boolean(), word: z.string() }),
      allow: anyone,
      reads: true,
      run: ({ input }) => input,
    }),
    throws: fn({
      allow: anyone,
      async run({ db }) {
        await db.updateTable('accounts').set({ balance: '0.00' }).where('id', '=', 1).execute()
        throw new Error('the secret recipe is salt')
      },
    }),
    swallows: fn({
      allow: anyone,
      async run({ db }) {
        await db.updateTable('accounts').set({ name: 'Renamed' }).where('id', '=', 1).execute()
        // A name that is taken.
        await db
          .updateTable('accounts')
          .set({ name: 'Bob' })
          .where('id', '=', 1)
          .execute()
          .catch(() => undefined)
        return 'all is well'
      },
    }),
    unsayable: fn({
      allow: anyone,
      async run({ db }) {
        await db.updateTable('accounts').set({ name: 'Gone' }).where('id', '=', 1).execute()
        const circle: { itself?: unknown } = {}
        circle.itself = circle
        return circle
      },
    }),
    calls_outside: fn({ allow: anyone, run: async () => (await fetch('http://127.0.0.1:9/')).status }),
    never_ends: fn({
      allow: anyone,
      async run({ db, signal }) {
        left.signal = signal
        await db.updateTable('accounts').set({ name: 'Late' }).where('id', '=', 1).execute()
        left.work = new Promise((resolve) => signal.addEventListener('abort', resolve)).then(() =>
          db.selectFrom('accounts').selectAll().execute(),
        )
        left.work.catch(() => undefined)
        await new Promise(() => {})
      },
    }),
    leaves: fn({
      allow: anyone,
      run({ db }) {
        left.work = new Promise((resolve) => setTimeout(resolve, 20)).then(() => db.selectFrom('accounts').selectAll().execute())
        left.work.catch(() => undefined)
      },
    }),
    conflicted: fn({
      allow: anyone,
      async run({ db }) {
        tried.count += 1
        const { balance } = await db.selectFrom('accounts').select('balance').where('id', '=', 1).executeTakeFirstOrThrow()
        await new Promise((resolve) => setTimeout(resolve, 20))
        await db
          .updateTable('accounts')
          .set({ balance: (Number(balance) + 1).toFixed(2) })
          .where('id', '=', 1)
          .execute()
      },
    }),
    /** Tries one thing after another; each failure is undone alone. */
    careful: fn({
      allow: signedIn,
      async run({ client, db }) {
        const first = await client.rpc('transfer', { from: 1, to: 2, amount: '10.00' })
        const second = await client.rpc('transfer', { from: 1, to: 2, amount: '99999.00' })
        const third = await client.from('accounts').update({ name: 'Mine now' }).eq('id', 2).select()
        const [row] = await db
          .selectFrom('transfers')
          .select((eb) => eb.fn.countAll().as('count'))
          .execute()
        return { first: first.error, second: second.error, third: third.data, transfers: row?.count }
      },
    }),
    rethrows: fn({
      allow: signedIn,
      async run({ client, db }) {
        await db.updateTable('accounts').set({ name: 'Rethrown' }).where('id', '=', 1).execute()
        const { error } = await client.rpc('transfer', { from: 1, to: 2, amount: '99999.00' })
        if (error) throw error
      },
    }),
    around: fn({ allow: anyone, run: ({ client }) => client.rpc('around') }),
    acts_inside: fn({
      allow: anyone,
      async run({ client }) {
        return (await client.rpc('twice')).error
      },
    }),
    twice: action({
      allow: signedIn,
      async run({ client }) {
        const one = await client.rpc('transfer', { from: 1, to: 2, amount: '1.00' })
        const two = await client.rpc('transfer', { from: 1, to: 2, amount: '99999.00' })
        return { one: one.data, two: two.error }
      },
    }),
    lingers: action({
      allow: anyone,
      async run({ signal }) {
        left.signal = signal
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
      },
    }),
    samples: fn({
      input: z.object({ id: z.int() }),
      allow: anyone,
      async run({ input, db }) {
        await db
          .insertInto('samples')
          .values({
            id: input.id,
            words: 'Zoë',
            whole: 9007199254740991,
            price: 19.9,
            ratio: 0.5,
            truth: true,
            instant: new Date(Date.UTC(2026, 10, 21, 12)),
            day: '2026-11-21',
            hour: '12:00:00',
            shape: { a: [1, 2] },
            data: new Uint8Array([1, 2, 255]),
            tags: ['a', 'b c'],
            sizes: ['1.5', 2],
          })
          .execute()
        const [row] = await db.selectFrom('samples').selectAll().where('price', '=', '19.90').where('tags', '=', ['a', 'b c']).execute()
        return row
      },
    }),
    reckons: fn({
      allow: anyone,
      async run({ db }) {
        const row = await db
          .selectFrom('accounts')
          .select((eb) => [
            eb.fn.sum('balance').as('sum'),
            eb.fn.avg('balance').as('average'),
            eb.fn.max('balance').as('most'),
            eb.fn.countAll().as('count'),
            eb.fn.sum(eb('balance', '*', '3')).as('tripled'),
          ])
          .executeTakeFirstOrThrow()
        const listed = await db
          .with('rich', (inner) => inner.selectFrom('accounts').select(['id', 'balance as much']).where('balance', '>', '50'))
          .selectFrom('rich')
          .innerJoin('accounts as a', 'a.id', 'rich.id')
          .select((eb) => ['a.name', 'rich.much', eb.fn.coalesce('a.balance', eb.val('1.50')).as('some')])
          .where('rich.much', 'in', ['100.00', '7'])
          .where((eb) => eb.between('a.balance', '1', '100.5'))
          .orderBy('a.id')
          .execute()
        return { row, listed }
      },
    }),
    too_large: fn({
      allow: anyone,
      async run({ db }) {
        await db.insertInto('samples').values({ id: 9, whole: 9007199254740993n }).execute()
        return db.selectFrom('samples').select('whole').where('id', '=', 9).execute()
      },
    }),
    hook: endpoint({
      allow: anyone,
      async run({ request, who, client }) {
        const { data } = await client.from('accounts').select('name')
        const { method, url, headers } = request
        const seen = { method, url, header: headers.get('x-kind'), sent: await request.text(), who: who.kind, names: data }
        return Response.json(seen, {
          status: 202,
          headers: { 'X-Hook': 'yes', 'X-Request-Id': 'mine', 'Access-Control-Allow-Origin': 'me' },
        })
      },
    }),
    cookies: endpoint({
      allow: signedIn,
      run() {
        const headers = new Headers({ 'content-type': 'text/html' })
        headers.append('set-cookie', 'a=1; HttpOnly')
        headers.append('set-cookie', 'b=2')
        return new Response('<p>hello', { headers })
      },
    }),
    ticks: endpoint({
      allow: anyone,
      run({ client }) {
        const body = new ReadableStream<Uint8Array>({
          async pull(controller) {
            const { data } = await client.from('accounts').select('name').limit(1)
            controller.enqueue(new TextEncoder().encode(`tick ${JSON.stringify(data)}\n`))
            left.ticks += 1
            if (left.ticks === 3) controller.close()
          },
          cancel: () => void (left.cancelled += 1),
        })
        return new Response(body)
      },
    }),
    no_response: endpoint({ allow: anyone, run: () => JSON.parse('1') }),
    refuses: endpoint({ allow: anyone, run: () => fail('teapot', 'I am a teapot.', { status: 418 }) }),
  },
})

const rows = {
  accounts: [
    { id: 1, owner_id: people.ann.sub, name: 'Ann', balance: '100.00' },
    { id: 2, owner_id: people.bob.sub, name: 'Bob', balance: '5.00' },
  ],
}

export type Person = keyof typeof people
type Somebody = Person | 'service' | 'stranger'

export interface Called extends Here<Person> {
  /** Calls a function by POST. */
  readonly call: (as: Somebody, name: string, input?: unknown, headers?: Readonly<Record<string, string>>) => Promise<Answered>
  readonly get: (as: Somebody, path: string, headers?: Readonly<Record<string, string>>) => Promise<Answered>
  /** The balances, past all rules. */
  readonly balances: () => Promise<unknown>
}

const register = everyDatabaseOf({
  backend: bank,
  people,
  settings: { PORT: '0', PLINTH_FUNCTION_TIMEOUT: '500ms', PLINTH_ACTION_TIMEOUT: '500ms' },
})

/** Registers a sentence on each database; each finds the bank as it is above. */
export function everyDatabase(title: string, body: (here: Called) => Promise<void>): void {
  register(title, async (here) => {
    for (const table of ['transfers', 'accounts', 'samples']) await here.sql(`DELETE FROM "${table}"`)
    await here.insert('accounts', rows.accounts)
    const ask = (as: Somebody, path: string, asked: object): Promise<Answered> =>
      here.ask(`/rest/v1/${path}`, { ...asked, ...(as !== 'stranger' && { as }) })
    await body({
      ...here,
      call: (as, name, input, headers = {}) =>
        ask(as, `rpc/${name}`, { method: 'POST', headers, ...(input !== undefined && { body: input }) }),
      get: (as, path, headers = {}) => ask(as, path, { headers }),
      balances: async () => (await here.ask('/rest/v1/accounts?select=name,balance&order=id', { as: 'service' })).body,
    })
  })
}

export const untouched = [
  { name: 'Ann', balance: 100 },
  { name: 'Bob', balance: 5 },
]
