import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { catalogue } from '../../src/errors.ts'

const page = readFileSync(new URL('../../docs/90-errors.md', import.meta.url), 'utf8')
const lines = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()))

test('every code is in the docs with its status and its title, and no other is', () => {
  const documented = lines.map(
    ([, code = '', status, title = '']) => [code.replaceAll('`', ''), { status: Number(status), title }] as const,
  )
  const known = Object.entries(catalogue).map(([code, { status, title }]) => [code, { status, title }] as const)
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(known))
  expect(documented).toHaveLength(known.length)
})

test('the docs say of every code what to do', () => {
  for (const [, code, , , advice] of lines) expect(advice, code).toMatch(/^[A-Z`].{10,}\.$/)
})
