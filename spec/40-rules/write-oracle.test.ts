/**
 * A model oracle for writes: random schemas, rules, rows, askers and writes. What comes of a write is worked out a
 * second time in plain TypeScript, with nothing of the product in it, and must be the same on every database: the
 * answer, and the rows that are there then. A failing write is printed with its seed, schema and rows.
 */
import fc from 'fast-check'
import { expect } from 'vitest'
import { everyDatabaseOf, type Answered, type Here } from '../harness.ts'
import { told } from '../shop.ts'
import { outcomeOf, type Outcome } from './writes/model.ts'
import { requestOf, writesTo, type Request, type Write } from './writes/requests.ts'
import type { Asker, Data } from './writes/rules.ts'
import { backendOf, dataOf, people, schemas, tables, type Schema } from './writes/schema.ts'

const SCHEMAS = 20
const WORLDS = 2
const WRITES = 80
const seed = 20261121

type Open = Pick<Here<string>, 'ask' | 'sql' | 'insert'>

async function fill(here: Open, data: Data): Promise<void> {
  for (const table of tables.toReversed()) await here.sql(`DELETE FROM "${table}"`)
  for (const table of tables) if (data[table].length > 0) await here.insert(table, data[table])
}

function send({ ask }: Open, { name, id, above }: Asker, { method, path, prefer, body }: Request): Promise<Answered> {
  const as = above ? 'service' : id === null ? undefined : name
  return ask(`/rest/v1/${path}`, { ...(as && { as }), method, headers: { prefer }, ...(body !== undefined && { body }) })
}

/** Every table, by its key, hidden columns too. */
async function held({ ask }: Open, schema: Schema): Promise<unknown> {
  const rows = tables.map(async (table) => {
    const { key, columns } = schema[table]
    return [table, (await ask(`/rest/v1/${table}?select=${Object.keys(columns).join(',')}&order=${key.join(',')}`, { as: 'service' })).body]
  })
  return Object.fromEntries(await Promise.all(rows))
}

const inOrder = (data: Data, schema: Schema): Data => {
  const placed = (table: keyof Data): Data[keyof Data] => {
    const { key } = schema[table]
    const place = (row: Data[keyof Data][number]): number => key.reduce((at, name) => at * 100 + Number(row[name]), 0)
    return data[table].toSorted((one, other) => place(one) - place(other))
  }
  return { teams: placed('teams'), items: placed('items'), links: placed('links') }
}

function expectAnswer(answer: Answered, outcome: Outcome, says: string): void {
  const code = answer.status >= 400 ? told(answer) : undefined
  if ('refused' in outcome) return expect([...outcome.refused], says).toContain(code)
  if (code !== undefined && outcome.orRefused) return expect([...outcome.orRefused], says).toContain(code)
  const total = answer.headers['content-range']?.split('/')[1]
  expect({ status: answer.status, body: answer.body }, says).toEqual({ status: outcome.status, body: outcome.body })
  if (total !== undefined) expect(total, says).toBe(String(outcome.count))
}

async function expectOutcome(here: Open, write: Write, schema: Schema, data: Data): Promise<void> {
  const request = requestOf(write, schema)
  const outcome = outcomeOf(write, schema, data)
  const says = `${write.asker.name}: ${JSON.stringify(request)}`
  const answer = await send(here, write.asker, request)
  try {
    expectAnswer(answer, outcome, says)
    expect(await held(here, schema), says).toEqual(inOrder('refused' in outcome || answer.status >= 400 ? data : outcome.data, schema))
  } finally {
    if (answer.status < 400) await fill(here, data)
  }
}

for (const [at, schema] of fc.sample(schemas, { seed, numRuns: SCHEMAS }).entries()) {
  const everyDatabase = everyDatabaseOf({ backend: backendOf(schema), people })
  everyDatabase(`what anybody writes comes out as plain code works it out, with the rules of schema ${at}`, async (here) => {
    for (const [world, data] of fc.sample(dataOf(schema), { seed: seed + at, numRuns: WORLDS }).entries()) {
      await fill(here, data)
      const about = `schema ${at}: ${JSON.stringify(schema)}\nrows: ${JSON.stringify(data)}`
      const property = fc.asyncProperty(writesTo(schema), async (write) => expectOutcome(here, write, schema, data))
      const result = await fc.check(property, { seed: seed + at * WORLDS + world, numRuns: WRITES })
      if (result.failed) expect.fail(`${fc.defaultReportMessage(result)}\n${about}\n${String(result.errorInstance)}`)
    }
  })
}
