/**
 * The operators of filters, as data: what may stand between a column's name and its value.
 *
 * 1. `held` operators take any text as their value without a change in the query's shape; a shape's key leaves it out.
 *
 * To add one: a row in `operators`, a sentence in `filter.test.ts`, a row in `spec/70-rest/grammar.ts`.
 */
import { Problem } from '../../errors.ts'
import type { Comparison, SearchMode } from '../../query/query.ts'

export type Operator =
  /** With `each`, `(any)` and `(all)` may follow. With `stars`, `*` is written for `%`. */
  | { readonly kind: 'compare'; readonly op: Comparison; readonly each?: boolean; readonly stars?: boolean }
  | { readonly kind: 'in' }
  | { readonly kind: 'is' }
  | { readonly kind: 'search'; readonly mode: SearchMode }
  /** Of ranges, a type that is not there. */
  | { readonly kind: 'range'; readonly instead: string }

export const operators: ReadonlyMap<string, Operator> = new Map(
  Object.entries<Operator>({
    eq: { kind: 'compare', op: 'eq', each: true },
    neq: { kind: 'compare', op: 'neq' },
    gt: { kind: 'compare', op: 'gt', each: true },
    gte: { kind: 'compare', op: 'gte', each: true },
    lt: { kind: 'compare', op: 'lt', each: true },
    lte: { kind: 'compare', op: 'lte', each: true },
    like: { kind: 'compare', op: 'like', each: true, stars: true },
    ilike: { kind: 'compare', op: 'ilike', each: true, stars: true },
    match: { kind: 'compare', op: 'match', each: true },
    imatch: { kind: 'compare', op: 'imatch', each: true },
    isdistinct: { kind: 'compare', op: 'isdistinct' },
    cs: { kind: 'compare', op: 'contains' },
    cd: { kind: 'compare', op: 'contained' },
    ov: { kind: 'compare', op: 'overlaps' },
    in: { kind: 'in' },
    is: { kind: 'is' },
    fts: { kind: 'search', mode: 'query' },
    plfts: { kind: 'search', mode: 'plain' },
    phfts: { kind: 'search', mode: 'phrase' },
    wfts: { kind: 'search', mode: 'web' },
    sl: { kind: 'range', instead: 'lt' },
    sr: { kind: 'range', instead: 'gt' },
    nxr: { kind: 'range', instead: 'lte' },
    nxl: { kind: 'range', instead: 'gte' },
    adj: { kind: 'range', instead: 'eq' },
  }),
)

/** `eq`, `eq(any)`, `wfts` …, also as clients escape them: what a shape's key keeps of a filter, before the dot. */
export const heldOperators: ReadonlySet<string> = new Set(
  [...operators].flatMap(([word, operator]) => {
    if (operator.kind === 'is' || operator.kind === 'range') return []
    return operator.kind === 'compare' && operator.each
      ? [word, `${word}(any)`, `${word}(all)`, `${word}%28any%29`, `${word}%28all%29`]
      : [word]
  }),
)

export function noRanges(word: string, instead: string): Problem {
  return new Problem('42883', `The operator ${word} is for range types, and no column is of one`, {
    hint: `Compare both ends of the range with ${instead} and its like.`,
  })
}
