import type { Bench, Question } from './bench.ts'
import { clerk, scattered } from './data.ts'

/** One row that goes in, as a shop counts who looks at what. */
export const visit = (number: number): Question => ({
  ours: '/rest/v1/visits',
  peers: '/visits',
  body: JSON.stringify({
    id: '%id%',
    store: clerk.claims.store,
    page: `/products/${scattered(number, 10_000)}`,
    at: '2026-11-21T01:15:29.123456+00:00',
    milliseconds: scattered(number, 900),
  }),
})

export const readVisit = (id: string): Question => ({
  ours: `/rest/v1/visits?id=eq.${id}&select=id,store,page,at,milliseconds`,
  peers: `/visits/${id}`,
})

export const writeSqlite: Bench = {
  name: 'write-sqlite',
  promise: 'One row put in, on disk when it is answered, for a user who is signed in.',
  peers: ['one-each', 'normal'],
  equal: 'json',
  questions: Array.from({ length: 200 }, (_, number) => visit(number)),
  written: readVisit,
}
