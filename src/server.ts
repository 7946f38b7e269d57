/**
 * The composition root: from a backend and its settings to something that answers requests. The only file that may
 * import every folder.
 *
 * 1. Order: read the file, record its rules, open the database, bring it to the schema, find the keys; then the path.
 *    Nothing is asked before all of it is right.
 * 2. What fails on the way closes what was opened before it.
 * 3. A new version of the backend takes over between two requests; until it is right, the last one goes on serving.
 *
 * To add a protocol: a line in `protocolsOf`.
 */
import { randomBytes } from 'node:crypto'
import { createIdentify, type Identify } from './auth/identify.ts'
import { loadKeys as findKeys, type Keys } from './auth/keys.ts'
import type { Builder } from './databases/builder.ts'
import { openStore } from './databases/open.ts'
import type { Store } from './databases/sql/store.ts'
import { Problem } from './errors.ts'
import type { EventName } from './events.ts'
import { createFunctions } from './functions/run.ts'
import { Exchange } from './http/exchange.ts'
import { listen, type Listening, type Report } from './http/listen.ts'
import { problemAnswer } from './http/problem.ts'
import { withRates } from './http/rates.ts'
import { requestIds, traceOf } from './http/trace.ts'
import { DatabaseWatch } from './observe/database-watch.ts'
import { createLog, type Log, type LogDestination } from './observe/log.ts'
import { logRequest } from './observe/requests.ts'
import { bring, pending } from './migrate/bring.ts'
import { reset, type Agree } from './migrate/reset.ts'
import { readSeeded, writeSeeded } from './migrate/notes.ts'
import { describeStep } from './migrate/sentences.ts'
import type { Protocol, Request, Response } from './protocols/protocol.ts'
import { createFunctionsProtocol } from './protocols/functions/functions.ts'
import { createRest } from './protocols/rest/rest.ts'
import type { Ask } from './query/ask.ts'
import { createPath, type Outcome, type Path } from './request.ts'
import { readBackend } from './rules/record.ts'
import { prepareRules, type Rules } from './rules/rules.ts'
import type { Backend } from './schema/backend.ts'
import { ownSchema } from './schema/own.ts'
import type { Schema } from './schema/schema.ts'
import type { Settings } from './settings.ts'
import { UNSEEDED, type SeedStore } from './transfer/seed.ts'

export type Allow = 'create' | 'lossless'

/** What was done to the database: a sentence for each step. */
interface Brought {
  readonly created: boolean
  readonly applied: readonly string[]
}

export { signToken } from './auth/keys.ts'

export interface OpenOptions {
  readonly settings: Settings
  /** What may be done to the database: only to make an empty one, or every change that loses nothing. */
  readonly allow?: Allow
  /**
   * The one process that serves this database: another that would be unsafe beside it is refused before anything is
   * changed. Left out, it is refused when this one listens.
   */
  readonly serve?: boolean
  /** It runs for whoever writes the file: answers tell more than in the open. */
  readonly development?: boolean
  /** Milliseconds since 1970. */
  readonly clock?: () => number
  readonly random?: (length: number) => Uint8Array
  /** Where log lines go: standard output where left out. */
  readonly log?: LogDestination
  /** Events that are left out of the log, because the caller says them in its own way. */
  readonly unsaid?: readonly EventName[]
}

export interface Running {
  /** Of the version that serves now. */
  readonly schema: Schema
  /** For people: `SQLite 3.53.4`. */
  readonly database: string
  readonly keys: Keys
  /** The database was empty, and was made. */
  readonly created: boolean
  /** What was done to the database at the start, a sentence each. */
  readonly applied: readonly string[]
  readonly seedStore: SeedStore
  readonly ask: Ask
  /** Answers a request in this process, without listening. */
  handle(request: Request): Promise<Response>
  listen(): Promise<{ readonly url: string }>
  /** Serves another version of the backend from now on; throws and goes on as before where it is not right. */
  replace(backend: Backend): Promise<{ readonly applied: readonly string[] }>
  /** Finishes what is under way and closes everything. */
  stop(): Promise<void>
}

/**
 * Opens a backend. Throws a `LoadFailure` for what is wrong with the file, a setting or the database.
 * @example const running = await open(backend, { settings: readSettings(process.env, backend.settings) })
 */
export async function open(backend: Backend, options: OpenOptions): Promise<Running> {
  const { settings, clock = Date.now } = options
  const rules = rulesOf(backend)
  const log = createLog({ ...logForm(settings), now: clock, unsaid: options.unsaid, ...(options.log && { destination: options.log }) })
  const store = await openStore(settings, clock)
  try {
    if (options.serve) await store.lock()
    const began = performance.now()
    const brought = await bringTo(store, rules, options.allow ?? 'lossless')
    if (brought.applied.length > 0) log.emit('schema_applied', { steps: brought.applied.length, ms: since(began) })
    const keys = await loadKeys(settings, options.random)
    if (keys.made) log.emit('keys_made', { file: keys.made })
    return new Server({ settings, clock, log, store, keys, rules, brought, timed: timedFor(settings, options.development ?? false) })
  } catch (error) {
    await store.close()
    throw error
  }
}

/** Whose answers say how long each step took. */
function timedFor({ serverTiming }: Settings, development: boolean): Timed {
  if (serverTiming === 'nobody') return () => false
  if (serverTiming === 'everyone' || (serverTiming === 'auto' && development)) return () => true
  return ({ who }) => who?.kind === 'service'
}

/** The keys of a backend with these settings; made where there are none yet. */
export function loadKeys(settings: Settings, random: OpenOptions['random'] = randomBytes): Promise<Keys> {
  const { data: folder, publishableKey: publishable, secretKey: secret, jwtSecret: issuer, production } = settings
  return findKeys({ folder, publishable, secret, issuer, production, random })
}

/**
 * What would have to be done to the database, without doing it; undefined where Plinth has not made it yet. Throws a
 * `LoadFailure` for a file that is not right.
 */
export const pendingSteps = (backend: Backend, settings: Settings): Promise<readonly string[] | undefined> =>
  withBuilder(backend, settings, async (builder, { schema }) => (await pending(builder, schema))?.map(describeStep))

/** Empties the database of all that Plinth made in it, unless `agree`, which is told what that is, throws. */
export const resetDatabase = (backend: Backend, settings: Settings, agree: Agree): Promise<void> =>
  withBuilder(backend, settings, async (builder, _, store) => {
    await store.lock()
    await reset(builder, UNSEEDED, agree)
  })

async function withBuilder<T>(
  backend: Backend,
  settings: Settings,
  work: (builder: Builder, rules: Rules, store: Store) => Promise<T>,
): Promise<T> {
  const rules = rulesOf(backend)
  const store = await openStore(settings)
  try {
    return await work(builderOf(store, rules), rules, store)
  } finally {
    await store.close()
  }
}

/** Throws a `LoadFailure` with every mistake of the file, its rules too. */
export const judge = (backend: Backend): void => void rulesOf(backend)

const rulesOf = (backend: Backend): Rules => {
  const { schema, recorded } = readBackend(backend)
  return prepareRules(schema, recorded)
}

function logForm({ log, logLevel }: Settings): { level: Settings['logLevel']; form: 'json' | 'pretty'; colour: boolean } {
  const terminal = process.stdout.isTTY
  const form = log === 'pretty' || (log === 'auto' && terminal) ? 'pretty' : 'json'
  return { level: log === 'off' ? 'silent' : logLevel, form, colour: terminal && !process.env['NO_COLOR'] }
}

const since = (began: number): number => Math.round((performance.now() - began) * 1000) / 1000

// ── Serving ──

type Timed = (notes: { readonly who: { readonly kind: string } | undefined }) => boolean

interface ServerParts {
  readonly settings: Settings
  readonly clock: () => number
  readonly log: Log
  readonly store: Store
  readonly keys: Keys
  readonly rules: Rules
  readonly brought: Brought
  readonly timed: Timed
}

/** One version of the backend, ready to answer. */
interface Version {
  readonly schema: Schema
  readonly path: Path
}

class Server implements Running {
  readonly keys: Keys
  readonly database: string
  readonly created: boolean
  readonly applied: readonly string[]
  readonly seedStore: SeedStore
  readonly #parts: ServerParts
  readonly #identify: Identify
  readonly #watch: DatabaseWatch
  #version: Version
  #listening: Listening | undefined
  #stopped: Promise<void> | undefined

  constructor(parts: ServerParts) {
    const { settings, clock, log, store, keys, brought } = parts
    this.#parts = parts
    this.keys = keys
    this.database = store.database.title
    this.created = brought.created
    this.applied = brought.applied
    this.seedStore = seedStoreOf(store, parts.rules)
    this.#watch = new DatabaseWatch(log.emit, clock)
    const identify = createIdentify({ keys, outside: outsideOf(settings), now: clock, emit: log.emit })
    // In this process alone there is nobody to hold back.
    this.#identify = withRates(identify, settings, () => this.#listening !== undefined)
    this.#version = this.#makeVersion(parts.rules)
  }

  get schema(): Schema {
    return this.#version.schema
  }

  readonly ask: Ask = (question, who) => this.#version.path.ask(question, who)

  async handle(request: Request): Promise<Response> {
    return this.#stopped ? stopping(request) : this.#respond(request)
  }

  #respond(request: Request): Response | Promise<Response> {
    return this.#version.path.handle(request) ?? nowhere(request)
  }

  #makeVersion(rules: Rules): Version {
    const { settings, store } = this.#parts
    const { schema } = rules
    const call = createFunctions({
      schema,
      syntax: store.database.capabilities.syntax,
      transact: store.database.transaction,
      send: (sent, who, within) => path.send({ ...sent, id: '' }, who, within),
      transactionTimeout: settings.functionTimeout,
      actionTimeout: settings.actionTimeout,
    })
    const path: Path = createPath({
      identify: this.#identify,
      protocols: protocolsOf(schema, settings),
      rules,
      database: store.database,
      call,
      limits: settings,
      observe: (outcome) => this.#observe(outcome),
      now: () => performance.now(),
    })
    return { schema, path }
  }

  async replace(backend: Backend): Promise<{ readonly applied: readonly string[] }> {
    const began = performance.now()
    const rules = rulesOf(backend)
    const { applied } = await bringTo(this.#parts.store, rules, 'lossless')
    this.#version = this.#makeVersion(rules)
    this.#parts.log.emit('replaced', { tables: rules.schema.tables.size, steps: applied.length, ms: since(began) })
    return { applied }
  }

  // ── What happened ──

  #observe(outcome: Outcome): void {
    const { request, response, who, problem, times } = outcome
    this.#watch.saw(problem)
    // What came over the network is logged when its answer is written.
    if (request instanceof Exchange) return void (request.notes = outcome)
    const { status, body } = response
    const ms = Object.values(times).reduce((sum, time) => sum + time, 0)
    const trace = traceOf(request.headers['traceparent'])
    logRequest(this.#parts.log, { request, status, bytes: body?.length ?? 0, ms, who, problem, trace, gone: false })
  }

  #answered({ exchange, status, bytes, ms, problem, gone }: Report): void {
    const { notes, headers } = exchange
    const seen = problem ?? notes?.problem
    const trace = traceOf(headers['traceparent'])
    logRequest(this.#parts.log, { request: exchange, status, bytes, ms, who: notes?.who, problem: seen, trace, gone })
  }

  // ── Listening and stopping ──

  async listen(): Promise<{ readonly url: string }> {
    const began = performance.now()
    const { settings, store, log, timed } = this.#parts
    await store.lock()
    const { maxUrl: url, maxHeaders: headers, maxBody: body } = settings
    const handle = (exchange: Exchange): Response | Promise<Response> => {
      // With a body it arrived some time ago.
      if (exchange.body === undefined) store.arrived?.(exchange.started)
      return this.#respond(exchange)
    }
    this.#listening = await listen(handle, {
      ...settings,
      limits: { url, headers, body },
      timed,
      probe: () => this.#probe(),
      requestId: requestIds(randomBytes),
      answered: (report) => this.#answered(report),
      refused: ({ code, message }) => log.emit('refused', { code, reason: message }),
    })
    log.emit('listening', { url: this.#listening.url, database: this.database, tables: this.schema.tables.size, ms: since(began) })
    return { url: this.#listening.url }
  }

  async #probe(): Promise<void> {
    try {
      await this.#parts.store.database.probe()
      this.#watch.saw(undefined)
    } catch (error) {
      this.#watch.saw(error)
      throw error
    }
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #stop(): Promise<void> {
    const { log, store } = this.#parts
    const listening = this.#listening
    if (listening) {
      log.emit('stopping', { waiting: listening.running() })
      log.emit('stopped', { cut: await listening.stop() })
    }
    await store.close()
    log.flush()
  }
}

const stopping = (request: Request): Response =>
  problemAnswer(new Problem('shutting_down', 'The server is stopping.', { headers: { 'Retry-After': '1' } }), request.id)

const nowhere = (request: Request): Response =>
  problemAnswer(new Problem('PGRST125', 'There is nothing at this path.', { hint: 'Tables are at /rest/v1/<table>.' }), request.id)

const protocolsOf = (schema: Schema, settings: Settings): readonly Protocol[] => [createRest(schema, settings), createFunctionsProtocol()]

const outsideOf = ({
  jwtSecret: secret,
  jwtJwksUrl: jwksUrl,
  jwtIssuer: issuer,
  jwtAudience: audience,
  jwtRolesClaim: rolesClaim,
}: Settings) => ({ secret, jwksUrl, issuer, audience, rolesClaim })

// ── The database and the schema ──

function builderOf(store: Store, rules: Rules): Builder {
  return store.builder((table, { name }) => {
    const test = rules.check(table.name, name)
    if (test === undefined) throw new Error(`the check ${name} of ${table.name} was not recorded`)
    return test
  })
}

/** Brings the database to the schema; says what was done, a sentence for each step. */
async function bringTo(store: Store, rules: Rules, allow: Allow): Promise<Brought> {
  const { created, applied } = await bring(builderOf(store, rules), rules.schema, { allow })
  store.learn({ ...rules.schema, tables: new Map([...ownSchema.tables, ...rules.schema.tables]) })
  return { created, applied: applied.map(describeStep) }
}

/** Where the mark of the seed is kept, among our own notes in the database. */
function seedStoreOf(store: Store, rules: Rules): SeedStore {
  const builder = builderOf(store, rules)
  return { read: () => readSeeded(builder), write: (mark) => writeSeeded(builder, mark), empty: (tables) => store.empty(tables) }
}
