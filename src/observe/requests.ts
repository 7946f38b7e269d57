/** The one line of a request, written on its answer. */
import type { Problem } from '../errors.ts'
import type { EventFields } from '../events.ts'
import { milliseconds } from '../util/milliseconds.ts'
import type { Log } from './log.ts'
import { causeShape, pathShape, queryShape } from './shape.ts'

/** What is known of a request when it has been answered. */
export interface Answered {
  readonly request: { readonly id: string; readonly method: string; readonly path: string; readonly query: string }
  readonly status: number
  readonly bytes: number
  readonly ms: number
  readonly who: { readonly kind: string; readonly id: string | null } | undefined
  readonly problem: Problem | undefined
  /** The client's own trace, where it sent one. */
  readonly trace: { readonly trace: string; readonly span: string } | undefined
  /** The client did not wait for it. */
  readonly gone: boolean
}

export function logRequest(log: Log, answered: Answered): void {
  const { request, status, who, gone } = answered
  const name = gone ? 'request_gone' : status >= 500 ? 'request_failed' : 'request'
  if (name === 'request' && log.emitText !== undefined) log.emitText(name, fieldsText(answered))
  else log.emit(name, fieldsOf(answered))
  if (who?.id && log.wants('debug')) log.emit('request_user', { id: request.id, user: who.id })
}

function fieldsOf({
  request,
  status,
  bytes,
  ms,
  who,
  problem,
  trace,
}: Answered): EventFields<'request' | 'request_failed' | 'request_gone'> {
  return {
    id: request.id,
    method: request.method,
    path: pathShape(request.path),
    query: queryShape(request.query),
    status,
    ms: Math.round(ms * 1000) / 1000,
    bytes,
    who: who?.kind,
    code: problem?.code,
    trace: trace?.trace,
    span: trace?.span,
    cause: status >= 500 && problem ? causeShape(problem.cause ?? problem) : undefined,
  }
}

/** The same fields written out at once, at a third of what `emit` costs (1.0 µs against 1.9, with the writing). */
function fieldsText({ request, status, bytes, ms, who, problem, trace }: Answered): string {
  const query = queryShape(request.query)
  const place = `,"id":"${escaped(request.id)}","method":"${escaped(request.method)}","path":"${escaped(pathShape(request.path))}"`
  const asked = query === undefined ? '' : `,"query":"${escaped(query)}"`
  const asker = who === undefined ? '' : `,"who":"${who.kind}"`
  const code = problem === undefined ? '' : `,"code":"${problem.code}"`
  const traced = trace === undefined ? '' : `,"trace":"${trace.trace}","span":"${trace.span}"`
  return `${place}${asked},"status":${status},"ms":${milliseconds(ms)},"bytes":${bytes}${asker}${code}${traced}`
}

/** Characters that stand in a JSON text as they are. */
const plain = /^[ !#-[\]-~]*$/
const escaped = (text: string): string => (plain.test(text) ? text : JSON.stringify(text).slice(1, -1))
