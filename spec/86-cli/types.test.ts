import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderWith, plinth } from './command.ts'

const root = join(import.meta.dirname, '../..')

const shop = `import { array, date, decimal, integer, json, oneOf, plinth, ref, table, text, timestamps } from 'plinth'
export default plinth({
  tables: {
    products: table({ sku: text().unique(), price: decimal(10, 2), cost: decimal(10, 2).hidden(), margin: decimal(10, 2).generated('price - cost'), tags: array(text()), data: json().optional(), 'odd name': date().optional(), ...timestamps() }),
    orders: table({ status: oneOf('open', 'paid').default('open'), big: integer().default(0) }),
    lines: table({ order_id: ref('orders'), product_id: ref('products'), quantity: integer() }).key('order_id', 'product_id'),
  },
})
`

const client = `import { createClient } from '@supabase/supabase-js'
import type { Database, Tables, TablesInsert } from './database.types.ts'
import type { DatabaseOf } from 'plinth'
import type backend from './plinth.ts'

type Same<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false
const yes = <T extends true>(_?: T): void => undefined
type Flat<X> = { [K in keyof X]: X[K] }
type Written = Database['public']['Tables']
type Inferred = DatabaseOf<typeof backend>['public']['Tables']
yes<Same<Flat<Omit<Written['products']['Row'], 'data'>>, Flat<Omit<Inferred['products']['Row'], 'data'>>>>()
yes<Same<Flat<Omit<Written['products']['Update'], 'data' | 'tags'>>, Flat<Omit<Inferred['products']['Update'], 'data' | 'tags'>>>>()
yes<Same<Flat<Written['orders']['Insert']>, Flat<Inferred['orders']['Insert']>>>()

const line: Tables<'lines'> = { order_id: 'o', product_id: 'p', quantity: 1 }
const order: TablesInsert<'orders'> = { status: 'paid' }
// @ts-expect-error no such status
const wrong: TablesInsert<'orders'> = { status: 'paidd' }
const database = createClient<Database>('http://127.0.0.1', 'key')
export async function ask(): Promise<string | undefined> {
  const { data } = await database.from('lines').select('quantity, order(status), product(sku, price)').single()
  // @ts-expect-error no such column
  void data?.product.name
  return data?.order.status === 'open' ? data.product.sku : undefined
}
void [line, order, wrong]
`

test('the written types compile, are those that TypeScript infers, and a client of Supabase knows every shape', async () => {
  const tsconfig = {
    compilerOptions: {
      target: 'es2024',
      module: 'nodenext',
      strict: true,
      noEmit: true,
      allowImportingTsExtensions: true,
      skipLibCheck: true,
      types: ['node'],
    },
    files: ['client.ts'],
  }
  const cwd = folderWith({
    'plinth.ts': shop,
    'client.ts': client,
    'package.json': '{"type":"module"}',
    'tsconfig.json': JSON.stringify(tsconfig),
  })
  mkdirSync(join(cwd, 'node_modules'))
  for (const name of ['@supabase', '@types']) symlinkSync(join(root, 'node_modules', name), join(cwd, 'node_modules', name))
  symlinkSync(root, join(cwd, 'node_modules/plinth'))
  const { code, out } = await plinth(['types'], { cwd })
  expect(out).toBe('Wrote the types of 3 tables to database.types.ts.\n')
  expect(code).toBe(0)
  const compiler = createRequire(import.meta.url).resolve('typescript/lib/tsc.js')
  expect(execFileSync(process.execPath, [compiler, '-p', cwd], { encoding: 'utf8' })).toBe('')
}, 60_000)

test('a folder that is not there is named', async () => {
  const { code, err } = await plinth(['types', '--out', 'none/x.ts'], { cwd: folderWith({ 'plinth.ts': shop }) })
  expect(code).toBe(1)
  expect(err).toContain('The folder none is not there.')
})

test('--out - prints them', async () => {
  const cwd = folderWith({ 'plinth.ts': shop })
  const { out } = await plinth(['types', '--out', '-'], { cwd })
  expect(out).toContain('export type Database = {')
  expect(() => readFileSync(join(cwd, 'database.types.ts'))).toThrow('ENOENT')
})
