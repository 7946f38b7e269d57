/**
 * `plinth_words(text)`: the words of a text with their positions, the very ones of `query/words`. PostgreSQL's own
 * parser and dictionaries have no part in it.
 *
 * 1. It never fails, however long the text: `LIMITS` stays below what a `tsvector` can hold.
 * 2. For a document of several columns, give them joined by `E'\x1e'`, so that no phrase goes across.
 * 3. Its results are stored in indexes; see `query/words/separators.ts`.
 *
 * Words are quoted and cast, which needs no escaping: they hold letters, digits and what is beyond ASCII. The body is
 * parsed when the function is made, so that it finds `plinth_fold` under any `search_path`.
 */
import { LIMITS, separators } from '../../../query/words/separators.ts'

const escaped = (code: number) => `\\U${code.toString(16).padStart(8, '0')}`

/** The separators without the break, which stays until positions have been counted. */
const parts = separators
  .flatMap(([from, to]) =>
    from <= 0x1e && to >= 0x1e
      ? [
          [from, 0x1d],
          [0x1f, to],
        ]
      : [[from, to]],
  )
  .map(([from = 0, to = 0]) => `${escaped(from)}-${escaped(to)}`)
  .join('')

export const words = {
  name: 'plinth_words',
  sql: `create or replace function plinth_words(text) returns tsvector language sql immutable strict parallel safe
return (
  select coalesce(string_agg('''' || left(word, ${LIMITS.word}) || case when position <= ${LIMITS.position} then ''':' || position else '''' end, ' '), '')::tsvector
  from unnest(string_to_array(btrim(regexp_replace(
    replace(plinth_fold(left($1, ${LIMITS.characters})), e'\\x1e', repeat(e' \\x1e ', ${LIMITS.distance})),
    '[${parts}]+' collate "C", ' ', 'g')), ' ')) with ordinality as token (word, position)
  where word <> e'\\x1e' and word <> ''
)`,
}
