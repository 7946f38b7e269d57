/**
 * CSV as RFC 4180 has it: a header row, commas, `"` around what needs it; BOM, LF and CRLF are all fine.
 *
 * 1. An empty field is NULL; a quoted empty one is empty text. All else is text as it came: the column's type reads it.
 * 2. A row with a wrong number of fields is a reject. A broken quote ends the reading: where one row ends is then
 *    unknown, and guessing would put wrong rows in. The rows before it are given all the same.
 */
import { CsvError, Parser, type InfoField, type Info } from 'csv-parse'
import { Problem } from '../errors.ts'
import type { Table } from '../schema/schema.ts'
import { fillable } from './columns.ts'
import type { BadRow, FileRow, Reader, Source } from './rows.ts'
import { utf8 } from './utf8.ts'

type Field = string | null
interface CsvRow {
  readonly record: readonly Field[]
  readonly info: Info
}

/** No row is longer: it bounds the memory when a quote is never closed. */
const LONGEST_ROW = 32 * 1024 * 1024

export function readCsv(source: Source, table: Table): Reader {
  const columns: string[] = []
  return { columns, rows: rowsOf(source, table, columns) }
}

async function* rowsOf(source: Source, table: Table, columns: string[]): AsyncIterable<FileRow | BadRow> {
  let first = true
  try {
    for await (const { record, info } of parsed(source)) {
      if (first) columns.push(...header(record, table))
      else yield row(record, info, columns.length)
      first = false
    }
  } catch (error) {
    throw readable(error)
  }
  if (first) throw new Problem('PGRST102', 'The file is empty: its first line must name the columns.')
}

/**
 * Rows are taken from the parser as it finds them: what waits to be read from a stream is lost when the stream fails, and
 * with it the good rows in front of a bad one.
 */
async function* parsed(source: Source): AsyncIterable<CsvRow> {
  let found: CsvRow[] = []
  const parser = createParser((row) => void found.push(row))
  for await (const chunk of utf8(source)) {
    const error = await fed(parser, chunk)
    yield* found
    if (error) throw error
    found = []
  }
  const error = await fed(parser)
  yield* found
  if (error) throw error
}

/** Gives the parser a piece of the file, or its end; what stops it is given back. */
const fed = (parser: Parser, chunk?: Uint8Array): Promise<Error | null | undefined> =>
  new Promise((resolve) => {
    if (chunk === undefined) parser.end(resolve)
    else parser.write(chunk, resolve)
  })

function createParser(onRow: (row: CsvRow) => void): Parser {
  const parser = new Parser({
    bom: true,
    on_record: (record: readonly Field[], info: Info) => {
      onRow({ record, info })
      return null
    },
    cast: field,
    skip_empty_lines: true,
    relax_column_count: true,
    record_delimiter: ['\r\n', '\n'],
    max_record_size: LONGEST_ROW,
  })
  // `fed` tells it; an error event that nobody listens to would end the process.
  return parser.on('error', () => undefined).resume()
}

const field = (value: string, context: InfoField): Field => (value === '' && !context.quoting ? null : value)

function header(record: readonly Field[], table: Table): readonly string[] {
  expectCommas(record)
  const names = record.map((name) => fillable(table, name ?? '').name)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw new Problem('PGRST102', `The first line names the column "${twice}" twice.`)
  return names
}

const OTHER_DELIMITERS: Readonly<Record<string, string>> = { ';': 'semicolons', '\t': 'tabs', '|': 'bars' }

function expectCommas(record: readonly Field[]): void {
  const other = /[;\t|]/.exec(record.length === 1 ? (record[0] ?? '') : '')?.[0]
  if (other === undefined) return
  throw new Problem('PGRST102', `The fields are apart by ${OTHER_DELIMITERS[other]}, and CSV is read with commas.`, {
    hint: 'Save it again with commas as the delimiter.',
  })
}

function row(record: readonly Field[], info: Info, width: number): FileRow | BadRow {
  const line = info.lines - inside(record)
  if (record.length === width) return { line, values: record }
  const message = `There are ${record.length} fields where the first line names ${width} columns.`
  return { line, problem: new Problem('PGRST102', message), raw: record }
}

/** Line ends within the fields: the parser counts to the row's last line, a reader looks for its first. */
function inside(record: readonly Field[]): number {
  let count = 0
  for (const value of record) {
    for (let at = value?.indexOf('\n') ?? -1; at !== -1; at = value?.indexOf('\n', at + 1) ?? -1) count++
  }
  return count
}

const advice: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'A field begins with " and the file ends before the closing one.',
  CSV_INVALID_CLOSING_QUOTE: 'A " inside a quoted field must be written twice.',
  INVALID_OPENING_QUOTE: 'A field that holds a " must be quoted as a whole, with the inner " written twice.',
  CSV_MAX_RECORD_SIZE: 'A row is longer than 32 MiB; most likely a " is never closed.',
}

function readable(error: unknown): unknown {
  if (!(error instanceof CsvError)) return error
  // `lines` is where the parser stood; its type does not say that it is there.
  const line: unknown = 'lines' in error ? error.lines : undefined
  const where = typeof line === 'number' ? ` at line ${line}` : ''
  return new Problem('PGRST102', `The file cannot be read on${where}: nothing from there was taken in.`, {
    hint: advice[error.code] ?? error.message,
    cause: error,
  })
}
