import { describe, expect, test } from 'vitest'
import { compileRead } from '../../databases/sql/compile.ts'
import { sqliteDialect } from '../../databases/sqlite/dialect.ts'
import { integer, plinth, ref, table, text } from '../../index.ts'
import { createRest } from '../../protocols/rest/rest.ts'
import type { Who } from '../../query/who.ts'
import { record } from '../../rules/record.ts'
import { prepareRules } from '../../rules/rules.ts'
import { weave } from '../../rules/weave.ts'
import { load } from '../../schema/load.ts'
import { plan } from '../plan.ts'

const schema = load(
  plinth({
    tables: {
      orders: table({ store: text(), city: text() }),
      lines: table({ order_id: ref('orders'), quantity: integer() }),
      notes: table({ order_id: ref('orders'), text: text() }),
    },
    access: {
      orders: { read: ({ row, who }) => row.store.is(who.claim('store')) },
      lines: { read: ({ row, who }) => row.order.store.is(who.claim('store')) },
      notes: { read: ({ row, who }) => row.order.city.is(who.claim('city')) },
    },
  }),
)
const rules = prepareRules(schema, record(schema))
const rest = createRest(schema)
const clerk: Who = { kind: 'user', id: 'ann', roles: new Set(), claims: {}, expires: Infinity }

/** How often the statement of a question looks into `orders`. */
function looksIntoOrders(path: string, query: string): number {
  const decoded = rest.decode({ method: 'GET', path: `/rest/v1/${path}`, query, headers: {}, body: undefined, id: '' })
  if (!('question' in decoded) || decoded.question.query.kind !== 'read') throw new Error('not a question')
  const planned = plan(weave(decoded.question.query, rules, clerk, { maxRows: 1000 }))
  if (planned.kind !== 'read') throw new Error('not a read')
  return compileRead(planned, sqliteDialect).text.split('"orders" AS').length - 1
}

describe('a rule that looks back at the row it is embedded in', () => {
  test('is not asked again where that row has passed it', () => expect(looksIntoOrders('orders', 'select=id,lines(quantity)')).toBe(1))
  test('is asked where it asks for something else', () => expect(looksIntoOrders('orders', 'select=id,notes(text)')).toBe(2))
  test('is asked where the rows stand by themselves', () => expect(looksIntoOrders('lines', 'select=quantity')).toBe(1))
  test('is asked once however the row is reached', () => expect(looksIntoOrders('lines', 'select=quantity,order(lines(quantity))')).toBe(2))
})
