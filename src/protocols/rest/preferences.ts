/**
 * The `Prefer` header (RFC 7240), as far as reading goes.
 *
 * 1. Preferences about writing are known and have no effect; what is not known is ignored, or with `handling=strict`
 *    refused.
 * 2. Of several of one kind the first counts. `Preference-Applied` names those that had an effect.
 */
import { Problem } from '../../errors.ts'
import type { Read } from '../../query/query.ts'

export interface Preferences {
  readonly count: Read['count']
  readonly strict: boolean
  /** The `Preference-Applied` header; empty without one. */
  readonly applied: string
}

const counts: ReadonlyMap<string, Read['count']> = new Map([
  ['count=exact', 'exact'],
  ['count=planned', 'planned'],
  ['count=estimated', 'estimated'],
])

const ofWrites: ReadonlySet<string> = new Set([
  'resolution=merge-duplicates',
  'resolution=ignore-duplicates',
  'return=representation',
  'return=minimal',
  'return=headers-only',
  'tx=commit',
  'tx=rollback',
  'missing=default',
  'missing=null',
])

const handlings: ReadonlySet<string> = new Set(['handling=strict', 'handling=lenient'])
/** Instants are always written in UTC. */
const utc: ReadonlySet<string> = new Set(['timezone=UTC', 'timezone=Etc/UTC', 'timezone=GMT'])

const NONE: Preferences = { count: undefined, strict: false, applied: '' }

export function readPreferences(header: string | undefined): Preferences {
  if (header === undefined || header === '') return NONE
  const all = header
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
  const count = all.find((one) => counts.has(one))
  const handling = all.find((one) => handlings.has(one))
  const zone = all.find((one) => utc.has(one))
  const unknown = all.filter((one) => !isKnown(one))
  const strict = handling === 'handling=strict'
  if (strict && unknown.length > 0) throw refused(unknown)
  const applied = [count, handling, zone].filter((one) => one !== undefined).join(', ')
  return { count: counts.get(count ?? ''), strict, applied }
}

function isKnown(one: string): boolean {
  return counts.has(one) || handlings.has(one) || utc.has(one) || ofWrites.has(one) || /^max-affected=\d+$/.test(one)
}

function refused(unknown: readonly string[]): Problem {
  const hint = unknown.some((one) => one.startsWith('timezone=')) ? { hint: 'Times are always given in UTC, with their offset.' } : {}
  return new Problem('PGRST122', 'Invalid preferences given with handling=strict', {
    details: `Invalid preferences: ${unknown.join(', ')}`,
    ...hint,
  })
}
