/**
 * The compiler stays quick when a backend grows: a file of a hundred tables, each with references, a join table among
 * four, rules that walk them and a typed client, is checked within a bound that a busy machine keeps too.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const MOST_SECONDS = 15
const TABLES = 100

const compilers = { 'TypeScript 6': 'node_modules/typescript/bin/tsc6', 'TypeScript 7': 'node_modules/@typescript/native/bin/tsc' }

for (const [name, path] of Object.entries(compilers)) {
  test(`${name} checks a hundred tables within ${MOST_SECONDS} seconds`, { timeout: 120_000 }, async () => {
    const before = performance.now()
    await check(path, backend(TABLES))
    const seconds = (performance.now() - before) / 1000
    console.log(`${name}: ${TABLES} tables in ${seconds.toFixed(1)} s`)
    expect(seconds).toBeLessThan(MOST_SECONDS)
  })

  test(`${name} finds a typo among a hundred tables`, { timeout: 120_000 }, async () => {
    const typo = backend(TABLES).replace("row.near.name.is('x')", "row.near.nmae.is('x')")
    await expect(check(path, typo)).rejects.toMatchObject({
      stdout: expect.stringMatching(/backend\.ts\(\d+,\d+\): error TS\d+: Property 'nmae' does not exist/),
    })
  })
}

/** Runs the compiler over one file in a folder inside the repository, so that packages are found. */
async function check(compiler: string, source: string): Promise<void> {
  const cache = join(root, 'node_modules', '.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'types-'))
  try {
    writeFileSync(join(folder, 'backend.ts'), source)
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../../tsconfig.json', include: ['backend.ts'] }))
    await promisify(execFile)(process.execPath, [join(root, compiler), '-p', folder])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function backend(count: number): string {
  const numbers = Array.from({ length: count }, (_, at) => at)
  return `
import { createClient } from '@supabase/supabase-js'
import { anyone, boolean, decimal, integer, oneOf, plinth, ref, role, table, text, timestamps, type DatabaseOf } from '../../../src/index.ts'
const backend = plinth({
  tables: {
${numbers.map((at) => tableText(at, count)).join('\n')}
  },
  access: {
${numbers.map((at) => accessText(at, count)).join('\n')}
  },
})
export default backend
export async function ask() {
  const client = createClient<DatabaseOf<typeof backend>>('http://localhost', 'key')
${numbers
  .slice(0, 20)
  .map(
    (at) =>
      `  const answer${at} = await client.from('table${at}').select('id, name, near(name, price)').single(); answer${at}.data!.near.name.toUpperCase()`,
  )
  .join('\n')}
}
`
}

const isJoin = (at: number): boolean => at % 4 === 3

function tableText(at: number, count: number): string {
  const references = `near_id: ref('table${(at + 1) % count}'), far_id: ref('table${(at * 7 + 4) % count}', { back: 'far_back_${at}' })`
  return `    table${at}: table({ name: text().max(200), price: decimal(10, 2).min(0), stock: integer().default(0), kind: oneOf('a', 'b', 'c'), on: boolean().default(true), note: text().optional(), ...timestamps(), ${references} })${isJoin(at) ? ".unique('near_id', 'far_id')" : ''}.index('price').search('name'),`
}

function accessText(at: number, count: number): string {
  const before = (at - 1 + count) % count
  return `    table${at}: { read: ({ row, who }) => row.near.name.is('x').or(row.far.near.price.above(3)).or(row.table${before}.some((one) => one.kind.is('a'))).or(who.has('staff')), write: role('staff'), columns: { price: { read: anyone } } },`
}
