/** A search, once read. It knows neither how it was written nor who carries it out. */

/** A word as `words` gives them; with `prefix`, any word that begins so. */
export interface Term {
  readonly word: string
  readonly prefix: boolean
}

/** A term of a phrase, `distance` words after the one before it. The first one's distance does not count. */
export interface PhraseTerm extends Term {
  readonly distance: number
}

export type Search =
  | { readonly kind: 'word'; readonly term: Term }
  /** Two terms or more. */
  | { readonly kind: 'phrase'; readonly of: readonly PhraseTerm[] }
  /** Two or more. */
  | { readonly kind: 'and' | 'or'; readonly of: readonly Search[] }
  | { readonly kind: 'not'; readonly of: Search }
  /** A search without a word: no row is found. Stands only at the top. */
  | { readonly kind: 'nothing' }

export const nothing: Search = { kind: 'nothing' }

/** Those that say something, as one. What says nothing falls out, as if it had not been written. */
export function joined(kind: 'and' | 'or', parts: readonly Search[]): Search {
  const of = parts.filter((part) => part.kind !== 'nothing').flatMap((part) => (part.kind === kind ? part.of : [part]))
  const [first = nothing] = of
  return of.length > 1 ? { kind, of } : first
}

export function negated(of: Search): Search {
  return of.kind === 'nothing' ? nothing : { kind: 'not', of }
}

export function sequence(terms: readonly PhraseTerm[]): Search {
  const [first] = terms
  if (first === undefined) return nothing
  return terms.length > 1 ? { kind: 'phrase', of: terms } : { kind: 'word', term: { word: first.word, prefix: first.prefix } }
}
