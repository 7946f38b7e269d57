/**
 * Errors of functions: code → a function that meets it when it is called, and the functions themselves.
 *
 * To add one: a function here, and its row.
 */
import type { ErrorCode } from '../../src/errors.ts'
import { anyone, fn, plinth, table, text } from '../../src/index.ts'
import { z } from 'zod'

export const noticeboard = plinth({
  tables: { notices: table({ id: text(), words: text() }).key('id') },
  access: { notices: { read: anyone } },
  functions: {
    greet: fn({ input: z.object({ name: z.string() }), allow: anyone, run: ({ input }) => `Hello, ${input.name}` }),
    peek: fn({ allow: anyone, reads: true, run: ({ db }) => db.insertInto('notices').values({ id: 'a', words: 'b' }).execute() }),
    phone: fn({ allow: anyone, run: async () => (await fetch('http://127.0.0.1:9')).status }),
    stumble: fn({
      allow: anyone,
      async run({ db }) {
        const twice = { id: 'a', words: 'b' }
        await db
          .insertInto('notices')
          .values([twice, twice])
          .execute()
          .catch(() => undefined)
        return db.selectFrom('notices').selectAll().execute()
      },
    }),
  },
})

export interface Called {
  readonly when: string
  readonly function: keyof typeof noticeboard.functions
  readonly method?: string
}

export const calls: Partial<Record<ErrorCode, Called>> = {
  '22023': { when: 'a function is given what it does not take', function: 'greet' },
  '25006': { when: 'a function writes that says it does not', function: 'peek' },
  '25P02': { when: 'a function goes on after a statement failed', function: 'stumble' },
  PGRST101: { when: 'a function that may write is called by GET', function: 'greet', method: 'GET' },
  outside_call: { when: 'a function in a transaction calls outside', function: 'phone' },
}
