/** Limits that are met before a table is looked at: sizes, times, rates, connections. Over a real socket. */
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { anyone, plinth, table, text } from '../../src/index.ts'
import { open, signToken, type Running } from '../../src/server.ts'
import { readSettings } from '../../src/settings.ts'
import { expectError, read, type Provoked } from '../90-errors/document.ts'

const backend = plinth({ tables: { notes: table({ words: text() }) }, access: { notes: { read: anyone } } })
const folder = mkdtempSync(join(tmpdir(), 'plinth-limits-'))
const opened: Running[] = []
afterEach(async () => void (await Promise.all(opened.splice(0).map((running) => running.stop()))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let count = 0
async function serve(settings: Record<string, string>): Promise<{ running: Running; url: string }> {
  const place = join(folder, String((count += 1)))
  const environment = { PORT: '0', DATABASE_URL: `sqlite:${join(place, 'notes.db')}`, PLINTH_DATA: place, PLINTH_LOG_LEVEL: 'silent' }
  const running = await open(backend, { settings: readSettings({ ...environment, ...settings }) })
  opened.push(running)
  return { running, ...(await running.listen()) }
}

type Headers = Record<string, string>

/** Asks for the notes. */
async function ask(url: string, headers: Headers = {}, path = '/rest/v1/notes', more: RequestInit = {}): Promise<Provoked> {
  return read(await fetch(url + path, { ...more, headers }))
}

/** Sends these bytes and says what came back until the connection ended, and after how many milliseconds. */
function heard(url: string, bytes: string): Promise<{ readonly text: string; readonly ms: number }> {
  const began = performance.now()
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => void socket.write(bytes))
    socket.on('data', (chunk) => (text += chunk.toString()))
    socket.on('close', () => resolve({ text, ms: performance.now() - began }))
    socket.on('error', reject)
  })
}

const request = (path = '/rest/v1/notes'): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`

// ── Sizes ──

test('PLINTH_MAX_BODY: a body may be so large and not a byte more', async () => {
  const { url } = await serve({ PLINTH_MAX_BODY: '1kb' })
  const post = (size: number): Promise<Provoked> => ask(url, {}, '/rest/v1/notes', { method: 'POST', body: 'a'.repeat(size) })
  expectError('unsupported_media_type', await post(1024))
  expectError('body_too_large', await post(1025), {
    message: 'The body is larger than 1024 bytes.',
    hint: 'Send it in parts, or raise PLINTH_MAX_BODY.',
  })
})

test('PLINTH_MAX_URL: a URL may be so long and not a character more', async () => {
  const { url } = await serve({ PLINTH_MAX_URL: '1kb' })
  const path = '/rest/v1/notes?words=eq.'
  expect((await ask(url, {}, path + 'a'.repeat(1024 - path.length))).status).toBe(200)
  expectError('url_too_long', await ask(url, {}, path + 'a'.repeat(1025 - path.length)), {
    message: 'The URL is longer than 1024 characters.',
    hint: 'Ask for less at once, or raise PLINTH_MAX_URL.',
  })
})

test('PLINTH_MAX_HEADERS: headers may be so large together, and a hundred', async () => {
  const { url } = await serve({ PLINTH_MAX_HEADERS: '2kb' })
  const refusal = {
    message: 'The headers are larger than 2048 bytes, or more than 100.',
    hint: 'Send fewer and shorter headers, or raise PLINTH_MAX_HEADERS.',
  }
  expect((await ask(url, { 'x-long': 'a'.repeat(1500) })).status).toBe(200)
  expectError('headers_too_large', await ask(url, { 'x-long': 'a'.repeat(2048) }), refusal)
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`x${at}`, '1']))
  expectError('headers_too_large', await ask(url, many), refusal)
})

test('PLINTH_MAX_CONNECTIONS: so many connections are open at one time, and the next is closed without a word', async () => {
  const { url } = await serve({ PLINTH_MAX_CONNECTIONS: '1' })
  const first = connect(Number(new URL(url).port), '127.0.0.1')
  await new Promise<void>((resolve) => void first.once('connect', () => resolve()))
  expect((await heard(url, request())).text).toBe('')
  const answer = new Promise<string>((resolve) => void first.once('data', (chunk) => resolve(chunk.toString())))
  first.write(request())
  expect(await answer).toMatch(/^HTTP\/1\.1 200 /)
  first.destroy()
})

// ── Times ──

test('PLINTH_HEADERS_TIMEOUT: headers that do not arrive in time are refused', async () => {
  const { url } = await serve({ PLINTH_HEADERS_TIMEOUT: '200ms' })
  const { text, ms } = await heard(url, 'GET / HTTP/1.1\r\nHost: localhost\r\n')
  expect(text).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"timeout"/)
  expect(ms).toBeGreaterThan(190)
})

test('PLINTH_REQUEST_TIMEOUT: a body that does not arrive in time is refused', async () => {
  const { url } = await serve({ PLINTH_REQUEST_TIMEOUT: '300ms' })
  const { text, ms } = await heard(url, 'POST /rest/v1/notes HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf')
  expect(text).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"timeout"/)
  expect(ms).toBeGreaterThan(290)
})

test('PLINTH_KEEP_ALIVE: a connection without requests is closed', async () => {
  const { url } = await serve({ PLINTH_KEEP_ALIVE: '1s' })
  const { text, ms } = await heard(url, request())
  expect(text).toMatch(/^HTTP\/1\.1 200 /)
  expect(ms).toBeGreaterThan(900)
})

// ── Rates ──

const limitHeaders = ({ headers }: Provoked): unknown => ['ratelimit-policy', 'ratelimit', 'retry-after'].map((name) => headers.get(name))

test('PLINTH_RATE_ADDRESS: an address may ask so often, whoever asks, and is told how much is left', async () => {
  const { running, url } = await serve({ PLINTH_RATE_ADDRESS: '1' })
  const first = await ask(url, { apikey: running.keys.publishable })
  expect([first.status, limitHeaders(first)]).toEqual([200, ['"address";q=2;w=2', '"address";r=1;t=1', null]])
  const second = await ask(url, { apikey: running.keys.secret })
  expect([second.status, limitHeaders(second)]).toEqual([200, ['"address";q=2;w=2', '"address";r=0;t=2', null]])
  const third = await ask(url, { apikey: running.keys.publishable })
  expectError('rate_limited', third, { message: 'More than 1 requests a second came from one address.' })
  expect(limitHeaders(third)).toEqual(['"address";q=2;w=2', '"address";r=0;t=2', '1'])
})

test('PLINTH_RATE_KEY: a key may ask so often where no user asks, and each key for itself', async () => {
  const { running, url } = await serve({ PLINTH_RATE_KEY: '1', PLINTH_RATE_ADDRESS: '0' })
  const { publishable, secret } = running.keys
  const statuses = async (headers: Headers): Promise<number[]> => [(await ask(url, headers)).status, (await ask(url, headers)).status]
  expect(await statuses({ apikey: publishable })).toEqual([200, 200])
  const refused = await ask(url, { apikey: publishable })
  expectError('rate_limited', refused, { message: 'More than 1 requests a second came from one key.' })
  expect(limitHeaders(refused)).toEqual(['"key";q=2;w=2', '"key";r=0;t=2', '1'])
  expect(await statuses({ apikey: secret })).toEqual([200, 200])
  const token = await signToken(running.keys, { sub: 'ann', expiresIn: 60 })
  expect(await statuses({ apikey: publishable, authorization: `Bearer ${token}` })).toEqual([200, 200])
})

test('PLINTH_RATE_USER: a user may ask so often, and each user for themselves', async () => {
  const { running, url } = await serve({ PLINTH_RATE_USER: '1', PLINTH_RATE_ADDRESS: '0' })
  const as = async (sub: string): Promise<Headers> => ({ authorization: `Bearer ${await signToken(running.keys, { sub, expiresIn: 60 })}` })
  const [ann, bob] = await Promise.all([as('ann'), as('bob')])
  expect([(await ask(url, ann)).status, (await ask(url, ann)).status]).toEqual([200, 200])
  const refused = await ask(url, ann)
  expectError('rate_limited', refused, { message: 'More than 1 requests a second came from one user.' })
  expect(limitHeaders(refused)).toEqual(['"user";q=2;w=2', '"user";r=0;t=2', '1'])
  expect((await ask(url, bob)).status).toBe(200)
})

test('the rates are full again after the seconds that the answer says', async () => {
  const { url } = await serve({ PLINTH_RATE_ADDRESS: '1' })
  const statuses: number[] = []
  for (let asked = 0; asked < 3; asked++) statuses.push((await ask(url)).status)
  await new Promise((resolve) => setTimeout(resolve, 1000))
  statuses.push((await ask(url)).status)
  expect(statuses).toEqual([200, 200, 429, 200])
})
