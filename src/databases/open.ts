/** Every database there is, by the beginning of `DATABASE_URL`. To add one: a line in `databases`, for what its `store.ts` opens. */
import { LoadFailure } from '../errors.ts'
import type { Settings } from '../settings.ts'
import type { Store, StoreOptions } from './sql/store.ts'

type OpenStore = (url: string, options: StoreOptions) => Promise<Store>

/** Each is loaded when it is asked for. */
const databases: Readonly<Record<string, () => Promise<{ readonly openStore: OpenStore }>>> = {
  sqlite: () => import('./sqlite/store.ts'),
  postgres: () => import('./postgres/store.ts'),
  postgresql: () => import('./postgres/store.ts'),
}

export async function openStore({ databaseUrl, ...settings }: Settings, clock: () => number = Date.now): Promise<Store> {
  const [scheme = ''] = databaseUrl.split(':', 1)
  const find = databases[scheme]
  if (find) return (await find()).openStore(databaseUrl, { ...settings, clock })
  const known = Object.keys(databases)
    .map((name) => `${name}:`)
    .join(', ')
  // The URL itself may hold a password.
  throw new LoadFailure([
    { place: 'DATABASE_URL', message: 'It names a kind of database that is not known.', fix: `Begin it with one of ${known}.` },
  ])
}
