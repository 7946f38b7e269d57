/** The one line of a request, written on its answer. */
import type { Problem } from '../errors.ts'
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

export function logRequest(log: Log, { request, status, bytes, ms, who, problem, trace, gone }: Answered): void {
  const failed = status >= 500
  log.emit(gone ? 'request_gone' : failed ? 'request_failed' : 'request', {
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
    cause: failed && problem ? causeShape(problem.cause ?? problem) : undefined,
  })
  if (who?.id && log.wants('debug')) log.emit('request_user', { id: request.id, user: who.id })
}
