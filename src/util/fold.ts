/**
 * Case folding that is the same everywhere: Unicode's simple folding (CaseFolding.txt, statuses C and S), one code
 * point for one code point, by a table of our own, so that no engine's version or locale has a say.
 *
 * 1. `fold(fold(text))` is `fold(text)`; the number of code points stays.
 * 2. U+0130 and U+0131, which have no simple folding, stay as they are.
 * 3. `plinth_fold` of each database gives the very same text for every code point.
 */
import { foldRuns } from './fold-table.ts'

/** Every code point that folding changes, with what it becomes. */
export function foldPairs(): [from: number, to: number][] {
  const pairs: [number, number][] = []
  for (let row = 0; row < foldRuns.length; row += 4) {
    const [first = 0, last = 0, step = 1, shift = 0] = foldRuns.slice(row, row + 4)
    for (let code = first; code <= last; code += step) pairs.push([code, code + shift])
  }
  return pairs
}

// Indexed by UTF-16 code unit; 0 where nothing changes. Twice as fast as a Map, and NUL is no letter.
const units = new Uint16Array(0x10000)
const beyond = new Map<number, string>()
for (const [from, to] of foldPairs()) {
  if (from < 0x10000) units[from] = to
  else beyond.set(from, String.fromCodePoint(to))
}

const ASCII = /^[\0-\x7f]*$/

/** What stands at `at`, folded; undefined where it stays. A pair of surrogates is looked up whole. */
function foldedAt(text: string, at: number): string | undefined {
  const unit = text.charCodeAt(at)
  const target = units[unit]
  if (target !== undefined && target !== 0) return String.fromCharCode(target)
  return unit >= 0xd800 && unit < 0xdc00 ? beyond.get(text.codePointAt(at) ?? 0) : undefined
}

function foldUnicode(text: string): string {
  let result = ''
  let done = 0
  for (let at = 0; at < text.length; at++) {
    const folded = foldedAt(text, at)
    if (folded === undefined) continue
    result += text.slice(done, at) + folded
    done = at + folded.length
  }
  return done === 0 ? text : result + text.slice(done)
}

/** `fold('ΣΊΣΥΦΟΣ') === fold('σίσυφος')`; `fold('Straße') === 'straße'`. */
export function fold(text: string): string {
  return ASCII.test(text) ? text.toLowerCase() : foldUnicode(text)
}
