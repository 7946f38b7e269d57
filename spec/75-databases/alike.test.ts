/** Every database answers a question alike: three thousand random ones, rows and order and codes. */
import fc from 'fast-check'
import { expect } from 'vitest'
import { SYSTEM } from '../../src/query/who.ts'
import { everyDatabaseOf, type Answered, type Here } from '../harness.ts'
import { backend, question, rowsOf } from './questions.ts'

const QUESTIONS = 3000
const seed = 20261121

const everyDatabase = everyDatabaseOf({ backend, people: {} })

/** Question → the answer of the database that was asked first. */
const answers = new Map<string, string>()

everyDatabase('a question has one answer, whichever database is asked', async (here) => {
  for (const [table, rows] of Object.entries(rowsOf(seed))) await insert(here, table, rows)
  let answered = 0
  for (const query of fc.sample(question, { seed, numRuns: QUESTIONS })) {
    const answer = await here.ask(`/rest/v1/things?${query}`, { as: 'service' })
    expect(answer.status, decodeURIComponent(query)).toBeLessThan(500)
    if (answer.status < 300) answered++
    const told = tell(answer)
    expect(told, `${here.database}: ${decodeURIComponent(query)}`).toBe(answers.get(query) ?? told)
    answers.set(query, told)
  }
  expect(answered).toBeGreaterThan(QUESTIONS / 2)
})

async function insert({ backend: running }: Pick<Here<never>, 'backend'>, table: string, rows: readonly object[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {})
  const values = [rows.map((row) => columns.map((column) => Object.entries(row).find(([name]) => name === column)?.[1]))]
  await running.ask({ query: { kind: 'insert', table, columns, rows: { kind: 'value', at: 0 }, textual: true }, values }, SYSTEM)
}

/** JSON is equal by value: its members have no order. Of an error, which of several comes first is not promised. */
function tell({ status, body }: Answered): string {
  if (status >= 300) return `refused ${status}`
  return JSON.stringify(body, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  )
}
