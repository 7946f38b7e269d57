import { expect, test } from 'vitest'
import { isDeeper } from './json-depth.ts'

test('lists and objects count, strings do not', () => {
  expect(isDeeper('[[{"a":[1]}]]', 4)).toBe(false)
  expect(isDeeper('[[{"a":[1]}]]', 3)).toBe(true)
  expect(isDeeper('[1],[2],[3]', 1)).toBe(false)
  expect(isDeeper('["[[[[", "\\"[[[[", "\\\\", 1]', 1)).toBe(false)
  expect(isDeeper('"[[[[', 1)).toBe(false)
})

test('a text of brackets alone is told at the first that is too many', () => {
  expect(isDeeper('['.repeat(10_000_000), 100)).toBe(true)
})
