/** Requests that are made to cost much: each is answered or refused within a moment, and never by a failure inside. */
import { expect } from 'vitest'
import { everyDatabaseOf } from '../harness.ts'
import { people, rows, shop } from '../world.ts'

const everyDatabase = everyDatabaseOf({ backend: shop, rows, people })
const largest = everyDatabaseOf({ backend: shop, rows, people, settings: { PLINTH_MAX_URL: '256kb' } })

const repeated = (text: string, times: number, between = ''): string => Array.from({ length: times }, () => text).join(between)
const numbered = (times: number, one: (at: number) => string): string => Array.from({ length: times }, (_, at) => one(at)).join(',')

/** What somebody tries → the request, and what comes of it: rows, or the code of a refusal. */
const attempts: Readonly<Record<string, readonly [path: string, comes: 'rows' | RegExp]>> = {
  'a thousand columns': [`products?select=${numbered(1000, (at) => `a${at}:id`)}`, /too_complex/],
  'as many columns as may be': [`products?select=${numbered(200, (at) => `a${at}:price::text`)}`, 'rows'],
  'as many spread lists as may be': [`products?select=...tags(${numbered(200, (at) => `a${at}:name`)})`, 'rows'],
  'as many sums as may be': [`products?select=${numbered(200, (at) => `a${at}:price.avg()`)}`, 'rows'],
  'as many groups as may be': [`products?select=count(),${numbered(199, (at) => `a${at}:details->>b${at}`)}`, 'rows'],
  'stars without end': [`products?select=${repeated('*', 5000, ',')}`, 'rows'],
  'an order without end': [`products?order=${repeated('name.desc', 1500, ',')}&after=`, /too_complex/],
  'pages by as many columns as may be': [`products?order=${repeated('blurb.desc,grams', 10, ',')}&after=`, 'rows'],
  'a path without end': [`products?select=details${repeated('->a', 5000)}`, /too_deep/],
  'the longest path': [
    `products?select=details${repeated('->a', 500)}&details${repeated('->0', 500)}=eq.1&order=details${repeated('->b', 500)}`,
    'rows',
  ],
  'as many embeds as may be, each a condition': [`products?select=${numbered(50, (at) => `t${at}:tags!inner(name)`)}`, 'rows'],
  'embeds that meet themselves again': ['products?select=tags!inner(products!inner(tags!inner(products!inner(tags!inner(name)))))', 'rows'],
  'filters that embeds repeat': [
    `products?select=tags!inner(products!inner(tags!inner(products!inner(name))))&${repeated('tags.products.tags.products.id=gt.0', 96, '&')}`,
    'rows',
  ],
  'open brackets': [`products?details=cs.${repeated('[', 15_000)}`, /too_deep/],
  'open brackets for a list': [`products?sizes=cs.${repeated('[', 15_000)}`, /22P02/],
  'open braces for a list': [`products?notes=ov.${repeated('{', 15_000)}`, /22P02/],
  'open quotes': [`products?notes=ov.{${repeated('"', 15_001)}`, /22P02/],
  'open parentheses in select': [`products?select=${repeated('a(', 7000)}`, /too_deep|PGRST100/],
  'open parentheses in or': [`products?or=${repeated('(and', 3500)}`, /too_deep/],
  'open parentheses in a search': [`products?search=fts.${repeated('(', 9000)}`, /too_deep/],
  'words without end': [`products?search=plfts.${repeated('a', 5000, '+')}`, /too_complex/],
  'phrases of choices': [`products?search=fts.${repeated('(a|b)', 12, '<->')}`, /too_complex/],
  'digits without end': [`products?price=eq.${repeated('9', 15_000)}`, /22003/],
  'digits without end in JSON': [`products?details=eq.${repeated('9', 15_000)}`, /22003/],
  'an exponent without end': ['products?price=eq.1e999999999', /22003/],
  'an exponent without end, the other way': ['products?price=eq.1e-999999999', /22003/],
  'a year without end': [`products?picked=eq.${repeated('9', 5000)}-01-01`, /22007/],
  'a pattern without end': [`products?name=like.${repeated('*a', 7000)}`, /too_complex/],
  'a pattern of wildcards': [`products?name=like.${repeated('*a', 4000)}`, 'rows'],
  'a pattern of wildcards, whatever the case': [`products?blurb=ilike.${repeated('*a', 4000)}b`, 'rows'],
  'a pattern of backslashes': [`products?blurb=like.${repeated('\\\\', 4900)}a`, 'rows'],
  'quotes in a search': [`products?search=fts.${repeated("'", 9999)}`, /22P02/],
  'blanks in a list': [`products?notes=cs.{a${repeated('+', 15_000)}b"`, /22P02/],
  'blanks in a condition': [`products?or=(${repeated('+', 15_000)}`, /PGRST100/],
  'blanks in select': [`products?select=a${repeated('+', 15_000)}"`, /PGRST100/],
  'many patterns of wildcards': [`products?blurb=ilike(any).{${repeated('*a*b*c*', 20, ',')}}`, 'rows'],
  'too many patterns': [`products?blurb=imatch(any).{${repeated('(a*)*b', 999, ',')}}`, /too_complex/],
  'blanks in a time': [`products?added_at=eq.2020-01-01${repeated('+', 14_000)}x`, /22007/],
  'blanks in a value of a list': [`products?notes=cs.{${repeated('+', 14_000)}x`, /22P02/],
  'a regular expression that tries everything': ['products?blurb=match.(a*)*(a*)*(a*)*(.*)*b$', 'rows'],
  'a regular expression that repeats repeats': ['products?blurb=match.(a{1,200}){1,200}', /2201B/],
  'a regular expression without end': [`products?blurb=match.${repeated('(a|b)*', 500)}`, /2201B/],
  'a page that nobody gave': [
    `products?order=details&after=${Buffer.from(`["${repeated('[', 9000)}","1"]`).toString('base64url')}`,
    /too_deep/,
  ],
  'a page of nonsense': [`products?order=id&after=${repeated('A', 15_000)}`, /22P02/],
  'the last page there could be': ['products?limit=99999999999999999999&offset=99999999999999999999', 'rows'],
  'a key without end': [`products/${repeated('1', 5000, ',')}`, /not_found/],
  'a name without end': [`products?select="${repeated('a', 15_000)}"`, /42703/],
  'an accepted form without end': ['products', 'rows'],
}

const moment = 2000

/** Beginnings, whose last character goes on and on. */
const starts = [
  'details=cs.[ details=cs.{"a": notes=cs.{ notes=cs.{" notes=cs.{+ notes=cs.{a+ id=in.( id=in.(+ id=in.(" id=eq(any).{+ id=eq(any).{a+',
  'id=eq.- price=eq.0 batch=eq.{ picked=eq.+ limit=+ after=% or=( or=(+ or=(a.eq." select=a( select=a+ select=a-> select=a, order=a,',
  'order=a+ name=match.( name=like.\\ name=ilike.* search=wfts." search=fts.! search=fts.\' search=plfts.+',
].flatMap((line) => line.split(' '))

for (const [what, [path, comes]] of Object.entries(attempts)) {
  everyDatabase(`${what}: ${comes === 'rows' ? 'is answered' : `is refused with ${comes.source}`} within a moment`, async ({ ask }) => {
    const began = performance.now()
    const { status, body } = await ask(`/rest/v1/${path.replaceAll('"', '%22')}`, {
      headers: { accept: repeated('text/plain, ', 500) + '*/*' },
    })
    expect(performance.now() - began).toBeLessThan(moment)
    if (comes === 'rows') expect(status, JSON.stringify(body).slice(0, 500)).toBe(200)
    else expect(Object(body).code).toMatch(comes)
  })
}

largest('the largest URL there can be takes neither time nor memory, whatever is in it', async ({ ask }) => {
  const before = process.memoryUsage().heapUsed
  for (const start of starts) {
    const path = `/rest/v1/products?${start}${repeated(start.at(-1) ?? '', 250_000)}b"`.replaceAll('"', '%22')
    const began = performance.now()
    const { status } = await ask(path)
    expect([start, status]).toEqual([start, 400])
    expect(performance.now() - began, start).toBeLessThan(moment / 2)
  }
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(256 * 1024 * 1024)
})
