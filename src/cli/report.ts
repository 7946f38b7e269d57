/**
 * Says what went wrong, in full for people and as one object for programs, and knows the exit code. An error that
 * nobody foresaw is shown with its stack: it is a fault of ours or of the user's code, and both need it.
 *
 * To word another kind of error: a line in `explain`.
 */
import { LoadFailure, Problem, type LoadError } from '../errors.ts'
import { isFromDotEnv } from './dot-env.ts'
import { codeFrame, placeOf } from './code-frame.ts'
import { CommandFailure, Exit, FAILED } from './exit.ts'
import type { Terminal } from './terminal.ts'

interface Explained {
  readonly code: string
  readonly message: string
  readonly details?: string | null
  readonly hint?: string | null
  readonly errors?: readonly LoadError[]
  readonly stack?: string
}

/** Gives the exit code. */
export function report(error: unknown, terminal: Terminal): number {
  if (error instanceof Exit) return error.exitCode
  const explained = explain(error)
  terminal.tell({ error: explained })
  for (const text of written(explained, terminal)) terminal.warn(text)
  return error instanceof CommandFailure ? error.exitCode : FAILED
}

function explain(error: unknown): Explained {
  if (error instanceof LoadFailure)
    return {
      code: 'load_failed',
      message: error.errors.length === 1 ? 'There is an error.' : `There are ${error.errors.length} errors.`,
      errors: error.errors.map(withOrigin),
    }
  if (error instanceof Problem)
    return {
      code: error.code,
      message: error.message,
      details: error.details,
      hint: error.hint,
      stack: error.code === 'XX000' ? stackOf(error) : undefined,
    }
  if (error instanceof CommandFailure) return { code: 'failed', message: error.message, hint: error.fix }
  if (error instanceof Error)
    return ofSystem(error) ?? { code: 'unexpected', message: `Something unexpected happened: ${error.message}`, stack: stackOf(error) }
  return { code: 'unexpected', message: `Something unexpected happened: ${String(error)}` }
}

/** A value that nobody has typed is hard to find. */
const withOrigin = (error: LoadError): LoadError =>
  isFromDotEnv(error.place) ? { ...error, message: `${error.message} It comes from .env.` } : error

/** Errors of the operating system that have one plain meaning. */
function ofSystem(error: Error): Explained | undefined {
  const [code, path] = ['code', 'path'].map((name) => (name in error ? String(Reflect.get(error, name)) : ''))
  const meaning = sentences[code ?? '']
  return meaning && path ? { code: code ?? '', message: `${path}: ${meaning}` } : undefined
}

const sentences: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file.',
  EACCES: 'this user may not read or write it.',
  EPERM: 'this user may not do that to it.',
  EISDIR: 'this is a folder.',
  ENOTDIR: 'a part of the path is no folder.',
  ENOSPC: 'the disk is full.',
  EROFS: 'the disk is read-only.',
}

const stackOf = (error: Error): string | undefined => (error.cause instanceof Error ? error.cause.stack : error.stack)

function* written(explained: Explained, { style }: Terminal): Iterable<string> {
  const [only, ...others] = explained.errors ?? []
  if (only && others.length === 0) return yield loadError(only, style)
  if (explained.errors) yield* explained.errors.map((error) => `${loadError(error, style)}\n`)
  const coded = /^(failed|load_failed|unexpected|E[A-Z]+)$/.test(explained.code) ? '' : ` (${explained.code})`
  yield `${style('red', '✗')} ${explained.message}${coded}`
  if (explained.details) yield `  ${explained.details}`
  if (explained.hint) yield `  ${explained.hint}`
  if (explained.stack) yield explained.stack
}

function loadError({ place, message, fix, source }: LoadError, style: Terminal['style']): string {
  if (source === undefined) return `${style('red', '✗')} ${style('bold', `${place}:`)} ${message} ${style('green', fix)}`
  const at = placeOf(source)
  const frame = at && codeFrame(at)
  const title = `${style('red', '✗')} ${style('cyan', source)}  ${style('bold', place)}`
  return [title, `  ${message}`, `  ${style('green', fix)}`, frame].filter(Boolean).join('\n')
}
