import { IncomingMessage, ServerResponse } from 'node:http'
import { connect, Socket } from 'node:net'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { LoadFailure, Problem } from '../errors.ts'
import type { Answer, Handle } from './exchange.ts'
import { listen, type ListenOptions, type Listening, type Report } from './listen.ts'

const running: Listening[] = []
afterEach(async () => void (await Promise.all(running.splice(0).map((one) => one.stop()))))

const echo: Handle = ({ method, path, query, body }) => json(200, { method, path, query, body: body && Buffer.from(body).toString() })
const json = (status: number, value: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'Content-Type': 'application/json', ...headers },
  body: JSON.stringify(value),
})

interface Up extends Listening {
  readonly reports: Report[]
  readonly refused: Problem[]
}
async function up(handle: Handle = echo, more: Partial<ListenOptions> = {}): Promise<Up> {
  const reports: Report[] = []
  const refused: Problem[] = []
  let count = 0
  const listening = await listen(handle, {
    port: 0,
    host: '127.0.0.1',
    limits: { url: 2048, headers: 4096, body: 10_000 },
    maxConnections: 100,
    headersTimeout: 5000,
    requestTimeout: 5000,
    keepAlive: 5000,
    stopTimeout: 1000,
    drain: 20,
    rateAddress: 0,
    corsOrigins: ['*'],
    trustedProxies: [],
    timed: () => true,
    probe: async () => {},
    requestId: () => `made-${(count += 1)}`,
    answered: (report) => void reports.push(report),
    refused: (problem) => void refused.push(problem),
    ...more,
  })
  running.push(listening)
  return { ...listening, reports, refused }
}

/** What comes back for these bytes until the server closes, or has been quiet for a moment. */
function raw(port: number, text: string | Buffer, quiet = 150): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => void socket.write(text))
    let heard = ''
    const done = (): void => {
      socket.destroy()
      resolve(heard)
    }
    let timer = setTimeout(done, 3000)
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1')
      clearTimeout(timer)
      timer = setTimeout(done, quiet)
    })
    socket.on('close', () => (clearTimeout(timer), resolve(heard)))
    socket.on('error', reject)
  })
}
const statusOf = (heard: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(heard)?.[1])
const codeOf = (heard: string): string | undefined => /"code":"(\w+)"/.exec(heard)?.[1]
const get = (path: string, ...headers: string[]): string =>
  ['GET ' + path + ' HTTP/1.1', 'Host: shop.test', ...headers, '', ''].join('\r\n')
const post = (body: string, ...headers: string[]): string => ['POST / HTTP/1.1', 'Host: shop.test', ...headers, '', body].join('\r\n')

describe('the edge', () => {
  test('hands over method, path, query and body as they were sent', async () => {
    const { port } = await up()
    const heard = await raw(port, post('{"a":1}', 'Content-Length: 7').replace('POST /', 'PATCH /rest/v1/a%20b?select=%2A&x'))
    expect(heard).toContain('{"method":"PATCH","path":"/rest/v1/a%20b","query":"select=%2A&x","body":"{\\"a\\":1}"}')
    expect(await raw(port, post('5\r\nhello\r\n0\r\n\r\n', 'Transfer-Encoding: chunked'))).toContain('"body":"hello"')
  })

  test.each([
    ['two hosts', get('/', 'Host: other.test')],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
    ['an empty host', 'GET / HTTP/1.1\r\nHost:\r\n\r\n'],
    ['a host that is none', 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n'],
    ['a URL of another host', get('http://other.test/')],
    ['a URL without a slash', get('rest')],
    ['a fragment', get('/a#b')],
    ['a raw letter beyond ASCII', Buffer.from(get('/\u00e9'), 'latin1')],
    ['two lengths', post('ab', 'Content-Length: 2', 'Content-Length: 2')],
    ['two different lengths', post('ab', 'Content-Length: 2', 'Content-Length: 1')],
    ['a list of lengths', post('ab', 'Content-Length: 2, 2')],
    ['a length that is no number', post('ab', 'Content-Length: +2')],
    ['a length beside chunks', post('0\r\n\r\n', 'Content-Length: 5', 'Transfer-Encoding: chunked')],
    ['two codings', post('0\r\n\r\n', 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked')],
    ['a coding that is not read', post('0\r\n\r\n', 'Transfer-Encoding: gzip, chunked')],
    ['a coding in HTTP/1.0', 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a chunk with an odd length', post('0x5\r\nhello\r\n0\r\n\r\n', 'Transfer-Encoding: chunked')],
    ['a folded header', get('/', 'X-A: 1\r\n 2')],
    ['a space before the colon', get('/', 'X-A : 1')],
    ['a bare line feed', 'GET / HTTP/1.1\nHost: shop.test\n\n'],
    ['a NUL in a header', get('/', 'X-A: \0')],
    ['two credentials', get('/', 'Authorization: Bearer a', 'Authorization: Bearer b')],
    ['two keys', get('/', 'apikey: a', 'apikey: b')],
    ['another protocol', 'HELO shop.test\r\n\r\n'],
    ['TLS on a plain port', Buffer.from('160301020001000001fc0303', 'hex')],
  ])('refuses %s with 400 and ends the connection', async (_, text) => {
    const { port } = await up()
    const heard = await raw(port, text, 1000)
    expect(statusOf(heard)).toBe(400)
    expect(codeOf(heard)).toBe('bad_request')
    expect(heard).toMatch(/connection: close/i)
    expect(heard.match(/^HTTP\/1\.1 \d/gm)).toHaveLength(1)
  })

  test('takes a URL in absolute form that names its own host, and OPTIONS for the whole server', async () => {
    const { port } = await up()
    expect(await raw(port, get('http://SHOP.test/a?b'))).toContain('"path":"/a","query":"b"')
    expect(await raw(port, get('http://shop.test'))).toContain('"path":"/"')
    expect(statusOf(await raw(port, get('*').replace('GET', 'OPTIONS')))).toBe(200)
  })

  test('takes HTTP/1.0 without a host', async () => {
    const { port } = await up()
    expect(statusOf(await raw(port, 'GET /a HTTP/1.0\r\n\r\n', 1000))).toBe(200)
  })

  test('does not answer a second request that cannot be read before the first, nor at all', async () => {
    let answer = (): void => {}
    const { port } = await up(() => new Promise((resolve) => void (answer = () => resolve(json(200, 'first')))))
    const heard = raw(port, `${get('/a')}NONSENSE\r\n\r\n`, 1000)
    await new Promise((resolve) => setTimeout(resolve, 50))
    answer()
    const text = await heard
    expect(text.match(/^HTTP\/1\.1 \d/gm)).toHaveLength(1)
    expect(text).toContain('"first"')
  })

  test('answers pipelined requests in their order', async () => {
    const { port } = await up(({ path }) =>
      path === '/slow' ? new Promise((resolve) => void setTimeout(() => resolve(json(200, path)), 30)) : json(200, path),
    )
    const heard = await raw(port, get('/slow') + get('/fast'))
    expect(heard.indexOf('/slow')).toBeLessThan(heard.indexOf('/fast'))
    expect(heard.match(/HTTP\/1\.1 200/g)).toHaveLength(2)
  })
})

describe('limits', () => {
  const limits = { url: 200, headers: 1000, body: 1000 }

  test('a URL may be so long and no longer, however long it is', async () => {
    const { port } = await up(echo, { limits })
    expect(statusOf(await raw(port, get(`/${'a'.repeat(199)}`)))).toBe(200)
    for (const length of [200, 1500, 100_000]) {
      const heard = await raw(port, get(`/${'a'.repeat(length)}`), 500)
      expect([statusOf(heard), codeOf(heard)]).toEqual([414, 'url_too_long'])
    }
  })

  test('headers may be so large and so many, and no more', async () => {
    const { port } = await up(echo, { limits })
    expect(statusOf(await raw(port, get('/', `X-A: ${'a'.repeat(900)}`)))).toBe(200)
    const tooMany = Array.from({ length: 100 }, (_, index) => `a${index}: 1`)
    for (const headers of [[`X-A: ${'a'.repeat(1000)}`], [`X-A: ${'a'.repeat(50_000)}`], tooMany]) {
      const heard = await raw(port, get('/', ...headers), 500)
      expect([statusOf(heard), codeOf(heard)]).toEqual([431, 'headers_too_large'])
    }
  })

  test('a header beyond the number that is looked at cannot hide a second host', async () => {
    const { port } = await up(echo, { limits: { ...limits, headers: 100_000 } })
    const many = Array.from({ length: 3000 }, (_, index) => `a${index}: 1`)
    expect(statusOf(await raw(port, get('/', ...many, 'Host: other.test'), 500))).toBe(431)
  })

  test('a body that says it is too large is refused before it is sent', async () => {
    const { port } = await up(echo, { limits })
    const heard = await raw(port, post('', 'Content-Length: 1001'), 500)
    expect([statusOf(heard), codeOf(heard)]).toEqual([413, 'body_too_large'])
    const expecting = await raw(port, post('', 'Content-Length: 1001', 'Expect: 100-continue'), 500)
    expect(statusOf(expecting)).toBe(413)
    expect(await raw(port, post('', 'Content-Length: 1000', 'Expect: 100-continue'), 300)).toContain('100 Continue')
  })

  test('a body that turns out too large is refused where it passes the limit', async () => {
    const { port, reports } = await up(echo, { limits })
    const chunk = `3e8\r\n${'a'.repeat(1000)}\r\n`
    const heard = await raw(port, post(chunk.repeat(3), 'Transfer-Encoding: chunked'), 500)
    expect([statusOf(heard), codeOf(heard)]).toEqual([413, 'body_too_large'])
    expect(reports.map(({ status }) => status)).toEqual([413])
  })

  test('a client that goes on sending still gets to read the refusal', async () => {
    const { url } = await up(echo, { limits })
    for (let round = 0; round < 5; round += 1) {
      const response = await fetch(url, { method: 'POST', body: 'a'.repeat(2_000_000) })
      expect(response.status).toBe(413)
    }
  })

  test('a packed body is refused', async () => {
    const { port } = await up()
    expect(statusOf(await raw(port, post('ab', 'Content-Length: 2', 'Content-Encoding: gzip'), 500))).toBe(415)
  })

  test('a request must arrive in time, its headers and its body', async () => {
    const { port, refused } = await up(echo, { headersTimeout: 200, requestTimeout: 400 })
    for (const text of ['GET / HT', post('ab', 'Content-Length: 10')]) {
      const heard = await raw(port, text, 2000)
      expect([statusOf(heard), codeOf(heard)]).toEqual([408, 'timeout'])
      expect(heard.match(/^HTTP\/1\.1 \d/gm)).toHaveLength(1)
    }
    expect(refused.map(({ code }) => code)).toContain('timeout')
  })

  test('an address may ask so often and no more, and health probes are not counted', async () => {
    const { url } = await up(echo, { rateAddress: 2 })
    const answers: Response[] = []
    for (let i = 0; i < 6; i += 1) answers.push(await fetch(url))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 429, 429])
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"address";q=4;w=2')
    expect(answers[0]?.headers.get('ratelimit')).toBe('"address";r=3;t=1')
    expect(answers[4]?.headers.get('retry-after')).toBe('1')
    expect(await answers[4]?.json()).toMatchObject({ code: 'rate_limited', status: 429 })
    expect((await fetch(`${url}/health/live`)).status).toBe(200)
  })

  test('an address behind a trusted proxy is counted by itself, and nobody else can claim one', async () => {
    const statuses = async (trustedProxies: string[]): Promise<number[]> => {
      const { url } = await up(echo, { rateAddress: 1, trustedProxies })
      const ask = async (address: string): Promise<number> => (await fetch(url, { headers: { 'x-forwarded-for': address } })).status
      return [
        await ask('1.1.1.1'),
        await ask('1.1.1.1'),
        await ask('1.1.1.1'),
        await ask('9.9.9.9, 2.2.2.2'),
        await ask('2.2.2.2, 127.0.0.1'),
      ]
    }
    expect(await statuses(['loopback'])).toEqual([200, 200, 429, 200, 200])
    expect(await statuses([])).toEqual([200, 200, 429, 429, 429])
  })
})

describe('answers', () => {
  test('carry the security headers, errors too', async () => {
    const { url, port } = await up(({ path }) => {
      if (path === '/bug') throw new Error('the pool is on fire')
      if (path === '/problem') throw new Problem('PGRST125', 'Nothing is here.')
      return json(200, 1)
    })
    const texts = [
      await raw(port, get('/')),
      await raw(port, get('/bug')),
      await raw(port, get('/problem')),
      await raw(port, 'NONSENSE\r\n\r\n'),
    ]
    expect(texts.map(statusOf)).toEqual([200, 500, 404, 400])
    for (const text of texts) {
      for (const header of [
        'x-content-type-options: nosniff',
        'referrer-policy: no-referrer',
        "content-security-policy: default-src 'none'; frame-ancestors 'none'",
        'cross-origin-resource-policy: same-origin',
        'cache-control: no-store',
        'x-request-id: ',
        'access-control-allow-origin: *',
      ]) {
        expect(text.toLowerCase()).toContain(header)
      }
      expect(text).not.toMatch(/fire|x-powered-by|\r\nserver:/i)
    }
    expect((await fetch(`${url}/bug`)).headers.get('content-type')).toMatch(/^application\/problem\+json/)
  })

  test('keep what a protocol says of caching and security', async () => {
    const { url } = await up(() => json(200, 1, { 'cache-control': 'private, no-cache', 'Content-Security-Policy': "default-src 'self'" }))
    const { headers } = await fetch(url)
    expect(headers.get('cache-control')).toBe('private, no-cache')
    expect(headers.get('content-security-policy')).toBe("default-src 'self'")
  })

  test('keep the request id of the client where it is sane, and make one otherwise', async () => {
    const { url } = await up()
    const id = async (given?: string): Promise<string | null> =>
      (await fetch(url, { headers: given === undefined ? {} : { 'x-request-id': given } })).headers.get('x-request-id')
    expect(await id('abc-1.2_3')).toBe('abc-1.2_3')
    for (const odd of [undefined, 'a b', 'a'.repeat(65), '"', '<script>']) expect(await id(odd)).toMatch(/^made-\d+$/)
  })

  test('say how long each step took, where that is wanted', async () => {
    const handle: Handle = (exchange) => {
      exchange.notes = { who: undefined, problem: undefined, times: { identify: 0.0123456, decode: 0, run: 2 } }
      return json(200, 1)
    }
    expect((await fetch((await up(handle)).url)).headers.get('server-timing')).toBe('identify;dur=0.012, decode;dur=0, run;dur=2')
    expect((await fetch((await up(handle, { timed: () => false })).url)).headers.get('server-timing')).toBeNull()
    expect((await fetch((await up()).url)).headers.get('server-timing')).toBeNull()
  })

  test('of HEAD have the headers alone', async () => {
    const { port } = await up(() => json(200, 'x'.repeat(5000)))
    const heard = await raw(port, get('/', 'Accept-Encoding: gzip').replace('GET', 'HEAD'))
    expect(heard).toMatch(/content-length: 5002/i)
    expect(heard.split('\r\n\r\n')[1]).toBe('')
  })

  test('without a body have no length where there can be none', async () => {
    const { port } = await up(({ path }) => ({ status: path === '/204' ? 204 : path === '/304' ? 304 : 200, headers: {}, body: undefined }))
    expect(await raw(port, get('/204'))).not.toMatch(/content-length|transfer-encoding/i)
    expect(await raw(port, get('/304'))).not.toMatch(/content-length|transfer-encoding/i)
    expect(await raw(port, get('/200'))).toMatch(/content-length: 0/i)
  })

  test('that cannot be written are a 500, and the server goes on', async () => {
    const { port, reports } = await up(() => json(200, 1, { 'X-A': 'a\r\nb' }))
    const heard = await raw(port, get('/'))
    expect([statusOf(heard), codeOf(heard)]).toEqual([500, 'XX000'])
    expect(reports).toHaveLength(1)
  })

  test('are reported once, with the problem and whether the client waited', async () => {
    const { url, port, reports } = await up(({ path }) =>
      path === '/slow' ? new Promise((resolve) => void setTimeout(() => resolve(json(200, 1)), 100)) : json(201, 'héllo'),
    )
    await fetch(url)
    const socket = connect(port, '127.0.0.1', () => void socket.write(get('/slow')))
    setTimeout(() => socket.destroy(), 30)
    await expect
      .poll(() => reports.map(({ status, bytes, gone }) => [status, bytes, gone]))
      .toEqual([
        [201, 8, false],
        [200, 0, true],
      ])
  })
})

describe('compression', () => {
  const long = JSON.stringify(Array.from({ length: 200 }, (_, id) => ({ id, name: 'a name' })))
  const answer: Answer = { status: 200, headers: { 'Content-Type': 'application/json', ETag: '"abc"', Vary: 'Accept' }, body: long }
  const headerOf = (heard: string, name: string): string | undefined => new RegExp(`^${name}: (.*)\\r$`, 'im').exec(heard)?.[1]

  test.each([
    ['gzip', 'gzip', '"abc-gzip"'],
    ['br', 'br', '"abc-br"'],
    ['gzip, deflate, br', 'br', '"abc-br"'],
    ['br;q=0.5, gzip', 'gzip', '"abc-gzip"'],
    ['*', 'br', '"abc-br"'],
    ['identity', undefined, '"abc"'],
    ['gzip;q=0, br;q=0', undefined, '"abc"'],
    ['deflate', undefined, '"abc"'],
  ])('gives what the client accepts (%s), under a tag of its own', async (accepted, coding, tag) => {
    const { port } = await up(() => answer)
    const heard = await raw(port, get('/', `Accept-Encoding: ${accepted}`))
    const body = Buffer.from(heard.slice(heard.indexOf('\r\n\r\n') + 4), 'latin1')
    expect(headerOf(heard, 'content-encoding')).toBe(coding)
    expect(headerOf(heard, 'etag')).toBe(tag)
    expect(heard).toMatch(/vary: accept-encoding/i)
    expect(headerOf(heard, 'content-length')).toBe(String(body.length))
    const plain = coding === 'gzip' ? gunzipSync(body) : coding === 'br' ? brotliDecompressSync(body) : body
    expect(plain.toString()).toBe(long)
  })

  test('leaves short bodies, pictures and what is packed already as they are', async () => {
    const bodies: Record<string, Answer> = {
      '/short': json(200, 1),
      '/picture': { ...answer, headers: { 'Content-Type': 'image/png' } },
      '/packed': { ...answer, headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'zstd' } },
    }
    const { port } = await up(({ path }) => bodies[path] ?? answer)
    for (const path of Object.keys(bodies))
      expect(await raw(port, get(path, 'Accept-Encoding: gzip, br'))).not.toMatch(/content-encoding: (gzip|br)/i)
  })

  test('packs large bodies too', async () => {
    const large = JSON.stringify('y'.repeat(300_000))
    const { url } = await up(() => ({ ...answer, body: large }))
    const response = await fetch(url, { headers: { 'accept-encoding': 'gzip' } })
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(await response.text()).toBe(large)
  })

  test('lets a protocol see only the tags it made, and a 304 name the one the client showed', async () => {
    const seen: (string | undefined)[] = []
    const { port } = await up(({ headers }) => {
      seen.push(headers['if-none-match'], headers['if-match'])
      return headers['if-none-match'] === undefined ? answer : { status: 304, headers: { ETag: '"abc"' }, body: undefined }
    })
    expect(headerOf(await raw(port, get('/', 'If-None-Match: "abc-gzip", W/"x-br"')), 'etag')).toBe('"abc-gzip"')
    expect(headerOf(await raw(port, get('/', 'If-None-Match: "abc"')), 'etag')).toBe('"abc"')
    await raw(port, get('/', 'If-Match: "abc-br"'))
    expect(seen).toEqual(['"abc", W/"x"', undefined, '"abc"', undefined, undefined, '"abc"'])
  })
})

describe('pages of other origins', () => {
  const preflight = (origin: string, headers?: string): string =>
    get(
      '/',
      `Origin: ${origin}`,
      'Access-Control-Request-Method: PATCH',
      ...(headers === undefined ? [] : [`Access-Control-Request-Headers: ${headers}`]),
    ).replace('GET', 'OPTIONS')

  test('may ask and read, as long as nothing else is set', async () => {
    const { port, url } = await up(() => json(200, 1))
    const heard = await raw(port, preflight('https://a.test', 'apikey, x-anything'))
    expect(statusOf(heard)).toBe(204)
    expect(heard).toMatch(/access-control-allow-origin: \*/i)
    expect(heard).toMatch(/access-control-allow-methods: .*PATCH/i)
    expect(heard).toMatch(/access-control-allow-headers: apikey, x-anything/i)
    expect(heard).toMatch(/access-control-max-age: 86400/i)
    expect(heard).not.toMatch(/allow-credentials/i)
    expect((await fetch(url, { headers: { origin: 'https://a.test' } })).headers.get('access-control-expose-headers')).toContain(
      'Content-Range',
    )
    expect(await raw(port, preflight('https://a.test', 'a\u00e9b'))).toMatch(/access-control-allow-headers: Accept, Authorization/i)
  })

  test('are told apart where the operator named them', async () => {
    const { port } = await up(echo, { corsOrigins: ['https://a.test'] })
    const allowed = await raw(port, get('/', 'Origin: https://a.test'))
    expect(allowed).toMatch(/access-control-allow-origin: https:\/\/a\.test/i)
    expect(allowed).toMatch(/vary: origin/i)
    for (const other of ['https://b.test', 'null', 'https://a.test.evil.test']) {
      const heard = await raw(port, get('/', `Origin: ${other}`))
      expect(heard).not.toMatch(/access-control-allow-origin/i)
      expect(heard).toMatch(/vary: origin/i)
      expect(await raw(port, preflight(other))).not.toMatch(/access-control-allow-origin/i)
    }
  })

  test("OPTIONS that is no preflight is the protocol's", async () => {
    const { port } = await up()
    expect(await raw(port, get('/a', 'Origin: https://a.test').replace('GET', 'OPTIONS'))).toContain('"method":"OPTIONS"')
  })
})

describe('health', () => {
  test('is live and ready while the database answers, and says so without keys', async () => {
    let down: Problem | undefined
    const { url, port } = await up(echo, {
      probe: async () => {
        if (down) throw down
      },
    })
    expect(await (await fetch(`${url}/health/live`)).json()).toEqual({ status: 'live' })
    expect(await (await fetch(`${url}/health/ready`)).json()).toEqual({ status: 'ready' })
    expect((await fetch(`${url}/health/ready`, { method: 'HEAD' })).status).toBe(200)
    expect(await raw(port, get('/health/live').replace('GET', 'POST'))).toMatch(/405.*\r\n[^]*Allow: GET, HEAD/)
    down = new Problem('08006', 'gone')
    expect((await fetch(`${url}/health/live`)).status).toBe(200)
    const ready = await fetch(`${url}/health/ready`)
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'the database does not answer' }])
    down = new Problem('53300', 'busy')
    expect(await (await fetch(`${url}/health/ready`)).json()).toEqual({ status: 'the database is busy' })
  })
})

describe('stopping', () => {
  const later =
    (ms: number): Handle =>
    () =>
      new Promise((resolve) => void setTimeout(() => resolve(json(200, 'done')), ms))
  const opened = (port: number): Promise<Socket> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(socket))
    })

  test('lets what is under way finish, tells clients to go, and takes nobody new', async () => {
    const server = await up(later(150))
    const waiting = raw(server.port, get('/'), 1000)
    await expect.poll(() => server.running()).toBe(1)
    const cut = server.stop()
    await new Promise((resolve) => setTimeout(resolve, 10))
    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
    const heard = await waiting
    expect(statusOf(heard)).toBe(200)
    expect(heard).toMatch(/connection: close/i)
    expect(await cut).toBe(0)
  })

  test('closes idle connections, and still answers a request that was on its way on one', async () => {
    const server = await up(echo, { drain: 100 })
    const [quiet, busy] = [await opened(server.port), await opened(server.port)]
    busy.write(get('/a'))
    await new Promise((resolve) => busy.once('data', resolve))
    const started = performance.now()
    const stopped = server.stop()
    setTimeout(() => busy.write(get('/b')), 20)
    const heard = await new Promise<string>((resolve) => busy.once('data', (chunk) => resolve(chunk.toString())))
    expect(heard).toContain('"path":"/b"')
    expect(heard).toMatch(/connection: close/i)
    quiet.resume()
    expect(await stopped).toBe(0)
    expect(performance.now() - started).toBeLessThan(900)
  })

  test('cuts off what takes longer than is allowed, and says how much that was', async () => {
    const server = await up(later(60_000), { stopTimeout: 100 })
    const waiting = raw(server.port, get('/'), 1000)
    await expect.poll(() => server.running()).toBe(1)
    expect(await server.stop()).toBe(1)
    expect(await waiting).toBe('')
  })

  test('is not ready any more while it stops', async () => {
    const server = await up(later(100), { drain: 100 })
    const socket = await opened(server.port)
    void server.stop()
    socket.write(get('/health/ready'))
    expect(await new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(chunk.toString())))).toMatch(/503[^]*"stopping"/)
  })
})

describe('a connection that stays open', () => {
  const closedAfter = (port: number, text: string): Promise<number> =>
    new Promise((resolve) => {
      const started = performance.now()
      const socket = connect(port, '127.0.0.1', () => void socket.write(text))
      socket.resume()
      socket.on('close', () => resolve(performance.now() - started))
    })

  test('says for how long, and is closed when nothing more comes', async () => {
    const { port } = await up(echo, { keepAlive: 1000 })
    expect(await raw(port, get('/'))).toMatch(/\r\nConnection: keep-alive\r\nKeep-Alive: timeout=1\r\n/)
    const after = await closedAfter(port, get('/'))
    expect([after > 1900, after < 4000]).toEqual([true, true])
  })

  test('is closed too when what comes is no request', async () => {
    const { port } = await up(echo, { keepAlive: 100, headersTimeout: 300 })
    expect(await closedAfter(port, `${get('/')}\r\n`)).toBeLessThan(4000)
  })

  test("has answers whose head is written in the place of node:http's own", () => {
    expect('_header' in new ServerResponse(new IncomingMessage(new Socket()))).toBe(true)
  })
})

describe('starting', () => {
  const failure = async (more: Partial<ListenOptions>): Promise<string> => {
    try {
      await up(echo, more)
    } catch (error) {
      if (error instanceof LoadFailure) return error.message
      throw error
    }
    throw new Error('it started')
  }

  test('says in one sentence when the port is taken, and the way out', async () => {
    const { port } = await up()
    expect(await failure({ port })).toBe(
      `PORT: Port ${port} of 127.0.0.1 is taken. Stop what listens there, or choose another port, such as PORT=${port + 1}.`,
    )
  })

  test('says when the host is none of this machine', async () => {
    expect(await failure({ host: '192.0.2.1' })).toMatch(/^HOST: 192\.0\.2\.1 is no address of this machine\. Use 127\.0\.0\.1/)
  })
})
