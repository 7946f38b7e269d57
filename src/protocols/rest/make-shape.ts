/** Makes the shape of a request: its query, how to fill in the values, and how to write the answer. */
import { Problem } from '../../errors.ts'
import type { Condition, Read, Value } from '../../query/query.ts'
import type { Schema } from '../../schema/schema.ts'
import type { Request } from '../protocol.ts'
import { decodePath, type Address } from './address.ts'
import { Builder, totals } from './build.ts'
import { allOf, havingOf } from './conditions.ts'
import { negotiate, type Media } from './media.ts'
import { sortedPieces, type Parameter } from './parameters.ts'
import { sortParts, type PartLimits, type Parts } from './parts.ts'
import { readPreferences, type Preferences } from './preferences.ts'
import { cannotRead } from './scanner.ts'
import { Slots, decodeText, type Fill, type Source } from './slots.ts'
import { WHOLE, readLimit, readOffset, windowOf, type ItemRange, type Window } from './window.ts'

export interface Shape {
  readonly query: Read
  readonly fills: readonly Fill[]
  readonly page: (texts: readonly string[], range: ItemRange | undefined) => Window
  readonly form: Form
}

/** What is known of an answer before it is there. */
export interface Form {
  readonly media: Media
  readonly head: boolean
  /** The path is of one row. */
  readonly single: boolean
  /** Pages are found by `after`. */
  readonly keyset: boolean
  /** The `Preference-Applied` header; empty without one. */
  readonly applied: string
  /** The order of the parameters in `Content-Location`. */
  readonly sorted: readonly number[] | undefined
}

/** What of a request the shape depends on, besides its parameters. */
export interface Frame {
  readonly address: Address
  readonly method: string
  readonly query: string
  readonly headers: Request['headers']
  /** The `Range` header in force: none, `10-`, or `0-24`. */
  readonly range: '' | 'open' | 'closed'
  /** How many texts the parameters hold; the parts of the key come after them. */
  readonly held: number
}

export function makeShape(schema: Schema, frame: Frame, parameters: readonly Parameter[], limits: PartLimits): Shape {
  checkProfile(frame.headers['accept-profile'])
  const single = frame.address.key !== undefined
  const preferences = readPreferences(frame.headers['prefer'])
  if (preferences.strict) refuseBareNames(frame.query)
  const media = negotiate(frame.headers['accept'], single)
  const slots = new Slots()
  const table = decodePath(frame.address.table)
  const parts = sortParts(schema, table, parameters, slots, limits)
  if (single) refuseListParameters(parts)
  const key = keyCondition(schema, table, frame, slots)
  const query = readQuery({
    table,
    parts,
    key,
    frame,
    media,
    preferences: single ? { ...preferences, count: undefined } : preferences,
    slots,
    limits,
  })
  return { query: frozen(query), fills: slots.fills, page: pager(parts), form: formOf(frame, parts, media, preferences) }
}

function formOf({ address, method, query }: Frame, parts: Parts, media: Media, preferences: Preferences): Form {
  const single = address.key !== undefined
  return {
    media,
    head: method === 'HEAD',
    single,
    keyset: parts.after !== undefined,
    applied: preferences.applied(['count', 'handling', 'timezone']),
    sorted: sortedPieces(query),
  }
}

interface Making {
  readonly table: string
  readonly parts: Parts
  readonly key: Condition | undefined
  readonly frame: Frame
  readonly media: Media
  readonly preferences: Preferences
  readonly slots: Slots
  readonly limits: PartLimits
}

function readQuery({ table, parts, key, frame, media, preferences, slots, limits }: Making): Read {
  const read = new Builder(slots, limits.maxFilters).read(parts.root)
  const where = allOf([key, read.where].filter((one) => one !== undefined))
  const having = allOf(parts.having.map(havingOf))
  const explain = media.form === 'plan'
  const bare = frame.method === 'HEAD' && !explain && key === undefined && media.form !== 'object' && totals(parts.root).length === 0
  return {
    kind: 'read',
    table,
    ...read,
    ...(where && { where }),
    ...(having && { having }),
    ...pageValues(parts, frame, slots),
    ...(preferences.count && { count: preferences.count }),
    ...(bare && { bare }),
    ...(explain && { explain }),
  }
}

function pageValues({ root, after }: Parts, { range }: Frame, slots: Slots): { limit?: Value; offset?: Value; after?: Value } {
  const limit = isGiven(root.limit) || range === 'closed'
  const offset = isGiven(root.offset) || range !== ''
  if (after && offset)
    throw cannotRead(
      'after',
      1,
      'unexpected offset or Range expecting after alone',
      'A page is found by `after` or by its place, not by both.',
    )
  return {
    ...(limit && { limit: slots.add(({ window }) => window.limit) }),
    ...(offset && { offset: slots.add(({ window }) => window.offset) }),
    ...(after && { after: slots.from(after, (text) => text) }),
  }
}

const isGiven = (source: Source | undefined): boolean => source !== undefined && !('text' in source && source.text.trim() === '')

/** Works out the page of a request, once for all values that need it. */
function pager({ root: { limit, offset } }: Parts): Shape['page'] {
  if (limit === undefined && offset === undefined) return (_, range) => (range === undefined ? WHOLE : windowOf(undefined, 0, range))
  const read = (source: Source, texts: readonly string[]): string => ('text' in source ? source.text : decodeText(texts[source.held] ?? ''))
  return (texts, range) => {
    const most = limit === undefined ? undefined : readLimit('limit', read(limit, texts))
    return windowOf(most, offset === undefined ? 0 : readOffset('offset', read(offset, texts)), range)
  }
}

// ── One row ──

/** The key's columns equal the path's parts. Too few or too many parts are no row's key. */
export function keyCondition(schema: Schema, table: string, { address: { key }, held }: Frame, slots: Slots): Condition | undefined {
  if (key === undefined) return undefined
  const columns = schema.tables.get(table)?.key ?? []
  if (columns.length !== key.length) return { kind: 'constant', value: false }
  return allOf(
    columns.map((name, at) => {
      const right = slots.add(({ texts }) => decodePath(texts[held + at] ?? ''))
      return { kind: 'compare', op: 'eq', left: { kind: 'field', path: [], name }, right }
    }),
  )
}

function refuseListParameters({ root, having, after }: Parts): void {
  const given = { order: root.order, limit: root.limit, offset: root.offset, after, having: having[0] }
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) throw cannotRead(name, 1, `unexpected ${name} expecting select or a filter`, 'The path is of one row.')
  }
}

// ── The rest ──

/** A name without a value means nothing, which a lenient reader passes over. */
export function refuseBareNames(query: string): void {
  const bare = query.split('&').find((piece) => piece !== '' && !piece.includes('='))
  if (bare !== undefined) throw cannotRead(`parameter (${decodeText(bare)})`, bare.length + 1, 'unexpected end of input expecting "="')
}

export function checkProfile(profile: string | undefined): void {
  if (profile === undefined || profile === 'public') return
  throw new Problem('PGRST106', `Invalid schema: ${profile}`, { hint: 'Only the following schemas are exposed: public' })
}

export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(frozen)
  }
  return value
}
