/** How values of requests reach PostgreSQL's placeholders. */
import { parsePattern, toPostgres } from '../../query/pattern.ts'
import { toTsquery } from '../../query/words.ts'
import { makeCodec } from '../sql/codec.ts'
import type { SqlValue } from '../sql/driver.ts'
import { decode, encode } from './codec.ts'

export const postgresBinding = makeCodec({
  encode,
  decode,
  number: (text) => text,
  list: (_, members) => `{${members.map(memberText).join(',')}}`,
  keys: (types, keys) => types.map((_, at) => `{${keys.map((key) => memberText(key[at] ?? null)).join(',')}}`),
  pattern: (pattern, insensitive) => toPostgres(parsePattern(pattern), insensitive),
  search: (search) => toTsquery(search),
})

/** A member of an array literal. */
function memberText(member: SqlValue): string {
  if (member === null) return 'NULL'
  const text = member instanceof Uint8Array ? `\\x${Buffer.from(member).toString('hex')}` : String(member)
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
