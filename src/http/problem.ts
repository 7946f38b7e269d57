/** What goes wrong before a protocol is asked is answered in the form that all share: an RFC 9457 document. */
import { Problem } from '../errors.ts'
import type { Answer } from './exchange.ts'

export const problemType = 'application/problem+json; charset=utf-8'

export function problemText(problem: Problem, id: string): string {
  return JSON.stringify({
    type: `urn:plinth:error:${problem.code}`,
    title: problem.title,
    status: problem.status,
    detail: problem.message,
    instance: `urn:plinth:request:${id}`,
    code: problem.code,
    message: problem.message,
    details: problem.details,
    hint: problem.hint,
  })
}

export function problemAnswer(problem: Problem, id: string): Answer {
  return { status: problem.status, headers: { 'Content-Type': problemType, ...problem.headers }, body: problemText(problem, id) }
}

/** A failure that nobody foresaw: the client hears that much, the log hears why. */
export function unforeseen(cause: unknown): Problem {
  return cause instanceof Problem ? cause : new Problem('XX000', 'Something went wrong inside.', { cause })
}
