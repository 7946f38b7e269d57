import type { Bench } from './bench.ts'
import { counts, customerId } from './data.ts'

const select = 'id,status,placed_at,customer(id,name),lines(product_id,quantity,price)'

export const nestedSqlite: Bench = {
  name: 'nested-sqlite',
  promise: '50 orders of a customer, newest first, each with the customer and its 5 lines.',
  peers: ['hand-written', 'node-http'],
  equal: 'json',
  questions: Array.from({ length: counts.customers }, (_, number) => ({
    ours: `/rest/v1/orders?customer_id=eq.${customerId(number)}&select=${select}&order=placed_at.desc,id&limit=50&lines.order=product_id`,
    peers: `/orders?customer=${customerId(number)}`,
  })),
}
