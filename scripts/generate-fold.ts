/**
 * Writes `src/util/fold-table.ts`: Unicode's simple case folding (statuses C and S of CaseFolding.txt), read out of
 * the regular expressions of the Node that runs this: with the flags `iu` two letters match each other exactly if
 * they have the same simple folding. That gives the families; `head` says which member the others fold to.
 *
 * Run it again for a newer Unicode version, and mind that folded text may already be stored in indexes.
 */
import { writeFileSync } from 'node:fs'

/** Letters of families where no property of the letters tells which one is the head, with that head. */
const UNTOLD: ReadonlyMap<number, number> = new Map([
  [0x1fbe, 0x03b9],
  [0x1fd3, 0x0390],
  [0x1fe3, 0x03b0],
  [0xfb05, 0xfb06],
])

const CASED = /[\p{Changes_When_Casemapped}\p{Changes_When_Casefolded}]/u

function* codePoints(): Generator<number> {
  for (let code = 0; code <= 0x10ffff; code++) if (code < 0xd800 || code > 0xdfff) yield code
}

const escaped = (code: number) => `\\u{${code.toString(16)}}`
const hex = (code: number) => `0x${code.toString(16)}`
const lower = (code: number) => String.fromCodePoint(code).toLowerCase() === String.fromCodePoint(code)
const folds = (code: number) => /\p{Changes_When_Casefolded}/u.test(String.fromCodePoint(code))

/** The one member that folding leaves alone; for letters that only full folding changes (`ß`), the small one. */
function head(family: readonly number[]): number {
  for (const code of family) {
    const other = UNTOLD.get(code)
    if (other !== undefined) return other
  }
  const still = family.filter((code) => !folds(code))
  const heads = still.length > 0 ? still : family.filter(lower)
  const [only] = heads
  if (only === undefined || heads.length > 1) throw new Error(`Which letter is the head of ${family.map(hex).join(' ')}? Add it to UNTOLD.`)
  return only
}

function pairs(): [number, number][] {
  const cased = [...codePoints()].filter((code) => CASED.test(String.fromCodePoint(code)))
  const text = String.fromCodePoint(...cased)
  const found: [number, number][] = []
  for (const code of cased) {
    const family = [...(text.match(new RegExp(escaped(code), 'giu')) ?? [])].map((letter) => letter.codePointAt(0) ?? 0)
    const target = family.length > 1 ? head(family) : code
    if (target !== code) found.push([code, target])
  }
  return found
}

/** Neighbours with the same distance to their targets, one or two apart, become one row. */
function runs(of: readonly [number, number][]): number[][] {
  const rows: number[][] = []
  for (const [code, target] of of) {
    const row = rows.at(-1)
    const [first = 0, last = 0, step = 0, shift = 0] = row ?? []
    const gap = code - last
    const fits = row !== undefined && shift === target - code && (last === first ? gap <= 2 : gap === step)
    if (fits) rows[rows.length - 1] = [first, code, gap, shift]
    else rows.push([code, code, 1, target - code])
  }
  return rows
}

const table = runs(pairs())
const lines = table.map(([first = 0, last = 0, step, shift]) => `  ${hex(first)}, ${hex(last)}, ${step}, ${shift},`)
const text = `/**
 * Unicode's simple case folding. Made by scripts/generate-fold.ts; do not edit.
 *
 * Four numbers a row: first and last code point, the step between them, and what is added to each.
 */
export const foldUnicodeVersion = '${process.versions.unicode}'

// prettier-ignore
export const foldRuns: readonly number[] = [
${lines.join('\n')}
]
`
writeFileSync(new URL('../src/util/fold-table.ts', import.meta.url), text)
