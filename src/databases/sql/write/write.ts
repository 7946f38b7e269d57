/** Writes: from a plan to the program that does all of it, and from its outcome to the answer. */
import type { PreconditionShape, Shape, WritePlan } from '../../../plan/plan.ts'
import type { Answer } from '../../../query/ask.ts'
import type { Who } from '../../../query/who.ts'
import type { Statement } from '../../database.ts'
import { bindAll, type Binder } from '../binder.ts'
import type { SqlDatabase } from '../database.ts'
import type { Dialect } from '../dialect.ts'
import { frameOf } from '../frame.ts'
import { quote } from '../names.ts'
import { rowsOf } from '../outputs.ts'
import { testSql } from '../test.ts'
import { startWriting } from '../writing.ts'
import { Problem } from '../../../errors.ts'
import { deleteSteps, updateSteps } from './change.ts'
import { insertSteps, type Steps } from './insert.ts'
import { bindKeyed, readText } from './keyed.ts'
import { ANSWERED, type Outcome, type Program, type Step } from './program.ts'

export function writeStatement(plan: WritePlan, parts: SqlDatabase): Statement {
  const program = programOf(plan, parts)
  return {
    text: `${plan.kind} ${plan.table.name}`,
    run: async (values, who) => answerOf(await parts.driver.write(program(values, who)), plan),
  }
}

function answerOf({ count, inserted, rows }: Outcome, { returning }: WritePlan): Answer {
  const given = returning === 'unreadable' ? { json: '[]', length: 0 } : rows
  return { kind: 'written', count, inserted, ...(given && { rows: given }) }
}

/** The program of a question with its values in it. */
function programOf(plan: WritePlan, parts: SqlDatabase): (values: readonly unknown[], who: Who) => Program {
  const judge = plan.precondition && judgeStep(plan.precondition, parts)
  const closing = closingSteps(plan, parts)
  const steps = plan.kind === 'delete' ? deleteSteps(plan, closing, parts) : followed(writingSteps(plan, parts), closing)
  return (values, who) => ({
    rehearsal: plan.rehearsal,
    steps: [...(judge ? [judge(values, who)] : []), ...steps(values, who)],
  })
}

const followed =
  (first: Steps, second: Steps): Steps =>
  (values, who) => [...first(values, who), ...second(values, who)]

function writingSteps(plan: Exclude<WritePlan, { kind: 'delete' }>, parts: SqlDatabase): Steps {
  const wantsKeys = typeof plan.returning === 'object'
  return plan.kind === 'insert' ? insertSteps(plan, wantsKeys, parts) : updateSteps(plan, wantsKeys, parts)
}

/** What comes after the write: whether as many rows were touched as were meant, and those that are given back. */
function closingSteps({ returning, most, single, kind }: WritePlan, { dialect, codec }: SqlDatabase): Steps {
  const read =
    typeof returning === 'object' ? { text: readText(returning, kind === 'insert', dialect), cap: returning.limit.cap } : undefined
  if (read === undefined && most === undefined && !single) return () => []
  return (values, who): readonly Step[] => {
    const limit = most === undefined ? undefined : Number(values[most])
    const count: Step = { do: 'count', keys: ANSWERED, most: limit, single, cap: read?.cap }
    return read === undefined ? [count] : [count, { do: 'give', sent: bindKeyed(read.text, ANSWERED, values, who, codec) }]
  }
}

function judgeStep({ read, salts, match, none }: PreconditionShape, { dialect, codec }: SqlDatabase) {
  const writing = startWriting(dialect)
  const text = rowsOf(read, frameOf(writing, read.table, true), '')
  const lock = lockText(read, dialect)
  return (values: readonly unknown[], who: Who): Step => ({
    do: 'judge',
    lock: lock && { text: lock.text, values: bindAll(lock.binders, values, who, codec) },
    sent: { text, values: bindAll(writing.binders, values, who, codec) },
    salts,
    match: match === undefined ? undefined : tagsIn(values[match]),
    none: none === undefined ? undefined : tagsIn(values[none]),
    refusal: { code: 'precondition_failed', message: 'The row is not the one that was expected' },
  })
}

function lockText({ table, where }: Shape, dialect: Dialect): { readonly text: string; readonly binders: readonly Binder[] } | undefined {
  const frame = { ...frameOf(startWriting(dialect), table, false), alias: quote(table.name) }
  const lock = dialect.lock(frame.alias)
  if (lock === '') return undefined
  return { text: `SELECT 1 FROM ${frame.alias} WHERE ${testSql(where, frame, true)}${lock}`, binders: frame.writing.binders }
}

function tagsIn(given: unknown): readonly string[] | '*' {
  if (given === '*') return given
  if (Array.isArray(given) && given.every((tag) => typeof tag === 'string')) return given
  throw new Problem('bad_request', 'A precondition names no tags')
}
