/**
 * NDJSON: one JSON object a line. Blank lines are skipped.
 *
 * 1. No value passes through a double: numbers, arrays and JSON columns go on as the text that stands in the file.
 * 2. A member that is not there asks for the column's default; `null` is NULL.
 */
import { Problem } from '../errors.ts'
import type { Column, Table } from '../schema/schema.ts'
import { fillable } from './columns.ts'
import { members } from './members.ts'
import type { BadRow, FileRow, Reader, Source } from './rows.ts'
import { utf8 } from './utf8.ts'

const LONGEST_LINE = 32 * 1024 * 1024
const LINE_END = 0x0a

export function readNdjson(source: Source, table: Table): Reader {
  const columns: string[] = []
  return { columns, rows: rowsOf(source, table, columns) }
}

async function* rowsOf(source: Source, table: Table, columns: string[]): AsyncIterable<FileRow | BadRow> {
  const places = new Map<string, Place>()
  let line = 0
  for await (const text of lines(utf8(source))) {
    line++
    if (text.trim() !== '') yield row(text, line, table, columns, places)
  }
}

interface Place {
  readonly at: number
  readonly column: Column
}

function row(text: string, line: number, table: Table, columns: string[], places: Map<string, Place>): FileRow | BadRow {
  try {
    const values: unknown[] = []
    for (const [name, raw] of members(text)) {
      const place = places.get(name) ?? newPlace(name, table, columns, places)
      values[place.at] = value(raw, place.column)
    }
    return { line, values }
  } catch (error) {
    if (error instanceof Problem) return { line, problem: error, raw: text }
    throw error
  }
}

function newPlace(name: string, table: Table, columns: string[], places: Map<string, Place>): Place {
  const place = { at: columns.length, column: fillable(table, name) }
  columns.push(name)
  places.set(name, place)
  return place
}

function value(raw: string, column: Column): unknown {
  if (raw === 'null') return null
  if (column.type.kind === 'json') return raw
  if (raw === 'true') return true
  if (raw === 'false') return false
  return raw.startsWith('"') ? JSON.parse(raw) : raw
}

/** Lines as text, without their ends. A chunk's last, unfinished line waits for the next chunk. */
async function* lines(source: Source): AsyncIterable<string> {
  let pieces: Uint8Array[] = []
  let held = 0
  for await (const chunk of source) {
    let from = 0
    for (let to = chunk.indexOf(LINE_END); to !== -1; to = chunk.indexOf(LINE_END, from)) {
      yield textOf([...pieces, chunk.subarray(from, to)])
      ;[pieces, held, from] = [[], 0, to + 1]
    }
    pieces.push(chunk.subarray(from))
    held += chunk.length - from
    if (held > LONGEST_LINE) throw new Problem('PGRST102', 'A line is longer than 32 MiB.', { hint: 'NDJSON has one object on each line.' })
  }
  if (held > 0) yield textOf(pieces)
}

/** The default decoder also drops a BOM, which only the first line can have. */
const textOf = (pieces: readonly Uint8Array[]): string => decoder.decode(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces))
const decoder = new TextDecoder()
