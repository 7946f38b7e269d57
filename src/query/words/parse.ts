/** Reads a search in one of its four ways of writing. */
import { Problem } from '../../errors.ts'
import type { SearchMode } from '../query.ts'
import { operatorSearch } from './operator-search.ts'
import { joined, sequence } from './search.ts'
import type { PhraseTerm, Search } from './search.ts'
import { words } from './split.ts'
import { webSearch } from './web-search.ts'

const MOST = { characters: 10_000, words: 500 } as const

const terms = (text: string) => words(text).map((word): PhraseTerm => ({ word, prefix: false, distance: 1 }))

const readers: Readonly<Record<SearchMode, (text: string) => Search>> = {
  query: operatorSearch,
  plain: (text) =>
    joined(
      'and',
      terms(text).map((term) => sequence([term])),
    ),
  phrase: (text) => sequence(terms(text)),
  web: webSearch,
}

function countWords(search: Search): number {
  switch (search.kind) {
    case 'nothing':
      return 0
    case 'word':
      return 1
    case 'phrase':
      return search.of.length
    case 'not':
      return countWords(search.of)
    case 'and':
    case 'or':
      return search.of.reduce((sum, part) => sum + countWords(part), 0)
  }
}

/**
 * `parseSearch('web', '"olive oil" -spanish')`. Throws `22P02` for what the mode `query` cannot read, `too_complex` and
 * `too_deep` for what is too much. A search without any word is fine, and finds nothing.
 */
export function parseSearch(mode: SearchMode, text: string): Search {
  if (text.length > MOST.characters) throw new Problem('too_complex', `the search is longer than ${MOST.characters} characters`)
  const search = readers[mode](text)
  if (countWords(search) > MOST.words) throw new Problem('too_complex', `the search has more than ${MOST.words} words`)
  return search
}
