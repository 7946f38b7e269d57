import type { Bench } from './bench.ts'
import { category, counts } from './data.ts'

export const listSqlite: Bench = {
  name: 'list-sqlite',
  promise: 'The 50 cheapest products of a category, by an index.',
  peers: ['hand-written', 'node-http'],
  equal: 'json',
  questions: Array.from({ length: counts.categories }, (_, number) => ({
    ours: `/rest/v1/products?category=eq.${category(number)}&select=id,sku,name,price,stock&order=price,id&limit=50`,
    peers: `/products?category=${category(number)}`,
  })),
}
