/** What a handler of plain HTTP is given and gives: the web's own `Request` and `Response`. */
import type { Message, Replied } from '../query/ask.ts'

export function requestOf({ method, url, headers, body }: Message, signal: AbortSignal): Request {
  const given = new Headers()
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) given.append(name, value)
  const hasBody = body !== undefined && method !== 'GET' && method !== 'HEAD'
  return new Request(url, { method, headers: given, signal, ...(hasBody && { body: new Uint8Array(body) }) })
}

/** Of the connection, or said by the server on every answer. */
const SERVERS_OWN: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'proxy-status',
  'server-timing',
  'set-cookie',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-content-type-options',
  'x-request-id',
])
const isServersOwn = (name: string): boolean => SERVERS_OWN.has(name) || name.startsWith('access-control-')

/** `done` is called once all of the answer has gone, or nobody wants it any more. */
export function repliedBy(name: string, given: unknown, done: () => void): Replied {
  if (!(given instanceof Response)) {
    done()
    throw new TypeError(`The endpoint ${name} gave no Response.`)
  }
  const headers = Object.fromEntries([...given.headers].filter(([header]) => !isServersOwn(header)))
  return { kind: 'replied', status: given.status, headers, cookies: given.headers.getSetCookie(), body: bodyOf(given, done) }
}

function bodyOf({ body }: Response, done: () => void): ReadableStream<Uint8Array> | undefined {
  if (body === null) {
    done()
    return undefined
  }
  const reader = body.getReader()
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done: ended, value } = await reader.read()
        if (!ended) return controller.enqueue(value)
        controller.close()
        done()
      } catch (error) {
        done()
        throw error
      }
    },
    async cancel(reason) {
      done()
      await reader.cancel(reason)
    },
  })
}
