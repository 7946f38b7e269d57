/**
 * What the compiler says of functions: checked by the lint step's compilers, run by nobody. Under each
 * `@ts-expect-error` stands a slip that somebody makes in an editor, and that must be underlined there.
 */
import { createClient } from '@supabase/supabase-js'
import { expectTypeOf } from 'vitest'
import { z } from 'zod'
import {
  action,
  anyone,
  decimal,
  endpoint,
  fail,
  fn,
  integer,
  json,
  plinth,
  ref,
  role,
  signedIn,
  table,
  text,
  timestamp,
  user,
  type DatabaseOf,
  type FunctionsOf,
  type TablesOf,
} from '../../src/index.ts'

const kiosk = plinth({
  tables: {
    goods: table({ name: text(), price: decimal(8, 2), stock: integer().default(0), facts: json<{ origin: string }>().optional() }),
    sales: table({ goods_id: ref('goods'), buyer_id: user(), at: timestamp().defaultNow(), twice: decimal(8, 2).generated('1.00') }),
  },
  access: { goods: { read: anyone } },
  functions: {
    buy: fn({
      input: z.object({ goods_id: z.uuid(), pieces: z.int().positive().default(1) }),
      allow: signedIn,
      async run({ input, who, db, client, signal }) {
        expectTypeOf(input).toEqualTypeOf<{ goods_id: string; pieces: number }>()
        expectTypeOf(who.id).toEqualTypeOf<string | null>()
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
        const goods = await db.selectFrom('goods').selectAll().executeTakeFirstOrThrow()
        expectTypeOf(goods).toEqualTypeOf<{ id: string; name: string; price: string; stock: number; facts: { origin: string } | null }>()
        const seen = await client.from('sales').select('at, goods(price)')
        expectTypeOf(seen.data).toEqualTypeOf<{ at: string; goods: { price: number } }[] | null>()
        await db
          .insertInto('sales')
          .values({ goods_id: input.goods_id, buyer_id: who.id ?? '' })
          .execute()
        if (goods.stock < input.pieces) fail('out_of_stock', 'There is none left.', { status: 409 })
        return { price: goods.price }
      },
    }),
    stock: fn({ allow: role('clerk'), reads: true, run: ({ db }) => db.selectFrom('goods').select(['name', 'stock']).execute() }),
    rate: action({ allow: ({ who }) => who.has('clerk').or(who.claim('team').is('red')), run: async () => 1.07 }),
    hook: endpoint({ allow: anyone, run: async ({ request }) => new Response(await request.text()) }),
  },
})

type Rpc = DatabaseOf<typeof kiosk>['public']['Functions']

export function whatAClientKnows() {
  expectTypeOf<keyof Rpc>().toEqualTypeOf<'buy' | 'stock' | 'rate'>()
  expectTypeOf<Rpc['buy']>().toEqualTypeOf<{ Args: { goods_id: string; pieces?: number | undefined }; Returns: { price: string } }>()
  expectTypeOf<Rpc['rate']['Returns']>().toEqualTypeOf<number>()
}

export async function whatAClientCalls() {
  const client = createClient<DatabaseOf<typeof kiosk>>('http://localhost', 'key')
  const bought = await client.rpc('buy', { goods_id: 'g' })
  expectTypeOf(bought.data).toEqualTypeOf<{ price: string } | null>()
  const stock = await client.rpc('stock')
  expectTypeOf(stock.data).toEqualTypeOf<{ name: string; stock: number }[] | null>()
  return [
    // @ts-expect-error there is no function "bye"
    () => client.rpc('bye'),
    // @ts-expect-error it is called goods_id
    () => client.rpc('buy', { goods: 'g' }),
    // @ts-expect-error pieces are a number
    () => client.rpc('buy', { goods_id: 'g', pieces: 'two' }),
  ]
}

export const slips = plinth({
  tables: { goods: table({ name: text(), stock: integer() }) },
  functions: {
    // @ts-expect-error nobody is said to be allowed
    unsaid: fn({ run: () => 1 }),
    // @ts-expect-error there is no table "good"
    wrong_table: fn({ allow: anyone, run: ({ db }) => db.selectFrom('good').selectAll().execute() }),
    // @ts-expect-error a stock is a number
    wrong_value: fn({ allow: anyone, run: ({ db }) => db.updateTable('goods').set({ stock: true }).execute() }),
    // @ts-expect-error there is no column "nme"
    wrong_column: fn({ allow: anyone, run: ({ client }) => client.from('goods').update({ nme: 'x' }) }),
    // @ts-expect-error an action has no transaction
    no_transaction: action({ allow: anyone, run: ({ db }) => db }),
    // @ts-expect-error a handler gives a Response
    no_response: endpoint({ allow: anyone, run: () => 'hello' }),
  },
})

// ── Several files ──

const people = { tables: { people: table({ name: text() }) } }
const desks = { tables: { desks: table({ person_id: ref('people'), floor: integer() }) } }
type Office = TablesOf<typeof people | typeof desks>
const functions = {
  move: fn({
    input: z.object({ floor: z.int() }),
    allow: signedIn,
    run: ({ db, input }) => db.updateTable('desks').set({ floor: input.floor }).where('floor', '=', 1).returning('id').execute(),
  }),
} satisfies FunctionsOf<Office>
export const office = plinth({ tables: { ...people.tables, ...desks.tables }, functions })
export function whatModulesGive() {
  expectTypeOf<DatabaseOf<typeof office>['public']['Functions']['move']['Returns']>().toEqualTypeOf<{ id: string }[]>()
}
