/**
 * The backend's own first rows. Runs once, on a database that has just been made, on the same way as an import.
 *
 * 1. A mark in the database says which tables the seed has begun to fill, and then that it is done.
 * 2. A seed that was cut off is begun anew: the tables it had begun to fill are emptied first.
 * 3. Inserts run one after the other, in the order they were asked for, and the mark says done after the last one,
 *    whether the seed waited for them or not.
 * 4. A row that does not go in ends the seed; nothing is left out in silence.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate } from 'node:timers/promises'
import { Problem } from '../errors.ts'
import type { Ask } from '../query/ask.ts'
import { SYSTEM } from '../query/who.ts'
import type { SeedTools } from '../schema/backend.ts'
import type { Schema } from '../schema/schema.ts'
import { boundOf } from './bound.ts'
import { putBatch, through, type PutRows } from './batch.ts'
import { findTable } from './import.ts'
import { inFillingOrder } from './order.ts'

type SeedRows = Parameters<SeedTools['insert']>[1]
export type SeedFunction = (tools: SeedTools) => Promise<void>

/** Where the mark is kept, and how rows of a seed that was cut off are taken out again. Both go past the rules. */
export interface SeedStore {
  read(): Promise<string | undefined>
  write(mark: string): Promise<void>
  /** Deletes every row of each table, in the order given, all or nothing. */
  empty(tables: readonly string[]): Promise<void>
}

export interface SeedProgress {
  /** The table that is being filled, with its rows so far; or what the seed itself says it does. */
  readonly doing: { readonly table: string; readonly rows: number } | { readonly sentence: string }
  /** Rows in all tables. */
  readonly total: number
}

export interface SeedOptions {
  readonly seed: SeedFunction
  readonly schema: Schema
  readonly ask: Ask
  readonly store: SeedStore
  /** The database has just been made: nobody can have put rows in. */
  readonly fresh: boolean
  readonly onProgress?: (progress: SeedProgress) => void
}

type Mark = { readonly state: 'running'; readonly tables: readonly string[] } | { readonly state: 'done'; readonly rows: number }

/** The mark of a database that is to be seeded, though it was not made just now. */
export const UNSEEDED: string = JSON.stringify({ state: 'running', tables: [] } satisfies Mark)

/** Rows in a transaction. More than an import has: nobody waits for single ones, and each commit waits for the disk. */
const BATCH = 5000

/** Gives the number of rows, or `undefined` where there was nothing to do. */
export async function runSeed(options: SeedOptions): Promise<number | undefined> {
  const mark = await readMark(options.store)
  if (mark === undefined ? !options.fresh : mark.state === 'done') return undefined
  if (mark?.state === 'running') await options.store.empty(inFillingOrder(options.schema, mark.tables).toReversed())
  const seeding = new Seeding(options)
  await seeding.note()
  try {
    await options.seed({ insert: (table, rows) => seeding.insert(table, rows), progress: (sentence) => seeding.tell({ sentence }) })
  } catch (error) {
    seeding.giveUp()
    await seeding.settled().catch(() => undefined)
    throw error
  }
  return seeding.finish()
}

async function readMark(store: SeedStore): Promise<Mark | undefined> {
  const text = await store.read()
  // Our own mark, written below and by nobody else.
  return text === undefined ? undefined : (JSON.parse(text) as Mark)
}

class Seeding {
  readonly #options: SeedOptions
  readonly #rows = new Map<string, number>()
  #total = 0
  /** The insert asked for last, which comes after all others. */
  #last: Promise<unknown> = Promise.resolve()
  #over = false
  readonly #within = new AsyncLocalStorage<true>()

  constructor(options: SeedOptions) {
    this.#options = options
  }

  insert(name: string, rows: SeedRows): Promise<number> {
    // Rows that come from a generator which inserts others itself: those cannot wait for the end of the first.
    if (this.#within.getStore()) return this.#insert(name, rows)
    const inserted = this.#last.then(() => this.#within.run(true, () => this.#insert(name, rows)))
    this.#last = inserted
    // Told by `settled`, also where the seed does not wait for it.
    inserted.catch(() => undefined)
    return inserted
  }

  async #insert(name: string, rows: SeedRows): Promise<number> {
    if (this.#over) throw new Problem('XX000', 'insert() was called after the seed had ended: write await in front of it.')
    const table = findTable(this.#options.schema, name).name
    if (!this.#rows.has(table)) await this.#begin(table)
    const insert = through(this.#options.ask, SYSTEM, table)
    const before = this.#rows.get(table) ?? 0
    for await (const batch of batches(rows)) await this.#put(table, insert(batch.columns), batch.rows)
    return (this.#rows.get(table) ?? 0) - before
  }

  async #begin(table: string): Promise<void> {
    this.#rows.set(table, 0)
    await this.note()
  }

  /** Before the first row of a table, so that a cut can never leave rows that no mark speaks of. */
  note(): Promise<void> {
    return this.#write({ state: 'running', tables: [...this.#rows.keys()] })
  }

  async #put(table: string, put: PutRows, rows: readonly SeedRow[]): Promise<void> {
    const count = await putBatch(put, rows, (row, problem) => this.#refuse(table, row, problem))
    this.#total += count
    const inTable = (this.#rows.get(table) ?? 0) + count
    this.#rows.set(table, inTable)
    this.tell({ table, rows: inTable })
    // Where the database answers in the same turn, signals and timers would otherwise wait until all is in.
    await setImmediate()
  }

  tell(doing: SeedProgress['doing']): void {
    this.#options.onProgress?.({ doing, total: this.#total })
  }

  #refuse(table: string, row: SeedRow, problem: Problem): never {
    throw new Problem(problem.kind, `Seeding "${table}" stopped at its row ${row.number}: ${problem.message}`, {
      details: problem.details ?? boundOf(findTable(this.#options.schema, table), problem),
      hint: problem.hint ?? undefined,
      cause: problem,
    })
  }

  /** Until no insert is under way; throws what went wrong in one. */
  async settled(): Promise<void> {
    for (let last: unknown; last !== this.#last;) {
      last = this.#last
      await last
    }
  }

  /** What has not begun is left. */
  giveUp(): void {
    this.#over = true
  }

  async finish(): Promise<number> {
    await this.settled()
    this.#over = true
    await this.#write({ state: 'done', rows: this.#total })
    return this.#total
  }

  #write(mark: Mark): Promise<void> {
    return this.#options.store.write(JSON.stringify(mark))
  }
}

interface SeedRow {
  readonly number: number
  readonly values: readonly unknown[]
}
interface SeedBatch {
  readonly columns: readonly string[]
  readonly rows: readonly SeedRow[]
}

async function* batches(rows: SeedRows): AsyncIterable<SeedBatch> {
  let columns = new Map<string, number>()
  let held: SeedRow[] = []
  let number = 0
  // Not `for await` over a plain iterable: that would wait a turn for each row.
  for await (const chunk of chunks(rows)) {
    for (const row of chunk) held.push({ number: ++number, values: laid(row, columns) })
    yield { columns: [...columns.keys()], rows: held }
    ;[held, columns] = [[], new Map(columns)]
  }
}

async function* chunks(rows: SeedRows): AsyncIterable<readonly object[]> {
  let chunk: object[] = []
  const full = (row: object): boolean => chunk.push(row) >= BATCH
  const take = (): object[] => {
    const taken = chunk
    chunk = []
    return taken
  }
  if (Symbol.asyncIterator in rows) {
    for await (const row of rows) if (full(row)) yield take()
  } else {
    for (const row of rows) if (full(row)) yield take()
  }
  if (chunk.length > 0) yield take()
}

/** The row's values in the order of the columns; a name not met before becomes the next column. */
function laid(row: object, columns: Map<string, number>): unknown[] {
  const values: unknown[] = []
  for (const [name, value] of Object.entries(row)) {
    const at = columns.get(name) ?? columns.size
    if (at === columns.size) columns.set(name, at)
    values[at] = value
  }
  return values
}
