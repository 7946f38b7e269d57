/**
 * PostgreSQL by way of `pg`: a pool of connections, each set up the same.
 *
 * 1. A text is prepared once for each connection; rows are lists; numbers are exact (see `types.ts`).
 * 2. A statement that runs past its deadline is stopped by the server and is `57014`.
 * 3. When a connection breaks, what was under way is `08006` with `Retry-After`, and what comes next gets a new one.
 *    A statement that found its connection dead already runs once more; nothing else is ever repeated.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, ClientConfig, Pool, PoolClient } from 'pg'
import { LoadFailure, Problem } from '../../errors.ts'
import type { Connection, Driver, Named, SqlRow, SqlValue, TransactionOptions } from '../sql/driver.ts'
import { carryOut, driveLater, type Asked } from '../sql/write/carry-out.ts'
import type { Outcome, Program } from '../sql/write/program.ts'
import { postgresBinding } from './binding.ts'
import { guardedClient, type PgModule } from './client.ts'
import { isAnswer, isBroken, toProblem, unreachable } from './errors.ts'
import { createNames, type StatementNames } from './names.ts'
import { prepareSession, type SessionOptions } from './session.ts'
import { types } from './types.ts'
import { describeAddress, readAddress, type Address } from './url.ts'
import { createWatch, type Watch } from './watch.ts'

export interface PostgresOptions {
  /** The most connections. The URL's `?pool=` wins. */
  readonly connections?: number
  /** Milliseconds a statement may take. */
  readonly statementTimeout?: number
  /** Milliseconds to wait for a connection. */
  readonly connectTimeout?: number
  /** Milliseconds a statement may be out before the server is asked whether it is there. */
  readonly patience?: number
  /** How many prepared statements each connection keeps. */
  readonly statements?: number
}

export interface PostgresDriver extends Driver {
  /** `PostgreSQL 15.18`. */
  readonly title: string
  /** The schema that holds the tables. */
  readonly schema: string
}

interface State {
  readonly pool: Pool
  readonly names: StatementNames
  readonly watch: Watch
  readonly statementTimeout: number
  /** Which statements a connection has prepared, by their generation. */
  readonly generations: WeakMap<PoolClient, number>
}

/** Connects once, so that a wrong address, password or server is told here. */
export async function openPostgres(url: string, options: PostgresOptions = {}): Promise<PostgresDriver> {
  const address = readAddress(url)
  const pg = await loadPg()
  const state = createState(pg, address, options)
  const version = await firstConnection(state, address)
  return {
    title: `PostgreSQL ${version}`,
    schema: address.schema,
    prepare: (text) => ({
      rows: async (values) => (await runAlone(state, text, values)).rows,
      count: async (values) => (await runAlone(state, text, values)).count,
    }),
    execute: (text) => withClient(state, async (client) => void (await guarded(state, client, () => client.query(text)))),
    transaction: (work, options = {}) => transact(state, work, options),
    write: (program) => write(state, program),
    probe: async () => void (await runAlone(state, 'SELECT 1', [])),
    close: async () => {
      state.watch.stop()
      await state.pool.end()
    },
  }
}

async function loadPg(): Promise<PgModule> {
  try {
    const loaded = await import('pg')
    return loaded.default
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error
    throw new LoadFailure([
      { place: 'DATABASE_URL', message: 'PostgreSQL needs the package "pg", which is not installed.', fix: 'Install it: npm install pg' },
    ])
  }
}

// ── Connections ──

function createState(pg: PgModule, address: Address, options: PostgresOptions): State {
  const { connectTimeout = 5000, statementTimeout = 10_000, patience = 2000 } = options
  const session: SessionOptions = { schema: address.schema, statementTimeout }
  const config = configOf(address, connectTimeout)
  const Client = guardedClient(pg)
  const pool = new pg.Pool({
    ...config,
    Client: Client as new () => Client, // its types forget that it is given the settings
    max: address.pool ?? options.connections ?? 10,
    idleTimeoutMillis: 30_000,
    // oxlint-disable-next-line typescript/no-misused-promises -- the pool waits for it, which its types do not say
    onConnect: (client) => prepareSession(client, session),
  })
  // A connection that breaks is taken out of the pool, and whoever used it is told by the statement; an error event that
  // nobody listens to would end the process.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => void client.on('error', () => undefined))
  const answers = (): Promise<boolean> => isThere(new Client({ ...config, connectionTimeoutMillis: patience }))
  return {
    pool,
    names: createNames(options.statements ?? 500),
    watch: createWatch({ patience, answers }),
    statementTimeout,
    generations: new WeakMap(),
  }
}

function configOf({ host, port, database, user, password, ssl }: Address, connectTimeout: number): ClientConfig {
  return {
    host,
    port,
    database,
    ssl,
    types,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    connectionTimeoutMillis: connectTimeout,
    keepAlive: true,
  }
}

async function firstConnection({ pool }: State, address: Address): Promise<string> {
  try {
    const client = await pool.connect()
    const { rows } = await client.query<[string]>({
      text: `SELECT split_part(current_setting('server_version'), ' ', 1)`,
      rowMode: 'array',
    })
    client.release()
    return String(rows[0]?.[0])
  } catch (error) {
    await pool.end()
    throw refusal(error, address)
  }
}

/** Says where it was tried, and why it did not work in the server's own words, which never hold the password. */
function refusal(error: unknown, address: Address): LoadFailure {
  const { message, hint } =
    !(error instanceof Problem) && isBroken(error) ? unreachable(error, 'The database cannot be reached') : toProblem(error)
  const told = error instanceof AggregateError ? String(error.errors[0]?.message) : error instanceof Error ? error.message : String(error)
  return new LoadFailure([
    {
      place: 'DATABASE_URL',
      message: `${message}: ${describeAddress(address)}${told === message ? '' : ` (${told})`}.`,
      fix: error instanceof Problem && hint !== null ? hint : wayOut(error, address),
    },
  ])
}

function wayOut(error: unknown, { database }: Address): string {
  const missing = error instanceof Error && 'code' in error && error.code === '3D000'
  return missing
    ? `Make it first: createdb ${database} (with the same host, port and user).`
    : 'See that the server runs, and that host, port, database, user and password in DATABASE_URL are right.'
}

/** Whether anybody answers there; a refusal is an answer too. */
async function isThere(client: Client): Promise<boolean> {
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.end()
    return true
  } catch (error) {
    return isAnswer(error)
  }
}

// ── Statements ──

/** A connection that breaks sooner than this was dead before the statement came. */
const DEAD_ALREADY = 50

async function runAlone(state: State, text: string, values: readonly SqlValue[]): Promise<Named> {
  const began = performance.now()
  try {
    return await withClient(state, (client) => runOn(state, client, text, values))
  } catch (error) {
    if (!isLoss(error) || performance.now() - began > DEAD_ALREADY || !isRead(text)) throw error
    return withClient(state, (client) => runOn(state, client, text, values))
  }
}

const isLoss = (error: unknown): boolean => error instanceof Error && isBroken(error.cause)
const isRead = (text: string): boolean => /^\s*(?:select|values)\b/i.test(text)

async function runOn(state: State, client: PoolClient, text: string, values: readonly SqlValue[]): Promise<Named> {
  const query = { name: state.names.of(text), text, values: [...values], rowMode: 'array' as const }
  const { rows, rowCount, fields } = await guarded(state, client, () => client.query<unknown[]>(query))
  return { names: fields.map(({ name }) => name), rows, count: rowCount ?? 0 }
}

/** Runs with the watch on, and gives every error its meaning. */
async function guarded<T>({ watch }: State, client: PoolClient, work: () => Promise<T>): Promise<T> {
  const done = watch.add(() => void endNow(client))
  try {
    return await work()
  } catch (error) {
    throw toProblem(error)
  } finally {
    done()
  }
}

/** With a statement under way, ending a client closes its socket at once. */
async function endNow(client: PoolClient): Promise<void> {
  // The pool's type leaves out what every client has.
  const whole: { end?: () => Promise<void> } = client
  await whole.end?.().catch(() => undefined)
}

async function withClient<T>(state: State, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await connected(state)
  let broken = false
  try {
    return await work(client)
  } catch (error) {
    broken = isLoss(error)
    throw error
  } finally {
    client.release(broken || isOutdated(state, client))
  }
}

async function connected({ pool, names, generations }: State): Promise<PoolClient> {
  try {
    const client = await pool.connect()
    if (!generations.has(client)) generations.set(client, names.generation())
    return client
  } catch (error) {
    throw isBroken(error) ? unreachable(error, 'The database cannot be reached') : toProblem(error)
  }
}

const isOutdated = ({ names, generations }: State, client: PoolClient): boolean => generations.get(client) !== names.generation()

// ── Transactions ──

function connectionOf(state: State, client: PoolClient, reads: boolean): Connection {
  const run = async (text: string, values: readonly SqlValue[]): Promise<Named> => {
    try {
      return await runOn(state, client, text, values)
    } catch (error) {
      throw reads ? asNoWrites(error) : error
    }
  }
  return {
    prepare: (text) => ({
      rows: async (values) => (await run(text, values)).rows,
      count: async (values) => (await run(text, values)).count,
    }),
    query: run,
    execute: async (text) => void (await guarded(state, client, () => client.query(text))),
  }
}

/** A write in a transaction that only reads; elsewhere the same error means a database that takes none from anybody. */
const asNoWrites = (error: unknown): unknown =>
  error instanceof Problem && error.cause instanceof Error && 'code' in error.cause && error.cause.code === '25006'
    ? new Problem('25006', 'Nothing may be written in a transaction that only reads', { cause: error.cause })
    : error

async function transact<T>(state: State, work: (connection: Connection) => T | Promise<T>, options: TransactionOptions): Promise<T> {
  return withClient(state, async (client) => {
    const connection = connectionOf(state, client, options.reads ?? false)
    await connection.execute(beginning(options, state))
    try {
      const result = await work(connection)
      await connection.execute('COMMIT')
      return result
    } catch (error) {
      await rollBack(client, () => connection.execute('ROLLBACK'))
      throw error
    }
  })
}

function beginning({ reads = false, serializable = false, timeout = Infinity }: TransactionOptions, { statementTimeout }: State): string {
  const limit = timeout < statementTimeout ? `; SET LOCAL statement_timeout = ${Math.ceil(timeout)}` : ''
  return `BEGIN${serializable ? ' ISOLATION LEVEL SERIALIZABLE' : ''}${reads ? ' READ ONLY' : ''}${limit}`
}

/** Where even that fails, the connection goes, and the server rolls back by itself. The first error is the one to tell. */
async function rollBack(client: PoolClient, work: () => unknown): Promise<void> {
  try {
    await work()
  } catch {
    await endNow(client)
  }
}

// ── Writes ──

/** How often a write is begun anew that another one got in the way of. */
const TRIES = 5

async function write(state: State, program: Program): Promise<Outcome> {
  for (let tried = 1; ; tried++) {
    try {
      return await writeOnce(state, program)
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== '40001' || tried === TRIES) throw error
      await sleep(Math.random() * 10 * 2 ** tried)
    }
  }
}

function writeOnce(state: State, program: Program): Promise<Outcome> {
  return withClient(state, async (client) => {
    const send = async ({ text, values, counted }: Asked): Promise<readonly SqlRow[] | number> => {
      const { rows, count } = await runOn(state, client, text, values)
      return counted ? count : rows
    }
    const carry = (): Promise<Outcome> => driveLater(carryOut(program, postgresBinding.keys), send)
    // A statement alone is a transaction of its own.
    if (isAlone(program)) return carry()
    await guarded(state, client, () => client.query('BEGIN'))
    try {
      const outcome = await carry()
      await guarded(state, client, () => client.query(program.rehearsal ? 'ROLLBACK' : 'COMMIT'))
      return outcome
    } catch (error) {
      await rollBack(client, () => guarded(state, client, () => client.query('ROLLBACK')))
      throw error
    }
  })
}

/** One statement, after which nothing is judged that could undo it. */
function isAlone({ steps, rehearsal, once }: Program): boolean {
  const [only, ...others] = steps
  if (only === undefined || others.length > 0 || rehearsal || once !== undefined) return false
  return only.do === 'remove' || (only.do === 'change' && only.sent.length === 1 && only.verdicts === 0 && only.conflict === undefined)
}
