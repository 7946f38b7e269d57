/**
 * A file into a table. Reads, batches, inserts through the path, and reports what did not go in by its line.
 *
 * 1. Memory is bounded: one batch at a time, and the file is read on only when the batch before is in.
 * 2. Every batch is a transaction of its own: what has been counted as inserted is on disk, whatever comes after.
 * 3. In a table that refers to itself, a row whose reference is not there yet waits and is tried again at the end.
 */
import { Problem } from '../errors.ts'
import type { Ask } from '../query/ask.ts'
import { SYSTEM, type Who } from '../query/who.ts'
import { didYouMean } from '../schema/names.ts'
import type { Schema, Table } from '../schema/schema.ts'
import { putBatch, through, type PutRows } from './batch.ts'
import { readers, type FileRow, type Format, type Reader, type Source } from './rows.ts'

export interface Imported {
  readonly read: number
  readonly inserted: number
  readonly rejected: number
}

export interface ImportProgress extends Imported {
  readonly bytes: number
}

export interface Reject {
  readonly table: string
  /** The line of the file on which the row begins, from 1. */
  readonly line: number
  readonly problem: Problem
  /** What the file said, by column; empty where the row could not be read. */
  readonly row: Readonly<Record<string, unknown>>
}

export interface ImportOptions {
  readonly ask: Ask
  readonly schema: Schema
  readonly table: string
  readonly source: Source
  readonly format: Format
  /** Who is said to insert: the system, or somebody whose rules then apply. */
  readonly who?: Who
  readonly onProgress?: (progress: ImportProgress) => void
  readonly onReject?: (reject: Reject) => void | Promise<void>
  /** Rows in a transaction. */
  readonly batch?: number
}

const BATCH = 1000
/** Rows of one table that may wait for a row they refer to. */
const WAITING = 100_000

/** Throws a `Problem` where the file, the table or the database is at fault and going on makes no sense. */
export async function importRows(options: ImportOptions): Promise<Imported> {
  const table = findTable(options.schema, options.table)
  const counted = countBytes(options.source)
  const reader = readers[options.format](counted.source, table)
  return new Run(options, table, reader, counted.bytes).all()
}

/** The table of this name, or a sentence with the name that was probably meant. */
export function findTable(schema: Schema, name: string): Table {
  const table = schema.tables.get(name)
  if (table !== undefined) return table
  throw new Problem('PGRST205', `There is no table "${name}".`, { hint: didYouMean(name, schema.tables.keys()) })
}

function countBytes(source: Source): { source: Source; bytes: () => number } {
  let seen = 0
  async function* counting(): Source {
    for await (const chunk of source) {
      seen += chunk.length
      yield chunk
    }
  }
  return { source: counting(), bytes: () => seen }
}

class Run {
  readonly #options: ImportOptions
  readonly #table: Table
  readonly #reader: Reader
  readonly #bytes: () => number
  readonly #insert: (columns: readonly string[]) => PutRows
  readonly #refersToItself: boolean
  #read = 0
  #inserted = 0
  #rejected = 0
  #batch: FileRow[] = []
  #waiting: FileRow[] = []

  constructor(options: ImportOptions, table: Table, reader: Reader, bytes: () => number) {
    this.#options = options
    this.#table = table
    this.#reader = reader
    this.#bytes = bytes
    this.#insert = through(options.ask, options.who ?? SYSTEM, table.name, options.format === 'csv')
    this.#refersToItself = table.foreignKeys.some((key) => key.table === table.name)
  }

  async all(): Promise<Imported> {
    for await (const row of this.#reader.rows) {
      this.#read++
      if ('problem' in row) await this.#reject(row.line, row.problem)
      else this.#batch.push(row)
      if (this.#batch.length >= (this.#options.batch ?? BATCH)) await this.#flush()
    }
    await this.#flush()
    await this.#retry()
    return this.#counts()
  }

  async #flush(): Promise<void> {
    const rows = this.#batch
    this.#batch = []
    await this.#put(rows, (row, problem) => this.#waitOrReject(row, problem))
    this.#options.onProgress?.({ ...this.#counts(), bytes: this.#bytes() })
  }

  async #put(rows: readonly FileRow[], reject: (row: FileRow, problem: Problem) => void | Promise<void>): Promise<void> {
    this.#inserted += await putBatch(this.#insert(this.#reader.columns), rows, reject)
  }

  #waitOrReject(row: FileRow, problem: Problem): void | Promise<void> {
    if (!this.#refersToItself || problem.code !== '23503' || this.#waiting.length >= WAITING) return this.#reject(row.line, problem, row)
    this.#waiting.push(row)
  }

  /** Round after round, as long as a round gets any row in; what is left then has no one to refer to. */
  async #retry(): Promise<void> {
    for (let left: [FileRow, Problem][] = [], before = -1; this.#waiting.length > 0; left = []) {
      before = this.#waiting.length
      await this.#put(this.#waiting, (row, problem) => void left.push([row, problem]))
      this.#waiting = left.length < before ? left.map(([row]) => row) : []
      if (left.length === before) for (const [row, problem] of left) await this.#reject(row.line, problem, row)
    }
  }

  async #reject(line: number, problem: Problem, row?: FileRow): Promise<void> {
    this.#rejected++
    await this.#options.onReject?.({ table: this.#table.name, line, problem, row: this.#named(row) })
  }

  #named(row: FileRow | undefined): Readonly<Record<string, unknown>> {
    if (row === undefined) return {}
    return Object.fromEntries(this.#reader.columns.flatMap((name, at) => (row.values[at] === undefined ? [] : [[name, row.values[at]]])))
  }

  #counts(): Imported {
    return { read: this.#read, inserted: this.#inserted, rejected: this.#rejected }
  }
}
