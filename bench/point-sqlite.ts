import type { Bench } from './bench.ts'
import { counts, productId, scattered } from './data.ts'

export const pointSqlite: Bench = {
  name: 'point-sqlite',
  promise: 'One product by its id, under a row rule, for a user who is signed in.',
  peers: ['hand-written', 'node-http'],
  equal: 'json',
  headers: { accept: 'application/vnd.pgrst.object+json' },
  questions: Array.from({ length: 2000 }, (_, number) => {
    const id = productId(scattered(number, counts.products))
    return { ours: `/rest/v1/products?id=eq.${id}&select=id,sku,name,price,stock`, peers: `/products/${id}` }
  }),
}
