/** Rows that are changed or taken out: one statement over the rows that the asker sees and may write. */
import { Problem } from '../../../errors.ts'
import type { DeleteShape, Shape, UpdateShape } from '../../../plan/plan.ts'
import { isTrue } from '../../../query/typed.ts'
import { bindAll, type Binder } from '../binder.ts'
import type { SqlDatabase } from '../database.ts'
import type { Dialect } from '../dialect.ts'
import type { SqlValue } from '../driver.ts'
import type { Frame } from '../frame.ts'
import { quote, quoteAll } from '../names.ts'
import { whereOf } from '../outputs.ts'
import { testSql } from '../test.ts'
import { startWriting } from '../writing.ts'
import { failingText, removeText } from './keyed.ts'
import { isOwn } from './own.ts'
import { ANSWERED, shifted, type Refusal, type Step } from './program.ts'
import { changedReferences } from './refer.ts'
import { defaultOf, storedValue } from './values.ts'
import type { MakePart } from './write.ts'

interface Text {
  readonly text: string
  readonly binders: readonly Binder[]
}

export const updateRefusal = (table: string): Refusal => ({
  code: '42501',
  message: `changed row violates the update rule of table "${table}"`,
})

// ── Changes ──

export function updatePart(plan: UpdateShape, wantsKeys: boolean, parts: SqlDatabase): MakePart {
  const { dialect, codec } = parts
  const own = isOwn(plan.check)
  const keys = wantsKeys || !own
  const judged = own && !isTrue(plan.check)
  const { text, binders } = updateText(plan, keys, judged, dialect)
  const failing = own ? undefined : failingText(plan.table, plan.check, dialect)
  const references = changedReferences(plan, parts)
  const place = references.steps.length
  const refusal = updateRefusal(plan.table.name)
  const change: Step = {
    do: 'change',
    sent: plan.columns.length === 0 ? [] : [{ text, at: place }],
    into: ANSWERED,
    returns: keys || judged || plan.columns.length === 0,
    key: keys ? plan.table.key.length : 0,
    verdicts: judged ? 1 : 0,
    refusal,
    conflict: undefined,
  }
  const verify: readonly Step[] = failing
    ? [{ do: 'verify', sent: { text: failing.text, types: failing.types, keys: ANSWERED, at: place + 1 }, which: 'all', refusal }]
    : []
  const steps = [...references.steps, change, ...verify]
  return (values, who) => {
    const set = setValues(plan, values, parts)
    return {
      steps,
      values: [
        ...references.values(set, values, who),
        [...set, ...bindAll(binders, values, who, codec)],
        bindAll(failing?.binders ?? [], values, who, codec),
      ],
    }
  }
}

function setValues({ columns, values: at, textual }: UpdateShape, values: readonly unknown[], { codec, clock }: SqlDatabase): SqlValue[] {
  const given: unknown = values[at]
  if (!Array.isArray(given) || given.length !== columns.length)
    throw new Problem('PGRST102', 'A change must give as many values as there are columns')
  const now = clock()
  return columns.map((column, index) =>
    given[index] === undefined ? defaultOf(column, now, codec) : storedValue(given[index], column, textual, codec),
  )
}

/** The new values are the first placeholders; the binders follow them. */
function updateText({ table, target, columns, check }: UpdateShape, keys: boolean, judged: boolean, dialect: Dialect): Text {
  const frame = ownFrame(target, columns.length, dialect)
  const set = columns.map((column, at) => `${quote(column.name)} = ${dialect.placeholder(at + 1, column.type, false)}`)
  const where = whereOf(target, frame, '')
  const verdict = judged ? [`CASE WHEN ${testSql(check, frame, false)} THEN 1 ELSE 0 END`] : []
  const outputs = [...(keys ? table.key.map((name) => `${frame.alias}.${quote(name)}`) : []), ...verdict]
  const returning = outputs.length === 0 ? '' : ` RETURNING ${outputs.join(', ')}`
  return { text: `UPDATE ${frame.alias} SET ${set.join(', ')}${where}${returning}`, binders: frame.writing.binders }
}

/** The table under its own name, which is all that SQLite knows it by in RETURNING. */
function ownFrame({ table }: Shape, before: number, dialect: Dialect): Frame {
  return { writing: startWriting(dialect, before), table, alias: quote(table.name), joins: undefined }
}

// ── Deletes ──

/**
 * Rows that are to be given back are read before they go: `closing` comes in between. So are those that may take each
 * other with them, because not every database counts a row that is gone before its turn.
 */
export function deletePart(plan: DeleteShape, closing: MakePart | undefined, parts: SqlDatabase): MakePart {
  const { dialect, codec } = parts
  const reads = plan.returning !== undefined || plan.cascades.takesItsOwn
  const { text, binders } = reads ? findText(plan, dialect) : deleteText(plan, dialect)
  const removed = removeText(plan.table, dialect)
  const byKeys: Step = { do: 'remove', sent: { text: removed.text, types: removed.types, keys: ANSWERED, at: NO_VALUES }, into: REMOVED }
  const first = reads ? [findStep(text, plan)] : removing({ do: 'remove', sent: { text, at: 0 }, into: ANSWERED }, plan, dialect)
  const last = reads ? removing(byKeys, plan, dialect) : []
  let steps: readonly Step[] | undefined
  return (values, who) => {
    const between = closing?.(values, who) ?? { steps: [], values: [] }
    steps ??= [...first, ...between.steps.map((step) => shifted(step, 1)), ...last]
    return { steps, values: [bindAll(binders, values, who, codec), ...between.values] }
  }
}

/** With what is in the way looked at when all is gone. */
function removing(step: Step, { cascades }: DeleteShape, { late }: Dialect): readonly Step[] {
  if (late === undefined || cascades.late.length === 0) return [step]
  const { before, after } = late(cascades.late)
  const asked = (text: string): Step => ({ do: 'remove', sent: { text, at: NO_VALUES }, into: REMOVED })
  return [asked(before), step, asked(after)]
}

/** The rows are counted as they are found. */
const REMOVED = ANSWERED + 1

/** A place that no values are at: the statement has its keys alone. */
const NO_VALUES = -1_000_000

function findStep(text: string, { table }: DeleteShape): Step {
  return {
    do: 'change',
    sent: [{ text, at: 0 }],
    into: ANSWERED,
    returns: true,
    key: table.key.length,
    verdicts: 0,
    refusal: updateRefusal(table.name),
    conflict: undefined,
  }
}

function deleteText({ target }: DeleteShape, dialect: Dialect): Text {
  const frame = ownFrame(target, 0, dialect)
  return { text: `DELETE FROM ${frame.alias}${whereOf(target, frame, '')}`, binders: frame.writing.binders }
}

function findText({ target, table }: DeleteShape, dialect: Dialect): Text {
  const frame = ownFrame(target, 0, dialect)
  const text = `SELECT ${quoteAll(table.key)} FROM ${frame.alias}${whereOf(target, frame, '')}${dialect.lock(frame.alias)}`
  return { text, binders: frame.writing.binders }
}
