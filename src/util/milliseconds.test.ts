import { expect, test } from 'vitest'
import { milliseconds } from './milliseconds.ts'

test.each([
  [0, '0'],
  [0.0004, '0'],
  [0.0123456, '0.012'],
  [0.1, '0.1'],
  [0.9996, '1'],
  [2, '2'],
  [1234.5678, '1234.568'],
  [-0.5, '-0.5'],
])('%d milliseconds are written %s', (ms, text) => expect(milliseconds(ms)).toBe(text))
