/** Several servers on one PostgreSQL: what is promised of one server is promised of all of them together. */
import { expect, test, describe, afterAll } from 'vitest'
import { anyone, fn, integer, plinth, table } from '../../src/index.ts'
import { open, type Running } from '../../src/server.ts'
import { readSettings } from '../../src/settings.ts'
import { databases, type FreshDatabase } from '../databases.ts'

const slowly = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100))
let begun = 0

const backend = plinth({
  tables: {
    entries: table({ number: integer() }),
    stock: table({ id: integer(), pieces: integer().min(0) }),
  },
  access: { entries: { read: anyone, insert: anyone }, stock: { read: anyone } },
  functions: {
    enter: fn({
      allow: anyone,
      async run({ db }) {
        begun += 1
        await db.insertInto('entries').values({ number: 1 }).execute()
        await slowly()
        return 'entered'
      },
    }),
    take: fn({
      allow: anyone,
      async run({ db }) {
        const { pieces } = await db.selectFrom('stock').select('pieces').where('id', '=', 1).executeTakeFirstOrThrow()
        if (pieces === 0) return 'none'
        await db
          .updateTable('stock')
          .set({ pieces: pieces - 1 })
          .where('id', '=', 1)
          .execute()
        return 'taken'
      },
    }),
  },
})

const postgres = databases.find(({ name }) => name === 'PostgreSQL')

describe.skipIf(postgres?.missing !== undefined)('Two servers on one database', async () => {
  const nodes: Running[] = []
  let fresh: FreshDatabase | undefined
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.stop()))
    await fresh?.drop()
  })

  async function started(): Promise<FreshDatabase> {
    if (fresh !== undefined) return fresh
    fresh = await postgres?.create()
    if (fresh === undefined) throw new Error('there is no PostgreSQL')
    const settings = readSettings({ DATABASE_URL: fresh.url, PLINTH_DATA: fresh.folder, PLINTH_LOG_LEVEL: 'silent' })
    for (const _ of [1, 2]) nodes.push(await open(backend, { settings }))
    return fresh
  }

  async function post(node: number, path: string, key?: string): Promise<{ status: number; replayed: boolean; text: string }> {
    const running = nodes[node]
    if (running === undefined) throw new Error('it was not started')
    const headers = { apikey: running.keys.publishable, ...(key !== undefined && { 'idempotency-key': key }) }
    const body = path.startsWith('rpc') ? undefined : Buffer.from('{"number":1}')
    const answer = await running.handle({ method: 'POST', path: `/rest/v1/${path}`, query: '', headers, body, id: 'node' })
    return { status: answer.status, replayed: answer.headers['Idempotent-Replayed'] === 'true', text: String(answer.body ?? '') }
  }

  test.each(['entries', 'rpc/enter'])('get the same key at once, and one of them does it: %s', async (path) => {
    const { sql } = await started()
    for (let round = 0; round < 20; round++) {
      await sql('DELETE FROM entries')
      begun = 0
      const key = crypto.randomUUID()
      const answers = await Promise.all([post(0, path, key), post(1, path, key)])
      // The other one is told that it is being done, or comes late enough to be told what came of it.
      expect(answers.filter(({ status, replayed }) => status < 300 && !replayed)).toHaveLength(1)
      expect(answers.every(({ status, replayed }) => status < 300 !== (status === 409) || replayed)).toBe(true)
      expect(await post(1, path, key)).toMatchObject({ replayed: true })
      expect(await sql('SELECT count(*) FROM entries')).toEqual([['1']])
    }
    if (path.startsWith('rpc')) expect(begun).toBe(1)
  })

  test('let one of two have the last piece, each time', async () => {
    const { sql } = await started()
    for (let round = 0; round < 50; round++) {
      await sql('DELETE FROM stock')
      await sql('INSERT INTO stock (id, pieces) VALUES (1, 1)')
      const answers = await Promise.all([post(0, 'rpc/take'), post(1, 'rpc/take')])
      expect(answers.map(({ text }) => text).toSorted()).toEqual(['"none"', '"taken"'])
      expect(await sql('SELECT pieces FROM stock')).toEqual([['0']])
    }
  })
})
