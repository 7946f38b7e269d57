/**
 * What a file is read into on its way to a table: rows with the line they came from. One reader a format.
 *
 * 1. A reader streams: it holds one chunk and one row, whatever the file's size, and reads on only when asked.
 * 2. `columns` is complete for a row by the time the row is given; it may grow with later rows.
 * 3. A row that cannot be understood is given as a reject and reading goes on; a file that cannot be understood throws.
 *
 * To add a format: a reader beside `csv.ts`, a line in `readers`.
 */
import type { Problem } from '../errors.ts'
import type { Table } from '../schema/schema.ts'
import { readCsv } from './csv.ts'
import { readNdjson } from './ndjson.ts'

export type Source = AsyncIterable<Uint8Array>

export interface FileRow {
  readonly line: number
  /** In the order of the reader's `columns`; `undefined` where the file says nothing. */
  readonly values: readonly unknown[]
}

export interface BadRow {
  readonly line: number
  readonly problem: Problem
  /** As it stands in the file: its fields, or the line's text. */
  readonly raw: readonly unknown[] | string
}

export interface Reader {
  readonly columns: readonly string[]
  readonly rows: AsyncIterable<FileRow | BadRow>
}

export type Format = 'csv' | 'ndjson'

export const readers: Readonly<Record<Format, (source: Source, table: Table) => Reader>> = { csv: readCsv, ndjson: readNdjson }
