import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { everyDatabaseOf } from '../harness.ts'
import { cinema, rows } from './films.ts'

const everyDatabase = everyDatabaseOf({ backend: cinema, rows, people: {} })

const page = readFileSync(new URL('../../docs/70-rest.md', import.meta.url), 'utf8')
const samples = [...page.matchAll(/```http\nGET ([^\n]+)\n```\n```json\n([^\n]+)\n```/g)]

for (const [, path = '', answer = ''] of samples) {
  everyDatabase(`docs/70-rest.md is right about ${path}`, async ({ ask }) => {
    const { body } = await ask(path.replaceAll(' ', '%20').replaceAll('"', '%22'))
    expect(samples.length).toBeGreaterThan(5)
    expect(body).toEqual(JSON.parse(answer))
  })
}
