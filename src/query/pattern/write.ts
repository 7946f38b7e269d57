/**
 * Writes a pattern in the words of an engine. Only what every engine reads alike is used: single characters, ranges,
 * groups without a memory, choices, greedy repeats and anchors.
 *
 * To add an engine: a row of `Notation`, a function at the end, and a line in the property test against the engine.
 */
import { fold } from '../../util/fold.ts'
import type { Range } from './ranges.ts'
import { codesOf } from './tree.ts'
import type { Anchor, Pattern, SetPattern } from './tree.ts'

interface Notation extends Readonly<Record<Anchor, string>> {
  readonly any: string
  /** A character that is no plain letter or digit. */
  code(code: number): string
}

const hex = (code: number, digits: number) => code.toString(16).padStart(digits, '0')

const postgres: Notation = {
  any: '.',
  start: '^',
  end: '$',
  boundary: '\\y',
  inside: '\\Y',
  code: (code) => (code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`),
}

const re2: Notation = { any: '.', start: '^', end: '$', boundary: '\\b', inside: '\\B', code: (code) => `\\x{${hex(code, 1)}}` }

/** Matches no text anywhere: what an empty set is written as. */
const NOTHING = '(?:x^)'

/** Letters are left readable; all else is spelled by its number, so that nothing is special anywhere. */
function writeCode(code: number, notation: Notation): string {
  const letter = String.fromCodePoint(code)
  return /^[\p{L}\p{Nd}]$/u.test(letter) ? letter : notation.code(code)
}

function writeRange([from, to]: Range, notation: Notation): string {
  const first = writeCode(from, notation)
  return from === to ? first : `${first}-${writeCode(to, notation)}`
}

function writeSet(set: SetPattern, notation: Notation, insensitive: boolean): string {
  const ranges = codesOf(set, insensitive)
  return ranges.length === 0 ? NOTHING : `[${ranges.map((range) => writeRange(range, notation)).join('')}]`
}

function writeRepeat(min: number, max: number | null): string {
  if (max === null) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`
  return min === 0 && max === 1 ? '?' : min === max ? `{${min}}` : `{${min},${max}}`
}

function write(pattern: Pattern, notation: Notation, insensitive: boolean): string {
  const inner = (part: Pattern) => write(part, notation, insensitive)
  switch (pattern.kind) {
    case 'letter':
      return writeCode(insensitive ? foldCode(pattern.code) : pattern.code, notation)
    case 'set':
      return writeSet(pattern, notation, insensitive)
    case 'sequence':
      return pattern.of.map((part) => (part.kind === 'choice' ? `(?:${inner(part)})` : inner(part))).join('')
    case 'choice':
      return pattern.of.map(inner).join('|')
    case 'repeat':
      return `${single(pattern.of) ? inner(pattern.of) : `(?:${inner(pattern.of)})`}${writeRepeat(pattern.min, pattern.max)}`
    case 'any':
    case 'start':
    case 'end':
    case 'boundary':
    case 'inside':
      return notation[pattern.kind]
  }
}

/** A repeat after it repeats the whole of it. */
function single(pattern: Pattern): boolean {
  return pattern.kind === 'letter' || pattern.kind === 'set' || pattern.kind === 'any'
}

function foldCode(code: number): number {
  return fold(String.fromCodePoint(code)).codePointAt(0) ?? code
}

/**
 * For PostgreSQL's `~` under the collation "C". Insensitive ones are to be held against `plinth_fold(text)`.
 */
export function toPostgres(pattern: Pattern, insensitive: boolean): string {
  return write(pattern, postgres, insensitive)
}

/** For RE2. Insensitive ones are to be held against folded text. */
export function toRe2(pattern: Pattern, insensitive: boolean): string {
  return `(?s)${write(pattern, re2, insensitive)}`
}
