/**
 * Rows that go in, with those that are nested in them, as a program.
 *
 * 1. Rows that give the same columns go in together, in as few statements as the database's limits allow.
 * 2. A value that is not given leaves its column to the database's default; only where the value must be known before
 *    (a row that hangs on it, a row that may be there already) is the default made here.
 */
import { Problem } from '../../../errors.ts'
import type { ConflictShape, InsertShape, RowsShape } from '../../../plan/plan.ts'
import { TRUE, isTrue, type Test } from '../../../query/typed.ts'
import type { Who } from '../../../query/who.ts'
import type { Column } from '../../../schema/schema.ts'
import { bindAll, type Binder } from '../binder.ts'
import type { SqlDatabase } from '../database.ts'
import type { Dialect } from '../dialect.ts'
import type { SqlValue } from '../driver.ts'
import { identityOf } from './carry-out.ts'
import { updateRefusal } from './change.ts'
import { insertText } from './insert-text.ts'
import { failingText, foundText, type KeyedText } from './keyed.ts'
import { gatherLayers, type Layer } from './layers.ts'
import { isOwn } from './own.ts'
import { insertedReferences, type GivenRows } from './refer.ts'
import { ANSWERED, type Change, type Look, type Refusal, type Sent, type Step, type Verify } from './program.ts'
import { defaultOf, storedValue } from './values.ts'
import type { MakePart } from './write.ts'

/** Everything that is the same each time such rows go in. */
interface Way {
  readonly shape: RowsShape
  readonly conflict: ConflictShape | undefined
  /** Whether the database tells which rows it put in and which it changed. */
  readonly told: boolean
  /** Whether the keys of the rows are wanted. */
  readonly keys: boolean
  /** The rules that are judged as a row is written, and those that look at more than the row. */
  readonly verdicts: readonly Test[]
  readonly verifies: readonly VerifyText[]
  readonly look: KeyedText | undefined
  readonly references: ReturnType<typeof insertedReferences>
  readonly texts: Map<string, InsertText>
}

interface InsertText {
  readonly text: string
  readonly binders: readonly Binder[]
}

/** Steps of writes that give the same columns in the same number of rows are the same. */
const MOST_KEPT = 100

/** Puts the rows in, and sees that they pass. */
export function insertPart(plan: InsertShape, wantsKeys: boolean, parts: SqlDatabase): MakePart {
  const ways = new Map<RowsShape, Way>()
  const wayOf = (shape: RowsShape): Way => {
    const known = ways.get(shape) ?? makeWay(shape, plan, wantsKeys, parts)
    ways.set(shape, known)
    return known
  }
  const kept = new Map<string, readonly Step[]>()
  return (values, who) => {
    const layers = gatherLayers(plan, values, parts.clock()).map((layer) => bindLayer(layer, wayOf(layer.shape), values, who, parts))
    const references = referencesOf(layers, values, who)
    const signature = layers.map((layer) => layer.signature).join('\n')
    let steps = kept.get(signature)
    if (steps === undefined) {
      steps = stepsOf(layers, plan)
      if (kept.size < MOST_KEPT && layers.every(({ rows }) => rows <= MOST_KEPT)) kept.set(signature, steps)
    }
    return { steps, values: references.length === 0 ? valuesOf(layers) : [...references, ...valuesOf(layers)] }
  }
}

function makeWay(shape: RowsShape, plan: InsertShape, wantsKeys: boolean, parts: SqlDatabase): Way {
  const { dialect } = parts
  const conflict = shape === plan ? plan.conflict : undefined
  const tests = conflict?.then === 'merge' ? [shape.check, conflict.check] : [shape.check]
  const own = tests.map((test) => (isOwn(test) ? test : TRUE))
  return {
    shape,
    conflict,
    told: conflict?.then === 'merge' && dialect.isNew !== undefined,
    keys: (shape === plan && wantsKeys) || tests.some((test) => !isOwn(test)),
    verdicts: own.every(isTrue) ? [] : own,
    verifies: verifyTexts(shape, conflict, dialect),
    look: conflict && foundText(shape.table, conflict.columns, [conflict.readable, conflict.changeable], dialect),
    references: insertedReferences(shape, parts),
    texts: new Map(),
  }
}

interface VerifyText {
  readonly text: KeyedText
  readonly which: Verify['which']
  readonly refusal: Refusal
}

function verifyTexts(shape: RowsShape, conflict: ConflictShape | undefined, dialect: Dialect): readonly VerifyText[] {
  const of = (test: Test, which: Verify['which'], refusal: Refusal): VerifyText[] =>
    isOwn(test) ? [] : [{ text: failingText(shape.table, test, dialect), which, refusal }]
  const ofNew = insertRefusal(shape.table.name)
  if (conflict?.then !== 'merge') return of(shape.check, 'all', ofNew)
  return [...of(shape.check, 'new', ofNew), ...of(conflict.check, 'old', updateRefusal(shape.table.name))]
}

const insertRefusal = (table: string): Refusal => ({ code: '42501', message: `new row violates the insert rule of table "${table}"` })

// ── One table's rows ──

/** The rows of one table, ready to go in. */
interface BoundLayer {
  readonly way: Way
  readonly given: GivenRows
  readonly rows: number
  /** What the steps depend on. */
  readonly signature: string
  readonly texts: readonly string[]
  readonly values: readonly (readonly SqlValue[])[]
  readonly meeting: { readonly look: readonly SqlValue[]; readonly given: readonly SqlValue[] } | undefined
  readonly verifies: readonly (readonly SqlValue[])[]
}

function bindLayer(layer: Layer, way: Way, values: readonly unknown[], who: Who, parts: SqlDatabase): BoundLayer {
  const { conflict, look } = way
  const filled = conflict ? fillIn(layer, conflict, parts) : { columns: layer.columns, rows: storedRows(layer, parts) }
  const sent = runsOf(filled.rows).flatMap((run) => statementsOf(run, filled.columns, way, values, who, parts))
  return {
    way,
    given: { table: layer.shape.table, ...filled },
    rows: filled.rows.length,
    signature: sent.map(({ name }) => name).join(),
    texts: sent.map(({ text }) => text),
    values: sent.map((one) => one.values),
    meeting: conflict && look && meetingOf(filled, conflict, look, values, who, parts),
    verifies: way.verifies.map(({ text }) => bindAll(text.binders, values, who, parts.codec)),
  }
}

type StoredRow = readonly (SqlValue | undefined)[]
interface Filled {
  readonly columns: readonly Column[]
  readonly rows: readonly StoredRow[]
}

function storedRows({ shape, columns, rows }: Layer, { codec }: SqlDatabase): readonly StoredRow[] {
  return rows.map((row) =>
    columns.map((column, at) => (row[at] === undefined ? undefined : storedValue(row[at], column, shape.textual, codec))),
  )
}

/** Rows that give the same columns, one after the other. */
interface Run {
  readonly mask: string
  readonly places: readonly number[]
  readonly rows: StoredRow[]
}

function runsOf(rows: readonly StoredRow[]): readonly Run[] {
  const runs: Run[] = []
  for (const row of rows) {
    const mask = maskOf(row)
    if (mask !== runs.at(-1)?.mask) runs.push({ mask, places: placesOf(row), rows: [] })
    runs.at(-1)?.rows.push(row)
  }
  return runs
}

const maskOf = (row: StoredRow): string => (row.includes(undefined) ? row.map((value) => (value === undefined ? '-' : '+')).join('') : '')
const placesOf = (row: StoredRow): readonly number[] => [...row.keys()].filter((at) => row[at] !== undefined)

const MOST_ROWS = 500

interface BoundText {
  readonly name: string
  readonly text: string
  readonly values: readonly SqlValue[]
}

function statementsOf(
  { mask, places, rows }: Run,
  columns: readonly Column[],
  way: Way,
  values: readonly unknown[],
  who: Who,
  { codec, dialect, maxValues }: SqlDatabase,
): readonly BoundText[] {
  const most = places.length === 0 ? 1 : Math.max(1, Math.min(MOST_ROWS, Math.floor(maxValues / places.length)))
  const given = places.flatMap((at) => columns[at] ?? [])
  return Array.from({ length: Math.ceil(rows.length / most) }, (_, chunk) => {
    const some = rows.length <= most ? rows : rows.slice(chunk * most, (chunk + 1) * most)
    const name = `${mask} ${some.length}`
    const { text, binders } = keptText(way, name, () => insertText({ ...partsOf(way), columns: given, rows: some.length }, dialect))
    const stored = some.flatMap((row) => (mask === '' ? row : places.map((at) => row[at])))
    // Only what is there is among the places.
    return { name, text, values: [...(stored as SqlValue[]), ...bindAll(binders, values, who, codec)] }
  })
}

function keptText({ texts }: Way, name: string, make: () => InsertText): InsertText {
  const known = texts.get(name)
  if (known !== undefined) return known
  const made = make()
  if (texts.size < MOST_KEPT) texts.set(name, made)
  return made
}

function partsOf({ shape, conflict, keys, verdicts }: Way): Omit<Parameters<typeof insertText>[0], 'columns' | 'rows'> {
  const names = conflict?.columns.map(({ name }) => name) ?? []
  const meeting = conflict && { columns: names, set: conflict.then === 'ignore' ? undefined : conflict.set.map(({ name }) => name) }
  return { table: shape.table, returning: [...(keys ? shape.table.key : []), ...names], verdicts, ...(meeting && { conflict: meeting }) }
}

// ── Rows that may be there already ──

/** Every cell has its value: a changed row gets defaults too, and what tells rows apart must be known. */
function fillIn({ shape, columns, rows }: Layer, { columns: own, reset }: ConflictShape, { codec, clock }: SqlDatabase): Filled {
  const all = [...columns, ...own.filter((column) => !columns.includes(column)), ...reset]
  const now = clock()
  const cell = (value: unknown, column: Column): SqlValue =>
    value === undefined ? defaultOf(column, now, codec) : storedValue(value, column, shape.textual, codec)
  return { columns: all, rows: rows.map((row) => all.map((column, at) => cell(row[at], column))) }
}

/** The values that tell the given rows apart, to look for; rows without one are like no other. */
function meetingOf(
  { columns, rows }: Filled,
  conflict: ConflictShape,
  { types, binders }: KeyedText,
  values: readonly unknown[],
  who: Who,
  { codec }: SqlDatabase,
): NonNullable<BoundLayer['meeting']> {
  const places = conflict.columns.map((column) => columns.indexOf(column))
  const all = rows.map((row) => places.map((at) => row[at] ?? null))
  const identities = all.filter((identity) => !identity.includes(null))
  const different = new Set(identities.map(identityOf)).size
  if (conflict.then === 'merge' && different < identities.length)
    throw new Problem('21000', 'ON CONFLICT DO UPDATE command cannot affect row a second time', {
      hint: 'Give each row once: two of them have the same values in the columns that tell rows apart.',
    })
  return {
    look: [...codec.keys(types, identities), ...bindAll(binders, values, who, codec)],
    given: [different + all.length - identities.length],
  }
}

// ── Steps and values ──

/** What rows refer to may be among the other rows of the request. */
function referencesOf(layers: readonly BoundLayer[], values: readonly unknown[], who: Who): readonly (readonly SqlValue[])[] {
  const all = layers.map(({ given }) => given)
  return layers.flatMap(({ way, given }) => way.references.values(given, all, values, who))
}

/** In the order of `stepsOf`, behind what is referred to: what is looked for, what goes in, how many rows are given, and what the rules ask. */
function valuesOf(layers: readonly BoundLayer[]): readonly (readonly SqlValue[])[] {
  if (layers.length === 1 && layers[0] && !layers[0].meeting && layers[0].verifies.length === 0) return layers[0].values
  return [
    ...layers.flatMap(({ meeting, values }) => [...(meeting ? [meeting.look, meeting.given] : []), ...values]),
    ...layers.flatMap(({ verifies }) => verifies),
  ]
}

function stepsOf(layers: readonly BoundLayer[], plan: InsertShape): readonly Step[] {
  const referring = layers
    .flatMap(({ way }) => way.references.steps)
    .map((step, place): Step => ({ ...step, sent: { ...step.sent, at: place } }))
  let at = referring.length
  const numbered = layers.map((layer, place) => ({ ...layer, number: layer.way.shape === plan ? ANSWERED : place + 1 }))
  const writing = numbered.flatMap((layer): Step[] => {
    const look = layer.meeting ? [lookStep(layer.way, at)] : []
    const given = at + 1
    if (layer.meeting) at += 2
    const sent = layer.texts.map((text): Sent => ({ text, at: at++ }))
    return [...look, changeStep(layer.way, sent, layer.number, given)]
  })
  const judging = numbered.flatMap(({ way, number }) =>
    way.verifies.map(({ text, which, refusal }): Step => ({
      do: 'verify',
      sent: { text: text.text, types: text.types, keys: number, at: at++ },
      which,
      refusal,
    })),
  )
  return [...referring, ...writing, ...judging]
}

function changeStep({ shape, conflict, told, keys, verdicts }: Way, sent: readonly Sent[], into: number, given: number): Change {
  return {
    do: 'change',
    sent,
    into,
    returns: keys || verdicts.length > 0 || conflict !== undefined,
    key: keys ? shape.table.key.length : 0,
    verdicts: verdicts.length === 2 ? 2 : verdicts.length === 1 ? 1 : 0,
    refusal: insertRefusal(shape.table.name),
    conflict: conflict && { looked: 0, columns: conflict.columns.length, then: conflict.then, told, given },
  }
}

function lookStep({ shape, conflict, look }: Way, at: number): Look {
  return {
    do: 'look',
    sent: { text: look?.text ?? '', at },
    into: 0,
    columns: conflict?.columns.length ?? 0,
    unseen: { code: '23505', message: `duplicate key value violates unique constraint "${conflict?.name ?? ''}"` },
    unchangeable: updateRefusal(shape.table.name),
  }
}
