/**
 * Failures as problem documents (RFC 9457), which also carry the four members that PostgREST's clients read.
 *
 * 1. `type` is `urn:plinth:error:<code>`: it never changes and leads nowhere; docs/90-errors.md has a line for each.
 *    `instance` is `urn:plinth:request:<id>`, the id that the log and `X-Request-Id` have.
 * 2. `Proxy-Status` says the code where there is no body to say it (HEAD).
 */
import type { Problem } from '../errors.ts'
import type { Request, Response } from './protocol.ts'

/** `vary`: what the wire's answers depend on besides their URL. */
export function writeProblem(problem: Problem, request: Request, vary: string): Response {
  const headers: Record<string, string> = {
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Cache-Control': 'no-store',
    'Proxy-Status': `plinth; error=${problem.code}`,
    Vary: vary,
    ...(problem.status === 401 && { 'WWW-Authenticate': challenge(problem) }),
    ...problem.headers,
  }
  return { status: problem.status, headers, body: request.method === 'HEAD' ? undefined : documentOf(problem, request) }
}

function documentOf({ code, title, status, message, details, hint, operation }: Problem, request: Request): string {
  return JSON.stringify({
    type: `urn:plinth:error:${code}`,
    title,
    status,
    detail: message,
    instance: `urn:plinth:request:${request.id}`,
    code,
    message,
    details,
    hint,
    // Left out where there is none.
    operation,
  })
}

/** RFC 6750: a token that was sent and is not good is told from one that is missing. */
function challenge({ code, message }: Problem): string {
  if (code !== 'PGRST301' && code !== 'PGRST303') return 'Bearer'
  return `Bearer error="invalid_token", error_description="${message.replaceAll(/[^ !#-[\]-~]/g, '')}"`
}
