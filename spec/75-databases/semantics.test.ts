/** The promises about text, patterns, search and order, each asked on every database. */
import { expect } from 'vitest'
import { SYSTEM } from '../../src/query/who.ts'
import { cases, everyDatabase, found, get, inOrder, list, type Place } from './semantics-world.ts'

/** Case → the words of the world that are found by it, in the order of the world. */
const among = async (here: Place, filter: string): Promise<readonly unknown[]> => {
  const answer = await get(here, 'texts', { select: 'text', and: '(id.gt.100,id.lt.200)', text: filter })
  return list(answer, 'text') as readonly unknown[] // the filter is a good one
}

// ── Text ──

everyDatabase('text comes out as it went in', async (here) => {
  const answer = await get(here, 'texts', { select: 'text', id: `lte.${inOrder.length}` })
  expect(list(answer, 'text')).toEqual([...inOrder].reverse())
})

everyDatabase('text is equal by code point: case, accents, composition and spaces at the end all matter', async (here) => {
  const id = (value: string) => inOrder.length - inOrder.findIndex((one) => one === value)
  for (const value of inOrder) expect(await found(here, 'texts', 'text', `eq.${value}`)).toEqual([id(value)])
  for (const value of ['é ', 'É', 'ab ', '\u00e9\u200b']) expect(await found(here, 'texts', 'text', `eq.${value}`)).toEqual([])
  expect(await found(here, 'texts', 'text', 'in.("a ","e\u0301",AB)')).toEqual([id('e\u0301'), id('a ')])
})

everyDatabase('the length of text counts code points', async ({ backend, ask }) => {
  const insert = async (id: number, text: string) =>
    backend.ask(
      { query: { kind: 'insert', table: 'short', columns: ['id', 'text'], rows: { kind: 'value', at: 0 } }, values: [[[id, text]]] },
      SYSTEM,
    )
  await insert(1, '😀😀😀')
  await insert(2, 'e\u0301x')
  await expect(insert(3, '😀😀😀😀')).rejects.toMatchObject({
    code: '23514',
    message: 'new row for relation "short" violates check constraint "short_text_check"',
  })
  expect((await ask('/rest/v1/short?select=text', { as: 'service' })).body).toEqual([{ text: '😀😀😀' }, { text: 'e\u0301x' }])
})

everyDatabase('NUL and halves of characters are refused, in values and in filters', async (here) => {
  const insert = async (text: string) =>
    here.backend.ask(
      { query: { kind: 'insert', table: 'short', columns: ['id', 'text'], rows: { kind: 'value', at: 0 } }, values: [[[9, text]]] },
      SYSTEM,
    )
  await expect(insert('a\0')).rejects.toMatchObject({ code: '22021' })
  await expect(insert('\ud800')).rejects.toMatchObject({ code: '22021' })
  expect(await found(here, 'texts', 'text', 'eq.a\0')).toBe('22021')
  expect(await found(here, 'texts', 'text', 'like.a\0*')).toBe('22021')
  expect(await found(here, 'texts', 'text', 'match.a\0')).toMatch(/^22/)
})

everyDatabase('text is ordered by code point, beyond U+FFFF too', async (here) => {
  const asked = (order: string) => get(here, 'texts', { select: 'text', id: `lte.${inOrder.length}`, order })
  expect(list(await asked('text'), 'text')).toEqual(inOrder)
  expect(list(await asked('text.desc'), 'text')).toEqual([...inOrder].reverse())
})

everyDatabase('above and below are by code point too, in columns, in JSON and in aggregates', async (here) => {
  const asked = (filter: string) => get(here, 'texts', { select: 'text', id: `lte.${inOrder.length}`, text: filter, order: 'text' })
  expect(list(await asked('gt.z'), 'text')).toEqual(['Ä', 'é', 'Œ', 'я', '中', '\uffee', '😀'])
  expect(list(await asked('lte._'), 'text')).toEqual(['', ' ', ' a', '10', '9', 'A', 'Z', '_'])
  expect(list(await asked('gte(all).{a,\uffee}'), 'text')).toEqual(['\uffee', '😀'])
  const ends = await get(here, 'texts', { select: 'first:text.min(),last:text.max(),grouped:id.min()', id: `lte.${inOrder.length}` })
  expect(ends.body).toEqual([{ first: '', last: '😀', grouped: 1 }])
})

everyDatabase('parts of JSON are ordered by code point as well', async (here) => {
  const words = ['Z', 'a', 'Ä', '\uffee', '😀']
  const rows = words.map((w, at) => [100 + at, { w }])
  await here.backend.ask(
    { query: { kind: 'insert', table: 'documents', columns: ['id', 'data'], rows: { kind: 'value', at: 0 } }, values: [rows] },
    SYSTEM,
  )
  const asked = (order: string) => get(here, 'documents', { select: 'w:data->>w', id: 'gte.100', order })
  expect(list(await asked('data->>w'), 'w')).toEqual(words)
  expect(list(await asked('data->w.desc'), 'w')).toEqual([...words].reverse())
  expect(list(await get(here, 'documents', { select: 'w:data->>w', 'data->>w': 'gt.a', order: 'id' }), 'w')).toEqual(['Ä', '\uffee', '😀'])
  expect(list(await get(here, 'documents', { select: 'w:data->>w,count()', id: 'gte.100' }), 'w')).toEqual(words)
  await here.sql('DELETE FROM documents WHERE id >= 100')
})

// ── Patterns ──

const likes: readonly (readonly [filter: string, ids: readonly number[] | string])[] = [
  ['like.straße', [101]],
  ['like.stra%e', [101]],
  ['like.stra*e', [101]],
  ['like.STRA*', [102, 103]],
  ['like.𐐀', [119]],
  ['like._', Array.from({ length: 19 }, (_, at) => 106 + at)],
  ['like.a\\%b\\_c\\\\d', [201]],
  ['like.a\\%b\\_c\\\\_', [201]],
  ['like.a%d', [201]],
  ['like.a_b_c_d', [201]],
  ['like.two_lines', [202]],
  ['like.a*\\', '22025'],
  ['like(any).{STRA*,two*}', [102, 103, 202]],
  ['like(all).{STRA*,*ẞE}', [103]],
  ['not.like.*', []],
]

for (const [filter, ids] of likes) {
  everyDatabase(`text=${filter} is ${typeof ids === 'string' ? `refused with ${ids}` : `found in ${ids.length} rows`}`, async (here) => {
    const answer = await get(here, 'texts', { select: 'id', and: '(id.gt.100,id.lt.203)', text: filter })
    expect(list(answer)).toEqual(ids)
  })
}

/** What ilike finds among the words that fold in odd ways. */
const folded: readonly (readonly [filter: string, found: readonly string[]])[] = [
  ['STRAßE', ['straße', 'STRAẞE']],
  ['strasse', ['STRASSE']],
  ['σίσυφοσ', ['σίσυφος', 'ΣΊΣΥΦΟΣ']],
  ['ΣΊΣΥΦΟς', ['σίσυφος', 'ΣΊΣΥΦΟΣ']],
  ['i', ['i', 'I']],
  ['İ', ['İ']],
  ['ı', ['ı']],
  ['K', ['k', '\u212a']],
  ['\u212a', ['k', '\u212a']],
  ['Å', ['å', '\u212b']],
  ['S', ['s', 'ſ']],
  ['Ꭰ', ['ꭰ', 'Ꭰ']],
  ['ꭰ', ['ꭰ', 'Ꭰ']],
  ['𐐀', ['𐐨', '𐐀']],
  ['Ǆ', ['ǆ', 'ǅ']],
  ['\u00b5', ['µ', 'μ']],
  ['fi', ['FI']],
  ['ﬁ', ['ﬁ']],
]

for (const [value, words] of folded) {
  everyDatabase(`ilike and imatch find ${words.join(' and ')} by ${value}`, async (here) => {
    expect(await among(here, `ilike.${value}`)).toEqual(words)
    expect(await among(here, `imatch.^${value}$`)).toEqual(words)
    expect(await among(here, `eq.${value}`)).toEqual(cases.filter((word) => word === value))
  })
}

const patterns: readonly (readonly [pattern: string, found: readonly string[] | string])[] = [
  ['^str', ['straße']],
  ['ße$', ['straße']],
  ['^.$', ['i', 'I', 'İ', 'ı', 'k', '\u212a', 'å', '\u212b', 's', 'ſ', 'ꭰ', 'Ꭰ', '𐐨', '𐐀', 'ǆ', 'ǅ', 'µ', 'μ', 'ﬁ']],
  ['^[i-k]$', ['i', 'k']],
  ['^[^a-zA-Z]$', ['İ', 'ı', '\u212a', 'å', '\u212b', 'ſ', 'ꭰ', 'Ꭰ', '𐐨', '𐐀', 'ǆ', 'ǅ', 'µ', 'μ', 'ﬁ']],
  ['^[𐐀-𐐨]$', ['𐐨', '𐐀']],
  ['^\\w+$', ['STRASSE', 'i', 'I', 'k', 's', 'FI']],
  ['^(S|F)[A-Z]{1,6}$', ['STRASSE', 'FI']],
  ['S{2}', ['STRASSE']],
  ['^(?:i|k)?$', ['i', 'k']],
  ['\\u212a', ['\u212a']],
  ['(.)\\1', '2201B'],
  ['(?=a)', '2201B'],
  ['(?i)a', '2201B'],
  ['a++', '2201B'],
  ['[[:nothing:]]', '2201B'],
  ['(', '2201B'],
  ['*', '2201B'],
  ['a{300}', '2201B'],
]

for (const [pattern, words] of patterns) {
  everyDatabase(
    `match.${pattern} is ${typeof words === 'string' ? `refused with ${words}` : `found in ${words.join(' ')}`}`,
    async (here) => {
      expect(await among(here, `match.${pattern}`)).toEqual(words)
    },
  )
}

everyDatabase('the end of a pattern is the end of the whole text, and a dot also stands for the end of a line', async (here) => {
  expect(await found(here, 'texts', 'text', 'match.^two$')).toEqual([])
  expect(await found(here, 'texts', 'text', 'match.^two.lines$')).toEqual([202])
  expect(await found(here, 'texts', 'text', 'match.two\\nlines')).toEqual([202])
})

everyDatabase('no pattern runs away', async (here) => {
  const start = performance.now()
  for (const pattern of ['^(a+)+$', '^(a|a)*$', '(a*)*b', '^(([a-z])+.)+[A-Z]([a-z])+$']) {
    expect(await found(here, 'texts', 'text', `match.${pattern}`)).toEqual(expect.any(Array))
  }
  for (const pattern of ['like.*a*a*a*a*a*a*b', 'ilike.*A%A%A%A%A%A%B']) expect(await found(here, 'texts', 'text', pattern)).toEqual([])
  expect(performance.now() - start).toBeLessThan(10_000)
})

// ── Search ──

const searches: readonly (readonly [filter: string, found: readonly string[] | string])[] = [
  ['wfts.strasse', ['STRASSE']],
  ['wfts.STRAßE', ['straße', 'STRAẞE']],
  ['plfts.ΣΊΣΥΦΟΣ', ['σίσυφος', 'ΣΊΣΥΦΟΣ']],
  ['wfts.stra*', ['straße', 'STRASSE', 'STRAẞE']],
  ['wfts.stra* -strasse', ['straße', 'STRAẞE']],
  ['wfts.i or k', ['i', 'I', 'k', '\u212a']],
  ['fts.i | k', ['i', 'I', 'k', '\u212a']],
  ['fts.s & !x', ['s', 'ſ']],
  ['fts.st:* & !strasse', ['straße', 'STRAẞE']],
  ['wfts.', []],
  ['plfts.!?', []],
  ['fts.a &', '22P02'],
  ['wfts(simple).i', ['i', 'I']],
  ['wfts(english).i', '0A000'],
]

for (const [filter, words] of searches) {
  everyDatabase(
    `text=${filter} is ${typeof words === 'string' ? `refused with ${words}` : `found in ${words.join(' ') || 'nothing'}`}`,
    async (here) => {
      expect(await among(here, filter)).toEqual(words)
    },
  )
}

everyDatabase('a phrase is words in sequence, and a word that is cut at a sign is two', async (here) => {
  expect(await found(here, 'texts', 'text', 'wfts."two lines"')).toEqual([202])
  expect(await found(here, 'texts', 'text', 'wfts."lines two"')).toEqual([])
  expect(await found(here, 'texts', 'text', 'phfts.b c d')).toEqual([201])
  expect(await found(here, 'texts', 'text', 'fts.two <-> lines')).toEqual([202])
  expect(await found(here, 'texts', 'text', 'not.wfts.-nothing')).toEqual([])
  expect(list(await get(here, 'texts', { select: 'id', id: 'gte.200', text: 'wfts.-nothing' }))).toEqual([201, 202, 203])
})

everyDatabase('what raw SQL puts in is found as well', async (here) => {
  await here.sql(`INSERT INTO texts (id, text) VALUES (300, 'Quelle surprise'), (301, 'quelle')`)
  expect(await found(here, 'texts', 'search', 'wfts.QUELLE')).toEqual([300, 301])
  await here.sql(`UPDATE texts SET text = 'autre' WHERE id = 301`)
  expect(await found(here, 'texts', 'search', 'wfts.quelle')).toEqual([300])
  await here.sql('DELETE FROM texts WHERE id >= 300')
  expect(await found(here, 'texts', 'search', 'wfts.quelle')).toEqual([])
})

// ── NULL and ties ──

everyDatabase('what has no value comes last going up and first going down, unless the query says', async (here) => {
  const asked = async (order: string) => list(await get(here, 'moments', { select: 'id', order, id: 'in.(1,5,6)' }))
  expect(await asked('day')).toEqual([1, 5, 6])
  expect(await asked('day.desc')).toEqual([5, 6, 1])
  expect(await asked('day.nullsfirst')).toEqual([5, 6, 1])
  expect(await asked('day.desc.nullslast')).toEqual([1, 5, 6])
  expect(await asked('day.asc.nullsfirst,id.desc')).toEqual([6, 5, 1])
})

for (const [table, column] of [
  ['numbers', 'whole'],
  ['numbers', 'price'],
  ['numbers', 'ratio'],
  ['texts', 'text'],
  ['documents', 'data'],
  ['marks', 'code'],
  ['moments', 'at'],
  ['moments', 'hour'],
  ['marks', 'raw'],
  ['marks', 'good'],
] as const) {
  everyDatabase(`no ${column} in ${table} is last, and in a group too`, async (here) => {
    const rows = list(await get(here, table, { select: column, order: column }), column)
    expect(rows.at(-1)).toBeNull()
    const groups = list(await get(here, table, { select: `${column},count()` }), column)
    expect(groups.at(-1)).toBeNull()
    expect(list(await get(here, table, { select: `${column},n:count()`, order: `${column}.desc` }), column)[0]).toBeNull()
  })
}

everyDatabase('ties are broken by the key: in a list, in an embed, and under any order', async (here) => {
  const asked = async (order: string) => list(await get(here, 'books', { select: 'id', order }))
  expect(await asked('title')).toEqual([1, 2, 3])
  expect(await asked('title.desc')).toEqual([1, 2, 3])
  expect(await asked('sold.desc,title')).toEqual([1, 2, 3])
  expect(await asked('title,id.desc')).toEqual([3, 2, 1])
  const { body } = await get(here, 'shelves', { select: 'id,books(id)', id: 'eq.1', 'books.order': 'title.desc' })
  expect(body).toEqual([{ id: 1, books: [{ id: 1 }] }])
})

everyDatabase('groups that are equal in what is asked are ordered by what they are grouped by', async (here) => {
  const { body } = await get(here, 'numbers', { select: 'group,n:count()', order: 'n.desc' })
  expect(body).toEqual([
    { group: 'a', n: 2 },
    { group: 'b', n: 2 },
    { group: 'd', n: 2 },
    { group: 'e', n: 2 },
    { group: 'c', n: 1 },
    { group: null, n: 1 },
  ])
})
