/** A rule is a barrier, and yet indexed filters use their indexes: seen in the database's own plan. */
import { expect } from 'vitest'
import { bindAll } from '../../src/databases/sql/binder.ts'
import { compileRead } from '../../src/databases/sql/compile.ts'
import { postgresBinding } from '../../src/databases/postgres/binding.ts'
import { postgresDialect } from '../../src/databases/postgres/dialect.ts'
import { sqliteBinding } from '../../src/databases/sqlite/binding.ts'
import { sqliteDialect } from '../../src/databases/sqlite/dialect.ts'
import { plan } from '../../src/plan/plan.ts'
import { createRest } from '../../src/protocols/rest/rest.ts'
import type { Who } from '../../src/query/who.ts'
import { record } from '../../src/rules/record.ts'
import { prepareRules } from '../../src/rules/rules.ts'
import { weave } from '../../src/rules/weave.ts'
import { load } from '../../src/schema/load.ts'
import type { Here } from '../harness.ts'
import { everyDatabase, people, shop } from '../world.ts'

const schema = load(shop)
const rules = prepareRules(schema, record(schema))
const rest = createRest(schema)
const ann: Who = { kind: 'user', id: people.ann.sub, roles: new Set(), claims: {}, expires: Infinity }

/** The names of the indexes in the plan of a question that Ann asks. */
async function planOf(question: string, here: Place): Promise<string> {
  const decoded = rest.decode({
    method: 'GET',
    path: `/rest/v1/${question.split('?')[0]}`,
    query: question.split('?')[1] ?? '',
    headers: {},
    body: undefined,
    id: '',
  })
  if (!('question' in decoded) || decoded.question.query.kind !== 'read') throw new Error('not a question')
  const planned = plan(weave(decoded.question.query, rules, ann, { maxRows: 1000 }))
  if (planned.kind !== 'read') throw new Error('not a read')
  return here.database === 'SQLite'
    ? explainSqlite(planned, decoded.question.values, here)
    : explainPostgres(planned, decoded.question.values, here)
}

type Place = Pick<Here<string>, 'database' | 'sql'>
type Planned = Parameters<typeof compileRead>[0]

async function explainSqlite(planned: Planned, values: readonly unknown[], { sql }: Place): Promise<string> {
  const { text, binders } = compileRead(planned, sqliteDialect)
  const rows = await sql(`EXPLAIN QUERY PLAN ${text}`, bindAll(binders, values, ann, sqliteBinding))
  return rows.map((row) => String(row[3])).join('\n')
}

async function explainPostgres(planned: Planned, values: readonly unknown[], { sql }: Place): Promise<string> {
  const { text, binders } = compileRead(planned, postgresDialect)
  // The tables are tiny: without this a scan of the whole is always the cheapest.
  await sql('SET enable_seqscan = off')
  return (await sql(`EXPLAIN ${text}`, bindAll(binders, values, ann, postgresBinding))).map((row) => String(row[0])).join('\n')
}

const cases: readonly { readonly asked: string; readonly question: string; readonly index: Readonly<Record<string, RegExp>> }[] = [
  {
    asked: 'a filter on an indexed column',
    question: 'products?price=eq.12.50',
    index: { SQLite: /SEARCH t0 USING INDEX products_price_idx/, PostgreSQL: /products_price_idx/ },
  },
  {
    asked: 'a range on an indexed column',
    question: 'products?price=gte.1&price=lt.20',
    index: { SQLite: /SEARCH t0 USING INDEX products_price_idx/, PostgreSQL: /products_price_idx/ },
  },
  {
    asked: 'a list of keys',
    question: 'products?id=in.(1,2,3)',
    index: { SQLite: /SEARCH t0 USING PRIMARY KEY/, PostgreSQL: /products_pkey/ },
  },
  {
    asked: 'a unique column',
    question: 'products?sku=eq.TEA-1',
    index: { SQLite: /SEARCH t0 USING INDEX/, PostgreSQL: /products_sku_key/ },
  },
  {
    asked: 'an indexed column beside a slow pattern',
    question: 'products?price=eq.12.50&name=match.^S',
    index: { SQLite: /SEARCH t0 USING INDEX products_price_idx/, PostgreSQL: /products_price_idx/ },
  },
  {
    asked: 'full-text search',
    question: 'products?search=wfts.tea',
    index: { SQLite: /plinth_search_products|VIRTUAL TABLE INDEX/, PostgreSQL: /plinth_search/ },
  },
  {
    asked: 'a rule that walks to the owner',
    question: 'orders',
    index: { SQLite: /SEARCH t0 USING INDEX orders_customer_id_idx/, PostgreSQL: /orders_customer_id_idx|customers_account_id_key/ },
  },
  {
    asked: 'a rule that walks two relations',
    question: 'lines',
    index: { SQLite: /SEARCH t0 USING (PRIMARY KEY|INDEX)/, PostgreSQL: /lines_pkey/ },
  },
]

for (const { asked, question, index } of cases) {
  everyDatabase(`${asked} uses its index under a row rule`, async (here) => {
    expect(await planOf(question, here)).toMatch(index[here.database] ?? /never/)
  })
}
