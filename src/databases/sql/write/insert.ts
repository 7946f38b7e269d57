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
import type { SqlValue } from '../driver.ts'
import { identityOf } from './carry-out.ts'
import { insertText } from './insert-text.ts'
import { bindKeyed, failingText, foundText, type KeyedText } from './keyed.ts'
import { gatherLayers, type Layer } from './layers.ts'
import { isOwn } from './own.ts'
import { ANSWERED, type Change, type ChangeConflict, type Look, type Refusal, type Sent, type Step, type Verify } from './program.ts'
import { defaultOf, storedValue } from './values.ts'

/** Everything that is the same each time such rows go in. */
interface Way {
  readonly shape: RowsShape
  readonly conflict: ConflictShape | undefined
  /** Whether the keys of the rows are wanted. */
  readonly keys: boolean
  /** The rules that are judged as a row is written. */
  readonly verdicts: readonly Test[]
  readonly texts: Map<string, ReturnType<typeof insertText>>
}

export type Steps = (values: readonly unknown[], who: Who) => readonly Step[]

/** The steps that put the rows in, and see that they pass. */
export function insertSteps(plan: InsertShape, wantsKeys: boolean, parts: SqlDatabase): Steps {
  const ways = new Map<RowsShape, Way>()
  const wayOf = (shape: RowsShape): Way => {
    const known = ways.get(shape) ?? makeWay(shape, plan, wantsKeys)
    ways.set(shape, known)
    return known
  }
  const lookAhead = plan.conflict && lookText(plan.conflict, plan, parts)
  const verifies = new Map<RowsShape, readonly VerifyText[]>()
  const verifiesOf = (shape: RowsShape): readonly VerifyText[] => {
    const known = verifies.get(shape) ?? verifyTexts(shape, shape === plan ? plan.conflict : undefined, parts)
    verifies.set(shape, known)
    return known
  }
  return (values, who) => {
    const layers = gatherLayers(plan, values, parts.clock())
    const bound = layers.map((layer, at) => {
      const number = layer.shape === plan ? ANSWERED : at + 1
      return { layer, number, ...bindLayer(layer, number, wayOf(layer.shape), values, who, parts, lookAhead) }
    })
    const checks = bound.flatMap(({ layer, number }) =>
      verifiesOf(layer.shape).map((verify) => bindVerify(verify, number, values, who, parts)),
    )
    return [...bound.flatMap(({ look }) => (look ? [look] : [])), ...bound.map(({ change }) => change), ...checks]
  }
}

function makeWay(shape: RowsShape, plan: InsertShape, wantsKeys: boolean): Way {
  const conflict = shape === plan ? plan.conflict : undefined
  const tests = conflict?.then === 'merge' ? [shape.check, conflict.check] : [shape.check]
  const own = tests.map((test) => (isOwn(test) ? test : TRUE))
  return {
    shape,
    conflict,
    keys: (shape === plan && wantsKeys) || tests.some((test) => !isOwn(test)),
    verdicts: own.every(isTrue) ? [] : own,
    texts: new Map(),
  }
}

// ── Rules that look at more than the row ──

interface VerifyText {
  readonly text: KeyedText
  readonly which: Verify['which']
  readonly refusal: Refusal
}

function verifyTexts(shape: RowsShape, conflict: ConflictShape | undefined, { dialect }: SqlDatabase): readonly VerifyText[] {
  const of = (test: Test, which: Verify['which'], refusal: Refusal): VerifyText[] =>
    isOwn(test) ? [] : [{ text: failingText(shape.table, test, dialect), which, refusal }]
  if (conflict?.then !== 'merge') return of(shape.check, 'all', insertRefusal(shape))
  return [...of(shape.check, 'new', insertRefusal(shape)), ...of(conflict.check, 'old', updateRefusal(shape))]
}

function bindVerify({ text, which, refusal }: VerifyText, keys: number, values: readonly unknown[], who: Who, parts: SqlDatabase): Verify {
  return { do: 'verify', sent: bindKeyed(text, keys, values, who, parts.codec), which, refusal }
}

const insertRefusal = ({ table }: Pick<RowsShape, 'table'>): Refusal => ({
  code: '42501',
  message: `new row violates the insert rule of table "${table.name}"`,
})

export const updateRefusal = ({ table }: Pick<RowsShape, 'table'>): Refusal => ({
  code: '42501',
  message: `changed row violates the update rule of table "${table.name}"`,
})

// ── One table's rows ──

function bindLayer(
  layer: Layer,
  number: number,
  way: Way,
  values: readonly unknown[],
  who: Who,
  parts: SqlDatabase,
  lookAhead: KeyedText | undefined,
): { readonly change: Change; readonly look: Look | undefined } {
  const { shape, conflict, keys, verdicts } = way
  const filled = conflict ? fillIn(layer, conflict, parts) : { columns: layer.columns, rows: storedRows(layer, parts) }
  const meeting = conflict && meetingOf(filled, conflict)
  const change: Change = {
    do: 'change',
    sent: runsOf(filled.rows).flatMap((run) => statementsOf(run, filled.columns, way, values, who, parts)),
    into: number,
    returns: keys || verdicts.length > 0 || conflict !== undefined,
    key: keys ? shape.table.key.length : 0,
    verdicts: verdicts.length === 2 ? 2 : verdicts.length === 1 ? 1 : 0,
    refusal: insertRefusal(shape),
    conflict: meeting?.conflict,
  }
  const look = conflict && meeting && lookAhead && bindLook(lookAhead, conflict, meeting.identities, shape, values, who, parts)
  return { change, look }
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
    const mask = row.map((value) => (value === undefined ? '-' : '+')).join('')
    if (mask !== runs.at(-1)?.mask) runs.push({ mask, places: row.flatMap((value, at) => (value === undefined ? [] : [at])), rows: [] })
    runs.at(-1)?.rows.push(row)
  }
  return runs
}

const MOST_ROWS = 500

function statementsOf(
  { mask, places, rows }: Run,
  columns: readonly Column[],
  way: Way,
  values: readonly unknown[],
  who: Who,
  { codec, dialect, maxValues }: SqlDatabase,
): readonly Sent[] {
  const most = places.length === 0 ? 1 : Math.max(1, Math.min(MOST_ROWS, Math.floor(maxValues / places.length)))
  const given = places.flatMap((at) => columns[at] ?? [])
  return Array.from({ length: Math.ceil(rows.length / most) }, (_, chunk) => {
    const some = rows.slice(chunk * most, (chunk + 1) * most)
    const { text, binders } = keptText(way, mask, some.length, some.length === most || some.length === 1, () =>
      insertText({ ...partsOf(way), columns: given, rows: some.length }, dialect),
    )
    return { text, values: [...some.flatMap((row) => places.map((at) => row[at] ?? null)), ...bindAll(binders, values, who, codec)] }
  })
}

/** Texts of single rows and of full statements come again and again. */
function keptText(
  way: Way,
  mask: string,
  rows: number,
  again: boolean,
  make: () => ReturnType<typeof insertText>,
): ReturnType<typeof insertText> {
  const name = `${mask} ${rows}`
  const known = way.texts.get(name)
  if (known !== undefined) return known
  const made: { readonly text: string; readonly binders: readonly Binder[] } = make()
  if (again && way.texts.size < 100) way.texts.set(name, made)
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

interface Meeting {
  readonly conflict: ChangeConflict
  /** The values that tell the rows apart; rows without one are like no other. */
  readonly identities: readonly (readonly SqlValue[])[]
}

function meetingOf({ columns, rows }: Filled, conflict: ConflictShape): Meeting {
  const places = conflict.columns.map((column) => columns.indexOf(column))
  const all = rows.map((row) => places.map((at) => row[at] ?? null))
  const identities = all.filter((identity) => !identity.includes(null))
  const different = new Set(identities.map(identityOf)).size
  if (conflict.then === 'merge' && different < identities.length)
    throw new Problem('21000', 'ON CONFLICT DO UPDATE command cannot affect row a second time', {
      hint: 'Give each row once: two of them have the same values in the columns that tell rows apart.',
    })
  const given = different + all.length - identities.length
  return { conflict: { looked: 0, columns: conflict.columns.length, then: conflict.then, given }, identities }
}

const lookText = (conflict: ConflictShape, { table }: RowsShape, { dialect }: SqlDatabase): KeyedText =>
  foundText(table, conflict.columns, [conflict.readable, conflict.changeable], dialect)

function bindLook(
  { text, types, binders }: KeyedText,
  { name, columns }: ConflictShape,
  identities: readonly (readonly SqlValue[])[],
  shape: RowsShape,
  values: readonly unknown[],
  who: Who,
  { codec }: SqlDatabase,
): Look {
  return {
    do: 'look',
    sent: { text, values: [...codec.keys(types, identities), ...bindAll(binders, values, who, codec)] },
    into: 0,
    columns: columns.length,
    unseen: { code: '23505', message: `duplicate key value violates unique constraint "${name}"` },
    unchangeable: updateRefusal(shape),
  }
}
