/**
 * Reads what SQLite's session extension recorded: which rows a statement touched. The format is that of
 * https://sqlite.org/session/c_changeset.html: per table a head, then one entry for each row.
 */
import type { SqlValue } from '../sql/driver.ts'

export interface RowChange {
  readonly table: string
  readonly kind: 'insert' | 'update' | 'delete'
  /** Values before, in the order of the table's columns; undefined where an update left one alone. */
  readonly before: readonly (SqlValue | undefined)[]
  readonly after: readonly (SqlValue | undefined)[]
}

const kinds: Readonly<Record<number, RowChange['kind']>> = { 18: 'insert', 23: 'update', 9: 'delete' }

interface Reader {
  readonly view: DataView
  at: number
}

export function readChanges(bytes: Uint8Array): RowChange[] {
  const reader: Reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at: 0 }
  const changes: RowChange[] = []
  let head = { table: '', columns: 0 }
  while (reader.at < bytes.byteLength) {
    const mark = readByte(reader)
    if (mark === TABLE) head = readHead(reader)
    else changes.push(readChange(mark, head, reader))
  }
  return changes
}

/** `T` begins a table. */
const TABLE = 0x54

function readHead(reader: Reader): { table: string; columns: number } {
  const columns = readLength(reader)
  reader.at += columns // one byte for each column: whether it is part of the key
  const start = reader.at
  while (readByte(reader) !== 0);
  return { columns, table: textOf(reader, start, reader.at - 1 - start) }
}

function readChange(mark: number, { table, columns }: { table: string; columns: number }, reader: Reader): RowChange {
  const kind = kinds[mark]
  if (kind === undefined) throw new Error(`a changeset holds the unknown mark ${mark}`)
  readByte(reader) // whether a trigger made the change; all the same here
  const none = new Array<undefined>(columns).fill(undefined)
  const before = kind === 'insert' ? none : readRow(reader, columns)
  const after = kind === 'delete' ? none : readRow(reader, columns)
  return { table, kind, before, after }
}

const readRow = (reader: Reader, columns: number): (SqlValue | undefined)[] => Array.from({ length: columns }, () => readValue(reader))

function readValue(reader: Reader): SqlValue | undefined {
  switch (readByte(reader)) {
    case 1:
      return forward(reader, 8, (at) => reader.view.getBigInt64(at))
    case 2:
      return forward(reader, 8, (at) => reader.view.getFloat64(at))
    case 3: {
      const length = readLength(reader)
      return forward(reader, length, (at) => textOf(reader, at, length))
    }
    case 4: {
      const length = readLength(reader)
      return forward(reader, length, (at) => bytesOf(reader, at, length))
    }
    case 5:
      return null
    default:
      return undefined
  }
}

function forward<T>(reader: Reader, by: number, read: (at: number) => T): T {
  const value = read(reader.at)
  reader.at += by
  return value
}

const readByte = (reader: Reader): number => forward(reader, 1, (at) => reader.view.getUint8(at))

/** A number in groups of seven bits, the highest group first. */
function readLength(reader: Reader): number {
  let length = 0
  for (;;) {
    const byte = readByte(reader)
    length = length * 128 + (byte & 0x7f)
    if (byte < 0x80) return length
  }
}

const bytesOf = ({ view }: Reader, at: number, length: number): Uint8Array => new Uint8Array(view.buffer, view.byteOffset + at, length)
const textOf = (reader: Reader, at: number, length: number): string => new TextDecoder().decode(bytesOf(reader, at, length))
