import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { requestIds, sentId } from './trace.ts'

test('requests of one process and of two have different ids, which are harmless in a header', () => {
  const processes = [requestIds(randomBytes), requestIds(randomBytes)]
  const ids = processes.flatMap((next) => Array.from({ length: 10_000 }, next))
  expect(new Set(ids).size).toBe(20_000)
  expect(ids.filter((id) => sentId(id) !== id)).toEqual([])
})

test('an id does not show how many there were before it', () => {
  const next = requestIds(randomBytes)
  const numbers = Array.from({ length: 5 }, () => Number.parseInt(next().slice(-8), 16))
  const steps = numbers.slice(1).map((number, at) => number - (numbers[at] ?? 0))
  expect(new Set(steps).size).toBeGreaterThan(1)
})
