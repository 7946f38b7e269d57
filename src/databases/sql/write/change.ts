/** Rows that are changed or taken out, as programs: one statement over the rows that the asker sees and may write. */
import type { DeleteShape, Shape, UpdateShape } from '../../../plan/plan.ts'
import { isTrue } from '../../../query/typed.ts'
import type { Who } from '../../../query/who.ts'
import { Problem } from '../../../errors.ts'
import { bindAll, type Binder } from '../binder.ts'
import type { SqlDatabase } from '../database.ts'
import type { Dialect } from '../dialect.ts'
import type { Frame } from '../frame.ts'
import { quote, quoteAll } from '../names.ts'
import { whereOf } from '../outputs.ts'
import { testSql } from '../test.ts'
import { startWriting } from '../writing.ts'
import { updateRefusal, type Steps } from './insert.ts'
import { bindKeyed, failingText, removeText } from './keyed.ts'
import { isOwn } from './own.ts'
import { ANSWERED, type Sent, type Step } from './program.ts'
import { defaultOf, storedValue } from './values.ts'

interface Text {
  readonly text: string
  readonly binders: readonly Binder[]
}

// ── Changes ──

export function updateSteps(plan: UpdateShape, wantsKeys: boolean, parts: SqlDatabase): Steps {
  const { dialect, codec } = parts
  const own = isOwn(plan.check)
  const keys = wantsKeys || !own
  const judged = own && !isTrue(plan.check)
  const { text, binders } = updateText(plan, keys, judged, dialect)
  const failing = own ? undefined : failingText(plan.table, plan.check, dialect)
  return (values, who) => {
    const sent = { text, values: [...setValues(plan, values, parts), ...bindAll(binders, values, who, codec)] }
    const change: Step = {
      do: 'change',
      sent: plan.columns.length === 0 ? [] : [sent],
      into: ANSWERED,
      returns: keys || judged || plan.columns.length === 0,
      key: keys ? plan.table.key.length : 0,
      verdicts: judged ? 1 : 0,
      refusal: updateRefusal(plan),
      conflict: undefined,
    }
    if (failing === undefined) return [change]
    return [change, { do: 'verify', sent: bindKeyed(failing, ANSWERED, values, who, codec), which: 'all', refusal: updateRefusal(plan) }]
  }
}

function setValues({ columns, values: at, textual }: UpdateShape, values: readonly unknown[], { codec, clock }: SqlDatabase) {
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

/** Rows that are to be given back are read before they go. */
export function deleteSteps(plan: DeleteShape, give: (values: readonly unknown[], who: Who) => readonly Step[], parts: SqlDatabase): Steps {
  const { dialect, codec } = parts
  const bound = ({ text, binders }: Text, values: readonly unknown[], who: Who): Sent => ({
    text,
    values: bindAll(binders, values, who, codec),
  })
  if (plan.returning === undefined) {
    const text = deleteText(plan, dialect)
    return (values, who) => [{ do: 'remove', sent: bound(text, values, who), into: ANSWERED }, ...give(values, who)]
  }
  const found = findText(plan, dialect)
  const removed = removeText(plan.table, dialect)
  return (values, who) => [
    {
      do: 'change',
      sent: [bound(found, values, who)],
      into: ANSWERED,
      returns: true,
      key: plan.table.key.length,
      verdicts: 0,
      refusal: updateRefusal(plan),
      conflict: undefined,
    },
    ...give(values, who),
    { do: 'remove', sent: bindKeyed(removed, ANSWERED, values, who, codec), into: ANSWERED },
  ]
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
