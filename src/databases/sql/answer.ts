/**
 * The outermost SELECT of an answer, which bounds it: one that is larger than `dialect.most` bytes never leaves the
 * database, because `plinth_too_large()` fails there.
 */
import type { Output } from '../../plan/plan.ts'
import type { Dialect } from './dialect.ts'

/** What `plinth_too_large()` fails with, and whatever else fails for its size. */
export const TOO_LARGE = {
  code: 'too_complex',
  message: 'The answer is larger than it may be',
  options: { hint: 'Ask for fewer rows or columns, or raise PLINTH_MAX_ANSWER.' },
} as const

const BRACKETS = '[]'.length

/** The JSON array of the texts of a group's rows. */
export const arrayText = (text: string, { joined }: Dialect): string => `'[' || coalesce(${joined(text)}, '') || ']'`

/** One row: the array of the rows and how many they are, and what else is asked of all of them. */
export const listText = (rows: string, dialect: Dialect, more = ''): string =>
  `SELECT ${boundedArray('r', dialect)}, count(*)${more} FROM (${rows}) AS listed`

export function boundedArray(text: string, dialect: Dialect): string {
  const size = `octet_length(${dialect.joined(text)})`
  return `CASE WHEN ${size} > ${dialect.most - BRACKETS} THEN plinth_too_large() ELSE ${arrayText(text, dialect)} END`
}

/** The rows each by itself. */
export const boundedRows = (rows: string, { most }: Dialect): string =>
  `SELECT CASE WHEN octet_length(r) > ${most - BRACKETS} THEN plinth_too_large() ELSE r END FROM (${rows}) AS listed`

/** Rows that hold lists are weighed as they come, so that a statement ends where its answer has grown too large. */
export function weighedRows(rows: string, outputs: readonly Output[], { weighed, most }: Dialect, more = ''): string {
  if (weighed === undefined || !outputs.some(holdsRows)) return rows
  return `SELECT ${weighed('r', most - BRACKETS)} AS r${more} FROM (${rows}) AS weighed`
}

/** Whether there are lists in it, of any length. */
export const holdsRows = (output: Output): boolean =>
  output.kind === 'embed' && (output.relation.many || output.spread || output.read.outputs.some(holdsRows))
