/** What a pattern means, once read. Everything a database could read in its own way is already spelled out in it. */
import { complement, folded, union } from './ranges.ts'
import type { Ranges } from './ranges.ts'

/** A member of a bracket. `\W` and the like are kept as what they negate, because folding must come before that. */
export interface Member {
  readonly ranges: Ranges
  readonly negated: boolean
}

export type Pattern =
  | { readonly kind: 'letter'; readonly code: number }
  | { readonly kind: 'any' }
  | { readonly kind: 'set'; readonly members: readonly Member[]; readonly negated: boolean }
  | { readonly kind: Anchor }
  | { readonly kind: 'sequence' | 'choice'; readonly of: readonly Pattern[] }
  /** `max: null` is without end. Lazy or not makes no difference to whether a text matches. */
  | { readonly kind: 'repeat'; readonly of: Pattern; readonly min: number; readonly max: number | null }

export type Anchor = 'start' | 'end' | 'boundary' | 'inside'

export type SetPattern = Extract<Pattern, { kind: 'set' }>

/** The code points of a bracket; `insensitive`, those that folded text is to be held against. */
export function codesOf(set: SetPattern, insensitive: boolean): Ranges {
  const members = set.members.map((member) => {
    const ranges = insensitive ? folded(member.ranges) : member.ranges
    return member.negated ? complement(ranges) : ranges
  })
  const all = union(...members)
  return set.negated ? complement(all) : all
}
