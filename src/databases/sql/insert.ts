/**
 * Inserts: rows as lists of values, in as few statements as the database's limits allow, all in one transaction.
 * A value that is not given leaves its column to the default.
 */
import { Problem } from '../../errors.ts'
import { isTrue } from '../../query/typed.ts'
import type { Who } from '../../query/who.ts'
import type { InsertShape } from '../../plan/plan.ts'
import type { Column } from '../../schema/schema.ts'
import type { Statement } from '../database.ts'
import { bindAll, type Codec } from './binder.ts'
import { insertText } from './compile.ts'
import type { SqlDatabase } from './database.ts'
import type { Connection, SqlRow, SqlValue } from './driver.ts'

type GivenRow = readonly unknown[]

/** Rows that give the same columns, one after the other. */
interface Run {
  readonly columns: readonly Column[]
  readonly places: readonly number[]
  readonly rows: GivenRow[]
}

export function insertStatement(plan: InsertShape, parts: SqlDatabase): Statement {
  return {
    text: insertText(plan, plan.columns, 1, parts.dialect).text,
    async run(values, who) {
      const rows = rowsIn(values[plan.rows], plan)
      await parts.driver.transaction(async (connection) => {
        for (const run of runsOf(rows, plan)) await insertRun(run, plan, parts, connection, values, who)
      })
      return { kind: 'written', count: rows.length }
    },
  }
}

function rowsIn(given: unknown, plan: InsertShape): readonly GivenRow[] {
  if (!Array.isArray(given) || !given.every((row) => Array.isArray(row) && row.length === plan.columns.length)) {
    throw new Problem('PGRST102', 'All rows must give as many values as there are columns')
  }
  return given
}

function runsOf(rows: readonly GivenRow[], plan: InsertShape): readonly Run[] {
  const runs: Run[] = []
  let key: string | undefined
  for (const row of rows) {
    const mask = row.map((value) => (value === undefined ? '-' : '+')).join('')
    if (mask !== key) runs.push(startRun(row, plan))
    key = mask
    runs.at(-1)?.rows.push(row)
  }
  return runs
}

function startRun(row: GivenRow, plan: InsertShape): Run {
  const places = plan.columns.flatMap((_, at) => (row[at] === undefined ? [] : [at]))
  return { places, columns: plan.columns.filter((_, at) => row[at] !== undefined), rows: [] }
}

async function insertRun(
  run: Run,
  plan: InsertShape,
  parts: SqlDatabase,
  connection: Connection,
  values: readonly unknown[],
  who: Who,
): Promise<void> {
  const most = run.columns.length === 0 ? 1 : Math.max(1, Math.min(500, Math.floor(parts.maxValues / run.columns.length)))
  for (let from = 0; from < run.rows.length; from += most) {
    const chunk = run.rows.slice(from, from + most)
    const { text, binders } = insertText(plan, run.columns, chunk.length, parts.dialect)
    const stored = chunk.flatMap((row) =>
      run.columns.map((column, at) => storedValue(given(row[run.places[at] ?? 0], column, plan), column, parts.codec)),
    )
    const checked = connection.prepare(text).rows([...stored, ...bindAll(binders, values, who, parts.codec)])
    refuse(checked instanceof Promise ? await checked : checked, plan)
  }
}

/** A JSON column's value is itself, not its text, unless all values are texts. */
function given(value: unknown, column: Column, plan: InsertShape): unknown {
  return column.type.kind === 'json' && !plan.textual && value !== null ? JSON.stringify(value) : value
}

/** Every value passes its column's codec; a complaint says which column it is about. */
function storedValue(given: unknown, column: Column, codec: Codec): SqlValue {
  if (given === null) return null
  try {
    return codec.store(given, column.type)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw new Problem(error.code, error.message, {
      details: `Column "${column.name}".`,
      ...(error.hint === null ? {} : { hint: error.hint }),
    })
  }
}

function refuse(checked: readonly SqlRow[], plan: InsertShape): void {
  if (isTrue(plan.check) || checked.every(([passes]) => Number(passes) === 1)) return
  throw new Problem('42501', `new row violates the insert rule of table "${plan.table.name}"`)
}
