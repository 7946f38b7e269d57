import { describe, expect, test } from 'vitest'
import { decoded, field, refusal, value } from './small-world.ts'

const where = (url: string): { where: unknown; values: readonly unknown[] } => {
  const { query, values } = decoded(url)
  return { where: query.where, values }
}

describe('filters', () => {
  test('compare a column with a value that is not in the query', () => {
    expect(where('/films?year=gte.1990&title=eq.a%2Cb+c')).toEqual({
      where: {
        kind: 'and',
        of: [
          { kind: 'compare', op: 'gte', left: field('year'), right: value(0) },
          { kind: 'compare', op: 'eq', left: field('title'), right: value(1) },
        ],
      },
      values: ['1990', 'a,b c'],
    })
  })

  test.each([
    ['eq', 'eq'],
    ['neq', 'neq'],
    ['gt', 'gt'],
    ['lt', 'lt'],
    ['lte', 'lte'],
    ['match', 'match'],
    ['imatch', 'imatch'],
    ['isdistinct', 'isdistinct'],
    ['cs', 'contains'],
    ['cd', 'contained'],
    ['ov', 'overlaps'],
  ])('know the operator %s', (word, op) => {
    expect(where(`/films?title=${word}.*x`)).toEqual({
      where: { kind: 'compare', op, left: field('title'), right: value(0) },
      values: ['*x'],
    })
  })

  test('take * for % in patterns', () => {
    expect(where('/films?title=like.*a*')).toMatchObject({ where: { op: 'like' }, values: ['%a%'] })
    expect(where('/films?title=not.ilike(any).{*a,b*}')).toEqual({
      where: { kind: 'not', of: { kind: 'compare', op: 'ilike', each: 'any', left: field('title'), right: value(0) } },
      values: [['%a', 'b%']],
    })
  })

  test('take lists with quotes and escapes', () => {
    expect(where('/films?title=in.("a,b","c\\"d\\\\",e f,"g"h)').values).toEqual([['a,b', 'c"d\\', 'e f', '"g"h']])
    expect(where('/films?title=in.()').values).toEqual([[]])
    expect(where('/films?title=in.("")').values).toEqual([['']])
    expect(where('/films?title=eq(all).{ a , "b,c" ,"d\\"e"}').values).toEqual([['a', 'b,c', 'd"e']])
  })

  test('ask for null, true, false and unknown', () => {
    expect(where('/films?year=is.null').where).toEqual({ kind: 'is', left: field('year'), is: 'null' })
    expect(where('/films?year=is.NOT_NULL').where).toEqual({ kind: 'not', of: { kind: 'is', left: field('year'), is: 'null' } })
    expect(where('/films?year=not.is.not_null').where).toEqual({ kind: 'is', left: field('year'), is: 'null' })
    expect(where('/films?year=is.Unknown').where).toEqual({ kind: 'is', left: field('year'), is: 'unknown' })
  })

  test('search words in a column, or in all that are searched', () => {
    expect(where('/films?title=plfts(simple).big%20cat')).toEqual({
      where: { kind: 'search', field: field('title'), mode: 'plain', config: 'simple', right: value(0) },
      values: ['big cat'],
    })
    expect(where('/films?search=not.wfts.cat')).toEqual({
      where: { kind: 'not', of: { kind: 'search', field: null, mode: 'web', right: value(0) } },
      values: ['cat'],
    })
    expect(decoded('/actors?search=fts.cat').query.where).toMatchObject({ kind: 'search', field: field('search'), mode: 'query' })
  })

  test('build trees of and, or and not', () => {
    expect(where('/films?or=(year.lt.18,not.and(year.gte.11,title.not.is.null), title.in.(a,"b)") )')).toEqual({
      where: {
        kind: 'or',
        of: [
          { kind: 'compare', op: 'lt', left: field('year'), right: value(0) },
          {
            kind: 'not',
            of: {
              kind: 'and',
              of: [
                { kind: 'compare', op: 'gte', left: field('year'), right: value(1) },
                { kind: 'not', of: { kind: 'is', left: field('title'), is: 'null' } },
              ],
            },
          },
          { kind: 'in', left: field('title'), right: value(2) },
        ],
      },
      values: ['18', '11', ['a', 'b)']],
    })
    expect(where('/films?not.or=(or_year.eq.1,and_year.eq."2,3")')).toMatchObject({
      where: { kind: 'not', of: { kind: 'or' } },
      values: ['1', '2,3'],
    })
    expect(where('/films?and=(tags.cs.{a,b},tags.eq(any).{c,d})').values).toEqual(['{a,b}', ['c', 'd']])
  })

  test.each([
    ['/films?year=0', '"failed to parse filter (0)" (line 1, column 1)', 'unexpected "0" expecting "not" or operator (eq, gt, ...)'],
    ['/films?year=', '"failed to parse filter ()" (line 1, column 1)', 'unexpected end of input expecting "not" or operator (eq, gt, ...)'],
    [
      '/films?year=is.nix',
      '"failed to parse filter (is.nix)" (line 1, column 4)',
      'unexpected "n" expecting isVal: (null, not_null, true, false, unknown)',
    ],
    ['/films?year=eq().1', '"failed to parse filter (eq().1)" (line 1, column 3)', 'unexpected "(" expecting operator (eq, gt, ...)'],
    [
      '/films?or=()',
      '"failed to parse logic tree (())" (line 1, column 4)',
      'unexpected ")" expecting field name (* or [a..z0..9_$]), negation operator (not) or logic operator (and, or)',
    ],
    ['/films?year=in.(1', '"failed to parse filter (in.(1)" (line 1, column 6)', 'unexpected end of input expecting "," or ")"'],
    [
      '/films?order=id.asc.nullslasttt',
      '"failed to parse order (id.asc.nullslasttt)" (line 1, column 17)',
      'unexpected "t" expecting "," or end of input',
    ],
  ])('that cannot be read say where: %s', (url, message, details) => {
    expect(refusal(url)).toEqual({ code: 'PGRST100', message, details, hint: null })
  })

  test('on ranges are refused with the reason', () => {
    for (const word of ['sl', 'sr', 'nxr', 'nxl', 'adj'])
      expect(refusal(`/films?year=${word}.(1,10)`)).toMatchObject({
        code: '42883',
        message: `The operator ${word} is for range types, and no column is of one`,
      })
  })

  test.each([
    ['/films?title=eq.%', 'bad_request'],
    ['/films?title=eq.%ff', 'bad_request'],
    ['/films?title=eq.a%00b', '22021'],
    ['/films?%00=eq.1', '22021'],
    ['/films?apikey=sb_secret', 'bad_request'],
    ['/films?title=like(any).{a,NULL}', '22P02'],
    ['/films?title=eq(any).a', '22P02'],
    ['/films?title=eq(any).{{a}}', '22P02'],
  ])('that are no text of ours are refused: %s', (url, code) => {
    expect(refusal(url).code).toBe(code)
  })
})
