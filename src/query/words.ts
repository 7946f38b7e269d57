/**
 * Full-text search that finds the same rows on every database: words are folded and parted by a list of our own, and a
 * search is read here, in one place, into what each database is asked.
 *
 * 1. No stop words and no stemming; all words count.
 * 2. The words of a search may be spread over the columns of a document; those of a phrase stand in one column.
 * 3. A search without any word finds nothing.
 * 4. `words/separators.ts` says how much of a long text is searched; the rest never raises an error.
 */
export { confirm, decide } from './words/decide.ts'
export { parseSearch } from './words/parse.ts'
export type { Search } from './words/search.ts'
export { documentOf, plinthWords, words } from './words/split.ts'
export type { Document } from './words/split.ts'
export { toFts5Superset, toTsquery } from './words/write.ts'
