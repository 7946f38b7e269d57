/** Whether a document is found by a search: the meaning that every database must give it. */
import type { PhraseTerm, Search, Term } from './search.ts'
import { LIMITS } from './separators.ts'
import { documentOf } from './split.ts'
import type { Document } from './split.ts'

function hasWord(term: Term, document: Document): boolean {
  return term.prefix ? document.keys().some((word) => word.startsWith(term.word)) : document.has(term.word)
}

function positionsOf(term: Term, document: Document): ReadonlySet<number> {
  if (!term.prefix) return new Set(document.get(term.word))
  return new Set(
    document
      .entries()
      .filter(([word]) => word.startsWith(term.word))
      .flatMap(([, positions]) => positions),
  )
}

function hasPhrase(terms: readonly PhraseTerm[], document: Document): boolean {
  const [first, ...rest] = terms
  if (first === undefined) return false
  let ends = positionsOf(first, document)
  for (const term of rest) {
    const here = positionsOf(term, document)
    ends = new Set(
      ends
        .values()
        .map((end) => end + term.distance)
        .filter((position) => here.has(position)),
    )
  }
  return ends.size > 0
}

export function matches(search: Search, document: Document): boolean {
  switch (search.kind) {
    case 'nothing':
      return false
    case 'word':
      return hasWord(search.term, document)
    case 'phrase':
      return hasPhrase(search.of, document)
    case 'and':
      return search.of.every((part) => matches(part, document))
    case 'or':
      return search.of.some((part) => matches(part, document))
    case 'not':
      return !matches(search.of, document)
  }
}

/** Whether a row with these texts in the searched columns is found. A missing text has no words. */
export function decide(search: Search, texts: readonly (string | null)[]): boolean {
  return matches(search, documentOf(texts))
}

/** Only words and their combinations: an index that knows words alone has the last say. */
function wordsAlone(search: Search): boolean {
  return search.kind === 'word' || ((search.kind === 'and' || search.kind === 'or') && search.of.every(wordsAlone))
}

/** `decide` for a row that the query of `toFts5Superset` has found, without looking at the texts where that is enough. */
export function confirm(search: Search, texts: readonly (string | null)[]): boolean {
  const length = texts.reduce((sum, text) => sum + (text?.length ?? 0) + 1, 0)
  return (length <= LIMITS.characters && wordsAlone(search)) || decide(search, texts)
}
