import { describe, expect, test } from 'vitest'
import { Problem } from '../errors.ts'
import { matcher, parsePattern, toPostgres, toRe2 } from './pattern.ts'

const match = (text: string, pattern: string) => matcher(pattern, false)(text)
const imatch = (text: string, pattern: string) => matcher(pattern, true)(text)

function refusal(pattern: string): string {
  try {
    parsePattern(pattern)
  } catch (error) {
    if (error instanceof Problem && error.code === '2201B') return error.message.replace('invalid regular expression: ', '')
    throw error
  }
  return 'accepted'
}

describe('match', () => {
  test('finds a pattern anywhere, unless it is anchored', () => {
    expect(match('Olive oil', 'oil')).toBe(true)
    expect(match('Olive oil', '^oil')).toBe(false)
    expect(match('Olive oil', 'oil$')).toBe(true)
    expect(match('anything', '')).toBe(true)
  })

  test('takes ^ and $ for the ends of the whole text and . for newlines too', () => {
    expect(match('a\nb', '^b')).toBe(false)
    expect(match('a\nb', 'a$')).toBe(false)
    expect(match('a\nb', 'a.b')).toBe(true)
    expect(match('a\n', 'a$')).toBe(false)
  })

  test('takes classes for ASCII alone', () => {
    expect(match('é', '\\w')).toBe(false)
    expect(match('é', '\\W')).toBe(true)
    expect(match('٣', '\\d')).toBe(false)
    expect(match('\u00a0', '\\s')).toBe(false)
    expect(match('\v', '\\s')).toBe(true)
    expect(match('É', '[[:upper:]]')).toBe(false)
  })

  test('counts code points', () => {
    expect(match('😀', '^.$')).toBe(true)
    expect(match('😀', '^[^a]$')).toBe(true)
    expect(match('😀', '^\\u{1f600}$')).toBe(true)
  })

  test('reads a dash that makes no range as itself', () => {
    expect(match('a-b', '^[a-z0-9-.]+$')).toBe(true)
    expect(match('-', '[\\w-.]')).toBe(true)
    expect(match('-', '[a-]')).toBe(true)
    expect(match(',', '[+-.]')).toBe(true)
  })

  test('finds the edges of words', () => {
    expect(match('the cat sat', '\\bcat\\b')).toBe(true)
    expect(match('concatenate', '\\bcat\\b')).toBe(false)
    expect(match('concatenate', '\\Bcat\\B')).toBe(true)
  })

  test('takes lazy repeats as the others', () => {
    expect(match('aaa', '^a+?$')).toBe(true)
    expect(match('aaaa', '^a{1,3}?$')).toBe(false)
  })

  test('takes time that grows with the text alone', () => {
    const began = performance.now()
    expect(match('a'.repeat(20_000) + '!', '^(a|aa)+$')).toBe(false)
    expect(performance.now() - began).toBeLessThan(1000)
  })
})

describe('imatch', () => {
  test('folds the text and the pattern', () => {
    expect(imatch('ΣΊΣΥΦΟΣ', 'σίσυφος$')).toBe(true)
    expect(imatch('müller', '^MÜLLER$')).toBe(true)
    expect(imatch('q', '^[A-Z]$')).toBe(true)
    expect(imatch('é', '[À-Þ]')).toBe(true)
  })

  test('keeps letters of either case out of a negated bracket', () => {
    expect(imatch('A', '^[^a]$')).toBe(false)
    expect(imatch('a', '^[^A]$')).toBe(false)
    expect(imatch('K', '^\\W$')).toBe(false)
    expect(imatch('B', '^[^a]$')).toBe(true)
  })
})

describe('what is not in the shared subset', () => {
  test.each([
    ['(a)\\1', 'back-references are not in the shared subset, at character 4'],
    ['a(?=b)', 'looking ahead or behind is not in the shared subset, at character 2'],
    ['(?<!a)b', 'looking ahead or behind is not in the shared subset, at character 1'],
    ['(?<name>a)', 'groups have no names, at character 1'],
    ['(?P<name>a)', 'groups have no names, at character 1'],
    ['(?i)a', 'options inside a pattern are not in the shared subset, at character 1'],
    ['***:a', 'there is nothing to repeat, at character 1'],
    ['a|*', 'there is nothing to repeat, at character 3'],
    ['a++', 'a repeat cannot follow a repeat, at character 3'],
    ['a{2}{3}', 'a repeat cannot follow a repeat, at character 5'],
    ['^*', 'an anchor cannot be repeated, at character 2'],
    ['a{256}', 'a repeat counts to 255 at most, at character 2'],
    ['a{3,2}', 'the repeat counts backwards, at character 2'],
    ['a{,2}', 'a brace wants to be a repeat such as {2} or {2,5}, at character 2'],
    ['{', 'there is nothing to repeat, at character 1'],
    ['😀(', 'the group is not closed, at character 2'],
    ['a)', 'there is no group to close, at character 2'],
    ['[a', 'the bracket is not closed, at character 1'],
    ['[]a]', 'the bracket is empty, at character 2'],
    ['[b-a]', 'the range runs backwards, at character 2'],
    ['[a-\\w]', 'a class cannot be the end of a range, at character 2'],
    ['[[:greek:]]', 'the named class is not in the shared subset, at character 2'],
    ['[[=a=]]', 'collating elements are not in the shared subset, at character 2'],
    ['\\p{L}', '\\p is not in the shared subset, at character 1'],
    ['a\\Z', '\\Z is not in the shared subset, at character 2'],
    ['\\x41', '\\x is not in the shared subset, at character 1'],
    ['[\\b]', '\\b is not in the shared subset, at character 2'],
    ['\\u12', '\\u wants four hexadecimal digits, or up to six in braces, at character 1'],
    ['\\ud83d', 'no text can hold this character, at character 1'],
    ['\\u{110000}', 'no text can hold this character, at character 1'],
    ['\\u0000', 'no text can hold this character, at character 1'],
    ['a\\', 'it ends with a lone backslash, at character 2'],
  ])('%s is refused with the reason', (pattern, reason) => {
    expect(refusal(pattern)).toBe(reason)
  })

  test('what would be too much work is refused', () => {
    expect(refusal('a'.repeat(1001))).toBe('it is longer than 1000 characters, at character 1001')
    expect(refusal('('.repeat(51) + ')'.repeat(51))).toBe('groups stand more than 50 deep in each other, at character 51')
    expect(refusal('((a{100}){100})')).toBe('it has more than 1000 steps when its repeats are written out, at character 1')
    expect(refusal('(a?){255}')).toBe('more than 200 optional parts follow one another when its repeats are written out, at character 1')
    expect(refusal('(\\ba?){20}')).toBe('something with an anchor is counted that could also be empty, at character 1')
    expect(refusal('(?:'.repeat(50) + 'a' + ')'.repeat(50))).toBe('accepted')
  })

  test('a refusal says what to write instead', () => {
    expect(() => parsePattern('\\yword')).toThrow(expect.objectContaining({ hint: 'Write \\b for the edge of a word.' }))
  })
})

test('a pattern is written for each engine in words that have one meaning', () => {
  const pattern = parsePattern('^(É|b+?)[^\\d\\s]\\.\\b$')
  expect(toPostgres(pattern, false)).toBe(
    '^(?:É|b+)[\\u0001-\\u0008\\u000e-\\u001f\\u0021-\\u002f\\u003a-\\ud7ff\\ue000-\\U0010ffff]\\u002e\\y$',
  )
  expect(toRe2(parsePattern('^(É|b+?)\\.\\b$'), true)).toBe('(?s)^(?:é|b+)\\x{2e}\\b$')
})
