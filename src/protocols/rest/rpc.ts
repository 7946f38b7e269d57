/**
 * Calls of functions: `/rest/v1/rpc/<name>`, by POST with the input as JSON, or by GET where the function writes
 * nothing, with the input in the URL.
 *
 * 1. A list that a function gives is rows: it can be had as CSV, as its only row, and counted. All else is itself.
 * 2. A function's result has no columns of the file, so that there are no filters on it.
 */
import { Problem } from '../../errors.ts'
import type { Answer } from '../../query/ask.ts'
import type { Call, Question } from '../../query/query.ts'
import { isDeeper } from '../../util/json-depth.ts'
import { elementsOf } from '../../util/json-slices.ts'
import { repeated } from '../../util/repeated.ts'
import type { Request, Response } from '../protocol.ts'
import { PREFIX, decodePath } from './address.ts'
import { bodyOf, notOne } from './encode.ts'
import { contentType, noReader, textOf } from './given.ts'
import { checkProfile, frozen, refuseBareNames } from './make-shape.ts'
import { negotiate, type Media } from './media.ts'
import { operators } from './operators.ts'
import { split } from './parameters.ts'
import { readPreferences, type Preferences } from './preferences.ts'
import { VARY } from './vary.ts'

const RPC = `${PREFIX}/rpc/`

export const isCall = (path: string): boolean => path.startsWith(RPC) && path.length > RPC.length

export interface CallForm {
  readonly media: Media
  readonly head: boolean
  readonly preferences: Preferences
}

export interface AskedCall {
  readonly question: Question
  readonly form: CallForm
}

const ALLOW = { Allow: 'OPTIONS,GET,HEAD,POST' }

export function readCall(request: Request, { maxJsonDepth }: { readonly maxJsonDepth: number }): AskedCall | Response {
  const { method, headers } = request
  if (method === 'OPTIONS') return { status: 200, headers: ALLOW, body: undefined }
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST')
    throw new Problem('PGRST101', `Cannot use the ${method} method on RPC`, { headers: ALLOW })
  const reads = method !== 'POST'
  checkProfile(headers[reads ? 'accept-profile' : 'content-profile'])
  const preferences = readPreferences(headers['prefer'])
  if (preferences.strict) refuseBareNames(request.query)
  const media = negotiate(headers['accept'], false)
  if (media.form === 'plan') throw notThere('A function has no plan to show.')
  const { input, textual } = reads ? { input: inputOfQuery(request.query), textual: true } : inputOfBody(request, maxJsonDepth)
  const query: Call = {
    kind: 'call',
    function: decodePath(request.path.slice(RPC.length)),
    input: { kind: 'value', at: 0 },
    ...(textual && { textual }),
    ...(reads && { reads }),
    ...(preferences.rehearsal && { rehearsal: true }),
  }
  return { question: { query: frozen(query), values: [input] }, form: { media, head: method === 'HEAD', preferences } }
}

const notThere = (details: string, hint?: string): Problem =>
  new Problem('PGRST127', 'Feature not implemented', { details, ...(hint !== undefined && { hint }) })

// ── What it is given ──

type Input = Readonly<Record<string, unknown>>

function inputOfQuery(query: string): Input {
  const given = split(query, false).map(({ name, value }): [string, string] => [name, 'text' in value ? value.text : ''])
  const shaping = given.find(([name, text]) => shapers.has(name) || isFilter(text))
  if (shaping !== undefined) throw noShaping(shaping[0])
  const twice = repeated(given.map(([name]) => name))
  if (twice !== undefined) throw new Problem('PGRST100', `The input "${twice}" is there twice`)
  return Object.fromEntries(given)
}

const shapers: ReadonlySet<string> = new Set(['select', 'order', 'and', 'or', 'having', 'after', 'on_conflict', 'columns'])

/** A value that is written as a filter is: nobody's input is passed on that was meant to keep rows away. */
function isFilter(text: string): boolean {
  const word = /^(?:not\.)*([a-z]+)(?:\([^)]*\))?\./.exec(text)?.[1]
  return word !== undefined && operators.has(word)
}

const noShaping = (name: string): Problem =>
  notThere(`The result of a function cannot be filtered, ordered or cut by "${name}".`, 'Give what it needs to know in its input.')

function inputOfBody(request: Request, maxJsonDepth: number): { input: unknown; textual: boolean } {
  const [shaping] = split(request.query, false)
  if (shaping !== undefined) throw noShaping(shaping.name)
  const type = contentType(request.headers['content-type'])
  const text = textOf(request.body)
  if (type === 'application/x-www-form-urlencoded') return { input: Object.fromEntries(new URLSearchParams(text)), textual: true }
  if (type !== 'application/json' && !/^application\/[a-z0-9.+-]+\+json$/.test(type)) throw noReader(type)
  return { input: text === '' ? undefined : inputOfJson(text, maxJsonDepth), textual: false }
}

function inputOfJson(text: string, maxJsonDepth: number): unknown {
  if (isDeeper(text, maxJsonDepth))
    throw new Problem('too_deep', `JSON may be nested ${maxJsonDepth} deep at most`, { hint: 'Nest less, or raise PLINTH_MAX_JSON_DEPTH.' })
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Problem('PGRST102', 'Empty or invalid json', { ...(cause instanceof Error && { details: cause.message }) })
  }
}

// ── What it gave ──

const applied = ['tx', 'count', 'handling', 'timezone'] as const

export function writeReturned(answer: Answer, { media, head, preferences }: CallForm): Response {
  if (answer.kind !== 'returned') throw new Error('a call was answered with rows')
  const headers: Record<string, string> = { Vary: VARY }
  const told = preferences.applied(applied)
  if (told !== '') headers['Preference-Applied'] = told
  if (answer.replayed) headers['Idempotent-Replayed'] = 'true'
  const { json } = answer
  if (json === undefined) return { status: 204, headers, body: undefined }
  const rows = json.startsWith('[') ? elementsOf(json) : undefined
  if (rows !== undefined) headers['Content-Range'] = rangeOf(rows.length, preferences)
  headers['Content-Type'] = media.type
  return { status: 200, headers, body: head ? undefined : bodyIn(media, json, rows) }
}

function rangeOf(length: number, { count }: Preferences): string {
  const places = length === 0 ? '*' : `0-${length - 1}`
  return `${places}/${count === undefined ? '*' : length}`
}

function bodyIn(media: Media, json: string, rows: readonly string[] | undefined): string {
  if (rows === undefined) return oneBody(media, json)
  if (media.form === 'object' && rows.length !== 1) throw notOne(rows.length)
  if (media.form === 'csv' && !rows.every(isObject)) throw noCsv()
  return bodyOf({ json }, media)
}

function oneBody(media: Media, json: string): string {
  if (media.form !== 'csv') return bodyOf({ json }, { ...media, form: 'array' })
  if (!isObject(json)) throw noCsv()
  return bodyOf({ json: `[${json}]` }, media)
}

const isObject = (json: string): boolean => json.startsWith('{')

const noCsv = (): Problem =>
  new Problem('PGRST107', 'What the function gave are no rows, which CSV has', { hint: 'Accept application/json.' })
