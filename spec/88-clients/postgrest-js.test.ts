import {
  PostgrestBuilder,
  PostgrestClient,
  PostgrestError,
  PostgrestFilterBuilder,
  PostgrestQueryBuilder,
  PostgrestTransformBuilder,
} from '@supabase/postgrest-js'
import { createClient } from '@supabase/supabase-js'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { urlOf } from '../listening.ts'
import { calls } from './calls.ts'
import { rows } from '../world.ts'
import { connect, everyDatabase, type Shop } from './connect.ts'

for (const { method, does, as, ask, gives } of calls) {
  everyDatabase(`${method} ${does}`, async (here) => {
    const { data, error, count, status } = await ask(await connect(here, as))
    const wanted = { data: null, error: null, count: null, status: 200, ...gives }
    expect({ data, error, count, status }).toEqual({
      ...wanted,
      error: wanted.error === null ? null : expect.objectContaining(wanted.error),
    })
  })
}

everyDatabase('the sentences that write leave the shop as it was', async (here) => {
  const db = await connect(here, 'service')
  for (const [table, held] of Object.entries(rows)) {
    // Names come from the world.
    const { count } = await db.from(table as keyof typeof rows).select('*', { count: 'exact', head: true })
    expect({ table, count }).toEqual({ table, count: held.length })
  }
})

everyDatabase('what is written stays until it is written again', async (here) => {
  const db = await connect(here, 'service')
  const names = async (): Promise<unknown> => (await db.from('tags').select('name, colour').like('name', 'spec%')).data
  await db.from('tags').insert([
    { name: 'spec', colour: 'red' },
    { name: 'spec 2', colour: 'red' },
  ])
  await db.from('tags').upsert({ name: 'spec', colour: 'green' })
  await db.from('tags').update({ name: 'spec 3' }).eq('name', 'spec 2')
  expect(await names()).toEqual([
    { name: 'spec', colour: 'green' },
    { name: 'spec 3', colour: 'red' },
  ])
  await db.from('tags').delete().like('name', 'spec%')
  expect(await names()).toEqual([])
})

everyDatabase('throwOnError throws what was wrong with a write, and gives what came of a good one', async (here) => {
  const db = await connect(here, 'service')
  const gift = { name: 'gift', colour: 'red' as const }
  const error = await Promise.resolve(db.from('tags').insert(gift).throwOnError()).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(PostgrestError)
  expect(error).toMatchObject({ code: '23505', details: 'Key (name)=(gift) already exists.' })
  expect((await db.from('tags').upsert(gift).rollback().select().throwOnError()).data).toEqual([gift])
})

everyDatabase('throwOnError throws the error with all that was said', async (here) => {
  const asked = (await connect(here)).from('products').select('nme').throwOnError()
  const error = await Promise.resolve(asked).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(PostgrestError)
  expect(error).toMatchObject({ code: '42703', message: 'column products.nme does not exist', details: null, hint: null })
})

everyDatabase('throwOnError says nothing where all is well', async (here) => {
  const { data } = await (await connect(here)).from('products').select('id').eq('id', 1).throwOnError()
  expect(data).toEqual([{ id: 1 }])
})

everyDatabase('then makes a request a promise like any other', async (here) => {
  const db = await connect(here)
  const names = await db
    .from('tags')
    .select('name')
    .then(({ data }) => data?.map(({ name }) => name))
  expect(names).toEqual(['gift', 'green', 'strong'])
})

everyDatabase('abortSignal ends a request, and the next one is answered', async (here) => {
  const db = await connect(here)
  const stopped = new AbortController()
  stopped.abort()
  const { data, error } = await db.from('products').select('id').abortSignal(stopped.signal)
  expect({ data, hint: error?.hint }).toEqual({ data: null, hint: 'Request was aborted (timeout or manual cancellation)' })
  expect((await db.from('products').select('id').abortSignal(new AbortController().signal)).status).toBe(200)
})

everyDatabase('explain shows the plan to the secret key, as text and as JSON', async (here) => {
  const db = await connect(here, 'service')
  const asText = await db.from('products').select('id').eq('sku', 'TEA-1').explain({ analyze: true, verbose: true })
  expect([asText.status, asText.error]).toEqual([200, null])
  expect(asText.data).toMatch(/scan|search/i)
  const asJson = await db.from('products').select('id').explain({ format: 'json' })
  expect(asJson.data).toEqual([{ Plan: expect.arrayContaining([expect.stringMatching(/scan|search/i)]) }])
})

everyDatabase('what comes back has the types of the file', async (here) => {
  const db = await connect(here, 'ann')
  const { data } = await db
    .from('orders')
    .select('status, placed_at, customer(name), lines(price, product(sku, grams))')
    .eq('id', 1)
    .single()
  expectTypeOf(data?.status).toEqualTypeOf<'open' | 'paid' | 'shipped' | undefined>()
  expectTypeOf(data?.customer.name).toEqualTypeOf<string | undefined>()
  expectTypeOf(data?.lines[0]?.price).toEqualTypeOf<number | undefined>()
  expectTypeOf(data?.lines[0]?.product.grams).toEqualTypeOf<number | null | undefined>()
  expect(data).toEqual({
    status: 'shipped',
    placed_at: '2026-10-01T09:00:00.000000+00:00',
    customer: { name: 'Ann' },
    lines: [
      { price: 12.5, product: { sku: 'TEA-1', grams: 100 } },
      { price: 195.1, product: { sku: 'POT-4', grams: null } },
    ],
  })
})

everyDatabase('returns and overrideTypes give the compiler another type', async (here) => {
  const db = await connect(here)
  const returned = await db.from('products').select('id').eq('id', 1).returns<{ id: 1 }[]>()
  expectTypeOf(returned.data).toEqualTypeOf<{ id: 1 }[] | null>()
  const overridden = await db.from('products').select('id, details').eq('id', 3).overrideTypes<{ details: number[] }[]>()
  expectTypeOf(overridden.data?.[0]?.details).toEqualTypeOf<number[] | undefined>()
  expect([returned.data, overridden.data]).toEqual([[{ id: 1 }], [{ id: 3, details: [1, 2, 3] }]])
})

everyDatabase('createClient of supabase-js asks as a stranger, as somebody and as the service', async (here) => {
  const url = await urlOf(here)
  const { publishable, secret } = here.backend.keys
  const count = async (key: string, accessToken?: () => Promise<string>): Promise<number | null> => {
    const options = accessToken ? { accessToken } : { auth: { persistSession: false, autoRefreshToken: false } }
    const client = createClient<Shop>(url, key, options)
    return (await client.from('orders').select('*', { head: true, count: 'exact' })).count
  }
  expect([await count(publishable), await count(publishable, async () => here.as.ann), await count(secret)]).toEqual([0, 2, 4])
})

everyDatabase('createClient of supabase-js writes as somebody and as the service', async (here) => {
  const url = await urlOf(here)
  const { publishable, secret } = here.backend.keys
  const restock = async (key: string, accessToken?: () => Promise<string>): Promise<number> => {
    const options = accessToken ? { accessToken } : { auth: { persistSession: false, autoRefreshToken: false } }
    return (await createClient<Shop>(url, key, options).from('products').update({ stock: 1 }).eq('id', 1).rollback()).status
  }
  expect([await restock(publishable), await restock(publishable, async () => here.as.sue), await restock(secret)]).toEqual([403, 204, 204])
})

// ── All of the client ──

/** Methods that are no requests of their own, or whose sentences are above. */
const elsewhere: Readonly<Record<string, string>> = {
  constructor: 'it asks nothing',
  cloneRequestState: 'it is the client’s own',
  decorateFetch: 'it is the client’s own',
  processResponse: 'it is the client’s own',
  then: 'above',
  throwOnError: 'above',
  abortSignal: 'above',
}

const builders = [PostgrestClient, PostgrestQueryBuilder, PostgrestFilterBuilder, PostgrestTransformBuilder, PostgrestBuilder]

describe('The client', () => {
  test('has a sentence for each of its methods, and no sentence for another', () => {
    const methods = new Set(builders.flatMap(({ prototype }) => Object.getOwnPropertyNames(prototype)))
    const told = new Set([...calls.map(({ method }) => method), ...Object.keys(elsewhere)])
    expect([...told].toSorted()).toEqual([...methods].toSorted())
  })

  test('is asked by each sentence for the method that the sentence is about', () => {
    expect(calls.filter(({ method, ask }) => !new RegExp(`\\.${method}\\b`).test(String(ask)))).toEqual([])
  })
})
