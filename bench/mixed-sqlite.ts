import type { Bench, Question } from './bench.ts'
import { counts, productId, scattered } from './data.ts'
import { listSqlite } from './list-sqlite.ts'
import { readVisit, visit } from './write-sqlite.ts'

/** In every twenty requests sixteen points, three lists and one row put in, so spread that they never come in rows. */
const kinds = 'ppplppppwpppplppplpp'

/** By its address, where an object is what a plain client gets. */
function point(number: number): Question {
  const id = productId(scattered(number, counts.products))
  return { ours: `/rest/v1/products/${id}?select=id,sku,name,price,stock`, peers: `/products/${id}` }
}

function questionAt(number: number): Question {
  const kind = kinds[number % kinds.length]
  const list = listSqlite.questions[number % listSqlite.questions.length]
  return kind === 'w' ? visit(number) : kind === 'l' && list !== undefined ? list : point(number)
}

export const mixedSqlite: Bench = {
  name: 'mixed-sqlite',
  promise: 'A shop on an ordinary day: 80 % points, 15 % lists, 5 % rows put in.',
  peers: ['hand-written'],
  equal: 'json',
  questions: Array.from({ length: 2000 }, (_, number) => questionAt(number)),
  written: readVisit,
}
