/**
 * Which web pages may read answers. Nothing here depends on cookies, so that `*` is safe: a page can only show what
 * it holds a key or a token for.
 */
import type { Answer, Exchange } from './exchange.ts'

const methods = 'GET, HEAD, POST, PATCH, PUT, DELETE, OPTIONS'
const usual =
  'Accept, Authorization, Content-Type, apikey, Idempotency-Key, Prefer, Range, Range-Unit, If-Match, If-None-Match, X-Client-Info, X-Request-Id'
const exposed =
  'Content-Encoding, Content-Location, Content-Range, ETag, Idempotent-Replayed, Link, Location, Next-After, Preference-Applied, Proxy-Status, Range-Unit, RateLimit, RateLimit-Policy, Retry-After, Server-Timing, X-Request-Id'
const asked = /^[A-Za-z0-9!#$%&'*+.^_`|~ ,-]{1,2000}$/

const allow = (origin: string): string => `Access-Control-Allow-Origin: ${origin}\r\n`
const expose = `Access-Control-Expose-Headers: ${exposed}\r\n`
/** On every answer: one that a cache took from a plain visit must still be readable by a page. */
const anybody = allow('*')

export class Origins {
  readonly #any: boolean
  readonly #allowed: ReadonlySet<string>

  constructor(allowed: readonly string[]) {
    this.#any = allowed.includes('*')
    this.#allowed = new Set(allowed)
  }

  /** Lines for the head of an answer to a page of this origin. */
  lines(origin: string | undefined): string {
    if (this.#any) return origin === undefined ? anybody : anybody + expose
    return origin !== undefined && this.#allowed.has(origin) ? `${allow(origin)}${expose}Vary: Origin\r\n` : 'Vary: Origin\r\n'
  }
}

export function isPreflight(exchange: Exchange): boolean {
  return (
    exchange.method === 'OPTIONS' &&
    exchange.headers['access-control-request-method'] !== undefined &&
    exchange.headers.origin !== undefined
  )
}

export function preflightAnswer(exchange: Exchange): Answer {
  const wanted = exchange.headers['access-control-request-headers']
  const headers = {
    'Access-Control-Allow-Methods': methods,
    'Access-Control-Allow-Headers': wanted !== undefined && asked.test(wanted) ? wanted : usual,
    'Access-Control-Max-Age': '86400',
    Vary: 'Access-Control-Request-Headers',
  }
  return { status: 204, headers, body: undefined }
}
