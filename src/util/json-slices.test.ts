import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { elementsOf, membersOf, textOf, withoutNulls } from './json-slices.ts'

/** The same value, made of its slices. */
function cut(json: string, value: unknown): unknown {
  if (Array.isArray(value)) return elementsOf(json).map((one) => JSON.parse(one))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(membersOf(json).map(([name, one]) => [name, JSON.parse(one)]))
}

const spaced = fc
  .tuple(fc.json({ maxDepth: 4 }), fc.constantFrom(undefined, 1, '\t'))
  .map(([json, indent]) => JSON.stringify(JSON.parse(json), null, indent))

describe('JSON as text', () => {
  test('keeps digits as they are', () => {
    expect(elementsOf('[195.10, 1e400 ,-0.0,"a]\\"",{"b":[1]}]')).toEqual(['195.10', '1e400', '-0.0', '"a]\\""', '{"b":[1]}'])
    expect(membersOf(' { "a\\u0062" : 1.50 , "c" : null }')).toEqual([
      ['ab', '1.50'],
      ['c', 'null'],
    ])
    expect(elementsOf('[]')).toEqual([])
    expect(membersOf('{ }')).toEqual([])
    expect(textOf('"\\\\"')).toBe('\\')
  })

  test('is cut where its values are', () => {
    fc.assert(
      fc.property(spaced, (json) => {
        const value: unknown = JSON.parse(json)
        expect(cut(json, value)).toEqual(value)
      }),
    )
  })

  test('loses its nulls in objects alone', () => {
    const strip = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(strip)
      if (typeof value !== 'object' || value === null) return value
      return Object.fromEntries(Object.entries(value).flatMap(([name, one]) => (one === null ? [] : [[name, strip(one)]])))
    }
    fc.assert(
      fc.property(spaced, (json) => {
        expect(withoutNulls(json)).toBe(JSON.stringify(strip(JSON.parse(json))))
      }),
    )
  })

  test('may be deep', () => {
    const deep = `${'['.repeat(100_000)}{"a":null}${']'.repeat(100_000)}`
    expect(withoutNulls(deep)).toBe(deep.replace('"a":null', ''))
  })
})
