import { expect, test } from 'vitest'
import { isTooOld } from './node-version.ts'

test.each([
  ['20.20.2', true],
  ['24.14.9', true],
  ['24.15.0', false],
  ['24.21.0', false],
  ['26.0.0', false],
])('Node %s is too old: %s', (version, expected) => {
  expect(isTooOld(version)).toBe(expected)
})
