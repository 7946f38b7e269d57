import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { events } from './events.ts'

test('every event is in the docs with its level, its fields and its sentence, and no other is', () => {
  const page = readFileSync(new URL('../docs/logs.md', import.meta.url), 'utf8')
  const documented = page.split('\n').filter((line) => line.startsWith('| `'))
  const known = Object.entries(events).map(
    ([name, { level, fields, sentence }]) =>
      `| \`${name}\` | ${level} | ${fields.map((field) => `\`${field}\``).join(', ')} | ${sentence} |`,
  )
  expect(documented).toEqual(known)
})

test('a sentence names no field that its event does not have', () => {
  for (const { fields, sentence } of Object.values(events)) {
    const named = [...sentence.matchAll(/\{(\w+)\}/g)].map(([, field]) => field)
    const have = fields.map((field) => field.replace('?', ''))
    expect(have).toEqual(expect.arrayContaining(named))
  }
})
