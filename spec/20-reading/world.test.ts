import { expect } from 'vitest'
import { everyDatabase, rows } from '../world.ts'

/** Every table, as everybody sees it. */
const tables = Object.keys(rows)

everyDatabase('the world holds the rows that it says', async ({ ask }) => {
  for (const table of tables) {
    const { status, body } = await ask(`/rest/v1/${table}?select=count()`, { as: 'service' })
    expect({ table, status, body }).toEqual({ table, status: 200, body: [{ count: rows[table as keyof typeof rows].length }] })
  }
})

everyDatabase('nobody but staff and the service reads a row that is nobody’s', async ({ ask }) => {
  for (const as of [undefined, 'ann', 'bob', 'max'] as const) {
    for (const table of tables) expect((await ask(`/rest/v1/${table}`, { as })).text).not.toContain('CANARY')
  }
})

everyDatabase('a stranger sees what is published, whole and in the order of the key', async ({ ask }) => {
  const { status, headers, body } = await ask('/rest/v1/products?select=id,name,price')
  expect(status).toBe(200)
  expect(headers['content-range']).toBe('0-4/*')
  expect(body).toEqual([
    { id: 1, name: 'Sencha', price: 12.5 },
    { id: 2, name: 'Assam', price: 9.9 },
    { id: 3, name: 'Öölong', price: 21 },
    { id: 4, name: 'Small pot', price: 195.1 },
    { id: 5, name: 'small pot, old', price: 80 },
  ])
})

everyDatabase('ann sees her own orders and lines', async ({ ask }) => {
  const { body } = await ask('/rest/v1/orders?select=id,lines(quantity)', { as: 'ann' })
  expect(body).toEqual([
    { id: 1, lines: [{ quantity: 2 }, { quantity: 1 }] },
    { id: 2, lines: [{ quantity: 10 }] },
  ])
})

everyDatabase('the database itself can be asked past everything', async ({ sql }) => {
  expect((await sql('select count(*) from vault')).map((row) => row.map(Number))).toEqual([[1]])
})
