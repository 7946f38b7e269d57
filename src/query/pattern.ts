/**
 * Regular expressions that mean the same on every database: a subset, read once into a tree and written out for each
 * engine from there.
 *
 * In it: characters, `.` (newlines too), `[a-z]` and `[^a-z]` with escapes and a few named classes, `\d \w \s` and
 * `\D \W \S` (ASCII), `^` and `$` (of the whole text), `\b` and `\B` (by ASCII letters, digits and `_`), groups, `|`,
 * repeats (lazy ones too), `\n \t \r \f \v`, `\u00e9`, `\u{1f600}`. Everything else is refused with its reason.
 *
 * To add to it: the reading in `pattern/`, a row in each notation of `pattern/write.ts`, and the generator of the
 * property test that holds every engine against the others.
 */
export { matcher } from './pattern/matcher.ts'
export { parsePattern } from './pattern/parse.ts'
export type { Pattern } from './pattern/tree.ts'
export { toPostgres, toRe2 } from './pattern/write.ts'
