/**
 * Answers to writes become responses, by PostgREST's rules: 201 for rows that were put in, 200 for the others that come
 * back, 204 where nothing does.
 *
 * 1. What is given back is what the asker may read of it; that may be nothing, and then there is no body to a row.
 * 2. A row at its own address is tagged, so that it can be changed again under a condition.
 */
import { Problem } from '../../errors.ts'
import type { Answer, Written } from '../../query/ask.ts'
import { elementsOf, membersOf, textOf } from '../../util/json-slices.ts'
import type { Request, Response } from '../protocol.ts'
import { bodyOf } from './encode.ts'
import { quotedTag } from './etag.ts'
import type { WriteForm } from './make-write.ts'
import { VARY } from './vary.ts'

export function writeWritten(answer: Answer, form: WriteForm, request: Request): Response {
  if (answer.kind !== 'written') throw new Error('a write was answered with rows alone')
  if (form.resource && answer.count === 0) throw new Problem('not_found', 'There is no such row', { details: 'The result contains 0 rows' })
  const headers: Record<string, string> = { ...rangeOf(answer, form), Vary: VARY }
  if (form.applied !== '') headers['Preference-Applied'] = form.applied
  if (answer.replayed) headers['Idempotent-Replayed'] = 'true'
  const body = form.returned === 'representation' ? representation(answer, form, headers) : undefined
  if (form.returned === 'headers-only') addLocation(answer, form, request, headers)
  return { status: statusOf(answer, form, body !== undefined), headers, body }
}

function statusOf({ inserted }: Written, { method, merges }: WriteForm, hasBody: boolean): number {
  if (method === 'POST') return merges && inserted === 0 ? 200 : 201
  if (!hasBody) return 204
  return method === 'PUT' && inserted > 0 ? 201 : 200
}

/** How many rows: of changed ones also their places, as PostgREST tells them. */
function rangeOf({ count }: Written, { method, counted }: WriteForm): { 'Content-Range'?: string } {
  if (method === 'PUT') return {}
  const places = method === 'PATCH' && count > 0 ? `0-${count - 1}` : '*'
  return { 'Content-Range': `${places}/${counted ? count : '*'}` }
}

function representation({ rows }: Written, form: WriteForm, headers: Record<string, string>): string | undefined {
  const { json, length, names } = rows ?? { json: '[]', length: 0 }
  const isOne = form.media.form === 'object' || form.resource
  if (isOne && length !== 1) return undefined
  headers['Content-Type'] = form.media.type
  if (form.resource) headers['ETag'] = quotedTag(form.media.type, json.slice(1, -1))
  return bodyOf({ json, names }, form.media)
}

/** Where the new row is, if it is one and the asker may read it. */
function addLocation({ rows }: Written, { method }: WriteForm, { path }: Request, headers: Record<string, string>): void {
  const [row, ...others] = elementsOf(rows?.json ?? '[]')
  if (method !== 'POST' || row === undefined || others.length > 0) return
  const key = membersOf(row).map(([name, value]) => `${encodeURIComponent(name)}=eq.${encodeURIComponent(textOf(value))}`)
  headers['Location'] = `${path}?${key.join('&')}`
}
