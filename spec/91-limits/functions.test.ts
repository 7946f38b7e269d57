/** How long the code of a function may take, and how much may be asked in one batch: whoever asked is answered. */
import { expect } from 'vitest'
import { action, anyone, fn, plinth, table, text } from '../../src/index.ts'
import { expectDocument } from '../90-errors/document.ts'
import { everyDatabaseOf } from '../harness.ts'

const for_ever = (): Promise<never> => new Promise(() => {})

const waiting = plinth({
  tables: { notes: table({ words: text() }) },
  access: { notes: { read: anyone } },
  functions: {
    holds: fn({
      allow: anyone,
      async run({ db }) {
        await db.insertInto('notes').values({ words: 'never kept' }).execute()
        await for_ever()
      },
    }),
    lingers: action({ allow: anyone, run: for_ever }),
  },
})

const everyDatabase = everyDatabaseOf({
  backend: waiting,
  people: {},
  settings: { PLINTH_FUNCTION_TIMEOUT: '100ms', PLINTH_ACTION_TIMEOUT: '200ms' },
})

everyDatabase('PLINTH_FUNCTION_TIMEOUT: a transaction that does not end is undone, and others go on', async ({ ask }) => {
  const { status, body } = await ask('/rest/v1/rpc/holds', { method: 'POST' })
  expect(status).toBe(504)
  expectDocument('57014', body, {
    message: 'The function holds took too long and was stopped',
    hint: 'Let it do less, or raise PLINTH_FUNCTION_TIMEOUT.',
  })
  expect((await ask('/rest/v1/notes')).body).toEqual([])
})

everyDatabase('PLINTH_ACTION_TIMEOUT: an action that does not end is given up', async ({ ask }) => {
  const { status, body } = await ask('/rest/v1/rpc/lingers', { method: 'POST' })
  expect(status).toBe(504)
  expectDocument('57014', body, {
    message: 'The function lingers took too long and was stopped',
    hint: 'Let it do less, or raise PLINTH_ACTION_TIMEOUT.',
  })
})

const batch = (length: number): object => ({
  method: 'POST',
  headers: { 'content-type': 'application/vnd.plinth.batch+json' },
  body: { operations: Array.from({ length }, () => ({ path: 'notes' })) },
})

everyDatabase('PLINTH_MAX_BATCH: a batch of too many operations is refused', async ({ ask }) => {
  expect(await ask('/rest/v1/', batch(100))).toMatchObject({ status: 200 })
  const { status, body } = await ask('/rest/v1/', batch(101))
  expect(status).toBe(400)
  expectDocument('too_complex', body, {
    message: 'A batch may have 100 operations at most',
    hint: 'Send several batches, or raise PLINTH_MAX_BATCH.',
  })
})
