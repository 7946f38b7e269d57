/**
 * Handlers of plain HTTP that the file names: `/functions/v1/<name>`, and all below it, by any method. What they answer
 * goes out as it is, but for the headers that are the server's own.
 */
import { Problem } from '../../errors.ts'
import type { Answer, Message } from '../../query/ask.ts'
import type { Call } from '../../query/query.ts'
import { writeProblem } from '../problem.ts'
import type { Decoded, Protocol, Request, Response } from '../protocol.ts'

const PREFIX = '/functions/v1'

export function createFunctionsProtocol(): Protocol<undefined> {
  return {
    name: 'functions',
    prefix: PREFIX,
    decode(request): Decoded<undefined> {
      const query: Call = { kind: 'call', function: nameIn(request.path), input: { kind: 'value', at: 0 }, endpoint: true }
      return { question: { query, values: [messageOf(request)] }, format: undefined }
    },
    encode: (answer) => responseOf(answer),
    fail: (problem, request) => writeProblem(problem, request, 'Authorization, apikey'),
  }
}

function nameIn(path: string): string {
  const [name = ''] = path.slice(PREFIX.length + 1).split('/', 1)
  try {
    return decodeURIComponent(name)
  } catch (cause) {
    throw new Problem('bad_request', 'The URL has a percent sign that is not an escape of UTF-8', {
      hint: 'Write % as %25, and encode text as UTF-8.',
      cause,
    })
  }
}

function messageOf({ method, path, query, headers, body }: Request): Message {
  const url = `http://${headers['host'] ?? 'localhost'}${path}${query === '' ? '' : `?${query}`}`
  return { method, url, headers, body }
}

function responseOf(answer: Answer): Response {
  if (answer.kind !== 'replied') throw new Error('a handler was answered with rows')
  const { status, headers, cookies, body } = answer
  return { status, headers: { ...headers }, body: undefined, ...(cookies.length > 0 && { cookies }), ...(body && { stream: body }) }
}
