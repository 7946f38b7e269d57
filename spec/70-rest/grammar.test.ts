import { describe, expect, test } from 'vitest'
import { everyDatabaseOf, type Answered } from '../harness.ts'
import { cinema, rows } from './films.ts'
import { grammar } from './grammar.ts'
import { elsewhere, items } from './items.ts'
import type { Answer, Refusal, Row } from './row.ts'

const everyDatabase = everyDatabaseOf({ backend: cinema, rows, people: {} })

/** As a URL: what is not ASCII, a blank or a delimiter of URLs is escaped; percent signs stay. */
const asUrl = (path: string): string => path.replaceAll(/[^\x21-\x7e]|["<>\\^`{|}]/gu, encodeURIComponent)

function expectAnswer({ status, headers, body, text }: Answered, wanted: Answer): void {
  expect({ status, headers, body: wanted.body instanceof RegExp ? text : body }).toEqual({
    status: wanted.status ?? 200,
    headers: expect.objectContaining(matchers(wanted.headers)),
    body: wanted.body instanceof RegExp ? expect.stringMatching(wanted.body) : wanted.body,
  })
  if (wanted.text !== undefined) expect(text).toContain(wanted.text)
}

function expectRefusal({ status, headers, body }: Answered, wanted: Refusal): void {
  const { message = expect.any(String), details = expect.anything() } = wanted
  expect({ status, headers, body }).toEqual({
    status: wanted.status,
    headers: expect.objectContaining(matchers(wanted.headers)),
    body: {
      type: `urn:plinth:error:${wanted.code}`,
      title: expect.any(String),
      status: wanted.status,
      detail: message,
      instance: 'urn:plinth:request:spec',
      code: wanted.code,
      message,
      details: wanted.details === undefined ? expect.toSatisfy((one: unknown) => one === null || typeof one === 'string') : details,
      hint: expect.toSatisfy((one: unknown) => one === null || typeof one === 'string'),
    },
  })
}

const matchers = (headers: Answer['headers'] = {}): Record<string, unknown> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value instanceof RegExp ? expect.stringMatching(value) : value]))

describe('the grammar', () => {
  test('has a row for each item of the reference, and no other', () => {
    const wanted = Object.values(items).flat()
    expect([...new Set(grammar.map(({ item }) => item))].sort()).toEqual([...wanted].sort())
    expect(new Set(wanted).size).toBe(wanted.length)
  })

  test('gives a reason for what is asked elsewhere, and does not ask it here too', () => {
    const asked = Object.values(items).flat()
    for (const [item, reason] of Object.entries(elsewhere))
      expect({ item, reason, here: asked.some((one) => one === item) }).toEqual({
        item,
        reason: expect.stringMatching(/\w{3}/),
        here: false,
      })
  })

  test('has for each row an answer or a refusal', () => {
    expect(grammar.filter(({ answer, refused }) => (answer === undefined) === (refused === undefined))).toEqual([])
  })
})

for (const row of grammar)
  everyDatabase(titleOf(row), async ({ ask }) => {
    const { path, method, headers, body, as } = row.request
    const asked = { ...(method && { method }), ...(headers && { headers }), ...(body !== undefined && { body }), ...(as && { as }) }
    const answered = await ask(asUrl(`/rest/v1${path}`), asked)
    if (row.answer !== undefined) expectAnswer(answered, row.answer)
    if (row.refused !== undefined) expectRefusal(answered, row.refused)
    if (as !== 'service') expect(answered.text).not.toContain('CANARY')
  })

everyDatabase('the rows that write leave the world as it was', async ({ ask }) => {
  for (const [table, held] of Object.entries(rows)) {
    const { body } = await ask(asUrl(`/rest/v1/${table}?select=count()`), { as: 'service' })
    expect({ table, body }).toEqual({ table, body: [{ count: held.length }] })
  }
  const { body } = await ask('/rest/v1/marks', { as: 'service' })
  expect(body).toEqual(rows.marks)
})

function titleOf({ item, request, refused }: Row): string {
  return `${item}: ${request.method ?? 'GET'} ${request.path} is ${refused === undefined ? 'answered' : `refused with ${refused.code}`}`
}
