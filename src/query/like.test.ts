import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkLike, compileLike } from './like.ts'

const like = (text: string, pattern: string) => compileLike(pattern, false)(text)
const ilike = (text: string, pattern: string) => compileLike(pattern, true)(text)

/** The plainest reading of the rules, exponential and all. */
function slow(text: readonly string[], pattern: readonly string[]): boolean {
  const [head, ...rest] = pattern
  if (head === undefined) return text.length === 0
  if (head === '%') return slow(text, rest) || (text.length > 0 && slow(text.slice(1), pattern))
  if (head === '_') return text.length > 0 && slow(text.slice(1), rest)
  const [literal, ...after] = head === '\\' ? rest : pattern
  return text[0] === literal && slow(text.slice(1), after)
}

describe('like', () => {
  test('matches the whole text and minds case', () => {
    expect(like('Café', 'Café')).toBe(true)
    expect(like('Café noir', 'Café')).toBe(false)
    expect(like('Café', 'café')).toBe(false)
    expect(like('', '')).toBe(true)
    expect(like('a', '')).toBe(false)
  })

  test('takes % for any text and _ for one code point', () => {
    expect(like('a😀b', 'a_b')).toBe(true)
    expect(like('a😀b', 'a__b')).toBe(false)
    expect(like('😀😀', '%_😀')).toBe(true)
    expect(like('line\nbreak', 'line_%')).toBe(true)
    expect(like('', '%')).toBe(true)
  })

  test('takes the character after a backslash as it is', () => {
    expect(like('50%', '50\\%')).toBe(true)
    expect(like('505', '50\\%')).toBe(false)
    expect(like('a\\b', 'a\\\\b')).toBe(true)
    expect(like('ab', '\\a\\b')).toBe(true)
    expect(like('😀', '\\😀')).toBe(true)
  })

  test('refuses a pattern that ends in the middle of an escape', () => {
    expect(() => checkLike('a\\')).toThrow(expect.objectContaining({ code: '22025' }))
    expect(() => compileLike('a\\\\\\', false)).toThrow(expect.objectContaining({ code: '22025' }))
    expect(() => checkLike('a\\\\')).not.toThrow()
  })

  test('does not let pieces overlap', () => {
    expect(like('aba', 'ab%ba')).toBe(false)
    expect(like('abba', 'ab%ba')).toBe(true)
    expect(like('aXbXc', '%X%X%')).toBe(true)
    expect(like('aXb', '%X%X%')).toBe(false)
  })

  test('folds both sides for ilike', () => {
    expect(ilike('ΣΊΣΥΦΟΣ', 'σίσυφος')).toBe(true)
    expect(ilike('STRASSE', 'straße')).toBe(false)
    expect(ilike('İ', 'i%')).toBe(false)
  })

  test('agrees with the plainest reading of the rules', () => {
    const letter = fc.constantFrom('a', 'b', '😀', '%', '_', '\\', 'é')
    fc.assert(
      fc.property(fc.array(letter, { maxLength: 12 }), fc.array(letter, { maxLength: 8 }), (text, pattern) => {
        const whole = /\\*$/.exec(pattern.join(''))?.[0].length ?? 0
        fc.pre(whole % 2 === 0)
        expect(like(text.join(''), pattern.join(''))).toBe(slow(text, pattern))
      }),
      { numRuns: 3000 },
    )
  })

  test('stays quick where others try again and again', () => {
    const match = compileLike('%a'.repeat(100) + '%b', false)
    const began = performance.now()
    expect(match('a'.repeat(100_000))).toBe(false)
    expect(performance.now() - began).toBeLessThan(500)
  })
})
