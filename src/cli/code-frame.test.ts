import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { codeFrame, placeOf } from './code-frame.ts'

test('a place is read from its text, with or without a column', () => {
  expect(placeOf('store.ts:12:5')).toEqual({ file: 'store.ts', line: 12, column: 5 })
  expect(placeOf('C:\\store.ts:12')).toEqual({ file: 'C:\\store.ts', line: 12, column: 1 })
  expect(placeOf('store.ts')).toBeUndefined()
})

test('the lines around a place are shown, with a mark under it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plinth-frame-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'a.ts')
  writeFileSync(file, Array.from({ length: 12 }, (_, at) => `\tline ${at + 1}`).join('\n'))
  expect(codeFrame({ file, line: 9, column: 2 })).toBe(
    ['     7 | \tline 7', '     8 | \tline 8', '  >  9 | \tline 9', '       | \t^', '    10 | \tline 10', '    11 | \tline 11'].join('\n'),
  )
  expect(codeFrame({ file, line: 99, column: 1 })).toBeUndefined()
  expect(codeFrame({ file: join(folder, 'b.ts'), line: 1, column: 1 })).toBeUndefined()
})
