import { describe, expect, test } from 'vitest'
import type { Response } from '../protocol.ts'
import { createRest } from './rest.ts'
import { decoded, field, refusal, request, schema } from './small-world.ts'

describe('pages', () => {
  const page = (url: string, headers: Record<string, string> = {}, method = 'GET') => {
    const { query, values } = decoded(url, headers, method)
    return [query.limit && values[query.limit.at], query.offset && values[query.offset.at]]
  }

  test('are whole numbers in the values', () => {
    expect(page('/films')).toEqual([undefined, undefined])
    expect(page('/films?limit=3&offset=2')).toEqual([3, 2])
    expect(page('/films?limit=&offset=-4')).toEqual([undefined, 0])
    expect(page('/films?limit=99999999999999999999')).toEqual([Number.MAX_SAFE_INTEGER, undefined])
  })

  test('are narrowed by the Range header of a GET', () => {
    expect(page('/films', { range: '0-24' })).toEqual([25, 0])
    expect(page('/films', { range: '10-' })).toEqual([undefined, 10])
    expect(page('/films?limit=3', { range: '0-1' })).toEqual([2, 0])
    expect(page('/films?limit=0', { range: '5-6' })).toEqual([0, 0])
    expect(page('/films', { range: 'bytes=0-24' })).toEqual([undefined, undefined])
    expect(page('/films', { range: '0-24' }, 'HEAD')).toEqual([undefined, undefined])
  })

  test('that cannot be are refused', () => {
    expect(refusal('/films?limit=-1')).toMatchObject({ code: 'PGRST103', details: 'Limit should be greater than or equal to zero.' })
    expect(refusal('/films', { range: '1-0' })).toMatchObject({ code: 'PGRST103', message: 'Requested range not satisfiable' })
    expect(refusal('/films?offset=9', { range: '0-1' }).code).toBe('PGRST103')
    expect(refusal('/films?limit=many').code).toBe('PGRST100')
  })

  test('go on after a token', () => {
    const { query, values } = decoded('/films?order=year&limit=2&after=abc%3D')
    expect(values[query.after?.at ?? -1]).toBe('abc=')
    expect(decoded('/films?after=').query.after).toBeDefined()
    expect(refusal('/films?after=abc&offset=2').code).toBe('PGRST100')
    expect(refusal('/films?after=abc', { range: '0-9' }).code).toBe('PGRST100')
  })
})

describe('headers', () => {
  test('ask for counts', () => {
    expect(decoded('/films', { prefer: 'count=exact' }).query.count).toBe('exact')
    expect(decoded('/films', { prefer: 'return=minimal, count=planned, count=exact' }).query.count).toBe('planned')
    expect(decoded('/films', { prefer: 'count=none' }).query.count).toBeUndefined()
  })

  test('that are unknown are refused when handling is strict', () => {
    expect(refusal('/films', { prefer: 'handling=strict, foo, bar' })).toEqual({
      code: 'PGRST122',
      message: 'Invalid preferences given with handling=strict',
      details: 'Invalid preferences: foo, bar',
      hint: null,
    })
    expect(refusal('/films', { prefer: 'handling=strict, timezone=Mars/Base' }).code).toBe('PGRST122')
    expect(decoded('/films', { prefer: 'handling=lenient, foo' }).query.kind).toBe('read')
    expect(refusal('/films?year', { prefer: 'handling=strict' }).code).toBe('PGRST100')
    expect(decoded('/films?year').query.where).toBeUndefined()
  })

  test('choose a media type, or are refused', () => {
    expect(refusal('/films', { accept: 'text/unknowntype' })).toMatchObject({
      code: 'PGRST107',
      message: 'None of these media types are available: text/unknowntype',
    })
    expect(refusal('/films', { accept: 'constructor' }).code).toBe('PGRST107')
    expect(decoded('/films', { accept: 'text/unknowntype, */*' }).query.kind).toBe('read')
    expect(decoded('/films', { accept: 'application/vnd.pgrst.plan' }).query.explain).toBe(true)
  })

  test('name the one schema there is', () => {
    expect(refusal('/films', { 'accept-profile': 'private' })).toMatchObject({ code: 'PGRST106', message: 'Invalid schema: private' })
    expect(decoded('/films', { 'accept-profile': 'public' }).query.kind).toBe('read')
  })
})

describe('methods and paths', () => {
  test('HEAD makes no rows, unless an aggregate or a single object needs them', () => {
    expect(decoded('/films', {}, 'HEAD').query.bare).toBe(true)
    expect(decoded('/films?select=count()', {}, 'HEAD').query.bare).toBeUndefined()
    expect(decoded('/films/1', {}, 'HEAD').query.bare).toBeUndefined()
  })

  test('one row is found by its key', () => {
    expect(decoded('/films/a+b%2Fc?select=title')).toMatchObject({
      query: { select: [{ as: 'title' }], where: { kind: 'compare', op: 'eq', left: field('id') } },
      values: ['a+b/c'],
    })
    expect(decoded('/roles/1,a%2Cb')).toMatchObject({
      query: { where: { kind: 'and', of: [{ left: field('film_id') }, { left: field('actor_id') }] } },
      values: ['1', 'a,b'],
    })
    expect(decoded('/roles/1').query.where).toEqual({ kind: 'constant', value: false })
    expect(decoded('/nowhere/1').query).toMatchObject({ table: 'nowhere' })
    expect(refusal('/films/1?order=id').code).toBe('PGRST100')
  })

  test('a path that is no table is not there', () => {
    for (const path of ['', '/', '/films/', '/films/1/2']) expect(refusal(path).code).toBe('PGRST125')
  })

  test('OPTIONS says what may be done, the same for each name', () => {
    const rest = createRest(schema)
    const options = (path: string): Response => rest.decode(request(path, {}, 'OPTIONS')) as Response // OPTIONS has no question
    expect(options('/films')).toEqual({ status: 200, headers: { Allow: 'OPTIONS,GET,HEAD,POST,PUT,PATCH,DELETE' }, body: undefined })
    expect(options('/nowhere')).toEqual(options('/films'))
  })

  test('a method that is not there is refused', () => {
    expect(refusal('/films', {}, 'TRACE')).toMatchObject({ code: 'PGRST117', message: 'Unsupported HTTP method: TRACE' })
    expect(refusal('/films/1', {}, 'POST')).toMatchObject({ code: 'PGRST117', message: 'Unsupported HTTP method: POST' })
  })
})

describe('limits', () => {
  const many = (length: number, one: (at: number) => string): string => Array.from({ length }, (_, at) => one(at)).join('')

  test.each([
    ['filters', `/films?id=eq.1${many(100, (at) => `&c${at}=eq.1`)}`, 'too_complex'],
    ['elements of a list', `/films?id=in.(0${many(1000, (at) => `,${at}`)})`, 'too_complex'],
    ['elements of an array', `/films?id=eq(any).{0${many(1000, (at) => `,${at}`)}}`, 'too_complex'],
    ['embeds', `/films?select=a()${many(50, (at) => `,a${at}()`)}`, 'too_complex'],
    ['columns', `/films?select=a${many(100, (at) => `,a${at}`)},roles(b${many(100, (at) => `,b${at}`)})`, 'too_complex'],
    ['columns to order by', `/films?select=roles()&order=a${many(10, () => ',a')}&roles.order=b${many(9, () => ',b')}`, 'too_complex'],
    ['embeds in each other', `/films?select=${many(6, (at) => `a${at}(`)}x${many(6, () => ')')}`, 'too_deep'],
    ['steps of a path', `/films?select=info${many(501, () => '->a')}`, 'too_deep'],
    ['logic in each other', `/films?and=${many(11, () => '(and')}(a.eq.1)${many(11, () => ')')}`, 'too_deep'],
  ])('bound the %s', (_, url, code) => {
    expect(refusal(url).code).toBe(code)
  })

  test('can be set', () => {
    expect(refusal('/films?a=eq.1&b=eq.2', {}, 'GET', { maxFilters: 1 }).code).toBe('too_complex')
    expect(decoded('/films?a=eq.1', {}, 'GET', { maxFilters: 1 }).values).toEqual(['1'])
  })
})
