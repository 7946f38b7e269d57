/**
 * Writes an answer: the protocol's own headers, and those that every answer carries, errors too.
 *
 * 1. One `writeHead` with a flat list and one `end`: the answer leaves in one piece.
 * 2. What a protocol says of caching, security or its type stands; the defaults here fill in what it does not say.
 */
import type { ServerResponse } from 'node:http'
import { codedTag, encodeBody, isLong, wantedCoding, worthCoding, type Coding } from './coding.ts'
import type { Origins } from './cors.ts'
import type { Answer, Exchange } from './exchange.ts'
import { writeUsual } from './write-head.ts'

/** Headers that stand on every answer; none of them depends on the request. */
const always: readonly string[] = ['X-Content-Type-Options', 'nosniff', 'Referrer-Policy', 'no-referrer']
const defaults: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}
const defaultNames = Object.keys(defaults)

export interface AnswerOptions {
  readonly origins: Origins
  /** Whether answers carry `Server-Timing`. */
  readonly timing: boolean
  /** Milliseconds that a connection without requests stays open. */
  readonly keepAlive: number
}

/** What an answer needs to know of its moment. */
export interface Moment {
  /** The connection ends with this answer. */
  readonly last: boolean
  /** More headers: those of the rate limit. */
  readonly extra: readonly string[]
  /** The coding of the tag that the client shows in a condition: a 304 names the same tag. */
  readonly shown: Coding | undefined
}

/** Gives the number of the body's bytes, once they are known. */
export function writeAnswer(
  res: ServerResponse,
  exchange: Exchange,
  answer: Answer,
  options: AnswerOptions,
  moment: Moment,
): number | Promise<number> {
  const { body } = answer
  if (body === undefined || body.length === 0 || exchange.method === 'HEAD')
    return finish(res, exchange, answer, options, moment, undefined)
  const type = headerOf(answer.headers, 'content-type')
  if (!worthCoding(type, body)) return finish(res, exchange, answer, options, moment, undefined)
  const coding = headerOf(answer.headers, 'content-encoding') === undefined ? wantedCoding(exchange.headers['accept-encoding']) : undefined
  if (coding === undefined) return finish(res, exchange, answer, options, moment, undefined)
  const encoded = encodeBody(body, coding)
  if (!(encoded instanceof Promise)) return finish(res, exchange, { ...answer, body: encoded }, options, moment, coding)
  return encoded.then((bytes) => finish(res, exchange, { ...answer, body: bytes }, options, moment, coding))
}

function finish(
  res: ServerResponse,
  exchange: Exchange,
  answer: Answer,
  options: AnswerOptions,
  moment: Moment,
  coding: Coding | undefined,
): number {
  const { body } = answer
  const length = body === undefined ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.length
  const head = headOf(exchange, answer, options, moment, coding)
  if (saysLength(exchange, answer)) head.push('Content-Length', String(length))
  const ascii = typeof body === 'string' && body.length === length
  if (!moment.last && writeUsual(res, answer.status, head, body, ascii, options.keepAlive)) return length
  res.writeHead(answer.status, head)
  if (body === undefined || exchange.method === 'HEAD') res.end()
  else res.end(body, 'utf8')
  return length
}

/** No length belongs to 204 and 304; on HEAD only a length that is known. */
function saysLength(exchange: Exchange, answer: Answer): boolean {
  return answer.status !== 204 && answer.status !== 304 && (exchange.method !== 'HEAD' || answer.body !== undefined)
}

function headOf(exchange: Exchange, answer: Answer, options: AnswerOptions, moment: Moment, coding: Coding | undefined): string[] {
  const head = [...always, 'X-Request-Id', exchange.id, ...moment.extra]
  const said = pushOwn(head, answer, coding ?? (answer.status === 304 ? moment.shown : undefined))
  for (let i = 0; i < defaultNames.length; i += 1) {
    const name = defaultNames[i] ?? ''
    if ((said & (1 << i)) === 0) head.push(name, defaults[name] ?? '')
  }
  const byOrigin = options.origins.add(head, exchange.headers.origin)
  if (byOrigin) head.push('Vary', 'Origin')
  if (coding !== undefined) head.push('Content-Encoding', coding)
  if (coding !== undefined || answer.status === 304 || isLong(answer.body)) head.push('Vary', 'Accept-Encoding')
  if (options.timing && exchange.notes !== undefined) head.push('Server-Timing', serverTiming(exchange.notes.times))
  if (moment.last) head.push('Connection', 'close')
  return head
}

/** The protocol's headers. Says as bits which of the defaults it set itself. */
function pushOwn(head: string[], answer: Answer, coding: Coding | undefined): number {
  let said = 0
  for (const name in answer.headers) {
    let value = answer.headers[name] ?? ''
    // Only names as long as one that matters are looked at more closely.
    if (name.length === 4 && name.toLowerCase() === 'etag') value = coding === undefined ? value : codedTag(value, coding)
    else if (name.length === 13 || name.length === 23 || name.length === 28) {
      const at = defaultNames.indexOf(name.toLowerCase())
      if (at >= 0) said |= 1 << at
    }
    head.push(name, value)
  }
  return said
}

/** A header of an answer whose names may be in any case. */
function headerOf(headers: Readonly<Record<string, string>>, wanted: string): string | undefined {
  for (const name in headers) if (name.length === wanted.length && name.toLowerCase() === wanted) return headers[name]
  return undefined
}

/** The steps of the path with their milliseconds, to the microsecond. */
function serverTiming(times: Readonly<Record<string, number>>): string {
  let text = ''
  for (const step in times) {
    const ms = times[step] ?? 0
    text += `${text === '' ? '' : ', '}${step};dur=${ms === 0 ? '0' : String(Math.round(ms * 1000) / 1000)}`
  }
  return text
}
