/** What one request may ask for at once is bounded, and what is allowed is put together in no time. */
import { expect } from 'vitest'
import { everyDatabase } from '../world.ts'

everyDatabase('rows are ordered by 20 keys at most', async ({ ask }) => {
  const order = (keys: number): string => `/rest/v1/tags?order=${Array.from({ length: keys }, () => 'name').join(',')}`
  expect((await ask(order(20))).status).toBe(200)
  expect((await ask(order(21))).body).toMatchObject({ status: 400, code: 'too_complex' })
})

const patterns = (count: number): string => encodeURIComponent(`{${Array.from({ length: count }, (_, at) => `x${at}`).join(',')}}`)

for (const operator of ['like(any)', 'ilike(all)', 'match(any)', 'not.imatch(all)'])
  everyDatabase(`a list of patterns has 20 at most: ${operator}`, async ({ ask }) => {
    const path = `/rest/v1/tags?name=${operator}.`
    expect((await ask(path + patterns(20))).status).toBe(200)
    expect((await ask(path + patterns(21))).body).toMatchObject({
      status: 400,
      code: 'too_complex',
      message: 'A list of patterns may have 20 at most',
    })
  })

everyDatabase('a list of values may have more', async ({ ask }) => {
  expect((await ask(`/rest/v1/tags?name=eq(any).${patterns(500)}`)).status).toBe(200)
})

everyDatabase('spreads within spreads take no longer than what they spread', async ({ ask }) => {
  const began = performance.now()
  const { status } = await ask(
    '/rest/v1/customers?select=name,...referred(*,...referred(*,...referred(*,...referred(*,...referred(id)))))',
    { as: 'service' },
  )
  expect(status).toBe(200)
  expect(performance.now() - began).toBeLessThan(2000)
})

everyDatabase('a value is not looked for in a list of lists', async ({ ask }) => {
  expect((await ask('/rest/v1/products?notes=in.({a},{b})')).body).toMatchObject({ status: 400, code: '42883' })
})
