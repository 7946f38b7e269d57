import { describe, expect, test } from 'vitest'
import { confirm, decide, documentOf, parseSearch, plinthWords, toFts5Superset, toTsquery, words } from './words.ts'

const query = (text: string) => toTsquery(parseSearch('query', text))
const web = (text: string) => toTsquery(parseSearch('web', text))
const finds = (text: string, ...texts: (string | null)[]) => decide(parseSearch('web', text), texts)

describe('words', () => {
  test('are folded and parted by spaces, punctuation and symbols', () => {
    expect(words("L'Été, à PARIS!")).toEqual(['l', 'été', 'à', 'paris'])
    expect(words('snake_case it’s a–b 3.5€ C++')).toEqual(['snake', 'case', 'it', 's', 'a', 'b', '3', '5', 'c'])
    expect(words('日本語、テキスト。😀ok')).toEqual(['日本語', 'テキスト', 'ok'])
    expect(words('')).toEqual([])
    expect(plinthWords('Der Größte  Käse')).toBe('der größte käse')
  })

  test('are cut at 255 characters, and texts at 200,000', () => {
    expect(words('😀'.repeat(3) + '𐐀'.repeat(300))).toEqual(['𐐨'.repeat(255)])
    expect(words('a '.repeat(150_000)).length).toBe(100_000)
  })

  test('have places that columns keep apart', () => {
    expect([...documentOf(['a b', null, 'b'])]).toEqual([
      ['a', [1]],
      ['b', [2, 35]],
    ])
  })
})

describe('the grammar of to_tsquery', () => {
  test('binds ! closest, then <->, then &, then |', () => {
    expect(query('a & b | !c')).toBe("(('a' & 'b') | !'c')")
    expect(query('a | b & c <-> d')).toBe("('a' | ('b' & ('c' <-> 'd')))")
    expect(query('(a | b) & !(c & d)')).toBe("(('a' | 'b') & !('c' & 'd'))")
    expect(query('a<->b<2>c')).toBe("('a' <-> 'b' <2> 'c')")
    expect(query('a <-> (b <-> c)')).toBe("('a' <-> 'b' <-> 'c')")
  })

  test('reads prefixes and quoted words', () => {
    expect(query('Wor:* & b')).toBe("('wor':* & 'b')")
    expect(query("'two words'")).toBe("('two' <-> 'words')")
    expect(query("'it''s':*")).toBe("('it':* <-> 's':*)")
    expect(query('well-known')).toBe("('well' <-> 'known')")
  })

  test('spreads a choice beside <-> into phrases', () => {
    expect(query('(a | b) <-> c')).toBe("(('a' <-> 'c') | ('b' <-> 'c'))")
  })

  test('leaves out what has no word', () => {
    expect(query("a & '--'")).toBe("'a'")
    expect(query("a <-> '--'")).toBe("'a'")
    expect(query("!'--'")).toBe("' '")
    expect(query('')).toBe("' '")
  })

  test.each([
    ['a b', 'an operator is missing before b, at character 3'],
    ['a &', 'a word is missing at the end, at character 4'],
    ['& a', 'a word is missing before &, at character 1'],
    ['(a', 'the parenthesis is not closed, at character 1'],
    ['a)', 'an operator is missing before ), at character 2'],
    ["'a", "a word is missing before ', at character 1"],
    ['a:B', ':B is no prefix mark, at character 2'],
    ['a <0> b', 'the distance must be from 1 to 16, at character 3'],
    ['a <99999> b', 'the distance must be from 1 to 16, at character 3'],
    ['a <-> !b', 'only words and choices of words can stand beside <->, at character 3'],
  ])('%s is refused with its place', (text, reason) => {
    expect(() => parseSearch('query', text)).toThrow(
      expect.objectContaining({ code: '22P02', message: `syntax error in tsquery: ${reason}` }),
    )
  })
})

describe('a search as people write it', () => {
  test.each([
    ['olive oil', "('olive' & 'oil')"],
    ['"olive oil" -spanish', "(('olive' <-> 'oil') & !'spanish')"],
    ['a or b', "('a' | 'b')"],
    ['a OR b c', "('a' | ('b' & 'c'))"],
    ['or b', "('or' & 'b')"],
    ['a or', "('a' & 'or')"],
    ['a or or b', "('a' | ('or' & 'b'))"],
    ['or or or', "('or' | 'or')"],
    ['a or "', "'a'"],
    ['-or a', "(!'or' & 'a')"],
    ['"a or b"', "('a' <-> 'or' <-> 'b')"],
    ['--a', "'a'"],
    ['a - b', "('a' & !'b')"],
    ['-"a b" c', "(!('a' <-> 'b') & 'c')"],
    ['a -"b c', "('a' & !('b' <-> 'c'))"],
    ['a"b c"d', "('a' & ('b' <-> 'c') & 'd')"],
    ['wor* "new yor"*', "('wor':* & ('new' <-> 'yor':*))"],
    ["it's", "('it' <-> 's')"],
    ['a & | ! ( ) : b', "('a' & 'b')"],
    ['"" - ', "' '"],
  ])('%s asks for %s', (text, asked) => {
    expect(web(text)).toBe(asked)
  })

  test('a plain search asks for all words, a phrase for all in a row', () => {
    expect(toTsquery(parseSearch('plain', 'The "Fat" -Rats*'))).toBe("('the' & 'fat' & 'rats')")
    expect(toTsquery(parseSearch('phrase', 'The Fat, Rats'))).toBe("('the' <-> 'fat' <-> 'rats')")
  })
})

describe('whether a row is found', () => {
  test('words may be spread over the columns, phrases may not', () => {
    expect(finds('olive greek', 'Olive oil', 'Greek')).toBe(true)
    expect(finds('"oil greek"', 'Olive oil', 'Greek')).toBe(false)
    expect(finds('"olive oil"', 'Olive, OIL')).toBe(true)
    expect(finds('"olive oil"', 'oil olive')).toBe(false)
  })

  test('prefixes and negation', () => {
    expect(finds('oli*', 'Olive')).toBe(true)
    expect(finds('oli', 'Olive')).toBe(false)
    expect(finds('"extra oli"*', 'extra olive')).toBe(true)
    expect(finds('-oil', 'vinegar')).toBe(true)
    expect(finds('-oil', 'oil')).toBe(false)
  })

  test('a search without words finds nothing', () => {
    expect(finds('', 'a')).toBe(false)
    expect(finds('-"--"', 'a')).toBe(false)
    expect(finds('-a', null)).toBe(true)
  })
})

test('FTS5 is asked for what every row that could be found has', () => {
  const superset = (text: string, column?: string) => toFts5Superset(parseSearch('query', text), column)
  expect(superset('a & !b')).toBe('("a")')
  expect(superset('!b')).toBe(null)
  expect(superset('a | !b')).toBe(null)
  expect(superset('a <-> b:* | c')).toBe('("a b"* OR "c")')
  expect(superset('a:* <-> b')).toBe('("a"* AND "b")')
  expect(superset('')).toBe('""')
  expect(superset('a', 'x"y')).toBe('"x""y" : ("a")')
})

test('a row that FTS5 found is looked at only where words alone do not decide', () => {
  expect(confirm(parseSearch('plain', 'a b'), ['not looked at'])).toBe(true)
  expect(confirm(parseSearch('phrase', 'a b'), ['b a'])).toBe(false)
  expect(confirm(parseSearch('plain', 'a b'), ['x'.repeat(200_000)])).toBe(false)
})

test('a search that is too much is refused', () => {
  expect(() => parseSearch('plain', 'a '.repeat(600))).toThrow(expect.objectContaining({ code: 'too_complex' }))
  expect(() => parseSearch('web', 'a'.repeat(10_001))).toThrow(expect.objectContaining({ code: 'too_complex' }))
  expect(() => parseSearch('query', '!'.repeat(60) + 'a')).toThrow(expect.objectContaining({ code: 'too_deep' }))
  expect(() => parseSearch('query', '(a|b|c|d|e|f|g|h|i) <-> (a|b|c|d|e|f|g|h|i)')).toThrow(
    expect.objectContaining({ code: 'too_complex' }),
  )
})
