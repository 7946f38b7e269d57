/**
 * The tea shop as client libraries meet it: over a socket, on each database. A client is the published package as it
 * is, given an address, a key and perhaps somebody's token.
 */
import { PostgrestClient } from '@supabase/postgrest-js'
import type { DatabaseOf } from '../../src/index.ts'
import type { Running } from '../../src/server.ts'
import { everyDatabaseOf, type Here } from '../harness.ts'
import { people, rows, shop } from '../world.ts'

export type Shop = DatabaseOf<typeof shop>
export type Client = PostgrestClient<Shop>
type ShopHere = Here<keyof typeof people>
export type Asker = keyof typeof people | 'service' | 'stranger'

export const everyDatabase = everyDatabaseOf({ backend: shop, rows, people, settings: { PORT: '0' } })

const listening = new WeakMap<Running, Promise<{ readonly url: string }>>()

/** Where the shop listens; it begins to when it is first asked for. */
export async function urlOf({ backend }: ShopHere): Promise<string> {
  const known = listening.get(backend) ?? backend.listen()
  listening.set(backend, known)
  return (await known).url
}

/** What a client sends to say who asks. */
export function credentials({ backend, as }: ShopHere, asker: Asker): Record<string, string> {
  if (asker === 'service') return { apikey: backend.keys.secret }
  return { apikey: backend.keys.publishable, ...(asker !== 'stranger' && { authorization: `Bearer ${as[asker]}` }) }
}

export async function connect(here: ShopHere, asker: Asker = 'stranger'): Promise<Client> {
  return new PostgrestClient<Shop>(`${await urlOf(here)}/rest/v1`, { headers: credentials(here, asker) })
}
