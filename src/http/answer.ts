/**
 * Writes an answer: the protocol's own headers, and those that every answer carries, errors too.
 *
 * 1. One head and one `end`: the answer leaves in one piece.
 * 2. What a protocol says of caching, security or its type stands; the defaults of `head.ts` fill in what it does not
 *    say.
 */
import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { milliseconds } from '../util/milliseconds.ts'
import { codedTag, encodeBody, isLong, wantedCoding, worthCoding, type Coding } from './coding.ts'
import type { Origins } from './cors.ts'
import type { Answer, Exchange, Notes } from './exchange.ts'
import { headerLine, saidItself, type HeadWriter } from './head.ts'

export interface AnswerOptions {
  readonly head: HeadWriter
  readonly origins: Origins
  /** Whether an answer carries `Server-Timing`. */
  readonly timed: (notes: Notes) => boolean
}

/** What an answer needs to know of its moment. */
export interface Moment {
  /** The connection ends with this answer. */
  readonly last: boolean
  /** More lines for the head: those of the rate limit. */
  readonly extra: string
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
  if (answer.stream !== undefined) return writeStream(res, exchange, answer, answer.stream, options, moment)
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

/** Gone by pieces, as they come and as the client takes them. */
async function writeStream(
  res: ServerResponse,
  exchange: Exchange,
  answer: Answer,
  stream: ReadableStream<Uint8Array>,
  options: AnswerOptions,
  moment: Moment,
): Promise<number> {
  const lines = linesOf(exchange, answer, options, moment, undefined)
  options.head.begin(res, answer.status, saidItself(answer.headers), lines)
  if (exchange.method === 'HEAD') {
    await stream.cancel()
    res.end()
    return 0
  }
  let bytes = 0
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const piece of stream) {
      bytes += piece.length
      yield piece
    }
  }
  await pipeline(counted, res)
  return bytes
}

function finish(
  res: ServerResponse,
  exchange: Exchange,
  answer: Answer,
  options: AnswerOptions,
  moment: Moment,
  coding: Coding | undefined,
): number {
  const { body, status } = answer
  const length = body === undefined ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.length
  let lines = linesOf(exchange, answer, options, moment, coding)
  if (saysLength(exchange, answer)) lines += `Content-Length: ${length}\r\n`
  const ascii = typeof body === 'string' && body.length === length
  options.head.write(res, status, saidItself(answer.headers), lines, exchange.method === 'HEAD' ? undefined : body, ascii)
  return length
}

/** No length belongs to 204 and 304; on HEAD only a length that is known. */
function saysLength(exchange: Exchange, answer: Answer): boolean {
  return answer.status !== 204 && answer.status !== 304 && (exchange.method !== 'HEAD' || answer.body !== undefined)
}

function linesOf(exchange: Exchange, answer: Answer, options: AnswerOptions, moment: Moment, coding: Coding | undefined): string {
  const { origins, timed } = options
  let lines = `X-Request-Id: ${exchange.id}\r\n${moment.extra}${origins.lines(exchange.headers.origin)}`
  lines += ownLines(answer, coding ?? (answer.status === 304 ? moment.shown : undefined))
  if (coding !== undefined) lines += `Content-Encoding: ${coding}\r\n`
  if (coding !== undefined || answer.status === 304 || isLong(answer.body)) lines += 'Vary: Accept-Encoding\r\n'
  if (exchange.notes !== undefined && timed(exchange.notes)) lines += timingLine(exchange.notes.times)
  if (moment.last) lines += 'Connection: close\r\n'
  return lines
}

/** The protocol's headers. */
function ownLines({ headers, cookies }: Answer, coding: Coding | undefined): string {
  let lines = ''
  for (const name in headers) {
    const value = headers[name] ?? ''
    lines += headerLine(name, coding !== undefined && name.toLowerCase() === 'etag' ? codedTag(value, coding) : value)
  }
  if (cookies !== undefined) for (const cookie of cookies) lines += headerLine('Set-Cookie', cookie)
  return lines
}

/** A header of an answer whose names may be in any case. */
function headerOf(headers: Readonly<Record<string, string>>, wanted: string): string | undefined {
  for (const name in headers) if (name.length === wanted.length && name.toLowerCase() === wanted) return headers[name]
  return undefined
}

/** `identify;dur=` and the like: as one piece each, because the head is walked by pieces when it is sent. */
const labels = new Map<string, string>()

function labelOf(step: string): string {
  const known = labels.get(step)
  if (known !== undefined) return known
  const made = `${step};dur=`
  labels.set(step, made)
  return made
}

/** The steps of the path with their milliseconds. */
function timingLine(times: Readonly<Record<string, number>>): string {
  let line = ''
  for (const step in times) {
    line += line === '' ? 'Server-Timing: ' : ', '
    line += labelOf(step) + milliseconds(times[step] ?? 0)
  }
  return `${line}\r\n`
}
