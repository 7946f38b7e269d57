/** The system's own hand in a function: the values of each type, and what is reckoned with them. */
import { expect } from 'vitest'
import { everyDatabase } from './world.ts'

everyDatabase('values of every type go in and come out as the file says', async ({ call, ask }) => {
  const answered = await call('ann', 'samples', { id: 1 })
  expect(answered.body).toEqual({
    id: 1,
    words: 'Zoë',
    whole: 9007199254740991,
    price: '19.90',
    ratio: 0.5,
    truth: true,
    instant: '2026-11-21T12:00:00.000000+00:00',
    day: '2026-11-21',
    hour: '12:00:00',
    shape: { a: [1, 2] },
    data: 'AQL/',
    tags: ['a', 'b c'],
    sizes: ['1.5', '2.0'],
  })
  const over = await ask('/rest/v1/samples?select=price,instant,tags,sizes,truth,data', { as: 'ada' })
  expect(over.text).toBe(
    '[{"price":19.90,"instant":"2026-11-21T12:00:00.000000+00:00","tags":["a","b c"],"sizes":[1.5,2.0],"truth":true,"data":"AQL/"}]',
  )
})

everyDatabase('exact numbers stay exact in sums, products, joins and conditions', async ({ call }) => {
  expect((await call('ann', 'reckons')).body).toEqual({
    row: { sum: '105.00', average: 52.5, most: '100.00', count: 2, tripled: '315.00' },
    listed: [{ name: 'Ann', much: '100.00', some: '100.00' }],
  })
})

everyDatabase('an integer beyond what JavaScript can hold is an error, and not another number', async ({ call }) => {
  expect(await call('ann', 'too_large')).toMatchObject({ status: 400, body: { code: '22003' } })
})
