/** Writes: from a plan to the program that does all of it, and from its outcome to the answer. */
import { Problem } from '../../../errors.ts'
import type { PreconditionShape, Shape, WritePlan } from '../../../plan/plan.ts'
import type { Answer } from '../../../query/ask.ts'
import type { Kept } from '../../../query/once.ts'
import type { Within } from '../../../query/transaction.ts'
import type { Who } from '../../../query/who.ts'
import type { Table } from '../../../schema/schema.ts'
import { elementsOf } from '../../../util/json-slices.ts'
import type { Statement } from '../../database.ts'
import { boundedRows } from '../answer.ts'
import { bindAll, type Binder } from '../binder.ts'
import type { SqlDatabase } from '../database.ts'
import type { Dialect } from '../dialect.ts'
import type { SqlValue } from '../driver.ts'
import { frameOf } from '../frame.ts'
import { quote } from '../names.ts'
import { namesOf, rowsOf } from '../outputs.ts'
import { testSql } from '../test.ts'
import { readWithin, writeWithin } from '../within.ts'
import { startWriting } from '../writing.ts'
import { deletePart, updatePart } from './change.ts'
import { insertPart } from './insert.ts'
import { readText } from './keyed.ts'
import { onceSent } from './once.ts'
import { ANSWERED, Joined, type Outcome, type Part, type Program, type Step } from './program.ts'
import { Replay, withKeys, withoutKeys, type Send } from './replay.ts'

/** A part of a program for the values of a question. Most have the very same steps each time. */
export type MakePart = (values: readonly unknown[], who: Who) => Part

export function writeStatement(plan: WritePlan, parts: SqlDatabase): Statement {
  const program = programOf(plan, parts)
  const answerOf = answering(plan)
  let once: OnceWriting | undefined
  return {
    text: `${plan.kind} ${plan.table.name}`,
    async run(values, who, { within, once: kept } = {}) {
      if (kept === undefined || plan.rehearsal) return answerOf(await carried(program(values, who), within, parts))
      once ??= onceWriting(plan, parts)
      return runOnce(once, kept, { values, who, within }, parts)
    },
  }
}

const carried = (program: Program, within: Within | undefined, parts: SqlDatabase): Promise<Outcome> =>
  within === undefined ? parts.driver.write(program) : writeWithin(program, within, parts)

function answering({ returning }: WritePlan): (outcome: Outcome) => Answer {
  const names = typeof returning === 'object' ? returning.outputs.flatMap(namesOf) : []
  const none = { json: '[]', length: 0, names }
  return ({ count, inserted, rows, replayed }) => {
    const given = returning === 'unreadable' ? none : rows && { json: rows.json, length: rows.length, names }
    return { kind: 'written', count, inserted, ...(given && { rows: given }), ...(replayed && { replayed }) }
  }
}

// ── What is not done twice ──

interface OnceWriting {
  readonly table: Table
  readonly answerOf: (outcome: Outcome) => Answer
  readonly program: (values: readonly unknown[], who: Who) => Program
  /** Where rows come back that can be told apart. */
  readonly replay: Replay | undefined
}

function onceWriting(plan: WritePlan, parts: SqlDatabase): OnceWriting {
  const { returning, table } = plan
  const answerOf = answering(plan)
  if (typeof returning !== 'object' || returning.grouped) return { table, answerOf, program: programOf(plan, parts), replay: undefined }
  const keyed = withKeys(returning)
  return { table, answerOf, program: programOf({ ...plan, returning: keyed }, parts), replay: new Replay(keyed, parts) }
}

interface OnceAsked {
  readonly values: readonly unknown[]
  readonly who: Who
  readonly within: Within | undefined
}

async function runOnce(
  { table, answerOf, program, replay }: OnceWriting,
  kept: Kept,
  { values, who, within }: OnceAsked,
  parts: SqlDatabase,
): Promise<Answer> {
  const rights = replay?.rights(who)
  const sent = onceSent(kept, parts, rights)
  const outcome = await carried({ ...program(values, who), once: sent }, within, parts)
  if (replay === undefined || outcome.rows === undefined) return answerOf(outcome)
  const send: Send = (text, given) => (within === undefined ? parts.driver.prepare(text).rows(given) : readWithin(within, text, given))
  const json = outcome.replayed
    ? await replay.rows(outcome.rows.json, outcome.rights, { values, who, send })
    : withoutKeys(outcome.rows.json, table)
  return answerOf({ ...outcome, rows: { json, length: outcome.replayed ? elementsOf(json).length : outcome.rows.length } })
}

/** The program of a question with its values in it. */
function programOf(plan: WritePlan, parts: SqlDatabase): (values: readonly unknown[], who: Who) => Program {
  const judge = plan.precondition && judgePart(plan.precondition, parts)
  const closing = closingPart(plan, parts)
  const writing = plan.kind === 'delete' ? deletePart(plan, closing, parts) : writingPart(plan, parts)
  const joined = new Joined()
  const { rehearsal } = plan
  return (values, who) => {
    const written = writing(values, who)
    const around = [...(judge ? [judge(values, who)] : []), written, ...(closing && plan.kind !== 'delete' ? [closing(values, who)] : [])]
    return around.length === 1 ? { ...written, rehearsal } : { ...joined.of(around, written), rehearsal }
  }
}

function writingPart(plan: Exclude<WritePlan, { kind: 'delete' }>, parts: SqlDatabase): MakePart {
  const wantsKeys = typeof plan.returning === 'object'
  return plan.kind === 'insert' ? insertPart(plan, wantsKeys, parts) : updatePart(plan, wantsKeys, parts)
}

/** What comes after the write: whether as many rows were touched as were meant, and those that are given back. */
function closingPart({ returning, most, single, kind }: WritePlan, { dialect, codec }: SqlDatabase): MakePart | undefined {
  const read =
    typeof returning === 'object' ? { text: readText(returning, kind === 'insert', dialect), cap: returning.limit.cap } : undefined
  if (read === undefined && most === undefined && !single) return undefined
  const count: Step = { do: 'count', keys: ANSWERED, most: most === undefined ? undefined : 0, single, cap: read?.cap }
  const { text = '', types = [], binders = [] } = read?.text ?? {}
  const give: Step = { do: 'give', sent: { text, types, keys: ANSWERED, at: 1 } }
  const steps = read === undefined ? [count] : [count, give]
  return (values, who) => ({ steps, values: [[most === undefined ? 0 : Number(values[most])], bindAll(binders, values, who, codec)] })
}

// ── Preconditions ──

function judgePart({ read, salts, match, none }: PreconditionShape, { dialect, codec }: SqlDatabase): MakePart {
  const writing = startWriting(dialect)
  const text = boundedRows(rowsOf(read, frameOf(writing, read.table, true), ''), dialect)
  const lock = lockText(read, dialect)
  const steps: readonly Step[] = [
    {
      do: 'judge',
      sent: { text, at: 0 },
      lock: lock && { text: lock.text, at: 1 },
      salts,
      match: match === undefined ? undefined : 2,
      none: none === undefined ? undefined : 3,
      refusal: { code: 'precondition_failed', message: 'The row is not the one that was expected' },
    },
  ]
  return (values, who) => ({
    steps,
    values: [
      bindAll(writing.binders, values, who, codec),
      bindAll(lock?.binders ?? [], values, who, codec),
      match === undefined ? [] : tagsIn(values[match]),
      none === undefined ? [] : tagsIn(values[none]),
    ],
  })
}

function lockText({ table, where }: Shape, dialect: Dialect): { readonly text: string; readonly binders: readonly Binder[] } | undefined {
  const frame = { ...frameOf(startWriting(dialect), table, false), alias: quote(table.name) }
  const lock = dialect.lock(frame.alias)
  if (lock === '') return undefined
  return { text: `SELECT 1 FROM ${frame.alias} WHERE ${testSql(where, frame, true)}${lock}`, binders: frame.writing.binders }
}

function tagsIn(given: unknown): readonly SqlValue[] {
  if (given === '*') return [given]
  if (Array.isArray(given) && given.every((tag) => typeof tag === 'string')) return given
  throw new Problem('bad_request', 'A precondition names no tags')
}
