/**
 * The rows that a body gives: names once, values row by row. Names are not judged here, and values are texts as far as
 * they can be, so that no digit is lost.
 */
import { Problem } from '../../errors.ts'
import type { Schema } from '../../schema/schema.ts'
import type { Request } from '../protocol.ts'
import { readCsvRows } from './csv-body.ts'
import { readFormRow } from './form-body.ts'
import { readJsonRows } from './json-body.ts'

export interface Given {
  readonly columns: readonly string[]
  /** `undefined` where a row says nothing of a column. */
  readonly rows: readonly (readonly unknown[])[]
  readonly nested: readonly GivenNested[]
}

export interface GivenNested extends Given {
  readonly relation: string
  /** For each row, the place of the row that it stands in. */
  readonly parents: readonly number[]
}

export interface GivenOptions {
  readonly schema: Schema
  readonly table: string
  /** The columns that are taken, where the request names them; all others are passed over. */
  readonly columns: readonly string[] | undefined
  readonly maxJsonDepth: number
}

type Reader = (text: string, options: GivenOptions) => Given

const readers: Readonly<Record<string, Reader>> = {
  'application/json': readJsonRows,
  'text/csv': readCsvRows,
  'application/x-www-form-urlencoded': readFormRow,
}

/** The rows of a request's body. Throws `PGRST102` for one that cannot be read. */
export function readGiven({ headers, body }: Request, options: GivenOptions): Given {
  const type = contentType(headers['content-type'])
  const reader = readers[type] ?? (/^application\/[a-z0-9.+-]+\+json$/.test(type) ? readJsonRows : undefined)
  if (reader === undefined) throw noReader(type)
  return reader(textOf(body), options)
}

export const noReader = (type: string): Problem =>
  new Problem('unsupported_media_type', `A body of the type ${type} cannot be read`, {
    hint: `Send one of ${Object.keys(readers).join(', ')}.`,
  })

export const contentType = (header: string | undefined): string =>
  (header ?? 'application/json').split(';', 1)[0]?.trim().toLowerCase() ?? ''

export function textOf(body: Uint8Array | undefined): string {
  try {
    return body === undefined ? '' : new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch (cause) {
    throw new Problem('PGRST102', 'The body is not UTF-8', { cause })
  }
}

/** What two requests must have in common to be one question: the names, in their order. */
export function namesOf({ columns, nested }: Given): string {
  const below = nested.map((one) => `${JSON.stringify(one.relation)}:${namesOf(one)}`)
  return `${JSON.stringify(columns)}{${below.join(',')}}`
}
