/**
 * A file into a table. Reads, batches, inserts through the path, and reports what did not go in by its line.
 *
 * 1. Memory is bounded: one batch at a time, and the file is read on only when the batch before is in.
 * 2. Every batch is a transaction of its own: what has been counted as inserted is on disk, whatever comes after.
 * 3. A file that cannot be read on ends the work, and so does a database that is gone; what was whole before goes in,
 *    and the counts are told in any case.
 * 4. In a table that refers to itself, a row whose reference is not there yet waits and is tried again at the end.
 */
import { Problem } from '../errors.ts'
import type { Ask } from '../query/ask.ts'
import { SYSTEM, type Who } from '../query/who.ts'
import { didYouMean } from '../schema/names.ts'
import type { Schema, Table } from '../schema/schema.ts'
import { putBatch, through, type PutRows } from './batch.ts'
import { readers, type BadRow, type FileRow, type Format, type Reader, type Source } from './rows.ts'

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
  /** What the file said, by column; where that cannot be told, the fields or the line as they stand there. */
  readonly row: Readonly<Record<string, unknown>> | readonly unknown[] | string
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
  /** Told once, also where the import throws. */
  readonly onEnd?: (counts: Imported) => void
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

type Refused = readonly [row: FileRow, problem: Problem]

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
  #bad: BadRow[] = []
  #waiting: FileRow[] = []
  /** Why the file could not be read to its end. */
  #broken: { readonly error: unknown } | undefined

  constructor(options: ImportOptions, table: Table, reader: Reader, bytes: () => number) {
    this.#options = options
    this.#table = table
    this.#reader = reader
    this.#bytes = bytes
    this.#insert = through(options.ask, options.who ?? SYSTEM, table.name, options.format === 'csv')
    this.#refersToItself = table.foreignKeys.some((key) => key.table === table.name)
  }

  async all(): Promise<Imported> {
    try {
      await this.#every()
    } finally {
      this.#options.onEnd?.(this.#counts())
    }
    if (this.#broken) throw this.#broken.error
    return this.#counts()
  }

  async #every(): Promise<void> {
    for await (const row of this.#rows()) {
      this.#read++
      if ('problem' in row) this.#bad.push(row)
      else this.#batch.push(row)
      if (this.#batch.length + this.#bad.length >= (this.#options.batch ?? BATCH)) await this.#flush()
    }
    await this.#flush()
    await this.#retry()
  }

  /** Ends where the file breaks off, so that what came before is put in first. */
  async *#rows(): AsyncIterable<FileRow | BadRow> {
    try {
      yield* this.#reader.rows
    } catch (error) {
      this.#broken = { error }
    }
  }

  /** The rejects of a batch are told in the order of their lines. */
  async #flush(): Promise<void> {
    const [rows, rejects] = [this.#batch, this.#bad.map(({ line, problem, raw }) => this.#rejectOf(line, problem, raw))]
    ;[this.#batch, this.#bad] = [[], []]
    try {
      await this.#put(rows, (row, problem) => {
        if (this.#mayWait(problem)) this.#waiting.push(row)
        else rejects.push(this.#rejectOf(row.line, problem, this.#named(row)))
      })
    } finally {
      await this.#tell(rejects)
    }
    this.#options.onProgress?.({ ...this.#counts(), bytes: this.#bytes() })
  }

  /** Counts what is in as it goes in: a batch may be in by half when the database goes away. */
  #put(rows: readonly FileRow[], reject: (row: FileRow, problem: Problem) => void): Promise<unknown> {
    const put = this.#insert(this.#reader.columns)
    const counted: PutRows = async (some) => {
      await put(some)
      this.#inserted += some.length
    }
    return putBatch(counted, rows, reject)
  }

  #mayWait(problem: Problem): boolean {
    return this.#refersToItself && problem.code === '23503' && this.#waiting.length < WAITING
  }

  /** Round after round, as long as a round gets any row in; what is left then has no one to refer to. */
  async #retry(): Promise<void> {
    for (let left: Refused[] = [], before = -1; this.#waiting.length > 0; left = []) {
      before = this.#waiting.length
      await this.#put(this.#waiting, (row, problem) => void left.push([row, problem]))
      this.#waiting = left.length < before ? left.map(([row]) => row) : []
      if (left.length === before) await this.#tell(left.map(([row, problem]) => this.#rejectOf(row.line, problem, this.#named(row))))
    }
  }

  #rejectOf(line: number, problem: Problem, row: Reject['row']): Reject {
    return { table: this.#table.name, line, problem, row }
  }

  async #tell(rejects: readonly Reject[]): Promise<void> {
    this.#rejected += rejects.length
    for (const reject of rejects.toSorted((a, b) => a.line - b.line)) await this.#options.onReject?.(reject)
  }

  #named(row: FileRow): Readonly<Record<string, unknown>> {
    return Object.fromEntries(this.#reader.columns.flatMap((name, at) => (row.values[at] === undefined ? [] : [[name, row.values[at]]])))
  }

  #counts(): Imported {
    return { read: this.#read, inserted: this.#inserted, rejected: this.#rejected }
  }
}
