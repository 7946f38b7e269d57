/**
 * `like` and `ilike` in plain TypeScript, meaning what PostgreSQL's LIKE means: `%` is any text, `_` is one code
 * point, `\` takes the next character as it is, and the whole text must match.
 *
 * 1. A pattern is cut at its `%` into pieces. The first must begin the text, the last must end it, and each one between
 *    is looked for from left to right: the first place found is always good enough, so nothing is ever tried again.
 * 2. `ilike` is `like` over folded text with a folded pattern; see `util/fold.ts`.
 */
import { Problem } from '../errors.ts'
import { fold } from '../util/fold.ts'

/** A stretch of a piece: text that must stand there, or `any` number of code points. */
type Part = { readonly text: string } | { readonly any: number }
type Piece = readonly Part[]

/** SQLite takes 50,000 bytes, which this many characters never are. */
const LONGEST = 10_000

/** Throws `22025` for a backslash at the very end, which nothing follows to be taken as it is. */
export function checkLike(pattern: string): void {
  if (pattern.length > LONGEST) throw new Problem('too_complex', `A pattern may have ${LONGEST} characters at most`)
  let end = pattern.length
  while (pattern[end - 1] === '\\') end--
  if ((pattern.length - end) % 2 === 1) {
    throw new Problem('22025', 'LIKE pattern must not end with escape character', { hint: 'Write two backslashes to mean one.' })
  }
}

/** Parts of a piece, where neighbours of one kind are one. */
function add(piece: Part[], part: Part): void {
  const last = piece.at(-1)
  if (last !== undefined && 'text' in last && 'text' in part) piece[piece.length - 1] = { text: last.text + part.text }
  else if (last !== undefined && 'any' in last && 'any' in part) piece[piece.length - 1] = { any: last.any + part.any }
  else piece.push(part)
}

function pieces(pattern: string): Piece[] {
  let piece: Part[] = []
  const all = [piece]
  for (const [token] of pattern.matchAll(/%|_|\\.|[^%_\\]+/gsu)) {
    if (token === '%') all.push((piece = []))
    else add(piece, token === '_' ? { any: 1 } : { text: token.startsWith('\\') ? token.slice(1) : token })
  }
  return all
}

const isHigh = (unit: number) => unit >= 0xd800 && unit < 0xdc00
const isLow = (unit: number) => unit >= 0xdc00 && unit < 0xe000

/** Where `count` code points from `at` on end, or -1 where the text is too short. */
function skip(text: string, at: number, count: number): number {
  let end = at
  for (let left = count; left > 0; left--) {
    if (end >= text.length) return -1
    end += isHigh(text.charCodeAt(end)) ? 2 : 1
  }
  return end
}

function skipBack(text: string, at: number, count: number): number {
  let start = at
  for (let left = count; left > 0; left--) {
    if (start <= 0) return -1
    start -= isLow(text.charCodeAt(start - 1)) ? 2 : 1
  }
  return start
}

/** Where the piece ends if it stands at `at`, or -1. */
function matchAt(piece: Piece, text: string, at: number): number {
  let end = at
  for (const part of piece) {
    if ('any' in part) end = skip(text, end, part.any)
    else end = text.startsWith(part.text, end) ? end + part.text.length : -1
    if (end < 0) return -1
  }
  return end
}

/** Where the piece starts if it ends the text, or -1. */
function matchEnd(piece: Piece, text: string): number {
  let start = text.length
  for (const part of piece.toReversed()) {
    if ('any' in part) start = skipBack(text, start, part.any)
    else start = text.endsWith(part.text, start) ? start - part.text.length : -1
    if (start < 0) return -1
  }
  return start
}

/** The end of the first place at or after `from` where the piece stands, or -1. Jumps from one find of its first text to the next. */
function find(piece: Piece, text: string, from: number): number {
  const [first, second] = piece
  if (first === undefined) return from
  const lead = 'any' in first ? first.any : 0
  const needle = 'text' in first ? first.text : second !== undefined && 'text' in second ? second.text : ''
  if (needle === '') return skip(text, from, lead)
  const earliest = skip(text, from, lead)
  if (earliest < 0) return -1
  for (let at = text.indexOf(needle, earliest); at >= 0; at = text.indexOf(needle, at + 1)) {
    const end = matchAt(piece, text, skipBack(text, at, lead))
    if (end >= 0) return end
  }
  return -1
}

function matches(all: readonly Piece[], text: string): boolean {
  const [first = [], ...rest] = all
  const last = rest.pop()
  let at = matchAt(first, text, 0)
  if (last === undefined) return at === text.length
  for (const piece of rest) {
    if (at < 0) return false
    at = find(piece, text, at)
  }
  return at >= 0 && matchEnd(last, text) >= at
}

/** `compileLike('Caf_%', false)('Café noir')` is true. Throws as `checkLike` does. */
export function compileLike(pattern: string, insensitive: boolean): (text: string) => boolean {
  checkLike(pattern)
  const all = pieces(insensitive ? fold(pattern) : pattern)
  return insensitive ? (text) => matches(all, fold(text)) : (text) => matches(all, text)
}
