/**
 * SQLite by way of `node:sqlite`: one connection that reads, here; one that writes, in a thread of its own; and one that
 * changes the schema, here, which is used at the start and when the file is loaded anew.
 *
 * 1. `prepare` outside a transaction reads what is committed, at once, even while a transaction is open. A statement
 *    that writes becomes a transaction of its own.
 * 2. Transactions queue up; each takes the write lock when it begins, so that none can fail half way for a lock.
 * 3. What was written is seen by whatever is asked after its answer.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { DatabaseSync } from 'node:sqlite'
import type { Schema } from '../../schema/schema.ts'
import type { Connection, Driver, Prepared } from '../sql/driver.ts'
import { connectReader, connectWriter, placeOf } from './connect.ts'
import { createDeadline, type Deadline } from './deadline.ts'
import { isBusy, toProblem } from './errors.ts'
import { createQueue } from './queue.ts'
import { createStatements, isRead } from './statements.ts'
import { Snapshots } from './snapshots.ts'
import { createTurn } from './turn.ts'
import { Writer } from './writer/writer.ts'

export interface SqliteOptions {
  /** Milliseconds a statement may take; it is stopped where it calls a function of ours. */
  readonly statementTimeout?: number
  /** Milliseconds to wait for another process that writes. */
  readonly lockTimeout?: number
  /** How many prepared statements each connection keeps. */
  readonly statements?: number
  /** The most bytes of a text that is read, made or written; see `connectReader`. */
  readonly longest?: number
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
  readonly builder: DatabaseSync
  readonly deadline: Deadline
  readonly lockTimeout: number
  /** Called before each commit. */
  readonly committing: () => void
  schema: Schema | undefined
}

export function openSqlite(path: string, options: SqliteOptions = {}): SqliteDriver {
  const { statementTimeout = 10_000, lockTimeout = 5000, statements: kept = 500, longest } = options
  const place = placeOf(path)
  const deadline = createDeadline(statementTimeout)
  const builder = connectWriter(place.path, deadline)
  const reader = connectReader(place.path, options.mapped ?? 0, deadline, longest)
  const turn = createTurn(reader)
  const state: State = { builder, deadline, committing: turn.end, schema: undefined, lockTimeout }
  const reads = createStatements(reader, { kept, starting: deadline.start, explain: (error) => toProblem(error, state.schema) })
  const rebuilds = createStatements(builder, { kept: 20, starting: deadline.lift, explain: (error) => toProblem(error, state.schema) })
  const rebuilding: Connection = { prepare: rebuilds.prepare, query: rebuilds.query, execute: (text) => execute(text, state) }
  const queue = createQueue()
  const snapshots = new Snapshots(() => connectReader(place.path, 0, deadline, longest), { kept: 50, starting: deadline.start })
  const writer = new Writer({ path: place.path, statementTimeout, lockTimeout, statements: kept, longest }, turn.end)
  return {
    title: `SQLite ${versionOf(builder)}`,
    path: place.path,
    arrived: turn.arrived,
    learn(schema) {
      state.schema = schema
      writer.learn(schema)
    },
    prepare: (text) => (isRead(text) || isQuery(text) ? reads.prepare(text) : ownTransaction(text, writer)),
    execute: (text) => writer.transaction((inner) => inner.execute(text)),
    transaction: (work, { reads: readOnly = false } = {}) => (readOnly ? snapshots.run(work) : writer.transaction(work)),
    write: (program) => writer.write(program),
    rebuild: (work) => queue.run(() => withoutForeignKeys(() => transact(() => work(rebuilding), state), state)),
    probe: async () => void reads.prepare('SELECT 1').rows([]),
    close: () =>
      queue.run(async () => {
        await writer.close()
        snapshots.close()
        turn.end()
        reads.clear()
        rebuilds.clear()
        reader.close()
        builder.close()
        place.leave()
      }),
  }
}

/** `WITH … SELECT`; one that ends in a write is for transactions alone, and the reading connection refuses it. */
const isQuery = (text: string): boolean => /^\s*with\b/i.test(text)

function ownTransaction(text: string, writer: Writer): Prepared {
  return {
    rows: (values) => writer.transaction((connection) => connection.prepare(text).rows(values)),
    count: (values) => writer.transaction((connection) => connection.prepare(text).count(values)),
  }
}

// ── Changes of the schema ──

function execute(text: string, state: State): void {
  state.deadline.lift()
  try {
    state.builder.exec(text)
  } catch (error) {
    throw toProblem(error, state.schema)
  }
}

async function transact<T>(work: () => T | Promise<T>, state: State): Promise<T> {
  await begin(state)
  try {
    const result = await work()
    state.committing()
    execute('COMMIT', state)
    return result
  } catch (error) {
    if (state.builder.isTransaction) state.builder.exec('ROLLBACK')
    throw error
  }
}

/** Waits for another write without holding up this thread. */
async function begin(state: State): Promise<void> {
  const until = performance.now() + state.lockTimeout
  for (let pause = 2; ; pause = Math.min(pause * 2, 50)) {
    try {
      state.builder.exec('BEGIN IMMEDIATE')
      return
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw toProblem(error)
    }
    await sleep(pause)
  }
}

/** Renaming a table leaves alone what refers to the name it gets: references, and views of others. */
async function withoutForeignKeys<T>(work: () => Promise<T>, state: State): Promise<T> {
  state.builder.exec('PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON')
  try {
    return await work()
  } finally {
    state.builder.exec('PRAGMA legacy_alter_table = OFF; PRAGMA foreign_keys = ON')
  }
}

const versionOf = (database: DatabaseSync): string => String(database.prepare('SELECT sqlite_version() AS version').get()?.['version'])
