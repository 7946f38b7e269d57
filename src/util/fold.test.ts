import { expect, test } from 'vitest'
import { fold, foldPairs } from './fold.ts'
import { foldUnicodeVersion } from './fold-table.ts'

test('folding makes letters of either case the same, one for one', () => {
  expect(fold('ΣΊΣΥΦΟΣ')).toBe(fold('σίσυφος'))
  expect(fold('ЁЛКА')).toBe('ёлка')
  expect(fold('Straße')).toBe('straße')
  expect(fold('ẞ')).toBe('ß')
  expect(fold('Åſµ')).toBe('åsμ')
  expect(fold('𐐀x𐐨')).toBe('𐐨x𐐨')
  expect(fold('Ꭰꭰ')).toBe('ᎠᎠ')
})

test('letters without a simple folding stay as they are', () => {
  expect(fold('İıŉﬀ')).toBe('İıŉﬀ')
})

test('folding twice changes nothing more', () => {
  for (const [from, to] of foldPairs()) {
    expect(fold(String.fromCodePoint(from))).toBe(String.fromCodePoint(to))
    expect(fold(String.fromCodePoint(to))).toBe(String.fromCodePoint(to))
  }
})

// Another version of Unicode has other letters.
test.runIf(process.versions.unicode === foldUnicodeVersion)('folding agrees with case-insensitive regular expressions', () => {
  for (const [from, to] of foldPairs()) {
    expect(new RegExp(`^\\u{${from.toString(16)}}$`, 'iu').test(String.fromCodePoint(to))).toBe(true)
  }
})
