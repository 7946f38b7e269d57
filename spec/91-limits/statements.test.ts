/** How long a statement may run: whatever is asked, the database is free again after that time. */
import { expect } from 'vitest'
import { anyone, integer, plinth, ref, table, text } from '../../src/index.ts'
import { expectDocument } from '../90-errors/document.ts'
import { everyDatabaseOf } from '../harness.ts'

/** One hub with many spokes: each way through it leads from every spoke to every other. */
const wheel = plinth({
  tables: {
    hubs: table({ id: integer() }),
    spokes: table({ id: integer(), hub_id: ref('hubs'), number: integer() }),
  },
  access: { hubs: { read: anyone }, spokes: { read: anyone } },
})
const spokes = Array.from({ length: 1500 }, (_, at) => ({ id: at + 1, hub_id: 1, number: at }))

const everyDatabase = everyDatabaseOf({
  backend: wheel,
  rows: { hubs: [{ id: 1 }], spokes },
  people: {},
  settings: { PLINTH_STATEMENT_TIMEOUT: '200ms' },
})

const many = plinth({ tables: { words: table({ id: integer(), word: text() }) }, access: { words: { read: anyone } } })

const busyDatabase = everyDatabaseOf({ backend: many, people: {}, settings: { PLINTH_STATEMENT_TIMEOUT: '50ms' } })

busyDatabase('PLINTH_STATEMENT_TIMEOUT: a look at each of many rows is stopped', async ({ ask, sql }) => {
  const numbers = 'WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 100000)'
  await sql(`INSERT INTO words (id, word) ${numbers} SELECT n, '${'Tea, more tea, '.repeat(20)}' || n FROM r`)
  for (const test of ['ilike.*à*b*c*', `imatch.${encodeURIComponent('(t|é|m).*[xyz]+k$')}`]) {
    const { status, body } = await ask(`/rest/v1/words?select=count()&word=${test}`)
    expect(status).toBe(504)
    expectDocument('57014', body, { message: 'The statement took longer than it may', details: null })
    expect((await ask('/rest/v1/words?id=eq.7&select=id')).body).toEqual([{ id: 7 }])
  }
})

/** Questions that would take for minutes. */
const endless = {
  'a filter that goes round and round': [
    'hubs?select=id,spokes(hub(spokes(hub(spokes()))))',
    'or=(id.eq.-1,spokes.not.is.null)',
    'spokes.or=(number.eq.-1,hub.not.is.null)',
    'spokes.hub.or=(id.eq.-1,spokes.not.is.null)',
    'spokes.hub.spokes.or=(number.eq.-1,hub.not.is.null)',
    'spokes.hub.spokes.hub.or=(id.eq.-1,spokes.not.is.null)',
    'spokes.hub.spokes.hub.spokes.number=eq.-1',
  ].join('&'),
  'rows in rows in rows': 'spokes?select=hub(spokes(hub(spokes(hub(id)))))',
}

for (const [what, path] of Object.entries(endless)) {
  everyDatabase(`PLINTH_STATEMENT_TIMEOUT: ${what} is stopped, and the next request is answered`, async ({ ask }) => {
    const began = performance.now()
    const { status, body } = await ask(`/rest/v1/${path}`)
    expect(status).toBe(504)
    expectDocument('57014', body, { message: 'The statement took longer than it may', details: null })
    expect(performance.now() - began).toBeLessThan(2000)
    expect((await ask('/rest/v1/hubs')).body).toEqual([{ id: 1 }])
  })
}

everyDatabase('PLINTH_STATEMENT_TIMEOUT: a statement within its time is not stopped', async ({ ask }) => {
  expect((await ask('/rest/v1/spokes?select=count()&number=gte.0')).body).toEqual([{ count: 1500 }])
})
