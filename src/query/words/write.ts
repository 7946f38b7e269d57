/** A search in the words of PostgreSQL, and as the nearest thing that SQLite's FTS5 can say. */
import type { PhraseTerm, Search, Term } from './search.ts'

// A word holds ASCII letters and digits and whatever is beyond ASCII, so a pair of quotes is all it needs.
const tsTerm = ({ word, prefix }: Term) => `'${word}'${prefix ? ':*' : ''}`
const ftsTerm = ({ word, prefix }: Term) => `"${word}"${prefix ? '*' : ''}`

function tsPhrase(terms: readonly PhraseTerm[]): string {
  const steps = terms.map((term, index) => (index === 0 ? '' : term.distance === 1 ? ' <-> ' : ` <${term.distance}> `) + tsTerm(term))
  return `(${steps.join('')})`
}

/**
 * For `$1::tsquery`, to be held against `plinth_words(text)` with `@@`. Where nothing is to be found it asks for a word
 * that no document has, because an empty query makes the server give a notice each time.
 */
export function toTsquery(search: Search): string {
  switch (search.kind) {
    case 'nothing':
      return "' '"
    case 'word':
      return tsTerm(search.term)
    case 'phrase':
      return tsPhrase(search.of)
    case 'and':
      return `(${search.of.map(toTsquery).join(' & ')})`
    case 'or':
      return `(${search.of.map(toTsquery).join(' | ')})`
    case 'not':
      return `!${toTsquery(search.of)}`
  }
}

/** FTS5 has phrases of neighbours, with a prefix in the last place alone; any other is asked for by its words. */
function ftsPhrase(terms: readonly PhraseTerm[]): string {
  const plain = terms.every((term, index) => (index === 0 || term.distance === 1) && (!term.prefix || index === terms.length - 1))
  if (!plain) return `(${terms.map(ftsTerm).join(' AND ')})`
  return `"${terms.map((term) => term.word).join(' ')}"${terms.at(-1)?.prefix === true ? '*' : ''}`
}

/** Null where every row could be found. */
function superset(search: Search): string | null {
  switch (search.kind) {
    case 'nothing':
      return '""'
    case 'word':
      return ftsTerm(search.term)
    case 'phrase':
      return ftsPhrase(search.of)
    case 'not':
      return null
    case 'or': {
      const parts = search.of.map(superset)
      return parts.includes(null) ? null : `(${parts.join(' OR ')})`
    }
    case 'and': {
      const parts = search.of.map(superset).filter((part) => part !== null)
      return parts.length === 0 ? null : `(${parts.join(' AND ')})`
    }
  }
}

/**
 * A query for FTS5 that finds every row which `decide` would say yes to, and perhaps others; null where there is none,
 * and all rows must be asked about. With `column`, only words of that column count.
 */
export function toFts5Superset(search: Search, column?: string): string | null {
  const query = superset(search)
  return query === null || column === undefined ? query : `"${column.replaceAll('"', '""')}" : (${query})`
}
