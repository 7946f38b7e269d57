/** How a value that cannot be taken is refused: PostgreSQL's codes, and its sentences where it has one. */
import { inspect } from 'node:util'
import { Problem, type ErrorCode } from '../../errors.ts'

const MOST_SHOWN = 80

/** What was given, short enough to be read. */
export function shown(given: unknown): string {
  const text = typeof given === 'string' ? given : inspect(given, { depth: 0, breakLength: Infinity })
  return text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN)}…`
}

export const malformed = (type: string, given: unknown, hint?: string): Problem =>
  problem('22P02', `invalid input syntax for type ${type}: "${shown(given)}"`, hint)

export const outOfRange = (type: string, given: unknown, hint?: string): Problem =>
  problem('22003', `value "${shown(given)}" is out of range for type ${type}`, hint)

export const badTime = (type: string, given: unknown, hint?: string): Problem =>
  problem('22007', `invalid input syntax for type ${type}: "${shown(given)}"`, hint)

export const timeOutOfRange = (given: unknown, hint?: string): Problem =>
  problem('22008', `date/time field value out of range: "${shown(given)}"`, hint)

export const badText = (what: string): Problem => problem('22021', `invalid byte sequence for encoding "UTF8": ${what}`)

const problem = (code: ErrorCode, message: string, hint?: string): Problem => new Problem(code, message, hint === undefined ? {} : { hint })
