/** A database that speaks SQL: a dialect, a driver and a codec put together into the contract. */
import { Problem } from '../../errors.ts'
import type { Capabilities } from '../../plan/capabilities.ts'
import type { Plan, ReadPlan } from '../../plan/plan.ts'
import type { Answer } from '../../query/ask.ts'
import type { Who } from '../../query/who.ts'
import type { Database, How, Statement } from '../database.ts'
import { bindAll, writeToken, type Codec } from './binder.ts'
import { compileRead, type Compiled } from './compile.ts'
import type { Dialect } from './dialect.ts'
import type { Driver, SqlRow } from './driver.ts'
import { inTransaction, readWithin } from './within.ts'
import { writeStatement } from './write/write.ts'

export interface SqlDatabase {
  readonly title: string
  readonly capabilities: Capabilities
  readonly dialect: Dialect
  readonly driver: Driver
  readonly codec: Codec
  /** The most values one statement may carry. */
  readonly maxValues: number
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

export function sqlDatabase(parts: SqlDatabase): Database {
  return {
    title: parts.title,
    capabilities: parts.capabilities,
    compile: (plan: Plan) => (plan.kind === 'read' ? readStatement(plan, parts) : writeStatement(plan, parts)),
    transaction: (work, options = {}) =>
      parts.driver.transaction((connection) => inTransaction(connection, parts, work), { ...options, serializable: true }),
    probe: () => parts.driver.probe(),
    close: () => parts.driver.close(),
  }
}

function readStatement(plan: ReadPlan, { dialect, driver, codec }: SqlDatabase): Statement {
  const compiled = compileRead(plan, dialect)
  if (plan.explain) return explainStatement(compiled, dialect, driver, codec)
  const prepared = driver.prepare(compiled.text)
  const answerOf = answers[compiled.result]
  const read = (values: readonly unknown[], who: Who, how?: How): Answer | Promise<Answer> => {
    const within = how?.within
    const bound = bindAll(compiled.binders, values, who, codec)
    const rows = within === undefined ? prepared.rows(bound) : readWithin(within, compiled.text, bound)
    return rows instanceof Promise ? rows.then((arrived) => answerOf(arrived, compiled)) : answerOf(rows, compiled)
  }
  const { estimate } = compiled
  if (estimate === undefined) return { text: compiled.text, run: read }
  const planner = driver.prepare(estimate.text)
  return {
    text: compiled.text,
    run: async (values, who, how) =>
      estimated(await read(values, who, how), () => planner.rows(bindAll(estimate.binders, values, who, codec))),
  }
}

/** The planner's number of rows, where none was counted. */
async function estimated(answer: Answer, ask: () => readonly SqlRow[] | Promise<readonly SqlRow[]>): Promise<Answer> {
  if (answer.kind !== 'rows' || answer.total !== undefined) return answer
  const [json] = firstOf(await ask())
  const rows = /"Plan Rows": (\d+)/.exec(typeof json === 'string' ? json : JSON.stringify(json))?.[1]
  return rows === undefined ? answer : { ...answer, total: Number(rows) }
}

function explainStatement(compiled: Compiled, dialect: Dialect, driver: Driver, codec: Codec): Statement {
  const text = dialect.explain(compiled.text)
  return {
    text,
    async run(values, who) {
      const rows = await driver.prepare(text).rows(bindAll(compiled.binders, values, who, codec))
      return { kind: 'explained', text: rows.map((row) => String(row.at(-1))).join('\n') }
    },
  }
}

// ── Rows of results → answers ──

type Answering = (rows: readonly SqlRow[], compiled: Compiled) => Answer

const answers: Record<Compiled['result'], Answering> = { row: oneAnswer, list: listAnswer, page: pageAnswer, none: countAnswer }

function oneAnswer([row]: readonly SqlRow[], { names }: Compiled): Answer {
  return row === undefined
    ? { kind: 'rows', json: '[]', length: 0, names }
    : { kind: 'rows', json: `[${String(row[0])}]`, length: 1, names }
}

function listAnswer(rows: readonly SqlRow[], compiled: Compiled): Answer {
  const [json, length, total] = firstOf(rows)
  return { kind: 'rows', json: String(json), length: Number(length), names: compiled.names, ...totalOf(total, compiled) }
}

/** The number of all rows, where it was asked for and counted to the end. */
function totalOf(total: unknown, { counted, countCap }: Compiled): { readonly total?: number } {
  return counted && total !== undefined && Number(total) <= countCap ? { total: Number(total) } : {}
}

function pageAnswer(rows: readonly SqlRow[], compiled: Compiled): Answer {
  const [json, length, places, total] = firstOf(rows)
  const last: unknown = JSON.parse(String(places)).at(-1) // an array, as it is written
  const next = last === undefined ? {} : { next: writeToken(JSON.stringify(last)) }
  return { kind: 'rows', json: String(json), length: Number(length), names: compiled.names, ...next, ...totalOf(total, compiled) }
}

function countAnswer(rows: readonly SqlRow[], compiled: Compiled): Answer {
  const [length, total] = firstOf(rows)
  return { kind: 'rows', json: '', length: Number(length), ...totalOf(total, compiled) }
}

function firstOf(rows: readonly SqlRow[]): SqlRow {
  const row = rows[0]
  if (row === undefined) throw new Problem('XX000', 'The database gave no row where there always is one')
  return row
}
