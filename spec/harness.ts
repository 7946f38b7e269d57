/**
 * How a sentence of the specification is asked: the same one on every database, of a backend that runs in this
 * process, on a real database of the file's own.
 *
 * 1. A backend is opened once per test file and database, when its first sentence is asked.
 * 2. Clock and randomness are given, so that an answer is the same in each run.
 * 3. A sentence that needs what a database lacks is a declared gap (`gaps.ts`): with its reason, never in silence.
 */
import { afterAll, describe, test } from 'vitest'
import { signToken } from '../src/auth/keys.ts'
import { SYSTEM } from '../src/query/who.ts'
import { open, type Running } from '../src/server.ts'
import { readSettings } from '../src/settings.ts'
import { databases, type FreshDatabase, type SpecDatabase } from './databases.ts'
import { type Capability, gaps } from './gaps.ts'

/** The instant at which every sentence is asked. */
export const now = Date.UTC(2026, 10, 21, 12)

export type Rows = readonly Readonly<Record<string, unknown>>[]
export interface Person {
  readonly sub: string
  readonly roles?: readonly string[]
  readonly claims?: Readonly<Record<string, unknown>>
}

/** What a test file asks about: a backend, the rows in it, and who asks. */
export interface World<P extends string = string> {
  readonly backend: Parameters<typeof open>[0]
  /** Fills the database from outside, before it is opened here. */
  readonly fill?: (fresh: FreshDatabase) => Promise<void>
  /** Inserted in this order, past the rules. */
  readonly rows?: Readonly<Record<string, Rows>>
  /** Those who are signed in; a stranger and the secret key need not be named. */
  readonly people: Readonly<Record<P, Person>>
  /** Settings by their names in the environment. */
  readonly settings?: Readonly<Record<string, string>>
}

export interface Asked<P extends string> {
  /** A person of the world, `service` for the secret key; a stranger with the publishable key where left out. */
  readonly as?: P | 'service'
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** As sent, where digits matter. */
  readonly text: string
  /** Parsed where it is JSON. */
  readonly body: unknown
}

/** What a sentence is given. */
export interface Here<P extends string> {
  readonly database: string
  readonly backend: Running
  /** Asks in process; the path as a client sends it: `/rest/v1/products?select=name`. */
  readonly ask: (path: string, asked?: Asked<P>) => Promise<Answered>
  /** Access tokens by person. */
  readonly as: Readonly<Record<P, string>>
  /** The database itself, past everything of ours. */
  readonly sql: FreshDatabase['sql']
  readonly insert: (table: string, rows: Rows) => Promise<void>
}

export type Body<P extends string> = (here: Here<P>) => Promise<void> | void
export interface SentenceOptions {
  /** Capabilities without which the sentence cannot hold. */
  readonly needs?: readonly Capability[]
}

export interface EveryDatabase<P extends string> {
  (title: string, body: Body<P>): void
  (title: string, options: SentenceOptions, body: Body<P>): void
}

/** Gives the function that registers a sentence on each database, for one world. */
export function everyDatabaseOf<P extends string>(world: World<P>): EveryDatabase<P> {
  const opened = databases.map((database) => ({ database, here: openOnce(database, world) }))
  return (title: string, ...rest: [Body<P>] | [SentenceOptions, Body<P>]) => {
    const [options, body] = rest.length === 2 ? rest : [{}, rest[0]]
    for (const { database, here } of opened) register(database, title, options, async () => body(await here()))
  }
}

function register(database: SpecDatabase, title: string, options: SentenceOptions, ask: () => Promise<void>): void {
  const { name, missing } = database
  const capability = options.needs?.find((need) => gaps[name][need] !== undefined)
  const gap = capability && { capability, reason: gaps[name][capability] ?? '' }
  describe(name, () => {
    if (missing !== undefined) test.skip(title, { meta: { database: name, missing } }, ask)
    else if (gap === undefined) test(title, { meta: { database: name } }, ask)
    else if (process.env['PLINTH_FORCE_GAPS']) test.fails(title, { meta: { database: name, gap } }, ask)
    else test.skip(title, { meta: { database: name, gap } }, ask)
  })
}

/** Opens at the first call and closes when the file is done. */
function openOnce<P extends string>(database: SpecDatabase, world: World<P>): () => Promise<Here<P>> {
  let here: Promise<Here<P> & { close(): Promise<void> }> | undefined
  if (database.missing === undefined) {
    afterAll(async () => {
      await (await here?.catch(() => undefined))?.close()
    })
  }
  return () => (here ??= openWorld(database, world))
}

async function openWorld<P extends string>(database: SpecDatabase, world: World<P>): Promise<Here<P> & { close(): Promise<void> }> {
  const fresh = await database.create()
  try {
    await world.fill?.(fresh)
    const backend = await openBackend(world, fresh)
    const insert = inserter(backend)
    for (const [table, rows] of Object.entries(world.rows ?? {})) await insert(table, rows)
    const as = await tokensOf(backend, world.people)
    const close = async (): Promise<void> => {
      await backend.stop()
      await fresh.drop()
    }
    return { database: database.name, backend, as, ask: asker(backend, as), sql: fresh.sql, insert, close }
  } catch (error) {
    await fresh.drop()
    throw error
  }
}

function openBackend<P extends string>(world: World<P>, fresh: FreshDatabase): Promise<Running> {
  const environment = { DATABASE_URL: fresh.url, PLINTH_DATA: fresh.folder, PLINTH_LOG_LEVEL: 'silent', ...world.settings }
  return open(world.backend, { settings: readSettings(environment, world.backend.settings), clock: () => now, random: seededBytes(1) })
}

async function tokensOf<P extends string>(backend: Running, people: World<P>['people']): Promise<Record<P, string>> {
  const tokens: Partial<Record<P, string>> = {}
  for (const name in people) tokens[name] = await signToken(backend.keys, { ...people[name], expiresIn: 3600, now })
  // Every person has a token now.
  return tokens as Record<P, string>
}

/** Puts rows in as the system: one list of columns for all, and a column's default where a row does not name it. */
function inserter(backend: Running): Here<string>['insert'] {
  return async (table, rows) => {
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
    const values = rows.map((row) => columns.map((column) => row[column]))
    await backend.ask({ query: { kind: 'insert', table, columns, rows: { kind: 'value', at: 0 } }, values: [values] }, SYSTEM)
  }
}

function asker<P extends string>(backend: Running, tokens: Readonly<Record<P, string>>): Here<P>['ask'] {
  return async (target, { as, method = 'GET', headers = {}, body } = {}) => {
    const [path = '', query = ''] = target.split(/\?(.*)/s, 2)
    const response = await backend.handle({
      method,
      path,
      query,
      headers: { ...credentials(backend, tokens, as), ...lowerCased(headers) },
      body: body === undefined ? undefined : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
      id: 'spec',
    })
    const whole = response.stream === undefined ? response.body : await new Response(response.stream).bytes()
    const text = whole === undefined ? '' : Buffer.from(whole).toString()
    return { status: response.status, headers: lowerCased(response.headers), text, body: parsed(text, response.headers) }
  }
}

function credentials<P extends string>(
  backend: Running,
  tokens: Readonly<Record<P, string>>,
  as: P | 'service' | undefined,
): Record<string, string> {
  if (as === 'service') return { apikey: backend.keys.secret }
  return { apikey: backend.keys.publishable, ...(as && { authorization: `Bearer ${tokens[as]}` }) }
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

function parsed(text: string, headers: Readonly<Record<string, string>>): unknown {
  const type = lowerCased(headers)['content-type'] ?? ''
  return /^application\/([a-z.-]+\+)?json/.test(type) && text !== '' ? JSON.parse(text) : text
}

/** Bytes that look random and are the same in each run (xorshift). */
function seededBytes(seed: number): (length: number) => Buffer {
  let state = seed
  const next = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state & 255
  }
  return (length) => Buffer.from(Array.from({ length }, next))
}
