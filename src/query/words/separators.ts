/**
 * What parts words from each other: one short list that every database is given, instead of each engine's own idea.
 *
 * 1. Of ASCII, all but letters and digits. So `snake_case`, `it's` and `it’s` are two words each, and an e-mail address is
 *    as many as it has parts; a word with such characters is looked for as a phrase.
 * 2. Whole blocks where they hold nothing but spaces, punctuation and symbols. A character in no range is part of a
 *    word. Scripts that are written without spaces give long words.
 *
 * Words are stored in indexes: after a change here, full-text indexes must be made anew.
 */
export const separators: readonly (readonly [from: number, to: number])[] = [
  [0x01, 0x2f],
  [0x3a, 0x40],
  [0x5b, 0x60],
  [0x7b, 0xa9],
  [0xab, 0xb4],
  [0xb6, 0xb9],
  [0xbb, 0xbf],
  [0xd7, 0xd7],
  [0xf7, 0xf7],
  [0x37e, 0x37e], // Greek
  [0x387, 0x387],
  [0x55a, 0x55f], // Armenian
  [0x589, 0x58a],
  [0x5be, 0x5be], // Hebrew
  [0x5c0, 0x5c0],
  [0x5c3, 0x5c3],
  [0x5f3, 0x5f4],
  [0x60c, 0x60d], // Arabic
  [0x61b, 0x61f],
  [0x66a, 0x66d],
  [0x6d4, 0x6d4],
  [0x964, 0x965], // Indic
  [0xe4f, 0xe4f], // Thai
  [0xe5a, 0xe5b],
  [0x1361, 0x1368], // Ethiopic
  [0x1680, 0x1680],
  [0x17d4, 0x17da], // Khmer
  [0x2000, 0x206f], // general punctuation
  [0x20a0, 0x20cf], // currencies
  [0x2190, 0x2bff], // arrows, mathematics, technical signs, boxes, symbols, dingbats
  [0x2e00, 0x2e7f],
  [0x3000, 0x3004], // Chinese, Japanese, Korean
  [0x3008, 0x3020],
  [0x3030, 0x3030],
  [0x303d, 0x303f],
  [0x30a0, 0x30a0],
  [0x30fb, 0x30fb],
  [0xfe00, 0xfe19], // variation selectors and vertical forms
  [0xfe30, 0xfe6f],
  [0xfeff, 0xfeff],
  [0xff01, 0xff0f], // full-width forms
  [0xff1a, 0xff20],
  [0xff3b, 0xff40],
  [0xff5b, 0xff65],
  [0xffe0, 0xffff],
  [0x1f000, 0x1faff], // emoji
]

/** Keeps phrases from crossing it: stands between the columns of a document. The record separator, U+001E. */
export const BREAK = '\u001e'

/** What of a text is searched, on every database; PostgreSQL's own limits are just above. */
export const LIMITS = {
  /** Characters of a document. What follows is not found. */
  characters: 200_000,
  /** Characters of a word. What follows is cut off, in the document as in the search. */
  word: 255,
  /** Words of a document, counted with those that a break stands for. Later ones are found, but in no phrase. */
  position: 16_383,
  /** How often one word counts for phrases. */
  repeats: 256,
  /** Words a break stands for; no phrase can ask for words further apart than that. */
  distance: 16,
} as const
