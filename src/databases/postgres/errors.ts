/**
 * What PostgreSQL's errors mean. Its codes are ours already; this says which are for the client, and what the others are.
 *
 * 1. Details pass only where they are about the values that were sent: "Failing row contains" shows whole rows.
 * 2. A connection that broke is `08006` with `Retry-After`, whichever way it broke.
 *
 * To add one: a row in `others`, or the code in the catalogue.
 */
import { TOO_LARGE } from '../sql/answer.ts'
import { Unreadable } from './client.ts'
import { TOO_LARGE_STATE } from './functions/too-large.ts'
import { catalogue, Problem, type ErrorCode, type ProblemOptions } from '../../errors.ts'

interface NativeError extends Error {
  readonly code: string
  readonly detail?: string
}

const isNative = (error: unknown): error is NativeError => error instanceof Error && 'code' in error && typeof error.code === 'string'

const later = { headers: { 'Retry-After': '1' } }

/** Codes that are told as another. A beginning stands for its whole class. */
const others: readonly (readonly [beginning: string, code: ErrorCode, message: string])[] = [
  ['40P01', '40001', 'Two requests waited for each other'],
  ['40001', '40001', 'Another request changed the same rows'],
  ['55P03', '40001', 'The rows or tables are locked'],
  ['57014', '57014', 'The statement took longer than it may'],
  ['25P03', '57014', 'The transaction was idle for too long'],
  ['25006', '08006', 'The database only takes reads at the moment'],
  ['22P05', '22021', 'The text holds a character that cannot be stored'],
  ['53100', '53100', 'The disk is full'],
  ['53300', '53300', 'The database takes no more connections'],
  ['54', 'too_complex', 'The request is more than the database can do at once'],
  ['57P', '08006', 'The database is stopping or starting'],
  ['08', '08006', 'The connection to the database broke'],
  ['28', '08006', 'The database refused the user or the password'],
  ['3D000', '08006', 'There is no such database'],
]

/** Those that are over by themselves in a while. */
const waits: ReadonlySet<ErrorCode> = new Set(['08006', '53300'])

/** Node's own codes of a connection that could not be made or broke. */
const NETWORK: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'EACCES',
])

export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (isTooLarge(error)) return new Problem(TOO_LARGE.code, TOO_LARGE.message, { ...TOO_LARGE.options, cause: error })
  if (isBroken(error)) return unreachable(error)
  if (isBusy(error)) return new Problem('53300', 'Every connection to the database is in use', { ...later, cause: error })
  if (!isNative(error)) return new Problem('XX000', 'The database failed', { cause: error })
  const other = others.find(([beginning]) => error.code.startsWith(beginning))
  if (other !== undefined) return new Problem(other[1], other[2], { ...(waits.has(other[1]) ? later : {}), cause: error })
  return isForClients(error.code)
    ? new Problem(error.code, error.message, { ...details(error), cause: error })
    : new Problem('XX000', 'The database failed', { cause: error })
}

/** More than the server puts into one text, or this process does. */
function isTooLarge(error: unknown): boolean {
  if (error instanceof Unreadable) return error.tooLong
  return isNative(error) && (error.code === TOO_LARGE_STATE || error.message.startsWith('invalid memory alloc request size'))
}

const isForClients = (code: string): code is ErrorCode => /^(?:22|23)/.test(code) && code in catalogue

function details({ code, detail }: NativeError): ProblemOptions {
  return detail !== undefined && (code === '23503' || code === '23505') ? { details: detail } : {}
}

export const unreachable = (cause: unknown, message = 'The connection to the database broke'): Problem =>
  new Problem('08006', message, { ...later, cause })

/** The connection is gone or was never there; `pg` has no codes for some of these. */
export function isBroken(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof Unreadable) return !error.tooLong
  if (isNative(error)) return /^(?:08|57P)/.test(error.code) || NETWORK.has(error.code)
  return /^(?:Connection terminated|timeout expired|Client has encountered a connection error|Client was closed)/.test(error.message)
}

/** Nobody gave a connection back in time; what `pg` says of one that is not made in time is another sentence. */
const isBusy = (error: unknown): boolean => error instanceof Error && error.message === 'timeout exceeded when trying to connect'

/** The server answered, and with a refusal: it is there. */
export const isAnswer = (error: unknown): boolean => isNative(error) && /^[0-9A-Z]{5}$/.test(error.code) && !NETWORK.has(error.code)
