/**
 * Errors before any table is looked at, and which no database has a part in: the edge, and who asks.
 *
 * To add one: a row here; the test asks it of a server of its own.
 */
import { connect } from 'node:net'
import type { ErrorCode } from '../../src/errors.ts'
import { signToken, type Running } from '../../src/server.ts'
import { read, type Provoked } from './document.ts'

/** A running server, as a provocation meets it. */
export interface Target {
  readonly url: string
  readonly running: Running
}

export interface Provocation {
  /** What somebody did, as a sentence that goes on from "it comes when". */
  readonly when: string
  /** Settings of the server by their names in the environment, where others than usual are needed. */
  readonly settings?: Readonly<Record<string, string>>
  readonly ask: (target: Target) => Promise<Provoked>
  /** Met by a program that asks in process; over the network nobody can be told any more. */
  readonly inProcess?: boolean
}

const table = '/rest/v1/notes'

/** Asks with these headers, and with the publishable key where none is named. */
function ask(path: string, { apikey, ...headers }: Record<string, string> = {}, more: RequestInit = {}): Provocation['ask'] {
  return async ({ url, running }) =>
    read(await fetch(url + path, { ...more, headers: { apikey: apikey ?? running.keys.publishable, ...headers } }))
}

/** Sends these very bytes, for what no client library would. */
const send =
  (text: string): Provocation['ask'] =>
  async ({ url }) => {
    const answer = await new Promise<string>((resolve, reject) => {
      let heard = ''
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () => void socket.write(text))
      socket.on('data', (chunk) => (heard += chunk.toString()))
      socket.on('close', () => resolve(heard))
      socket.on('error', reject)
    })
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    const lines = head
      .split('\r\n')
      .slice(1)
      .map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()])
    return { status: Number(head.split(' ')[1]), headers: new Headers(lines), body: JSON.parse(body) }
  }

const withToken =
  (make: (target: Target) => Promise<string>): Provocation['ask'] =>
  async (target) =>
    ask(table, { authorization: `Bearer ${await make(target)}` })(target)

/** A token that nobody here has signed. */
const foreign = [{ alg: 'RS256', kid: 'theirs' }, { sub: 'ann' }, {}]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .join('.')

async function untilRefused(target: Target): Promise<Provoked> {
  for (let i = 0; i < 20; i += 1) {
    const response = await fetch(`${target.url}/nowhere`)
    if (response.status === 429) return read(response)
    await response.arrayBuffer()
  }
  throw new Error('twenty requests at once were all taken')
}

async function afterStop({ running }: Target): Promise<Provoked> {
  await running.stop()
  const { status, headers, body } = await running.handle({
    method: 'GET',
    path: table,
    query: '',
    headers: {},
    body: undefined,
    id: 'late',
  })
  return { status, headers: new Headers(headers), body: JSON.parse(String(body)) }
}

export const atTheEdge: Partial<Record<ErrorCode, Provocation>> = {
  // ── The edge ──
  bad_request: { when: 'a request names two hosts', ask: send('GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n') },
  body_too_large: {
    when: 'a body is larger than the limit',
    settings: { PLINTH_MAX_BODY: '1kb' },
    ask: ask(table, {}, { method: 'POST', body: 'a'.repeat(2000) }),
  },
  url_too_long: {
    when: 'a URL is longer than the limit',
    settings: { PLINTH_MAX_URL: '1kb' },
    ask: ask(`${table}?select=${'a'.repeat(2000)}`),
  },
  headers_too_large: {
    when: 'headers are larger than the limit',
    settings: { PLINTH_MAX_HEADERS: '1kb' },
    ask: ask(table, { 'x-long': 'a'.repeat(2000) }),
  },
  unsupported_media_type: {
    when: 'a body is sent compressed',
    ask: ask(table, { 'content-encoding': 'gzip' }, { method: 'POST', body: 'a' }),
  },
  timeout: { when: 'a request does not arrive in time', settings: { PLINTH_HEADERS_TIMEOUT: '100ms' }, ask: send('GET / HT') },
  rate_limited: { when: 'an address asks too often', settings: { PLINTH_RATE_ADDRESS: '2' }, ask: untilRefused },
  shutting_down: { when: 'a request comes when the server has stopped', ask: afterStop, inProcess: true },
  PGRST125: { when: 'a path leads nowhere', ask: ask('/nowhere') },
  // ── Who asks ──
  invalid_api_key: { when: 'an API key is not one of the backend', ask: ask(table, { apikey: 'sb_publishable_other' }) },
  secret_key_in_browser: {
    when: 'a browser sends the secret key',
    ask: async (target) => ask(table, { apikey: target.running.keys.secret, origin: 'https://a.test' })(target),
  },
  PGRST300: {
    when: 'the issuer of the tokens cannot be reached',
    settings: { PLINTH_JWT_JWKS_URL: 'http://127.0.0.1:1/' },
    ask: withToken(async () => foreign),
  },
  PGRST301: { when: 'a token is signed by somebody else', ask: withToken(async () => foreign) },
  PGRST303: { when: 'a token has ended', ask: withToken(({ running }) => signToken(running.keys, { sub: 'ann', expiresIn: -60 })) },
}
