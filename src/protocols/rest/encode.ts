/**
 * Answers become responses: status and headers by PostgREST's rules, and the body in the form that was negotiated.
 *
 * 1. JSON made by the database goes out as it is; the other forms are cut from its text, never from parsed values.
 * 2. HEAD has every header of GET and no body.
 * 3. A page that is found by `after` has no place of its own: its `Content-Range` is `*`. The way on is the `Link`
 *    header with `rel="next"` (RFC 8288).
 */
import { Problem } from '../../errors.ts'
import type { Answer, Explained, Rows } from '../../query/ask.ts'
import { withoutNulls } from '../../util/json-slices.ts'
import type { Request, Response } from '../protocol.ts'
import { toCsv } from './csv.ts'
import { isKnown, isWanted, quotedTag } from './etag.ts'
import type { Form } from './make-shape.ts'
import type { Media } from './media.ts'
import { canonical } from './parameters.ts'
import { VARY } from './vary.ts'
import { outOfRange } from './window.ts'

/** What of the request the response depends on. */
export interface Format {
  readonly form: Form
  readonly offset: number
}

export function writeAnswer(answer: Answer, format: Format, request: Request): Response {
  if (answer.kind === 'explained') return writePlan(answer, format.form)
  if (answer.kind !== 'rows') throw new Error('a read was answered with no rows')
  return format.form.single ? writeRow(answer, format.form, request) : writeList(answer, format, request)
}

// ── Lists ──

function writeList(rows: Rows, { form, offset }: Format, request: Request): Response {
  const { length, total } = rows
  const range = contentRange(form, offset, length, total)
  if (total !== undefined && offset > total) throw pastTheEnd(offset, total, range)
  if (form.media.form === 'object' && length !== 1) throw notOne(length)
  const headers = listHeaders(form, range, request)
  if (rows.next !== undefined) headers['Link'] = nextLink(request, rows.next)
  const status = total !== undefined && length < total ? 206 : 200
  if (form.head && request.headers['if-none-match'] === undefined) return { status, headers, body: undefined }
  return conditional({ status, headers, body: bodyOf(rows, form.media) }, rows.json, form, request)
}

function listHeaders(form: Form, range: string, request: Request): Record<string, string> {
  const headers: Record<string, string> = {
    'Content-Type': form.media.type,
    'Content-Range': range,
    'Content-Location': urlOf(request.path, canonical(request.query, form.sorted)),
    Vary: VARY,
  }
  if (form.applied !== '') headers['Preference-Applied'] = form.applied
  return headers
}

function contentRange(form: Form, offset: number, length: number, total: number | undefined): string {
  const all = total ?? '*'
  return length === 0 || total === 0 || form.keyset ? `*/${all}` : `${offset}-${offset + length - 1}/${all}`
}

const pastTheEnd = (offset: number, total: number, range: string): Problem =>
  outOfRange(`An offset of ${offset} was requested, but there are only ${total} rows.`, { 'Content-Range': range })

export const notOne = (length: number): Problem =>
  new Problem('PGRST116', 'Cannot coerce the result to a single JSON object', { details: `The result contains ${length} rows` })

function nextLink({ path, query }: Request, token: string): string {
  const kept = query.split('&').filter((piece) => piece !== '' && !piece.startsWith('after='))
  return `<${urlOf(path, [...kept, `after=${encodeURIComponent(token)}`].join('&'))}>; rel="next"`
}

/** Headers are ASCII; what a lenient client sent raw is escaped. */
function urlOf(path: string, query: string): string {
  const url = query === '' ? path : `${path}?${query}`
  return /^[\x21-\x7e]*$/.test(url) ? url : url.replaceAll(/[^\x21-\x7e]/gu, (character) => encodeURIComponent(character.toWellFormed()))
}

// ── One row ──

function writeRow(rows: Rows, form: Form, request: Request): Response {
  if (rows.length === 0) throw new Problem('not_found', 'There is no such row', { details: 'The result contains 0 rows' })
  const headers: Record<string, string> = { 'Content-Type': form.media.type, Vary: VARY }
  if (form.applied !== '') headers['Preference-Applied'] = form.applied
  return conditional({ status: 200, headers, body: bodyOf(rows, form.media) }, rows.json.slice(1, -1), form, request)
}

interface Whole extends Response {
  readonly body: string
}

/** Tags the body where that is due, and leaves it out where the client has it already. */
function conditional({ status, headers, body }: Whole, json: string, form: Form, request: Request): Response {
  const known = request.headers['if-none-match']
  if (!form.single && known === undefined) return { status, headers, body }
  const tag = quotedTag(form.media.type, json)
  headers['ETag'] = tag
  headers['Cache-Control'] = 'private, no-cache'
  if (form.single && !isWanted(request.headers['if-match'], tag)) {
    throw new Problem('precondition_failed', 'The row is not the one that If-Match names', { headers: { ETag: tag } })
  }
  if (status === 200 && isKnown(known, tag)) return { status: 304, headers, body: undefined }
  return { status, headers, body: form.head ? undefined : body }
}

// ── Bodies ──

export function bodyOf({ json, names }: Pick<Rows, 'json' | 'names'>, media: Media): string {
  if (media.form === 'csv') return toCsv(json, names)
  const text = media.form === 'object' ? json.slice(1, -1) : json
  return media.stripped ? withoutNulls(text) : text
}

/** A plan is text; as JSON it is its lines, in the place where clients look for a plan. */
function writePlan({ text }: Explained, { media, head }: Form): Response {
  const body = media.json ? JSON.stringify([{ Plan: text.split('\n') }]) : text
  return { status: 200, headers: { 'Content-Type': media.type, 'Cache-Control': 'no-store', Vary: VARY }, body: head ? undefined : body }
}
