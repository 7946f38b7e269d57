import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { catalogue, Problem, type ErrorCode } from '../../src/errors.ts'
import { anyone, plinth, table, text } from '../../src/index.ts'
import { SYSTEM } from '../../src/query/who.ts'
import { open } from '../../src/server.ts'
import { readSettings } from '../../src/settings.ts'
import { everyDatabaseOf } from '../harness.ts'
import { credentials, urlOf } from '../listening.ts'
import { people, rows, shop } from '../world.ts'
import { expectDocument, expectError, expectHeaders, read } from './document.ts'
import { atTheEdge, type Provocation, type Target } from './edge.ts'
import { faults } from './faults.ts'
import { calls, noticeboard } from './functions.ts'
import { requests } from './requests.ts'
import { inserts } from './rows.ts'

/** Object.entries forgets the keys' type, and that none of them is without a value. */
const entries = <T>(table: Partial<Record<ErrorCode, T>>): readonly (readonly [ErrorCode, T])[] =>
  Object.entries(table) as (readonly [ErrorCode, T])[]

describe('The catalogue', () => {
  test('has each of its codes provoked, and no other', () => {
    const provoked = new Set([atTheEdge, requests, inserts, calls, faults].flatMap((table) => Object.keys(table)))
    expect([...provoked].toSorted()).toEqual(Object.keys(catalogue).toSorted())
  })
})

// ── What is asked ──

const everyDatabase = everyDatabaseOf({ backend: shop, rows, people, settings: { PORT: '0' } })

for (const [code, { when, path, as, method = 'GET', headers = {}, body, before, beside, says, headDiffers }] of entries(requests)) {
  everyDatabase(`${code} comes when ${when}`, async (here) => {
    const url = `${await urlOf(here)}/rest/v1/${path}`
    const ask = (by: string, sent = body): Promise<Response> =>
      fetch(url, { method: by, headers: { 'content-type': 'application/json', ...credentials(here, as), ...headers }, body: textOf(sent) })
    if (before !== undefined) await ask(method, before)
    const answers = await Promise.all(beside ? [ask(method), ask(method), ask(method)] : [ask(method)])
    const provoked = await read(answers.find(({ ok }) => !ok) ?? expect.fail('nothing went wrong'))
    expectError(code, provoked, says)
    expect(JSON.stringify(provoked)).not.toContain('CANARY')
    if (headDiffers) return
    const head = await read(await ask('HEAD'))
    expect([head.status, head.body, head.headers.get('proxy-status')]).toEqual([provoked.status, undefined, `plinth; error=${code}`])
    expectHeaders(head.headers)
  })
}

const textOf = (body: unknown): string | null => (body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body))

// ── What comes in ──

for (const [code, { when, table, rows: given, says }] of entries(inserts)) {
  everyDatabase(`${code} comes when ${when}`, async ({ insert, sql }) => {
    const before = await sql(`SELECT count(*) FROM ${table}`)
    const problem = await insert(table, given).catch((error: unknown) => error)
    expect(problem).toBeInstanceOf(Problem)
    expect(problem).toMatchObject({ code, status: catalogue[code].status, ...says })
    expect(await sql(`SELECT count(*) FROM ${table}`)).toEqual(before)
  })
}

everyDatabase('PGRST102 comes when a row has more values than columns are named', async ({ backend }) => {
  const rows = [['new', 'red', 'much']]
  const query = { kind: 'insert' as const, table: 'tags', columns: ['name', 'colour'], rows: { kind: 'value' as const, at: 0 } }
  await expect(Promise.resolve(backend.ask({ query, values: [rows] }, SYSTEM))).rejects.toMatchObject({ code: 'PGRST102', status: 400 })
})

// ── What functions meet ──

const everyBoard = everyDatabaseOf({ backend: noticeboard, people: {}, settings: { PORT: '0' } })

for (const [code, { when, function: name, method = 'POST' }] of entries(calls)) {
  everyBoard(`${code} comes when ${when}`, async (here) => {
    const url = `${await urlOf(here)}/rest/v1/rpc/${name}`
    expectError(code, await read(await fetch(url, { method, headers: credentials(here, undefined) })))
  })
}

// ── What is refused before a table is looked at ──

const notes = plinth({ tables: { notes: table({ words: text() }) }, access: { notes: { read: anyone } } })
const folder = mkdtempSync(join(tmpdir(), 'plinth-errors-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let count = 0
async function serve({ settings = {} }: Provocation): Promise<Target> {
  const place = join(folder, String((count += 1)))
  const environment = {
    PORT: '0',
    DATABASE_URL: `sqlite:${join(place, 'notes.db')}`,
    PLINTH_DATA: place,
    PLINTH_LOG_LEVEL: 'silent',
    ...settings,
  }
  const running = await open(notes, { settings: readSettings(environment) })
  return { running, ...(await running.listen()) }
}

describe('The edge', () => {
  for (const [code, provocation] of entries(atTheEdge)) {
    test(`${code} comes when ${provocation.when}`, async () => {
      const target = await serve(provocation)
      try {
        const provoked = await provocation.ask(target)
        if (!provocation.inProcess) return expectError(code, provoked)
        expect(provoked.status).toBe(catalogue[code].status)
        expectDocument(code, provoked.body)
      } finally {
        await target.running.stop()
      }
    })
  }

  test('HEAD has the status and the headers of an error, and no body', async () => {
    const target = await serve({ when: 'nothing is wrong', ask: async () => expect.fail('nothing is asked') })
    try {
      for (const [path, headers, status] of [
        ['/nowhere', {}, 404],
        ['/rest/v1/notes', { apikey: 'sb_publishable_other' }, 401],
      ] as const) {
        const head = await read(await fetch(target.url + path, { method: 'HEAD', headers }))
        expect([head.status, head.body]).toEqual([status, undefined])
        expectHeaders(head.headers)
      }
    } finally {
      await target.running.stop()
    }
  })
})
