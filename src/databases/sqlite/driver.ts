/**
 * SQLite by way of `node:sqlite`: one connection that writes and one that reads.
 *
 * 1. `prepare` outside a transaction reads what is committed, at once, even while a transaction is open. A statement
 *    that writes becomes a transaction of its own.
 * 2. Transactions queue up; each takes the write lock when it begins, so that none can fail half way for a lock.
 * 3. After the disk failed in a write nothing more is written by this process: what is on disk is not known.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { DatabaseSync } from 'node:sqlite'
import { Problem } from '../../errors.ts'
import type { Schema } from '../../schema/schema.ts'
import type { Connection, Driver, Prepared, SqlRow, SqlValue } from '../sql/driver.ts'
import { carryOut, drive, type Asked } from '../sql/write/carry-out.ts'
import type { Outcome, Program } from '../sql/write/program.ts'
import { sqliteBinding } from './binding.ts'
import { connectReader, connectWriter, placeOf } from './connect.ts'
import { createDeadline, type Deadline } from './deadline.ts'
import { isNative, toProblem } from './errors.ts'
import { createQueue } from './queue.ts'
import { createStatements, isRead, type Statements } from './statements.ts'
import { createTurn } from './turn.ts'
import { explainViolation } from './violations.ts'

export interface SqliteOptions {
  /** Milliseconds a statement may take; it is stopped where it calls a function of ours. */
  readonly statementTimeout?: number
  /** Milliseconds to wait for another process that writes. */
  readonly lockTimeout?: number
  /** How many prepared statements each connection keeps. */
  readonly statements?: number
  /** How many bytes of the file are read through the process's memory; see `connectReader`. */
  readonly mapped?: number
}

export interface SqliteDriver extends Driver {
  /** `SQLite 3.53.4`. */
  readonly title: string
  readonly path: string
  /** See `Store`. */
  readonly arrived: (now: number) => void
  /** Gives errors the names of constraints. */
  learn(schema: Schema): void
  /** A transaction without a deadline in which foreign keys are off, for tables that are made anew. The caller checks them. */
  rebuild<T>(work: (connection: Connection) => T | Promise<T>): Promise<T>
}

interface State {
  readonly writer: DatabaseSync
  readonly deadline: Deadline
  readonly lockTimeout: number
  /** Called before each commit. */
  readonly committing: () => void
  schema: Schema | undefined
  diskFailed: boolean
}

export function openSqlite(path: string, options: SqliteOptions = {}): SqliteDriver {
  const place = placeOf(path)
  const deadline = createDeadline(options.statementTimeout ?? 10_000)
  const writer = connectWriter(place.path, deadline)
  const reader = connectReader(place.path, options.mapped ?? 0, deadline)
  const turn = createTurn(reader)
  const { lockTimeout = 5000 } = options
  const state: State = { writer, deadline, committing: turn.end, schema: undefined, diskFailed: false, lockTimeout }
  const kept = options.statements ?? 500
  const reads = createStatements(reader, { kept, starting: deadline.start, explain: (error) => toProblem(error, state.schema) })
  const writes = writesOf(state, kept, deadline.start)
  const rebuilds = writesOf(state, 20, deadline.lift)
  const connection: Connection = { prepare: writes.prepare, execute: (text) => execute(text, state) }
  const rebuilding: Connection = { ...connection, prepare: rebuilds.prepare }
  const queue = createQueue()
  const transaction: Driver['transaction'] = (work) => queue.run(() => transact(() => work(connection), state))
  return {
    title: `SQLite ${versionOf(writer)}`,
    path: place.path,
    arrived: turn.arrived,
    learn: (schema) => void (state.schema = schema),
    prepare: (text) => (isRead(text) || isQuery(text) ? reads.prepare(text) : ownTransaction(text, transaction)),
    execute: (text) => transaction((inner) => inner.execute(text)),
    transaction,
    write: (program) => writeAlone(program, writes.prepare, transaction),
    rebuild: (work) => queue.run(() => withoutForeignKeys(() => transact(() => work(rebuilding), state), state)),
    probe: async () => void reads.prepare('SELECT 1').rows([]),
    close: () =>
      queue.run(async () => {
        turn.end()
        reads.clear()
        writes.clear()
        rebuilds.clear()
        reader.close()
        writer.close()
        place.leave()
      }),
  }
}

function writesOf(state: State, kept: number, starting: () => void): Statements {
  const explain = (error: unknown, text: string, values: readonly SqlValue[]): unknown => {
    // What is looked up for the explanation has a time of its own.
    starting()
    return explainViolation(error, state.writer, state.schema, text, values)
  }
  return createStatements(state.writer, { kept, starting, explain })
}

/** `WITH … SELECT`; one that ends in a write is for transactions alone, and the reading connection refuses it. */
const isQuery = (text: string): boolean => /^\s*with\b/i.test(text)

function ownTransaction(text: string, transaction: Driver['transaction']): Prepared {
  return {
    rows: (values) => transaction((connection) => connection.prepare(text).rows(values)),
    count: (values) => transaction((connection) => connection.prepare(text).count(values)),
  }
}

/** Undone in the end, with what came of it. */
class Rehearsed extends Error {
  readonly outcome: Outcome
  constructor(outcome: Outcome) {
    super('a rehearsal is undone')
    this.outcome = outcome
  }
}

async function writeAlone(program: Program, prepare: Statements['prepare'], transaction: Driver['transaction']): Promise<Outcome> {
  const send = ({ text, values, counted }: Asked): readonly SqlRow[] | number => {
    const prepared = prepare(text)
    // Both answer at once here.
    return (counted ? prepared.count(values) : prepared.rows(values)) as readonly SqlRow[] | number
  }
  try {
    return await transaction(() => {
      const outcome = drive(carryOut(program, sqliteBinding.keys), send)
      if (program.rehearsal) throw new Rehearsed(outcome)
      return outcome
    })
  } catch (error) {
    if (error instanceof Rehearsed) return error.outcome
    throw error
  }
}

function execute(text: string, state: State): void {
  state.deadline.lift()
  try {
    state.writer.exec(text)
  } catch (error) {
    throw toProblem(error, state.schema)
  }
}

async function transact<T>(work: () => T | Promise<T>, state: State): Promise<T> {
  if (state.diskFailed)
    throw new Problem('08006', 'The disk failed in an earlier write', { hint: 'Look at the disk, then start the server again.' })
  await begin(state)
  try {
    const result = await work()
    state.committing()
    execute('COMMIT', state)
    return result
  } catch (error) {
    state.diskFailed = isDiskFailure(error)
    if (state.writer.isTransaction) state.writer.exec('ROLLBACK')
    throw error
  }
}

/** Waits for another process's write without holding up this one. */
async function begin(state: State): Promise<void> {
  const until = performance.now() + state.lockTimeout
  for (let pause = 2; ; pause = Math.min(pause * 2, 50)) {
    try {
      state.writer.exec('BEGIN IMMEDIATE')
      return
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw toProblem(error)
    }
    await sleep(pause)
  }
}

const isBusy = (error: unknown): boolean => isNative(error) && (error.errcode & 0xff) === 5

/** An I/O error in a write; reading and locking ones (their codes are known) leave nothing in doubt. */
function isDiskFailure(error: unknown): boolean {
  const cause = error instanceof Problem ? error.cause : error
  return isNative(cause) && [778, 1034, 1290, 1546].includes(cause.errcode)
}

/** Renaming a table leaves alone what refers to the name it gets: references, and views of others. */
async function withoutForeignKeys<T>(work: () => Promise<T>, state: State): Promise<T> {
  state.writer.exec('PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON')
  try {
    return await work()
  } finally {
    state.writer.exec('PRAGMA legacy_alter_table = OFF; PRAGMA foreign_keys = ON')
  }
}

const versionOf = (database: DatabaseSync): string => String(database.prepare('SELECT sqlite_version() AS version').get()?.['version'])
