/**
 * What a path is about: `/rest/v1/<table>`, or one row of it, `/rest/v1/<table>/<key>`.
 *
 * 1. A compound key is its parts in the key's order, joined by commas; a comma inside a part is written `%2C`.
 * 2. Whether a table is there is not judged here, so that a path tells nobody what they may not see.
 */
import { Problem } from '../../errors.ts'
import { decodeText } from './slots.ts'

export const PREFIX = '/rest/v1'

export interface Address {
  /** Still percent-encoded. */
  readonly table: string
  /** The parts of the key, still percent-encoded, where the path is of one row. */
  readonly key: readonly string[] | undefined
}

export function addressOf(path: string): Address {
  const slash = path.indexOf('/', PREFIX.length + 1)
  const table = path.slice(PREFIX.length + 1, slash === -1 ? undefined : slash)
  if (table === '') throw nothingHere()
  if (slash === -1) return { table, key: undefined }
  const row = path.slice(slash + 1)
  if (row === '' || row.includes('/')) throw nothingHere()
  return { table, key: row.split(',') }
}

/** In a path `+` is a plus. */
export const decodePath = (text: string): string => decodeText(text.replaceAll('+', '%2B'))

const nothingHere = (): Problem =>
  new Problem('PGRST125', 'Invalid path specified in request URL', {
    hint: `Tables are at ${PREFIX}/<table>, one row at ${PREFIX}/<table>/<key>.`,
  })
