/** Databases that are broken, busy or full: what the client hears of it, and what only the log does. */
import { describe, expect, test } from 'vitest'
import { catalogue, Problem, type ErrorCode } from '../../src/errors.ts'
import { anyone, plinth, table, text } from '../../src/index.ts'
import { SYSTEM } from '../../src/query/who.ts'
import { open, type Running } from '../../src/server.ts'
import { readSettings } from '../../src/settings.ts'
import { databases, type FreshDatabase } from '../databases.ts'
import { expectError, read } from './document.ts'
import { faults, type Fault, type Target } from './faults.ts'

const notes = plinth({ tables: { notes: table({ words: text() }) }, access: { notes: { read: anyone } } })

async function serve(fresh: FreshDatabase, { settings, url: urlOf }: Fault, log: string[]): Promise<{ running: Running; target: Target }> {
  const environment = { PORT: '0', DATABASE_URL: urlOf?.(fresh) ?? fresh.url, PLINTH_DATA: fresh.folder, PLINTH_LOG: 'json', ...settings }
  const running = await open(notes, { settings: readSettings(environment), log: { write: (line) => void log.push(line) } })
  const { url } = await running.listen()
  const query = { kind: 'insert' as const, table: 'notes', columns: ['words'], rows: { kind: 'value' as const, at: 0 } }
  return {
    running,
    target: {
      fresh,
      read: () => fetch(`${url}/rest/v1/notes?select=words`, { headers: { apikey: running.keys.publishable } }),
      write: async () => running.ask({ query, values: [[['hello']]] }, SYSTEM),
    },
  }
}

async function provoke(code: ErrorCode, fresh: FreshDatabase, fault: Fault): Promise<void> {
  const { before, ask } = fault
  await before?.(fresh)
  const log: string[] = []
  const { running, target } = await serve(fresh, fault, log)
  try {
    await target.write()
    expect(await (await target.read()).json()).toEqual([{ words: 'hello' }])
    const answer = await ask(target).catch((error: unknown) => error)
    await (answer instanceof Response ? expectAnswer(code, answer, log) : expectProblem(code, answer))
  } finally {
    await running.stop()
  }
}

async function expectAnswer(code: ErrorCode, answer: Response, log: readonly string[]): Promise<void> {
  const provoked = await read(answer)
  expectError(code, provoked)
  expect(JSON.stringify(provoked)).not.toMatch(/canary|notes"|relation|no such|SQL|terminat|statement_timeout|lock_timeout/)
  expect(provoked.headers.get('retry-after')).toBe(code === '08006' || code === '53300' ? '1' : null)
  const line = log.find((one) => one.includes(provoked.headers.get('x-request-id') ?? 'no id') && one.includes(code))
  expect(line, `the log has the code under the request's id:\n${log.join('')}`).toBeDefined()
  if (code === 'XX000') expect(JSON.parse(line ?? '').cause).toMatch(/: (no such table: notes|relation "notes" does not exist) \| at /)
}

function expectProblem(code: ErrorCode, problem: unknown): void {
  expect(problem).toBeInstanceOf(Problem)
  expect(problem).toMatchObject({ code, status: catalogue[code].status })
  expect(Object(problem).message).not.toMatch(/canary/)
}

for (const { name, missing, create } of databases) {
  if (missing !== undefined) console.log(`What a broken ${name} does is skipped: ${missing}`)
  // The reason is printed above.
  describe.skipIf(missing !== undefined)(name, () => {
    for (const [code, all] of Object.entries(faults)) {
      for (const fault of all.filter(({ on }) => on === undefined || on === name)) {
        test(`${code} comes when ${fault.when}`, async () => {
          const fresh = await create()
          try {
            // Object.entries forgets the keys' type.
            await provoke(code as ErrorCode, fresh, fault)
          } finally {
            await fresh.drop()
          }
        })
      }
    }
  })
}
