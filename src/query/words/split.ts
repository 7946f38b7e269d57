/** From a text to its words, and from a row's texts to the document that a search is held against. */
import { fold } from '../../util/fold.ts'
import { BREAK, LIMITS, separators } from './separators.ts'

const escaped = (code: number) => `\\u{${code.toString(16)}}`
const inside = separators.map(([from, to]) => `${escaped(from)}-${escaped(to)}`).join('')
// NUL can be stored in no text, but a search might hold one.
const TOKEN = new RegExp(`[^\\u{0}${inside}]+|${escaped(BREAK.codePointAt(0) ?? 0)}`, 'gu')

/** The first `most` code points. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text
  let end = 0
  for (let count = 0; count < most && end < text.length; count++) end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1
  return text.slice(0, end)
}

/** Words and breaks, in order. */
function tokens(text: string): string[] {
  const found: string[] = fold(cut(text, LIMITS.characters)).match(TOKEN) ?? []
  return found.map((word) => cut(word, LIMITS.word))
}

/** `words("L'Été, à Paris")` is `['l', 'été', 'à', 'paris']`. */
export function words(text: string): string[] {
  return tokens(text).filter((token) => token !== BREAK)
}

/** The words with a space between them, for an index whose tokenizer knows ASCII alone. */
export function plinthWords(text: string): string {
  return words(text).join(' ')
}

/** Each word of a row with the positions that phrases may use; none for a word that is only past the limits. */
export type Document = ReadonlyMap<string, readonly number[]>

/** The texts of a row's columns as one document, in which no phrase goes from one column to the next. */
export function documentOf(texts: readonly (string | null)[]): Document {
  const document = new Map<string, number[]>()
  let position = 0
  for (const token of tokens(texts.map((text) => text ?? '').join(BREAK))) {
    position += token === BREAK ? LIMITS.distance : 1
    if (token === BREAK) continue
    const positions = document.get(token) ?? []
    document.set(token, positions)
    if (position <= LIMITS.position && positions.length < LIMITS.repeats) positions.push(position)
  }
  return document
}
