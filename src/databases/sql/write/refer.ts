/**
 * References that are given: each must lead to a row that the asker sees. They are looked at before the write, so that
 * a row that may not be seen and one that is not there are refused alike, whatever else is wrong with the request.
 *
 * Rows of the same request may be referred to as well.
 */
import type { ReferenceShape, RowsShape, UpdateShape } from '../../../plan/plan.ts'
import type { Who } from '../../../query/who.ts'
import type { Column, Table } from '../../../schema/schema.ts'
import { bindAll, type Binder, type Codec } from '../binder.ts'
import type { SqlDatabase } from '../database.ts'
import type { Dialect } from '../dialect.ts'
import type { SqlValue } from '../driver.ts'
import { columnOf, frameOf, source, type Frame } from '../frame.ts'
import { quote } from '../names.ts'
import { whereOf } from '../outputs.ts'
import { testSql } from '../test.ts'
import { startWriting } from '../writing.ts'
import { identityOf } from './carry-out.ts'
import { columnNamed, type KeyedText } from './keyed.ts'
import type { Refer } from './program.ts'

interface Text {
  readonly text: string
  readonly binders: readonly Binder[]
}

type Key = readonly SqlValue[]

/** A column of the reference and what it holds, as SQL. */
interface Part {
  readonly column: Column
  readonly target: string
  readonly value: string
}

function partsOf({ key }: ReferenceShape, table: Table, valueOf: (column: Column, at: number) => string): readonly Part[] {
  return key.columns.map((name, at) => {
    const column = columnNamed(table, name)
    return { column, target: key.target[at] ?? '', value: valueOf(column, at) }
  })
}

/** There is no row of these values that the asker sees. */
function missing(parts: readonly Part[], { to, visible }: ReferenceShape, outer: Frame): string {
  const frame = frameOf(outer.writing, to, false)
  const same = parts.map(({ target, value }) => `${columnOf(frame, target)} = ${value}`)
  return `NOT EXISTS (SELECT 1 FROM ${source(frame)} WHERE ${[...same, testSql(visible, frame, false)].join(' AND ')})`
}

const outputsOf = (parts: readonly Part[], dialect: Dialect): string =>
  parts.map(({ column, value }) => dialect.json({ text: value, type: column.type, nullable: false })).join(', ')

function stepOf({ key }: ReferenceShape, table: Table, text: string, at: number): Refer {
  const message = `insert or update on table "${table.name}" violates foreign key constraint "${key.name}"`
  return { do: 'refer', sent: { text, at }, refusal: { code: '23503', message }, columns: key.columns, to: key.table }
}

/** The values of each step, or none where there is nothing to look at. */
type Places = readonly (readonly SqlValue[])[]
const NOTHING: readonly SqlValue[] = []

// ── Of rows that go in ──

/** Rows of a table, with their values by column; `undefined` is left to the database. */
export interface GivenRows {
  readonly table: Table
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly (SqlValue | undefined)[])[]
}

/** A step for each reference that rows may give; `all` are all rows of the request. */
export function insertedReferences({ table, references }: RowsShape, { dialect, codec }: SqlDatabase) {
  const texts = references.map((reference) => ({ reference, ...insertedText(table, reference, dialect) }))
  return {
    steps: texts.map(({ reference, text }, at) => stepOf(reference, table, text, at)),
    values: (given: GivenRows, all: readonly GivenRows[], values: readonly unknown[], who: Who): Places =>
      texts.map(({ reference, types, binders }) => {
        const wanted = wantedKeys(given, reference, all, codec)
        return wanted.length === 0 ? NOTHING : [...codec.keys(types, wanted), ...bindAll(binders, values, who, codec)]
      }),
  }
}

function insertedText(table: Table, reference: ReferenceShape, dialect: Dialect): KeyedText {
  const types = reference.key.columns.map((name) => columnNamed(table, name).type)
  const { from, placeholders } = dialect.keys(types)
  const frame = { ...frameOf(startWriting(dialect, placeholders), table, false), alias: 'keyed' }
  const parts = partsOf(reference, table, (_, at) => `keyed.c${at}`)
  const text = `SELECT ${outputsOf(parts, dialect)} FROM ${from} AS keyed WHERE ${missing(parts, reference, frame)} ORDER BY keyed.at LIMIT 1`
  return { text, types, binders: frame.writing.binders }
}

/** Each once, in the order of the rows; one with NULL in it leads nowhere. */
function wantedKeys(given: GivenRows, { key, to }: ReferenceShape, others: readonly GivenRows[], codec: Codec): readonly Key[] {
  const made = new Set(
    others.filter(({ table }) => table.name === to.name).flatMap((rows) => keysIn(rows, key.target, codec).map(identityOf)),
  )
  const wanted = new Map(keysIn(given, key.columns, codec).map((values) => [identityOf(values), values]))
  return [...wanted].flatMap(([identity, values]) => (made.has(identity) ? [] : [values]))
}

/** Of rows that give a value for one of the columns; the others then have their default. */
function keysIn({ table, columns, rows }: GivenRows, names: readonly string[], codec: Codec): readonly Key[] {
  const places = names.map((name) => columns.findIndex((column) => column.name === name))
  const defaults = names.map((name) => constantDefault(columnNamed(table, name), codec))
  return rows.flatMap((row) => {
    if (places.every((at) => row[at] === undefined)) return []
    const values = places.map((at, place) => row[at] ?? defaults[place] ?? null)
    return values.includes(null) ? [] : [values]
  })
}

const constantDefault = ({ default: given, type }: Column, codec: Codec): SqlValue =>
  given?.kind === 'value' ? codec.store(given.value, type) : null

// ── Of rows that are changed ──

/** A step for each reference that is set, about the rows that are changed. */
export function changedReferences(plan: UpdateShape, { dialect, codec }: SqlDatabase) {
  const texts = plan.references.map((reference) => {
    const given = plan.columns.filter(({ name }) => reference.key.columns.includes(name))
    return { reference, places: given.map((column) => plan.columns.indexOf(column)), ...changedText(plan, reference, given, dialect) }
  })
  return {
    steps: texts.map(({ reference, text }, at) => stepOf(reference, plan.table, text, at)),
    values: (set: readonly SqlValue[], values: readonly unknown[], who: Who): Places =>
      texts.map(({ places, binders }) => {
        const given = places.map((at) => set[at] ?? null)
        return given.includes(null) ? NOTHING : [...given, ...bindAll(binders, values, who, codec)]
      }),
  }
}

/** What of a compound reference is not set is what the row holds. */
function changedText({ table, target }: UpdateShape, reference: ReferenceShape, given: readonly Column[], dialect: Dialect): Text {
  const frame: Frame = { writing: startWriting(dialect, given.length), table, alias: quote(table.name), joins: undefined }
  const parts = partsOf(reference, table, (column) => {
    const at = given.indexOf(column)
    return at === -1 ? columnOf(frame, column.name) : dialect.placeholder(at + 1, column.type, false)
  })
  const held = parts.filter(({ column }) => !given.includes(column)).map(({ value }) => `${value} IS NOT NULL`)
  const where = whereOf(target, frame, '')
  const conditions = [...held, missing(parts, reference, frame)].join(' AND ')
  const text = `SELECT ${outputsOf(parts, dialect)} FROM ${frame.alias}${where === '' ? ' WHERE' : `${where} AND`} ${conditions} LIMIT 1`
  return { text, binders: frame.writing.binders }
}
