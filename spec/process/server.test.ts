/** What the running server does as a whole: logs, limits by user, replacing a version, readiness, stopping. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { LoadFailure } from '../../src/errors.ts'
import { anyone, decimal, plinth, ref, signedIn, table, text } from '../../src/index.ts'
import { SYSTEM } from '../../src/query/who.ts'
import { open, signToken, type OpenOptions, type Running } from '../../src/server.ts'
import { readSettings } from '../../src/settings.ts'

const backend = plinth({
  tables: { people: table({ name: text(), email: text().unique() }) },
  access: { people: { read: signedIn } },
})

const folder = mkdtempSync(join(tmpdir(), 'plinth-server-'))
const opened: Running[] = []
afterEach(async () => void (await Promise.all(opened.splice(0).map((running) => running.stop()))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Up {
  readonly running: Running
  readonly url: string
  readonly lines: string[]
  readonly place: string
}
let count = 0
async function up(
  settings: Record<string, string> = {},
  more: Partial<OpenOptions> = {},
  place = join(folder, String((count += 1))),
): Promise<Up> {
  const lines: string[] = []
  const environment = { PORT: '0', DATABASE_URL: `sqlite:${join(place, 'people.db')}`, PLINTH_DATA: place, PLINTH_LOG: 'json', ...settings }
  const running = await open(backend, { settings: readSettings(environment), log: { write: (line) => lines.push(line) }, ...more })
  opened.push(running)
  return { running, lines, place, ...(await running.listen()) }
}
const insert = (running: Running, name: string): unknown =>
  running.ask(
    {
      query: { kind: 'insert', table: 'people', columns: ['name', 'email'], rows: { kind: 'value', at: 0 } },
      values: [[[name, `${name}@shop.test`]]],
    },
    SYSTEM,
  )

test('a request is one line in the log, without keys, values, rows or addresses', async () => {
  const { running, url, lines } = await up()
  await insert(running, 'canary')
  const token = await signToken(running.keys, { sub: 'ann-0192', expiresIn: 60 })
  const headers = {
    apikey: running.keys.publishable,
    authorization: `Bearer ${token}`,
    'x-request-id': 'mine',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  }
  const response = await fetch(`${url}/rest/v1/people?email=eq.canary@shop.test&select=name`, { headers })
  expect(await response.json()).toEqual([{ name: 'canary' }])
  await fetch(`${url}/rest/v1/people?email=eq.canary@shop.test`, { headers: { apikey: running.keys.secret } })
  await fetch(`${url}/rest/v1/people/canary`, { headers })
  const requests = lines.map((line): Record<string, unknown> => JSON.parse(line)).filter(({ event }) => event === 'request')
  expect(requests[0]).toEqual({
    level: 'info',
    event: 'request',
    time: expect.any(String),
    id: 'mine',
    method: 'GET',
    path: '/rest/v1/people',
    query: 'email&select',
    status: 200,
    ms: expect.any(Number),
    bytes: 19,
    who: 'user',
    trace: '0af7651916cd43dd8448eb211c80319c',
    span: 'b7ad6b7169203331',
  })
  expect(requests.map(({ who }) => who)).toEqual(['user', 'service', 'user'])
  const log = lines.join('')
  for (const secret of ['canary', 'ann-0192', token, running.keys.publishable, running.keys.secret, '127.0.0.1"'])
    expect(log).not.toContain(secret)
})

test('the id of the user is in the log at the level debug alone', async () => {
  const { running, url, lines } = await up({ PLINTH_LOG_LEVEL: 'debug' })
  const token = await signToken(running.keys, { sub: 'ann-0192', expiresIn: 60 })
  await fetch(`${url}/rest/v1/people`, { headers: { authorization: `Bearer ${token}`, 'x-request-id': 'mine' } })
  expect(lines.join('')).toMatch(/"event":"request_user",[^\n]*"id":"mine","user":"ann-0192"/)
})

const timing = async (url: string, apikey: string): Promise<string | null> =>
  (await fetch(`${url}/rest/v1/people`, { headers: { apikey } })).headers.get('server-timing')

test('an answer to the secret key says how long each step of the path took', async () => {
  const { running, url } = await up()
  expect((await timing(url, running.keys.secret))?.split(', ').map((entry) => entry.replace(/;dur=\d+(\.\d+)?$/, ''))).toEqual([
    'identify',
    'decode',
    'weave',
    'plan',
    'compile',
    'run',
    'encode',
  ])
})

test('nobody else learns how long it took, because times tell of rows that are not theirs', async () => {
  const { running, url } = await up()
  expect(await timing(url, running.keys.publishable)).toBeNull()
})

test('whoever writes the backend sees the times of every answer, and settings say who else does', async () => {
  const shown = async (settings: Record<string, string>, development: boolean): Promise<readonly boolean[]> => {
    const { running, url } = await up(settings, { development })
    return Promise.all([running.keys.publishable, running.keys.secret].map(async (key) => (await timing(url, key)) !== null))
  }
  expect(await shown({}, true)).toEqual([true, true])
  expect(await shown({ PLINTH_SERVER_TIMING: 'everyone' }, false)).toEqual([true, true])
  expect(await shown({ PLINTH_SERVER_TIMING: 'secret' }, true)).toEqual([false, true])
  expect(await shown({ PLINTH_SERVER_TIMING: 'nobody' }, true)).toEqual([false, false])
})

test('a user may ask so often and no more, whatever the others do', async () => {
  const { running, url } = await up({ PLINTH_RATE_USER: '1' })
  const tokenOf = (sub: string): Promise<string> => signToken(running.keys, { sub, expiresIn: 60 })
  const [ann, bob] = await Promise.all([tokenOf('ann'), tokenOf('bob')])
  const ask = async (token: string): Promise<Response> => fetch(`${url}/rest/v1/people`, { headers: { authorization: `Bearer ${token}` } })
  expect([(await ask(ann)).status, (await ask(ann)).status]).toEqual([200, 200])
  const refused = await ask(ann)
  expect([refused.status, refused.headers.get('ratelimit-policy'), refused.headers.get('retry-after')]).toEqual([
    429,
    '"address";q=2000;w=2, "user";q=2;w=2',
    '1',
  ])
  expect(await refused.json()).toMatchObject({ code: 'rate_limited', message: 'More than 1 requests a second came from one user.' })
  expect((await ask(bob)).status).toBe(200)
})

test('a new version of the backend takes over while the server runs, and one that is not right does not', async () => {
  const { running, url } = await up()
  await insert(running, 'ann')
  const ask = async (): Promise<unknown> => (await fetch(`${url}/rest/v1/people`, { headers: { apikey: running.keys.publishable } })).json()
  expect(await ask()).toMatchObject({ code: 'PGRST205' })
  const next = plinth({
    tables: { people: table({ name: text(), email: text().unique(), note: text().optional() }) },
    access: { people: { read: anyone } },
  })
  expect((await running.replace(next)).applied).toContain('add column people.note')
  expect(await ask()).toMatchObject([{ name: 'ann', note: null }])
  // @ts-expect-error a reference to nowhere
  const wrong = plinth({ tables: { people: table({ name: text(), nowhere_id: ref('nowhere') }) } })
  await expect(running.replace(wrong)).rejects.toThrow(LoadFailure)
  const loss = plinth({
    tables: { people: table({ email: text().unique(), price: decimal(10, 2).optional() }) },
    access: { people: { read: anyone } },
  })
  await expect(running.replace(loss)).rejects.toThrow(/people\.name/)
  expect(await ask()).toMatchObject([{ name: 'ann', note: null }])
})

test('a second server on one SQLite file is refused before it changes anything, and may serve when the first is gone', async () => {
  const { running, place } = await up()
  await expect(up({}, { serve: true }, place)).rejects.toThrow(/already serves/)
  await running.stop()
  const second = await up({}, { serve: true }, place)
  expect((await fetch(`${second.url}/health/ready`)).status).toBe(200)
})

test('a backend that was stopped stops once, and says so to those who still ask', async () => {
  const { running, lines } = await up()
  await Promise.all([running.stop(), running.stop()])
  expect(lines.filter((line) => line.includes('"stopped"'))).toHaveLength(1)
  expect((await running.handle({ method: 'GET', path: '/rest/v1/people', query: '', headers: {}, body: undefined, id: 'x' })).status).toBe(
    503,
  )
})

test('a database of a kind that is not known stops the start, without showing the URL', async () => {
  const settings = readSettings({ DATABASE_URL: 'mongo://ann:hunter2@db/shop' })
  const error = await open(backend, { settings }).then(
    () => undefined,
    (failure: unknown) => failure,
  )
  expect(error).toBeInstanceOf(LoadFailure)
  expect(String(error)).toMatch(/^LoadFailure: DATABASE_URL: .*sqlite:, postgres:, postgresql:\./)
  expect(String(error)).not.toContain('hunter2')
})

test('the same clock, randomness and file give the same keys', async () => {
  const random = (length: number): Uint8Array => Buffer.alloc(length, 7)
  const first = await up({}, { random })
  const second = await up({}, { random })
  expect(second.running.keys.secret).toBe(first.running.keys.secret)
  expect(second.running.keys.signing).toEqual(first.running.keys.signing)
})
