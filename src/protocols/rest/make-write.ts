/** Makes the shape of a request that writes: its query, how to fill in the values, and how to write the answer. */
import { Problem } from '../../errors.ts'
import type { Condition, Delete, Insert, Nested, NestedInsert, Precondition, Update, Value, Write } from '../../query/query.ts'
import type { Schema } from '../../schema/schema.ts'
import { decodePath } from './address.ts'
import { Builder } from './build.ts'
import { allOf } from './conditions.ts'
import { conditionTags } from './etag.ts'
import type { Given, GivenNested } from './given.ts'
import { checkProfile, frozen, keyCondition, refuseBareNames, type Frame } from './make-shape.ts'
import { negotiate, rowTypes, type Media } from './media.ts'
import { readNames } from './names.ts'
import type { Parameter } from './parameters.ts'
import { sortParts, type PartLimits, type Parts } from './parts.ts'
import { readPreferences, type PreferenceKind, type Preferences } from './preferences.ts'
import { putKey, putRow } from './put.ts'
import { Slots, type Fill } from './slots.ts'

export interface WriteShape {
  readonly query: Write
  readonly fills: readonly Fill[]
  readonly form: WriteForm
}

/** What is known of an answer before it is there. */
export interface WriteForm {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly media: Media
  readonly returned: Preferences['returned']
  readonly counted: boolean
  /** Rows that are there already are changed. */
  readonly merges: boolean
  /** The path is of one row. */
  readonly resource: boolean
  /** The `Preference-Applied` header; empty without one. */
  readonly applied: string
}

export interface WriteFrame extends Frame {
  readonly given: Given
  /** Which conditions the request has. */
  readonly conditions: { readonly match: boolean; readonly none: boolean }
}

interface Making {
  readonly schema: Schema
  readonly frame: WriteFrame
  readonly table: string
  readonly parts: Parts
  readonly builder: Builder
  readonly slots: Slots
  readonly preferences: Preferences
  readonly media: Media
  readonly parameters: readonly Parameter[]
  /** The row that the path names. */
  readonly key: Condition | undefined
}

export function makeWrite(schema: Schema, frame: WriteFrame, parameters: readonly Parameter[], limits: PartLimits): WriteShape {
  checkProfile(frame.headers['content-profile'])
  const preferences = readPreferences(frame.headers['prefer'])
  if (preferences.strict) refuseBareNames(frame.query)
  const resource = frame.address.key !== undefined
  const media = negotiate(frame.headers['accept'], resource)
  if (media.form === 'plan') throw notThere('A write has no plan to show.')
  const slots = new Slots()
  const table = decodePath(frame.address.table)
  const parts = sortParts(schema, table, parameters, slots, limits)
  judgePage(parts, frame.method)
  const key = keyCondition(schema, table, frame, slots)
  const builder = new Builder(slots, limits.maxFilters)
  const making: Making = { schema, frame, table, parts, builder, slots, preferences, media, parameters, key }
  const query = writers[methodOf(frame)](making)
  return { query: frozen(query), fills: slots.fills, form: formOf(making) }
}

export type WriteMethod = WriteForm['method']

/** The methods that write; the shape is only made for those. */
const methodOf = ({ method }: Frame): WriteMethod => method as WriteMethod

const writers: Readonly<Record<WriteMethod, (making: Making) => Write>> = {
  POST: insertQuery,
  PUT: putQuery,
  PATCH: updateQuery,
  DELETE: deleteQuery,
}

const notThere = (details: string, hint?: string): Problem =>
  new Problem('PGRST127', 'Feature not implemented', { details, ...(hint !== undefined && { hint }) })

/** A write is of all the rows that match: what would leave some of them out by their place is refused, not passed over. */
function judgePage({ root, having, after }: Parts, method: string): void {
  if (having.length > 0 || after !== undefined) throw notThere('A write has neither having nor after.')
  if (root.limit === undefined && root.offset === undefined) return
  if (method === 'PUT') throw new Problem('PGRST114', 'limit/offset querystring parameters are not allowed for PUT')
  throw notThere(
    'A write has no limit and no offset.',
    'Name the rows by filters; Prefer: handling=strict, max-affected=… keeps their number in bounds.',
  )
}

function formOf({ frame, media, preferences }: Making): WriteForm {
  const method = methodOf(frame)
  return {
    method,
    media,
    returned: preferences.returned,
    counted: preferences.count !== undefined,
    merges: method === 'POST' && preferences.resolution === 'merge',
    resource: frame.address.key !== undefined,
    applied: preferences.applied(applied[method]),
  }
}

const always: readonly PreferenceKind[] = ['return', 'count', 'tx', 'handling', 'timezone']
const applied: Readonly<Record<WriteMethod, readonly PreferenceKind[]>> = {
  POST: [...always, 'resolution', 'missing'],
  PUT: always,
  PATCH: [...always, 'missing', 'max-affected'],
  DELETE: [...always, 'max-affected'],
}

// ── What all writes share ──

function shared(making: Making) {
  const { table, preferences, media, frame } = making
  const returning = returningOf(making)
  const precondition = preconditionOf(making)
  return {
    table,
    ...(returning && { returning }),
    ...(media.form === 'object' && frame.address.key === undefined && { single: true }),
    ...(preferences.rehearsal && { rehearsal: true }),
    ...(precondition && { precondition }),
  }
}

function returningOf({ preferences, parts, builder, schema, table, frame }: Making): Nested | undefined {
  if (preferences.returned === 'representation') return builder.returning(parts.root)
  if (preferences.returned !== 'headers-only' || frame.method !== 'POST') return undefined
  const key = schema.tables.get(table)?.key ?? []
  return { select: key.map((name) => ({ kind: 'field', field: { kind: 'field', path: [], name }, cast: 'text', as: name })), order: [] }
}

/** `If-Match` and `If-None-Match` are of the row as GET of the same address gives it, in any of its forms. */
function preconditionOf({ frame, key, builder, parts, slots }: Making): Precondition | undefined {
  const { match, none } = frame.conditions
  if (!match && !none) return undefined
  if (key === undefined) throw notThere('Conditions are on one row.', 'Write it at its own address: /rest/v1/<table>/<key>.')
  return {
    where: key,
    read: builder.returning(parts.root).select,
    salts: rowTypes,
    ...(match && { match: slots.add(({ match: header }) => conditionTags(header ?? '', false)) }),
    ...(none && { none: slots.add(({ none: header }) => conditionTags(header ?? '', true)) }),
  }
}

const most = ({ preferences, slots }: Making): { most?: Value } =>
  preferences.most === undefined ? {} : { most: slots.constant(preferences.most) }

// ── Rows that go in ──

function insertQuery(making: Making): Insert {
  const { frame, slots, preferences, builder, parts } = making
  if (builder.where(parts.root) !== undefined)
    throw notThere('POST puts rows in, and has no filters.', 'PATCH changes rows that are there.')
  return {
    kind: 'insert',
    ...shared(making),
    columns: frame.given.columns,
    rows: slots.add(({ given }) => rowsOf(given, preferences)),
    textual: true,
    ...(preferences.resolution && { conflict: { columns: conflictColumns(making), then: preferences.resolution } }),
    nested: frame.given.nested.map((_, at) => nestedQuery(making, [at])),
  }
}

/** What a row lacks is NULL, unless its default is asked for. */
function rowsOf(given: Given | undefined, { defaults }: Preferences): readonly (readonly unknown[])[] {
  const rows = given?.rows ?? []
  return defaults ? rows : rows.map((row) => (row.includes(undefined) ? row.map((value) => (value === undefined ? null : value)) : row))
}

function conflictColumns({ parameters }: Making): readonly string[] {
  const asked = parameters.find(({ name }) => name === 'on_conflict')
  return asked === undefined ? [] : readNames('on_conflict', asked)
}

/** `path` leads to nested rows: their place among those of each row above. */
function nestedQuery(making: Making, path: readonly number[]): NestedInsert {
  const { slots, preferences, frame } = making
  const at = (given: Given | undefined): GivenNested => nestedAt(given, path)
  const here = at(frame.given)
  return {
    relation: { name: here.relation },
    columns: here.columns,
    rows: slots.add(({ given }) => rowsOf(at(given), preferences)),
    parents: slots.add(({ given }) => at(given).parents),
    nested: here.nested.map((_, below) => nestedQuery(making, [...path, below])),
  }
}

function nestedAt(given: Given | undefined, path: readonly number[]): GivenNested {
  const [first, ...rest] = path
  const found = first === undefined ? undefined : given?.nested[first]
  if (found === undefined) throw new Error('a shape is used for rows that are nested otherwise')
  return rest.length === 0 ? found : nestedAt(found, rest)
}

/** One row as a whole: put in, or in the place of the one that is there. */
function putQuery(making: Making): Insert {
  const { frame, slots, schema, table, parts } = making
  const key = putKey(schema.tables.get(table), frame.address.key, frame.held, parts.root, slots)
  const columns = [...frame.given.columns, ...key.map(({ column }) => column.name).filter((name) => !frame.given.columns.includes(name))]
  const only = frame.conditions.none
  return {
    kind: 'insert',
    ...shared(making),
    columns,
    rows: slots.add((held) => [putRow(held.given, columns, key, held)]),
    textual: true,
    // Where no row may be there, one that comes in meanwhile is not overwritten either.
    ...(!only && { conflict: { columns: [], then: 'replace' as const } }),
  }
}

// ── Rows that change or go ──

function updateQuery(making: Making): Update {
  const { frame, slots, preferences } = making
  return {
    kind: 'update',
    ...shared(making),
    ...most(making),
    columns: frame.given.columns,
    values: slots.add(({ given }) => changeOf(given, preferences)),
    textual: true,
    ...whereOf(making),
  }
}

function changeOf(given: Given | undefined, preferences: Preferences): readonly unknown[] {
  const rows = rowsOf(given, preferences)
  if (rows.length > 1) throw new Problem('PGRST102', 'A change is one object, and the body has several')
  return rows[0] ?? []
}

function deleteQuery(making: Making): Delete {
  return { kind: 'delete', ...shared(making), ...most(making), ...whereOf(making) }
}

function whereOf({ key, builder, parts }: Making): { where?: Condition } {
  const where = allOf([key, builder.where(parts.root)].filter((one) => one !== undefined))
  return where === undefined ? {} : { where }
}
