import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { catalogue } from '../../src/errors.ts'
import { anyone, plinth, table, text } from '../../src/index.ts'
import { open } from '../../src/server.ts'
import { readSettings } from '../../src/settings.ts'
import { provocations, type Provocation, type Target } from './provoke.ts'

const backend = plinth({ tables: { notes: table({ words: text() }) }, access: { notes: { read: anyone } } })
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
  const running = await open(backend, { settings: readSettings(environment) })
  return { running, ...(await running.listen()) }
}

describe('each error, over the network', () => {
  for (const [code, entry] of Object.entries(catalogue)) {
    const provocation = Object.entries(provocations).find(([name]) => name === code)?.[1]
    if (provocation === undefined) continue
    test(`${code} comes when ${provocation.when}`, async () => {
      const target = await serve(provocation)
      try {
        const { status, headers, body } = await provocation.ask(target)
        expect(status).toBe(entry.status)
        expect(headers.get('content-type')).toMatch(/^application\/problem\+json/)
        expect(body).toMatchObject({
          type: `urn:plinth:error:${code}`,
          title: entry.title,
          status: entry.status,
          code,
          instance: expect.stringMatching(/^urn:plinth:request:./),
        })
        expect(body).toHaveProperty('message')
        expect(Object.keys(Object(body)).toSorted()).toEqual([
          'code',
          'detail',
          'details',
          'hint',
          'instance',
          'message',
          'status',
          'title',
          'type',
        ])
      } finally {
        await target.running.stop()
      }
    })
  }
})
