/**
 * Rows into a table, many at a time. A batch is all or nothing; one that is refused is halved until only the rows
 * that are to blame stay out.
 *
 * 1. Rows go in in the order they came.
 * 2. Only a refusal that is about rows (a value, a constraint, a rule) is a reject; everything else ends the work.
 */
import { Problem } from '../errors.ts'
import type { Ask } from '../query/ask.ts'
import type { Insert } from '../query/query.ts'
import type { Who } from '../query/who.ts'

/** Takes all the rows or throws. */
export type PutRows = (rows: readonly (readonly unknown[])[]) => Promise<void>

export interface Batched {
  readonly values: readonly unknown[]
}

/** Puts in what goes in; `reject` gets each row that does not. Gives how many went in. */
export async function putBatch<Row extends Batched>(
  put: PutRows,
  rows: readonly Row[],
  reject: (row: Row, problem: Problem) => void | Promise<void>,
): Promise<number> {
  if (rows.length === 0) return 0
  try {
    await put(rows.map((row) => row.values))
    return rows.length
  } catch (error) {
    if (!(error instanceof Problem) || !isAboutRows(error)) throw error
    const [first] = rows
    if (first !== undefined && rows.length === 1) await reject(first, error)
    return rows.length === 1 ? 0 : halves(put, rows, reject)
  }
}

async function halves<Row extends Batched>(
  put: PutRows,
  rows: readonly Row[],
  reject: (row: Row, problem: Problem) => void | Promise<void>,
): Promise<number> {
  const middle = Math.ceil(rows.length / 2)
  const left = await putBatch(put, rows.slice(0, middle), reject)
  return left + (await putBatch(put, rows.slice(middle), reject))
}

const isAboutRows = (problem: Problem): boolean =>
  problem.code.startsWith('22') || problem.code.startsWith('23') || problem.code === '42501'

/** Inserts through the path, so that rules, checks and codecs are the same as for everybody. `textual` is for CSV. */
export function through(ask: Ask, who: Who, table: string, textual = false): (columns: readonly string[]) => PutRows {
  const queries = new Map<string, Insert>()
  return (columns) => {
    const query = queryFor(queries, { table, columns, textual })
    return async (rows) => void (await ask({ query, values: [rows.map((row) => filled(row, columns.length))] }, who))
  }
}

/** The same object for the same columns: plans are found by it. */
function queryFor(known: Map<string, Insert>, { table, columns, textual }: Pick<Insert, 'table' | 'columns' | 'textual'>): Insert {
  const key = JSON.stringify(columns)
  const query: Insert =
    known.get(key) ??
    Object.freeze({ kind: 'insert', table, columns: Object.freeze([...columns]), rows: { kind: 'value', at: 0 }, textual } as const)
  known.set(key, query)
  return query
}

/** Rows read before a column was met for the first time are shorter than the others. */
const filled = (row: readonly unknown[], width: number): readonly unknown[] =>
  row.length === width ? row : Array.from({ length: width }, (_, at) => row[at])
