/**
 * Carries a program out: gives each statement that is to be sent, and takes its rows. Whoever drives it decides whether
 * that waits (`drive`, `driveLater`), and undoes everything where it throws.
 */
import { Problem } from '../../../errors.ts'
import type { Type } from '../../../schema/schema.ts'
import { textOf } from '../../../util/json-slices.ts'
import { tagOf } from '../../../util/tag.ts'
import type { SqlRow, SqlValue } from '../driver.ts'
import { judgeClaim, recalled } from './once.ts'
import {
  ANSWERED,
  type Change,
  type Count,
  type Judge,
  type Keyed,
  type Look,
  type Outcome,
  type Program,
  type Refer,
  type Refusal,
  type Remove,
  type Step,
  type Verify,
} from './program.ts'

/** Keys of rows as the values of a statement. */
export type KeyValues = (types: readonly Type[], keys: readonly (readonly SqlValue[])[]) => readonly SqlValue[]

/** A statement, and whether its rows are wanted or only how many it touched. */
export interface Asked {
  readonly text: string
  readonly values: readonly SqlValue[]
  readonly counted: boolean
}

export type Carrying = Generator<Asked, Outcome, readonly SqlRow[] | number>

/** The rows of a step. */
interface Touched {
  readonly key: readonly SqlValue[]
  readonly isNew: boolean
}

interface State {
  readonly values: Program['values']
  readonly keyValues: KeyValues
  readonly touched: Map<number, Touched[]>
  /** How many rows, where their keys are not known. */
  readonly counts: Map<number, number>
  /** By what tells the rows apart: those that were there, and whether they may be changed. */
  readonly found: Map<number, ReadonlySet<string>>
  rows: Outcome['rows']
}

export function* carryOut(program: Program, keyValues: KeyValues): Carrying {
  const { once } = program
  if (once === undefined) return yield* carryOutSteps(program, keyValues)
  if (once.claim !== undefined) judgeClaim(yield* rowsOf(once.claim.text, once.claim.values))
  const kept = recalled(yield* rowsOf(once.recall.text, once.recall.values), once)
  if (kept !== undefined) return { ...(JSON.parse(kept) as Outcome), replayed: true } // as it was kept below
  const outcome = yield* carryOutSteps(program, keyValues)
  yield { text: once.keep.text, values: [...once.keep.values, JSON.stringify({ ...outcome, rights: once.rights })], counted: true }
  return outcome
}

function* carryOutSteps(program: Program, keyValues: KeyValues): Carrying {
  const state: State = { values: program.values, keyValues, touched: new Map(), counts: new Map(), found: new Map(), rows: undefined }
  for (const step of program.steps) yield* carryOutStep(step, state)
  const touched = state.touched.get(ANSWERED)
  const count = countOf(ANSWERED, state)
  const inserted = touched?.filter(({ isNew }) => isNew).length ?? count
  return { count, inserted, ...(state.rows && { rows: state.rows }) }
}

type Working = Generator<Asked, void, readonly SqlRow[] | number>

function* carryOutStep(step: Step, state: State): Working {
  switch (step.do) {
    case 'judge':
      return yield* judge(step, state)
    case 'refer':
      return yield* refer(step, state)
    case 'look':
      return yield* look(step, state)
    case 'change':
      return yield* change(step, state)
    case 'remove':
      return yield* remove(step, state)
    case 'verify':
      return yield* verify(step, state)
    case 'count':
      return count(step, state)
    case 'give': {
      const [row] = yield* rowsOf(step.sent.text, keyed(step.sent, state))
      state.rows = { json: String(row?.[0]), length: Number(row?.[1]) }
    }
  }
}

/** The rows that a statement gives. */
function* rowsOf(text: string, values: readonly SqlValue[]): Generator<Asked, readonly SqlRow[], readonly SqlRow[] | number> {
  const rows = yield { text, values, counted: false }
  if (typeof rows === 'number') throw new Error('a statement gave a number where rows were asked for')
  return rows
}

const valuesAt = (at: number, { values }: State): readonly SqlValue[] => values[at] ?? []

/** The values of a statement about rows by their keys. */
function keyed({ at, keys, types }: Keyed, state: State, which: Verify['which'] = 'all'): readonly SqlValue[] {
  const touched = (state.touched.get(keys) ?? []).filter(({ isNew }) => which === 'all' || isNew === (which === 'new'))
  const given = state.keyValues(
    types,
    touched.map(({ key }) => key),
  )
  return [...given, ...valuesAt(at, state)]
}

const countOf = (number: number, { touched, counts }: State): number => counts.get(number) ?? touched.get(number)?.length ?? 0

const refused = ({ code, message, details, hint }: Refusal): Problem =>
  new Problem(code, message, { ...(details !== undefined && { details }), ...(hint !== undefined && { hint }) })

// ── Before the write ──

function* judge({ lock, sent, salts, match, none, refusal }: Judge, state: State): Working {
  if (lock !== undefined) yield* rowsOf(lock.text, valuesAt(lock.at, state))
  const rows = yield* rowsOf(sent.text, valuesAt(sent.at, state))
  const tags = rows.flatMap(([json]) => salts.map((salt) => tagOf(salt, String(json))))
  const isOf = (at: number): boolean => {
    const wanted = valuesAt(at, state)
    return wanted.includes('*') ? rows.length > 0 : tags.some((tag) => wanted.includes(tag))
  }
  if ((match !== undefined && !isOf(match)) || (none !== undefined && isOf(none))) throw refused(refusal)
}

function* refer({ sent, refusal, columns, to }: Refer, state: State): Working {
  const values = valuesAt(sent.at, state)
  if (values.length === 0) return
  const [row] = yield* rowsOf(sent.text, values)
  if (row === undefined) return
  const told = row.map((json) => (String(json).startsWith('"') ? textOf(String(json)) : String(json)))
  throw refused({ ...refusal, details: `Key (${columns.join(', ')})=(${told.join(', ')}) is not present in table "${to}".` })
}

function* look({ sent, into, columns, unseen, unchangeable }: Look, state: State): Working {
  const rows = yield* rowsOf(sent.text, valuesAt(sent.at, state))
  for (const row of rows) {
    if (Number(row[columns]) !== 1) throw refused(unseen)
    if (Number(row[columns + 1]) !== 1) throw refused(unchangeable)
  }
  state.found.set(into, new Set(rows.map((row) => identityOf(row.slice(0, columns)))))
}

/** Values of one database compare as their texts do. */
export const identityOf = (values: readonly unknown[]): string =>
  values.map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value))).join('\0')

// ── The write ──

function* change(step: Change, state: State): Working {
  const touched: Touched[] = []
  let plain = 0
  for (const { text, at } of step.sent) {
    const values = valuesAt(at, state)
    if (!step.returns) {
      plain += Number(yield { text, values, counted: true })
      continue
    }
    for (const row of yield* rowsOf(text, values)) touched.push(touchedBy(row, step, state))
  }
  if (step.returns) state.touched.set(step.into, touched)
  else state.counts.set(step.into, plain)
  judgeRace(step, touched.length, state)
}

function touchedBy(row: SqlRow, step: Change, state: State): Touched {
  const { key, conflict, verdicts, refusal } = step
  const columns = conflict?.columns ?? 0
  const isOld = conflict !== undefined && (state.found.get(conflict.looked)?.has(identityOf(row.slice(key, key + columns))) ?? false)
  if (conflict?.told && (Number(row.at(-1)) === 1) === isOld) throw raced()
  const verdict = verdicts === 0 ? 1 : row[key + columns + (verdicts === 2 && isOld ? 1 : 0)]
  if (Number(verdict) !== 1) throw refused(refusal)
  return { key: row.slice(0, key) as readonly SqlValue[], isNew: !isOld } // what a database gave it takes again
}

/** A row came in between the look and the write: what it means for the asker was not judged, so all is done again. */
function judgeRace({ conflict }: Change, count: number, state: State): void {
  if (conflict === undefined) return
  const there = state.found.get(conflict.looked)?.size ?? 0
  const given = Number(valuesAt(conflict.given, state)[0])
  if (count === (conflict.then === 'merge' ? given : given - there)) return
  throw raced()
}

const raced = (): Problem => new Problem('40001', 'Another request put in the same row')

function* remove({ sent, into }: Remove, state: State): Working {
  const removed = yield { text: sent.text, values: 'keys' in sent ? keyed(sent, state) : valuesAt(sent.at, state), counted: true }
  state.counts.set(into, Number(removed))
}

// ── After it ──

function* verify({ sent, which, refusal }: Verify, state: State): Working {
  const [row] = yield* rowsOf(sent.text, keyed(sent, state, which))
  if (Number(row?.[0]) > 0) throw refused(refusal)
}

function count({ keys, most, single, cap }: Count, state: State): void {
  const touched = countOf(keys, state)
  if (single && touched !== 1)
    throw new Problem('PGRST116', 'Cannot coerce the result to a single JSON object', { details: `The result contains ${touched} rows` })
  if (most !== undefined && touched > Number(valuesAt(most, state)[0]))
    throw new Problem('PGRST124', 'Query result exceeds max-affected preference constraint', {
      details: `The query affects ${touched} rows`,
    })
  if (cap !== undefined && touched > cap)
    throw new Problem('too_complex', `More than ${cap} rows were written, which are more than one answer holds`, {
      hint: 'Ask without the rows (Prefer: return=minimal), write fewer at once, or raise PLINTH_MAX_ROWS.',
    })
}

// ── Driving ──

/** Carries out where each statement answers at once. */
export function drive(carrying: Carrying, send: (asked: Asked) => readonly SqlRow[] | number): Outcome {
  let next = carrying.next()
  while (!next.done) next = carrying.next(send(next.value))
  return next.value
}

/** And where each has to be waited for. */
export async function driveLater(carrying: Carrying, send: (asked: Asked) => Promise<readonly SqlRow[] | number>): Promise<Outcome> {
  let next = carrying.next()
  while (!next.done) next = carrying.next(await send(next.value))
  return next.value
}
