/**
 * `kill -9` in the middle of writes: what was acknowledged is there, and what is sent again with its key is there once.
 * In short here; `PLINTH_KILLS=50 PLINTH_WRITES=100000 npm test -- spec/process/killed` is the whole of it.
 */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { serving, stopped, type Terminal } from '../86-cli/session.ts'
import { databases, type FreshDatabase } from '../databases.ts'

const kills = Number(process.env['PLINTH_KILLS'] ?? 4)
const writes = Number(process.env['PLINTH_WRITES'] ?? 1600)
/** So many clients write at the same time. */
const CLIENTS = 32

const folder = mkdtempSync(join(tmpdir(), 'plinth-killed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// Nothing in the table tells one write from the same again: only the key does.
writeFileSync(
  join(folder, 'plinth.ts'),
  `import { anyone, fn, integer, plinth, table } from ${JSON.stringify(new URL('../../src/index.ts', import.meta.url).href)}
export default plinth({
  tables: { entries: table({ number: integer(), kind: integer() }) },
  access: { entries: { read: anyone, insert: anyone } },
  functions: {
    enter: fn({
      input: { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value: value as { number: number } }) } },
      allow: anyone,
      run: ({ input, db }) => db.insertInto('entries').values({ number: input.number, kind: 2 }).execute(),
    }),
  },
})
`,
)

interface Answer {
  readonly status: number
  readonly replayed: boolean
}

/** Undefined where the connection broke: nobody knows whether it was done. */
function post(agent: Agent, { url, keys }: Terminal, number: number): Promise<Answer | undefined> {
  // Every tenth is a function's.
  const [path, body] = number % 10 === 0 ? ['rpc/enter', { number }] : ['entries', { number, kind: 1 }]
  const headers = {
    apikey: keys.publishable,
    'content-type': 'application/json',
    'idempotency-key': `00000000-1234-4567-89ab-${String(number).padStart(12, '0')}`,
  }
  return new Promise((resolve) => {
    const sent = request(`${url}/rest/v1/${path}`, { method: 'POST', agent, headers }, (response) => {
      response.resume()
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, replayed: response.headers['idempotent-replayed'] === 'true' }),
      )
      response.once('error', () => resolve(undefined))
    })
    sent.once('error', () => resolve(undefined))
    sent.end(JSON.stringify(body))
  })
}

class Story {
  readonly acknowledged = new Set<number>()
  replayed = 0
  unknown = 0
  cycles = 0
  #next = 1
  #server: Terminal | undefined
  readonly #start: () => Promise<Terminal>

  constructor(start: () => Promise<Terminal>) {
    this.#start = start
  }

  async run(): Promise<void> {
    this.#server = await this.#start()
    const clients = Array.from({ length: CLIENTS }, () => this.#client())
    while (this.cycles < kills) {
      const enough = (writes / (kills + 1)) * (this.cycles + 1)
      while (this.acknowledged.size < enough) await sleep(1)
      const { child } = this.#server
      child.kill('SIGKILL')
      await once(child, 'close')
      this.cycles += 1
      this.#server = await this.#start()
    }
    await Promise.all(clients)
    await stopped(this.#server)
  }

  async #client(): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    for (let number = this.#next++; number <= writes; number = this.#next++) await this.#insist(agent, number)
    agent.destroy()
  }

  /** Sends it until it is acknowledged. */
  async #insist(agent: Agent, number: number): Promise<void> {
    for (;;) {
      const answer = this.#server && (await post(agent, this.#server, number))
      if (answer !== undefined && answer.status < 300) {
        this.acknowledged.add(number)
        if (answer.replayed) this.replayed += 1
        return
      }
      if (answer === undefined) this.unknown += 1
      else if (![409, 429, 503].includes(answer.status)) throw new Error(`write ${number} was answered with ${answer.status}`)
      await sleep(20)
    }
  }
}

async function entries({ sql }: FreshDatabase): Promise<readonly [lines: number, different: number]> {
  const [row] = await sql('SELECT count(*), count(DISTINCT number) FROM entries')
  return [Number(row?.[0]), Number(row?.[1])]
}

describe.for(databases)('Killed on $name', ({ name, missing, create }) => {
  test.skipIf(missing !== undefined)(
    `${kills} times in ${writes} writes: none is lost, and none is there twice`,
    { timeout: 60_000 + writes * 20 + kills * 5000 },
    async () => {
      const fresh = await create()
      try {
        const env = {
          DATABASE_URL: fresh.url,
          PLINTH_DATA: fresh.folder,
          PORT: '0',
          PLINTH_RATE_ADDRESS: '0',
          PLINTH_RATE_KEY: '0',
          PLINTH_LOG_LEVEL: 'error',
        }
        const story = new Story(() => serving(['start', join(folder, 'plinth.ts')], { cwd: folder, env }))
        await story.run()
        expect(story.cycles).toBe(kills)
        expect(story.acknowledged.size).toBe(writes)
        expect(await entries(fresh)).toEqual([writes, writes])
        if (name === 'SQLite') expect(await fresh.sql('PRAGMA integrity_check')).toEqual([['ok']])
        console.log(
          `${name}: ${writes} writes acknowledged over ${kills} kills, 0 lost, 0 doubled; ${story.unknown} of unknown outcome were sent again, ${story.replayed} of which had been done`,
        )
      } finally {
        await fresh.drop()
      }
    },
  )
})
