import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderWith, plinth, serve } from './command.ts'

const shop = `import { anyone, decimal, integer, oneOf, plinth, ref, table, text, timestamp, user } from 'plinth'
export default plinth({
  tables: {
    lines: table({ product_id: ref('products'), quantity: integer().min(1), account_id: user().optional() }),
    products: table({ sku: text(), name: text().optional(), price: decimal(10, 2).min(0), made_at: timestamp().optional(), parent_id: ref('products').optional() }).key('sku'),
  },
  access: {
    products: { read: anyone },
    lines: { read: anyone, insert: ({ row, who }) => row.account_id.is(who.id) },
  },
})
`
const products = [
  'sku,name,price,made_at,parent_id',
  'a,,10.50,2026-01-02 03:04:05,',
  'b,"",-1,,',
  'c,"two',
  'lines",3,,',
  'd,x,oops,,',
  'a,again,1,,',
  'e,child,2,,f',
  'f,parent,2,,',
  'g,orphan,2,,nobody',
  'h,short',
  '',
].join('\n')

test('good rows go in, and each that does not is reported by its line with a code and a sentence', async () => {
  const cwd = folderWith({ 'plinth.ts': shop, 'products.csv': products })
  const { code, out, err } = await plinth(['import', 'products', 'products.csv', '--rejects', 'rejects.ndjson'], { cwd })
  expect(code).toBe(1)
  expect(out).toContain('products: 4 rows, 5 rejected')
  expect(err).toMatch(/products\.csv:3 {2}23514 {2}\S.* price must be at least 0\.00\.$/m)
  expect(err).toMatch(/products\.csv:6 {2}22P02 {2}\S/)
  expect(err).toMatch(/products\.csv:7 {2}23505 {2}\S/)
  expect(err).toMatch(/products\.csv:10 {2}23503 {2}\S/)
  expect(err).toMatch(/products\.csv:11 {2}PGRST102 {2}\S/)
  const rejects = readFileSync(join(cwd, 'rejects.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(rejects.find((one) => one.line === 3)).toMatchObject({
    table: 'products',
    code: '23514',
    row: { sku: 'b', name: '', price: '-1' },
  })
  const served = await serve(['start'], { cwd })
  expect((await served.get('/rest/v1/products?select=sku,name,price,made_at,parent_id&order=sku')).body).toEqual([
    { sku: 'a', name: null, price: 10.5, made_at: '2026-01-02T03:04:05.000000+00:00', parent_id: null },
    { sku: 'c', name: 'two\nlines', price: 3, made_at: null, parent_id: null },
    { sku: 'e', name: 'child', price: 2, made_at: null, parent_id: 'f' },
    { sku: 'f', name: 'parent', price: 2, made_at: null, parent_id: null },
  ])
})

test('a file that breaks off is said with its name, and what is whole before is in and counted', async () => {
  const cwd = folderWith({ 'plinth.ts': shop, 'products.csv': 'sku,price\na,1\nb\nc,"3"4\nd,5\n' })
  const { code, out, err } = await plinth(['import', 'products', 'products.csv', '--rejects', 'rejects.ndjson'], { cwd })
  expect(code).toBe(1)
  expect(out).toContain('products: 1 row, 1 rejected')
  expect(err).toContain('products.csv: The file cannot be read on at line 4')
  expect(JSON.parse(readFileSync(join(cwd, 'rejects.ndjson'), 'utf8'))).toMatchObject({ line: 3, row: ['b'] })
  const told = await plinth(['import', 'products', 'products.csv', '--json'], { cwd })
  expect(
    told.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    { event: 'reject' },
    { event: 'reject' },
    { event: 'table' },
    { event: 'stopped', read: 2, inserted: 0, rejected: 2 },
    { error: {} },
  ])
})

test('several files are read in the order that their references need', async () => {
  const cwd = folderWith({
    'plinth.ts': shop,
    'in/lines.ndjson': '{"product_id":"a","quantity":2}\n',
    'in/products.csv': 'sku,price\na,1\n',
  })
  const { code, out } = await plinth(['import', 'in', '--json'], { cwd })
  expect(code).toBe(0)
  const told = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(told.map((one) => one.table ?? one.event)).toEqual(['products', 'lines', 'done'])
  expect(told.at(-1)).toMatchObject({ read: 2, inserted: 2, rejected: 0 })
})

test('NDJSON comes from another command by way of stdin', async () => {
  const cwd = folderWith({ 'plinth.ts': shop })
  const { code, out } = await plinth(['import', 'products', '-', '--format', 'ndjson'], { cwd, input: '{"sku":"z","price":12345678.12}\n' })
  expect(code).toBe(0)
  expect(out).toBe('products: 1 row\n')
})

test('as a user the rules apply, as the system they do not', async () => {
  const me = '01936f00-0000-7000-8000-0000000000aa'
  const lines = `product_id,quantity,account_id\na,1,${me}\na,2,\n`
  const cwd = folderWith({ 'plinth.ts': shop, 'products.csv': 'sku,price\na,1\n', 'lines.csv': lines })
  await plinth(['import', 'products', 'products.csv'], { cwd })
  const mine = await plinth(['import', 'lines', 'lines.csv', '--as', me], { cwd })
  expect(mine.code).toBe(1)
  expect(mine.err).toMatch(/lines\.csv:3 {2}42501/)
  expect(mine.out).toContain('lines: 1 row, 1 rejected')
  expect((await plinth(['import', 'lines', 'lines.csv'], { cwd })).code).toBe(0)
})

test('a column that is not there stops the import before any row, and the nearest is named', async () => {
  const cwd = folderWith({ 'plinth.ts': shop, 'products.csv': 'sku,prise\na,1\n' })
  const { code, err } = await plinth(['import', 'products', 'products.csv'], { cwd })
  expect(code).toBe(1)
  expect(err).toContain('There is no column "prise" in "products".')
  expect(err).toContain('Did you mean "price"?')
})

test('a table or a file that is not there is said plainly, and wrong use is 2', async () => {
  const cwd = folderWith({ 'plinth.ts': shop, 'products.csv': 'sku,price\n' })
  expect((await plinth(['import', 'product', 'products.csv'], { cwd })).err).toContain('Did you mean "products"?')
  expect((await plinth(['import', 'products', 'none.csv'], { cwd })).err).toContain('none.csv: there is no such file.')
  expect((await plinth(['import', 'products'], { cwd })).code).toBe(2)
  expect((await plinth(['import', 'products', 'products.csv', '--batch', '0'], { cwd })).code).toBe(2)
})

test('rows come in while a server of the same folder runs', async () => {
  const cwd = folderWith({ 'plinth.ts': shop })
  const served = await serve(['start'], { cwd })
  const { code } = await plinth(['import', 'products', '-'], { cwd, input: 'sku,price\na,1\n' })
  expect(code).toBe(0)
  expect((await served.get('/rest/v1/products?select=sku')).body).toEqual([{ sku: 'a' }])
})
