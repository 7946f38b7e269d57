/**
 * The `Prefer` header (RFC 7240).
 *
 * 1. Of several of one kind the first counts. What is not known is ignored, or with `handling=strict` refused.
 * 2. `Preference-Applied` names those that had an effect; which those are depends on what is done.
 */
import { Problem } from '../../errors.ts'
import type { Read } from '../../query/query.ts'

export interface Preferences {
  readonly count: Read['count']
  readonly strict: boolean
  readonly returned: 'minimal' | 'headers-only' | 'representation' | undefined
  readonly resolution: 'merge' | 'ignore' | undefined
  /** Whether a value that is not given is the column's default, and not NULL. */
  readonly defaults: boolean
  /** Only with strict handling: a client that cannot be refused cannot have meant it. */
  readonly most: number | undefined
  readonly rehearsal: boolean
  /** The `Preference-Applied` header where these had an effect; empty without one. */
  readonly applied: (kinds: readonly PreferenceKind[]) => string
}

export type PreferenceKind = 'resolution' | 'missing' | 'return' | 'count' | 'tx' | 'handling' | 'timezone' | 'max-affected'

/** In the order in which they are told. What a kind may be; instants are always written in UTC. */
const kinds: Readonly<Record<PreferenceKind, RegExp>> = {
  resolution: /^resolution=(merge-duplicates|ignore-duplicates)$/,
  missing: /^missing=(default|null)$/,
  return: /^return=(minimal|headers-only|representation)$/,
  count: /^count=(exact|planned|estimated)$/,
  tx: /^tx=(commit|rollback)$/,
  handling: /^handling=(strict|lenient)$/,
  timezone: /^timezone=(UTC|Etc\/UTC|GMT)$/,
  'max-affected': /^max-affected=(\d{1,15})$/,
}
const order = Object.keys(kinds) as PreferenceKind[] // Object.keys forgets the keys' type

export function readPreferences(header: string | undefined): Preferences {
  if (header === undefined || header === '') return NONE
  const all = header
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
  const found = new Map(order.flatMap((kind) => firstOf(kind, all)))
  const strict = found.get('handling')?.value === 'strict'
  const unknown = all.filter((one) => !Object.values(kinds).some((kind) => kind.test(one)))
  if (strict && unknown.length > 0) throw refused(unknown)
  const has = (kind: PreferenceKind): boolean => kind !== 'max-affected' || strict
  const valueOf = (kind: PreferenceKind): string | undefined => found.get(kind)?.value
  return {
    count: oneOf(['exact', 'planned', 'estimated'], valueOf('count')),
    returned: oneOf(['minimal', 'headers-only', 'representation'], valueOf('return')),
    resolution: oneOf(['merge', 'ignore'], valueOf('resolution')?.replace('-duplicates', '')),
    strict,
    defaults: valueOf('missing') === 'default',
    most: strict && valueOf('max-affected') !== undefined ? Number(valueOf('max-affected')) : undefined,
    rehearsal: valueOf('tx') === 'rollback',
    applied: (wanted) => order.flatMap((kind) => (wanted.includes(kind) && has(kind) ? (found.get(kind)?.text ?? []) : [])).join(', '),
  }
}

const NONE: Preferences = {
  count: undefined,
  returned: undefined,
  resolution: undefined,
  strict: false,
  defaults: false,
  most: undefined,
  rehearsal: false,
  applied: () => '',
}

const oneOf = <Word extends string>(words: readonly Word[], given: string | undefined): Word | undefined =>
  words.find((word) => word === given)

interface Found {
  readonly text: string
  readonly value: string
}

function firstOf(kind: PreferenceKind, all: readonly string[]): [PreferenceKind, Found][] {
  for (const text of all) {
    const value = kinds[kind].exec(text)?.[1]
    if (value !== undefined) return [[kind, { text, value }]]
  }
  return []
}

function refused(unknown: readonly string[]): Problem {
  const hint = unknown.some((one) => one.startsWith('timezone=')) ? { hint: 'Times are always given in UTC, with their offset.' } : {}
  return new Problem('PGRST122', 'Invalid preferences given with handling=strict', {
    details: `Invalid preferences: ${unknown.join(', ')}`,
    ...hint,
  })
}
