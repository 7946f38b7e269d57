/** What every error looks like over the network: status, document and headers. */
import { expect } from 'vitest'
import { catalogue, type ErrorCode, type ErrorEntry } from '../../src/errors.ts'

/** An answer as a client on the network has it. */
export interface Provoked {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

export async function read(response: Response): Promise<Provoked> {
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) }
}

const orNull = (one: unknown): boolean => one === null || typeof one === 'string'
const sentence = expect.stringMatching(/^\S.+[^\s]$/s)

/** Every member of the document, and no other; `more` is what is known of this occurrence. */
export function expectDocument(code: ErrorCode, body: unknown, more: Readonly<Record<string, unknown>> = {}): void {
  const { status, title, hint }: ErrorEntry = catalogue[code]
  expect(body).toEqual({
    type: `urn:plinth:error:${code}`,
    title,
    status,
    detail: more['message'] ?? sentence,
    instance: expect.stringMatching(/^urn:plinth:request:./),
    code,
    message: sentence,
    details: expect.toSatisfy(orNull),
    hint: hint === undefined ? expect.toSatisfy(orNull) : expect.any(String),
    ...more,
  })
  const { detail, message } = Object(body)
  expect(detail).toBe(message)
}

/** The headers that no answer lacks, and that no error may be cached. */
export function expectHeaders(headers: Headers): void {
  expect(Object.fromEntries(headers)).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'access-control-allow-origin': '*',
    'cache-control': 'no-store',
    'x-request-id': expect.stringMatching(/./),
  })
}

export function expectError(code: ErrorCode, { status, headers, body }: Provoked, more?: Readonly<Record<string, unknown>>): void {
  expect(Object(body).code).toBe(code)
  expect(status).toBe(catalogue[code].status)
  expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  expectDocument(code, body, more)
  expectHeaders(headers)
  expect(Object(body).instance).toBe(`urn:plinth:request:${headers.get('x-request-id')}`)
}
