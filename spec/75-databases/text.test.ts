/**
 * What text means, held against a real PostgreSQL: folding, LIKE, regular expressions, words and searches, floats. Each
 * function here has a twin in plain TypeScript, which SQLite is given; the two must never differ.
 */
import { randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { foldSql } from '../../src/databases/postgres/functions/fold.ts'
import { functions } from '../../src/databases/postgres/functions.ts'
import { compileLike } from '../../src/query/like.ts'
import { matcher, parsePattern, toPostgres } from '../../src/query/pattern.ts'
import { confirm, decide, documentOf, parseSearch, plinthWords, toFts5Superset, toTsquery } from '../../src/query/words.ts'
import type { Search } from '../../src/query/words.ts'
import { fold } from '../../src/util/fold.ts'

const url = process.env['PLINTH_TEST_POSTGRES']
if (url === undefined) console.log('Skipped: text on PostgreSQL. Set PLINTH_TEST_POSTGRES to the URL of a throw-away server.')

const name = `plinth_text_${randomBytes(6).toString('hex')}`
let client: pg.Client

async function asAdmin(sql: string): Promise<void> {
  const admin = new pg.Client(url)
  await admin.connect()
  try {
    await admin.query(sql)
  } finally {
    await admin.end()
  }
}

/** One column of answers, one for each row of the lists that go in. */
async function column(sql: string, ...lists: readonly (readonly unknown[])[]): Promise<unknown[]> {
  const { rows } = await client.query({ text: sql, values: [...lists], rowMode: 'array' })
  return rows.map((row: unknown[]) => row[0])
}

const letters = [...Array.from('abAKkIisS_-. éÉßẞΣσςİıſ\u212aÀÿΑαЯяǅ😀𐐀𐐨1xᎠꭰ٣中\n'), '\u0307', '\u00a0', '\u001e']
const text = (maxLength: number) => fc.array(fc.constantFrom(...letters), { maxLength }).map((parts) => parts.join(''))

const ready = { timeout: 60_000 }

describe.runIf(url !== undefined)('text on PostgreSQL', () => {
  beforeAll(async () => {
    await asAdmin(`create database ${name} encoding 'UTF8' lc_collate 'C' lc_ctype 'C' template template0`)
    const own = new URL(url ?? '')
    own.pathname = `/${name}`
    client = new pg.Client(own.href)
    await client.connect()
    for (const { sql } of functions) await client.query(sql)
  })

  afterAll(async () => {
    await client.end()
    await asAdmin(`drop database ${name} with (force)`)
  })

  test('the functions can be made a second time', async () => {
    for (const { sql } of functions) await client.query(sql)
  })

  test('the functions find each other under any search path', async () => {
    await client.query('begin')
    await client.query(`set local search_path = ''`)
    const { rows } = await client.query(`select public.plinth_words('A b')::text as words`)
    await client.query('rollback')
    expect(rows).toEqual([{ words: `'a':1 'b':2` }])
  })

  describe('folding', () => {
    const sql = (f: string) => `select ${f}(x) from unnest($1::text[]) with ordinality as t (x, n) order by n`

    async function compare(f: string): Promise<string[]> {
      const wrong: string[] = []
      for (let start = 1; start <= 0x10ffff; start += 0x10000) {
        const codes = Array.from({ length: 0x10000 }, (_, index) => start + index).filter(
          (code) => code <= 0x10ffff && (code < 0xd800 || code > 0xdfff),
        )
        const texts = codes.map((code) => String.fromCodePoint(code))
        const answers = await column(sql(f), texts)
        wrong.push(...texts.filter((letter, index) => answers[index] !== fold(letter)))
      }
      return wrong
    }

    test('every code point folds as in our table', ready, async () => {
      expect(await compare('plinth_fold')).toEqual([])
    })

    test('every code point folds as in our table on a server without ICU', ready, async () => {
      await client.query(foldSql('plinth_fold_without_icu', false))
      expect(await compare('plinth_fold_without_icu')).toEqual([])
    })

    test('longer texts fold as in our table', async () => {
      const texts = fc.sample(
        fc.oneof(
          text(30),
          fc.string({ unit: 'binary', maxLength: 20 }).map((any) => any.replaceAll(/[\0\p{Cs}]/gu, '')),
        ),
        3000,
      )
      expect(await column(sql('plinth_fold'), texts)).toEqual(texts.map(fold))
    })
  })

  test('like and ilike find the same texts', async () => {
    const pattern = fc
      .array(fc.constantFrom('%', '_', '\\%', '\\_', '\\\\', 'a', 'É', 'é', 'Σ', '😀', 's'), { maxLength: 6 })
      .map((parts) => parts.join(''))
    const cases = fc.sample(fc.tuple(text(8), pattern, fc.boolean()), 20_000)
    const answers = await column(
      `select case when i then plinth_fold(x) like plinth_fold(p) else x like p end
       from unnest($1::text[], $2::text[], $3::boolean[]) with ordinality as t (x, p, i, n) order by n`,
      cases.map(([x]) => x),
      cases.map(([, p]) => p),
      cases.map(([, , i]) => i),
    )
    expect(cases.filter(([x, p, i], index) => compileLike(p, i)(x) !== answers[index])).toEqual([])
  })

  describe('regular expressions', () => {
    const literal = fc.constantFrom(
      'a',
      'A',
      'K',
      's',
      'É',
      'ß',
      'ς',
      'ſ',
      '😀',
      '1',
      '_',
      '-',
      ' ',
      ']',
      '\\.',
      '\\n',
      '\\\\',
      '\\u00e9',
      '\\u{10400}',
    )
    const member = fc.constantFrom(
      'a',
      'A-Z',
      '\\w',
      '\\W',
      '\\d',
      '\\D',
      '\\s',
      '\\S',
      '[:alpha:]',
      '[:upper:]',
      'À-ÿ',
      'Σ',
      '\\-',
      '\\]',
      'à-\\u{10ffff}',
    )
    const bracket = fc
      .tuple(fc.boolean(), fc.array(member, { minLength: 1, maxLength: 3 }))
      .map(([not, of]) => `[${not ? '^' : ''}${of.join('')}]`)
    const escape = fc.constantFrom('.', '\\w', '\\W', '\\d', '\\D', '\\s', '\\S')
    const count = fc.constantFrom('', '', '', '*', '+', '?', '*?', '+?', '??', '{2}', '{0}', '{1,}', '{0,2}', '{1,3}?', '{3,40}')
    const anchor = fc.constantFrom('^', '$', '\\b', '\\B')

    const { pattern } = fc.letrec<{ atom: string; piece: string; sequence: string; pattern: string }>((tie) => ({
      atom: fc.oneof(
        { maxDepth: 4, depthSize: 0.3 },
        literal,
        bracket,
        escape,
        tie('pattern').map((inside) => `(${inside})`),
        tie('pattern').map((inside) => `(?:${inside})`),
      ),
      piece: fc.oneof(
        { weight: 6, arbitrary: fc.tuple(tie('atom'), count).map((parts) => parts.join('')) },
        { weight: 1, arbitrary: anchor },
      ),
      sequence: fc.array(tie('piece'), { maxLength: 4 }).map((parts) => parts.join('')),
      pattern: fc.array(tie('sequence'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('|')),
    }))

    function accepted(written: string): boolean {
      try {
        parsePattern(written)
        return true
      } catch {
        return false
      }
    }

    test('a pattern of the shared subset matches the same texts', ready, async () => {
      const samples = fc.sample(fc.tuple(pattern.filter(accepted), fc.array(text(8), { minLength: 8, maxLength: 8 }), fc.boolean()), 3000)
      const cases = samples.flatMap(([written, texts, insensitive]) => texts.map((value) => ({ written, value, insensitive })))
      const answers = await column(
        `select case when i then plinth_fold(x) else x end ~ p collate "C"
         from unnest($1::text[], $2::text[], $3::boolean[]) with ordinality as t (x, p, i, n) order by n`,
        cases.map(({ value }) => value),
        cases.map(({ written, insensitive }) => toPostgres(parsePattern(written), insensitive)),
        cases.map(({ insensitive }) => insensitive),
      )
      const wrong = cases.filter(({ written, value, insensitive }, index) => matcher(written, insensitive)(value) !== answers[index])
      expect(wrong).toEqual([])
    })

    test('the largest patterns that are accepted are no work for the server', async () => {
      const large = [
        '(a?){99}',
        '(a*b*c*){49}',
        '(?:(a?){9}){9}',
        '(?:a|b|c|){90}',
        '.{0,255}a.{0,255}b.{0,255}c',
        '(\\b\\w+\\b\\s?){1,100}',
        'a?'.repeat(200),
        '(\\b|a)*(^|b)*',
      ]
      for (const written of large) {
        const began = performance.now()
        await column(
          'select x ~ p collate "C" from unnest($1::text[], $2::text[]) as t (x, p)',
          ['a'.repeat(500)],
          [toPostgres(parsePattern(written), false)],
        )
        expect(performance.now() - began, written).toBeLessThan(1500)
      }
    })
  })

  describe('full-text search', () => {
    const word = fc.constantFrom('a', 'b', 'ab', 'Σας', 'x1', 'ÉTÉ', 'été', '中')
    const gap = fc.constantFrom(' ', ' ', ' ', ', ', '_', '’', '\u00a0', ' 😀 ', '\u001e', '。', '\n')
    const prose = fc.array(fc.tuple(word, gap), { maxLength: 9 }).map((parts) => parts.flat().join(''))

    const operand = fc.oneof(
      word,
      word.map((w) => `${w}:*`),
      fc.tuple(word, word).map(([a, b]) => `'${a} ${b}'`),
    )
    const { query } = fc.letrec<{ query: string; choice: string; phrase: string }>((tie) => ({
      choice: fc.oneof(
        { maxDepth: 2 },
        operand,
        fc.tuple(operand, operand).map(([a, b]) => `(${a} | ${b})`),
      ),
      phrase: fc.tuple(tie('choice'), fc.constantFrom(' <-> ', '<2>', ' <16> '), tie('choice')).map((parts) => parts.join('')),
      query: fc.oneof(
        { maxDepth: 4, depthSize: 0.4 },
        tie('choice'),
        tie('phrase'),
        tie('query').map((inside) => `!(${inside})`),
        fc.tuple(tie('query'), fc.constantFrom(' & ', ' | '), tie('query')).map((parts) => `(${parts.join('')})`),
      ),
    }))
    const web = fc
      .array(
        fc.oneof(
          word,
          word.map((w) => `-${w}`),
          word.map((w) => `${w}*`),
          prose.map((p) => `"${p}"`),
          fc.constantFrom('or', '-', '*', '"'),
        ),
        { maxLength: 5 },
      )
      .map((parts) => parts.join(' '))
    const search: fc.Arbitrary<Search> = fc.oneof(
      query.map((written) => parseSearch('query', written)),
      web.map((written) => parseSearch('web', written)),
      prose.map((written) => parseSearch('plain', written)),
      prose.map((written) => parseSearch('phrase', written)),
    )

    /** A document as PostgreSQL writes a tsvector: words in the order of their bytes. */
    function printed(texts: readonly string[]): Map<string, readonly number[]> {
      return new Map(documentOf(texts))
    }

    async function stored(value: string): Promise<Map<string, readonly number[]>> {
      const { rows } = await client.query<{ lexeme: string; positions: number[] | null }>(
        'select lexeme, positions from unnest(plinth_words($1))',
        [value],
      )
      return new Map(rows.map(({ lexeme, positions }) => [lexeme, positions ?? []]))
    }

    test('a text has the same words in the same places', async () => {
      const texts = fc.sample(
        fc.oneof(
          prose,
          text(40),
          fc.string({ unit: 'binary', maxLength: 30 }).map((any) => any.replaceAll(/[\0\p{Cs}]/gu, '')),
        ),
        1500,
      )
      for (const value of texts) expect(await stored(value)).toEqual(printed([value]))
    })

    test('every code point parts words, or does not, alike', ready, async () => {
      const lines: string[] = []
      for (let start = 1; start <= 0x10ffff; start += 0x800) {
        const codes = Array.from({ length: 0x800 }, (_, index) => start + index).filter(
          (code) => code <= 0x10ffff && (code < 0xd800 || code > 0xdfff),
        )
        lines.push(codes.map((code) => `w${String.fromCodePoint(code)}z`).join(' '))
      }
      const answers = await column(
        `select (select string_agg(lexeme || '@' || array_to_string(positions, ','), ' ' order by lexeme collate "C") from unnest(plinth_words(x)))
         from unnest($1::text[]) with ordinality as t (x, n) order by n`,
        lines,
      )
      const ours = lines.map((line) =>
        [...documentOf([line])]
          .map(([entry, at]) => `${entry}@${at.join(',')}`)
          .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
      )
      expect(
        answers.filter(
          (answer, index) =>
            String(answer)
              .split(' ')
              .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
              .join(' ') !== ours[index]?.join(' '),
        ),
      ).toEqual([])
    })

    test('very long texts, words and repeats raise nothing and are cut alike', ready, async () => {
      const long = [
        'word '.repeat(60_000),
        Array.from({ length: 30_000 }, (_, index) => `w${index}`).join(' '),
        '😀'.repeat(3) + '𐐀'.repeat(250_000),
        Array.from({ length: 3000 }, (_, index) => '𐐀'.repeat(260) + index.toString()).join(' '),
        Array.from({ length: 2000 }, (_, index) => `${'中'.repeat(90)}${index}`).join('-'),
        '\u001e'.repeat(2000) + 'end of it',
        '. '.repeat(99_998) + 'last lost',
      ]
      for (const value of long) expect(await stored(value)).toEqual(printed([value]))
    })

    test('a search finds the same rows here, on PostgreSQL and by way of FTS5', ready, async () => {
      const cases = fc.sample(fc.tuple(search, prose, prose), 6000)
      const answers = await column(
        `select plinth_words(a || e'\\x1e' || b) @@ q::tsquery from unnest($1::text[], $2::text[], $3::text[]) with ordinality as t (a, b, q, n) order by n`,
        cases.map(([, a]) => a),
        cases.map(([, , b]) => b),
        cases.map(([asked]) => toTsquery(asked)),
      )
      expect(cases.filter(([asked, a, b], index) => decide(asked, [a, b]) !== answers[index])).toEqual([])

      const lite = new DatabaseSync(':memory:')
      lite.exec(`create virtual table f using fts5(a, "b ""c", content='', contentless_delete=1, tokenize='ascii')`)
      const add = lite.prepare('insert into f(rowid, a, "b ""c") values (?, ?, ?)')
      for (const [index, [, a, b]] of cases.entries()) add.run(index, plinthWords(a), plinthWords(b))
      const find = lite.prepare('select count(*) as n from f where rowid = ? and f match ?')
      // A number is bound as a float, and FTS5 does not look at a row id that is one.
      const found = (index: number, query: string | null) => query === null || find.get(BigInt(index), query)?.['n'] === 1
      const wrong = cases.filter(([asked, a, b], index) => {
        const both = found(index, toFts5Superset(asked)) && confirm(asked, [a, b])
        const one = found(index, toFts5Superset(asked, 'b "c')) && confirm(asked, [b])
        return both !== decide(asked, [a, b]) || one !== decide(asked, [b])
      })
      lite.close()
      expect(wrong).toEqual([])
    })

    test('a search without words finds nothing, and the server gives no notice of it', async () => {
      const notices: unknown[] = []
      client.on('notice', (notice) => notices.push(notice))
      const queries = ['', ' ', '--', '""', '-"--"'].map((written) => toTsquery(parseSearch('web', written)))
      expect(await column(`select plinth_words('a b') @@ q::tsquery from unnest($1::text[]) as t (q)`, queries)).toEqual(
        queries.map(() => false),
      )
      expect(notices).toEqual([])
    })
  })

  test('floats print as in ECMAScript', async () => {
    const known = [
      0,
      -0,
      1,
      0.1,
      1e21,
      1e-7,
      123456789012345680000,
      5e-324,
      1.7976931348623157e308,
      1e-6,
      1.5e-6,
      123e-20,
      1e15,
      1e16,
      0.0001,
      0.00001,
      4.35,
      2 ** 53,
      -1e100,
    ]
    const bits = fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0))
    const near = fc
      .tuple(fc.double({ min: 1, max: 10, noNaN: true }), fc.integer({ min: -12, max: 25 }))
      .map(([digits, power]) => digits * 10 ** power)
    const short = fc.tuple(fc.integer(), fc.integer({ min: -12, max: 12 })).map(([digits, power]) => digits * 10 ** power)
    const numbers = [...known, ...fc.sample(fc.oneof(bits, near, short), 20_000)].filter(Number.isFinite)
    const answers = await column('select plinth_float(x) from unnest($1::float8[]) with ordinality as t (x, n) order by n', numbers)
    expect(answers).toEqual(numbers.map(String))
  })

  test('bytes print as base64 in one line', async () => {
    const bytes = [0, 1, 2, 3, 56, 57, 58, 200, 1000].map((length) => randomBytes(length))
    expect(await column('select plinth_base64(x) from unnest($1::bytea[]) with ordinality as t (x, n) order by n', bytes)).toEqual(
      bytes.map((part) => part.toString('base64')),
    )
  })
})
