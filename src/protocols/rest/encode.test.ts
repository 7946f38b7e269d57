import { describe, expect, test } from 'vitest'
import { Problem } from '../../errors.ts'
import type { Answer } from '../../query/ask.ts'
import type { Response } from '../protocol.ts'
import { createRest } from './rest.ts'
import { request, schema } from './small-world.ts'

const rest = createRest(schema)

function answered(
  url: string,
  answer: Partial<Extract<Answer, { kind: 'rows' }>>,
  headers: Record<string, string> = {},
  method = 'GET',
): Response {
  const asked = request(url, headers, method)
  const found = rest.decode(asked)
  if (!('question' in found)) throw new Error('no question')
  try {
    return rest.encode({ kind: 'rows', json: '[]', length: 0, ...answer }, found.format, asked)
  } catch (error) {
    if (error instanceof Problem) return rest.fail(error, asked)
    throw error
  }
}

const two = { json: '[{"id":1,"price":195.10},{"id":2,"price":null}]', length: 2 }
const one = { json: '[{"id":1,"name":null}]', length: 1 }
const problem = ({ body }: Response): Record<string, unknown> => JSON.parse(String(body))

describe('a list', () => {
  test('goes out as the database wrote it', () => {
    expect(answered('/films?year=eq.1&select=id', two)).toEqual({
      status: 200,
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'Content-Range': '0-1/*',
        'Content-Location': '/rest/v1/films?select=id&year=eq.1',
        Vary: 'Accept, Prefer, Range, Authorization, apikey',
      },
      body: two.json,
    })
  })

  test.each([
    ['/films', { length: 0, total: undefined }, 200, '*/*'],
    ['/films', { length: 0, total: 0 }, 200, '*/0'],
    ['/films', { length: 2, total: 2 }, 200, '0-1/2'],
    ['/films?limit=2&offset=3', { length: 2, total: 15 }, 206, '3-4/15'],
    ['/films?offset=15', { length: 0, total: 15 }, 206, '*/15'],
    ['/films?limit=0', { length: 0, total: 15 }, 206, '*/15'],
    ['/films?after=x', { length: 2, total: 15 }, 206, '*/15'],
  ])('of %s says where it is and how many there are: %o', (url, { length, total }, status, range) => {
    const answer = total === undefined ? { length } : { length, total }
    expect(answered(url, answer)).toMatchObject({ status, headers: { 'Content-Range': range } })
  })

  test('past the end is refused', () => {
    const response = answered('/films?offset=100', { total: 15 }, { prefer: 'count=exact' })
    expect(response).toMatchObject({ status: 416, headers: { 'Content-Range': '*/15' } })
    expect(problem(response)).toMatchObject({
      code: 'PGRST103',
      message: 'Requested range not satisfiable',
      details: 'An offset of 100 was requested, but there are only 15 rows.',
    })
  })

  test('of HEAD has the headers alone', () => {
    const { body, ...head } = answered('/films', { ...two, json: '' }, { prefer: 'count=exact' }, 'HEAD')
    const { body: rows, ...get } = answered('/films', two, { prefer: 'count=exact' })
    expect([body, rows]).toEqual([undefined, two.json])
    expect(head).toEqual(get)
    expect(head.headers).toMatchObject({ 'Preference-Applied': 'count=exact' })
  })

  test('says how to go on', () => {
    expect(answered('/films?order=id&after=old&limit=2', { ...two, next: 'a=b' }).headers['Link']).toBe(
      '</rest/v1/films?order=id&limit=2&after=a%3Db>; rel="next"',
    )
  })

  test('is tagged for those who ask with a tag', () => {
    expect(answered('/films', two).headers['ETag']).toBeUndefined()
    const tag = answered('/films', two, { 'if-none-match': '""' }).headers['ETag'] ?? ''
    expect(answered('/films', two, { 'if-none-match': tag })).toMatchObject({ status: 304, body: undefined, headers: { ETag: tag } })
    expect(answered('/films', one, { 'if-none-match': tag }).status).toBe(200)
  })
})

describe('a single object', () => {
  const object = 'application/vnd.pgrst.object+json'

  test('stands alone', () => {
    expect(answered('/films?id=eq.1', one, { accept: object })).toMatchObject({
      status: 200,
      body: '{"id":1,"name":null}',
      headers: { 'Content-Type': `${object}; charset=utf-8` },
    })
    expect(answered('/films?id=eq.1', one, { accept: 'ApplicatIon/vnd.PgRsT.object; nulls=stripped' })).toMatchObject({
      body: '{"id":1}',
      headers: { 'Content-Type': `${object};nulls=stripped; charset=utf-8` },
    })
  })

  test('is refused where there is not exactly one', () => {
    const response = answered('/films', two, { accept: object })
    expect(response.status).toBe(406)
    expect(problem(response)).toMatchObject({
      code: 'PGRST116',
      message: 'Cannot coerce the result to a single JSON object',
      details: 'The result contains 2 rows',
      hint: null,
    })
  })
})

describe('one row', () => {
  test('is an object with a strong tag', () => {
    const { headers, ...response } = answered('/films/1', one)
    expect(response).toEqual({ status: 200, body: '{"id":1,"name":null}' })
    expect(headers).toEqual({
      'Content-Type': 'application/json; charset=utf-8',
      Vary: 'Accept, Prefer, Range, Authorization, apikey',
      'Cache-Control': 'private, no-cache',
      ETag: headers['ETag'],
    })
    expect(headers['ETag']).toMatch(/^"[\w-]{27}"$/)
  })

  test('that the client has is not sent again', () => {
    const tag = answered('/films/1', one).headers['ETag'] ?? ''
    for (const known of [tag, `W/${tag}`, `"x", ${tag}`, '*'])
      expect(answered('/films/1', one, { 'if-none-match': known })).toMatchObject({ status: 304, body: undefined })
    expect(answered('/films/1', two, { 'if-none-match': tag }).status).toBe(200)
    expect(answered('/films/1', one, { 'if-none-match': tag, accept: 'text/csv' }).status).toBe(200)
    expect(answered('/films/1', one, {}, 'HEAD')).toMatchObject({ status: 200, body: undefined, headers: { ETag: tag } })
  })

  test('that is not the wanted one is refused', () => {
    const tag = answered('/films/1', one).headers['ETag'] ?? ''
    expect(answered('/films/1', one, { 'if-match': tag }).status).toBe(200)
    expect(answered('/films/1', one, { 'if-match': `W/${tag}` })).toMatchObject({ status: 412, headers: { ETag: tag } })
  })

  test('that is not there is not found', () => {
    const response = answered('/films/7', {})
    expect(response.status).toBe(404)
    expect(problem(response)).toMatchObject({ code: 'not_found', details: 'The result contains 0 rows' })
  })
})

describe('other forms', () => {
  const csv = { accept: 'text/csv; version=1' }

  test('CSV has a line of names, and a line for each row', () => {
    const json =
      '[{"id":1,"price":195.10,"name":"a,\\"b\\"","x":null,"y":"","tags":["p","q"],"ok":true}, \n {"id":12345678901234567890,"price":0.10,"name":"line\\nbreak","x":"é","y":"c","tags":{"a": 1},"ok":false}]'
    const response = answered('/films', { json, length: 2 }, csv)
    expect(response.headers['Content-Type']).toBe('text/csv; charset=utf-8')
    expect(response.body).toBe(
      'id,price,name,x,y,tags,ok\n1,195.10,"a,""b""",,"","[""p"",""q""]",true\n12345678901234567890,0.10,"line\nbreak",é,c,"{""a"": 1}",false',
    )
  })

  test('CSV without rows has the line of names', () => {
    expect(answered('/films', { names: ['id', 'a,b'] }, csv).body).toBe('id,"a,b"\n')
  })

  test('nulls are left out in objects at any depth', () => {
    const json = '[{"a":null,"b":[null,1],"c":{"d":null,"e":"null"}}, {"a":1e400,"b":{},"c":[{"x": null}]}]'
    expect(answered('/films', { json, length: 2 }, { accept: 'application/vnd.pgrst.array+json;nulls=stripped' })).toMatchObject({
      body: '[{"b":[null,1],"c":{"e":"null"}},{"a":1e400,"b":{},"c":[{}]}]',
      headers: { 'Content-Type': 'application/vnd.pgrst.array+json;nulls=stripped; charset=utf-8' },
    })
  })

  test('the best that the client accepts is given', () => {
    const typeOf = (accept: string): string | undefined => answered('/films', two, { accept }).headers['Content-Type']
    expect(typeOf('text/csv, */*')).toBe('text/csv; charset=utf-8')
    expect(typeOf('*/*, text/csv')).toBe('text/csv; charset=utf-8')
    expect(typeOf('text/csv;q=0.5, application/json')).toBe('application/json; charset=utf-8')
    expect(typeOf('text/html,application/xml;q=0.9,*/*;q=0.8')).toBe('application/json; charset=utf-8')
    expect(typeOf('application/vnd.pgrst.array+json')).toBe('application/json; charset=utf-8')
  })

  test('a plan is text, or its lines in JSON', () => {
    const plan = (accept: string): Response => {
      const asked = request('/films', { accept })
      const found = rest.decode(asked)
      if (!('question' in found)) throw new Error('it was answered at once')
      return rest.encode({ kind: 'explained', text: 'Scan\n  films' }, found.format, asked)
    }
    expect(plan('application/vnd.pgrst.plan+text; for="text/csv"; options=analyze|verbose;')).toMatchObject({
      body: 'Scan\n  films',
      headers: { 'Content-Type': 'application/vnd.pgrst.plan+text; for="text/csv"; charset=utf-8' },
    })
    expect(plan('application/vnd.pgrst.plan+json').body).toBe('[{"Plan":["Scan","  films"]}]')
  })
})

describe('a failure', () => {
  test('is a problem document that has what clients of PostgREST read', () => {
    const response = rest.fail(new Problem('PGRST100', 'no', { details: 'd', hint: 'h' }), request('/films'))
    expect(response).toMatchObject({
      status: 400,
      headers: { 'Content-Type': 'application/problem+json; charset=utf-8', 'Proxy-Status': 'plinth; error=PGRST100' },
    })
    expect(problem(response)).toEqual({
      type: 'urn:plinth:error:PGRST100',
      title: 'The query string cannot be read',
      status: 400,
      detail: 'no',
      instance: 'urn:plinth:request:test',
      code: 'PGRST100',
      message: 'no',
      details: 'd',
      hint: 'h',
    })
  })

  test('of HEAD has no body', () => {
    expect(rest.fail(new Problem('57014', 'slow'), request('/films', {}, 'HEAD'))).toMatchObject({
      status: 504,
      body: undefined,
      headers: { 'Proxy-Status': 'plinth; error=57014' },
    })
  })

  test('of credentials says how to sign in', () => {
    const challenge = (code: 'PGRST301' | 'invalid_api_key', message: string): string | undefined =>
      rest.fail(new Problem(code, message), request('/films')).headers['WWW-Authenticate']
    expect(challenge('invalid_api_key', 'The API key is not one of this backend.')).toBe('Bearer')
    expect(challenge('PGRST301', 'No "key" ✓')).toBe('Bearer error="invalid_token", error_description="No key "')
  })

  test('keeps the headers that belong to it', () => {
    expect(rest.fail(new Problem('PGRST117', 'no', { headers: { Allow: 'GET' } }), request('/films')).headers).toMatchObject({
      Allow: 'GET',
    })
  })
})
