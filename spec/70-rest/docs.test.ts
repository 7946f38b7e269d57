import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { everyDatabaseOf } from '../harness.ts'
import { cinema, rows } from './films.ts'

const everyDatabase = everyDatabaseOf({ backend: cinema, rows, people: {} })

const page = readFileSync(new URL('../../docs/70-rest.md', import.meta.url), 'utf8')
/** Method, path, a line of preferences and a body where the request has them, and the answer. */
const samples = [...page.matchAll(/```http\n([A-Z]+) ([^\n]+)\n(?:Prefer: ([^\n]+)\n)?(?:\n([^`\n]+)\n)?```\n```json\n([^\n]+)\n```/g)]

for (const [, method = '', path = '', prefer, body, answer = ''] of samples) {
  everyDatabase(`docs/70-rest.md is right about ${method} ${path}`, async ({ ask }) => {
    const reads = method === 'GET'
    const asked = reads ? {} : { method, as: 'service' as const, headers: { prefer: `${prefer}, tx=rollback` }, ...(body && { body }) }
    const { body: got } = await ask(path.replaceAll(' ', '%20').replaceAll('"', '%22'), asked)
    expect(samples.length).toBe(page.match(/```http/g)?.length)
    expect(got).toEqual(JSON.parse(answer))
  })
}
