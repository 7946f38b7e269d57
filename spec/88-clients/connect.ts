/**
 * The tea shop as client libraries meet it: over a socket, on each database. A client is the published package as it
 * is, given an address, a key and perhaps somebody's token.
 */
import { PostgrestClient } from '@supabase/postgrest-js'
import type { DatabaseOf } from '../../src/index.ts'
import { everyDatabaseOf, type Here } from '../harness.ts'
import { credentials, urlOf, type Asker } from '../listening.ts'
import { people, rows, shop } from '../world.ts'

export type Shop = DatabaseOf<typeof shop>
export type Client = PostgrestClient<Shop>
type Person = keyof typeof people

export const everyDatabase = everyDatabaseOf({ backend: shop, rows, people, settings: { PORT: '0' } })

export async function connect(here: Here<Person>, asker: Asker<Person> = 'stranger'): Promise<Client> {
  return new PostgrestClient<Shop>(`${await urlOf(here)}/rest/v1`, { headers: credentials(here, asker) })
}
