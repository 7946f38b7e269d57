/**
 * Brackets and backslashes. `\d`, `\w`, `\s` and the named classes mean ASCII on every database, whatever an engine's
 * locale would say. To add a named class: a row in `named`, and a line in the docs.
 */
import type { Reader } from './reader.ts'
import type { Range, Ranges } from './ranges.ts'
import type { Anchor, Member, Pattern } from './tree.ts'

const digit: Range = [0x30, 0x39]
const upper: Range = [0x41, 0x5a]
const lower: Range = [0x61, 0x7a]
const space: Ranges = [
  [0x09, 0x0d],
  [0x20, 0x20],
]
const word: Ranges = [digit, upper, [0x5f, 0x5f], lower]

const named: Readonly<Record<string, Ranges>> = {
  alpha: [upper, lower],
  digit: [digit],
  alnum: [digit, upper, lower],
  upper: [upper],
  lower: [lower],
  space,
  blank: [
    [0x09, 0x09],
    [0x20, 0x20],
  ],
  punct: [
    [0x21, 0x2f],
    [0x3a, 0x40],
    [0x5b, 0x60],
    [0x7b, 0x7e],
  ],
  xdigit: [digit, [0x41, 0x46], [0x61, 0x66]],
  word,
}

const classes: Readonly<Record<string, Member>> = {
  d: { ranges: [digit], negated: false },
  D: { ranges: [digit], negated: true },
  w: { ranges: word, negated: false },
  W: { ranges: word, negated: true },
  s: { ranges: space, negated: false },
  S: { ranges: space, negated: true },
}

const controls: Readonly<Record<string, number>> = { n: 0x0a, t: 0x09, r: 0x0d, f: 0x0c, v: 0x0b }

const anchors: Readonly<Record<string, Anchor>> = { b: 'boundary', B: 'inside' }

/** What people write elsewhere, and what to write here. */
const elsewhere: Readonly<Record<string, string>> = {
  A: 'Write ^ for the start of the text.',
  Z: 'Write $ for the end of the text.',
  z: 'Write $ for the end of the text.',
  y: 'Write \\b for the edge of a word.',
  Y: 'Write \\B for not at the edge of a word.',
  m: 'Write \\b for the edge of a word.',
  M: 'Write \\b for the edge of a word.',
  x: 'Write \\u and four hexadecimal digits.',
  p: 'Write the ranges of letters that are meant, such as [a-zà-öø-ÿ].',
  P: 'Write the ranges of letters that are not meant, such as [^a-z].',
}

function codeOf(letter: string): number {
  return letter.codePointAt(0) ?? 0
}

/** After `\u`: four digits, or any code point in braces. */
function unicode(reader: Reader): number {
  const began = reader.at - 2
  const braced = reader.take('{')
  const digits = reader.takeWhile(/^[0-9a-f]$/i, braced ? 6 : 4)
  const whole = braced ? digits !== '' && reader.take('}') : digits.length === 4
  const code = parseInt(digits, 16)
  if (!whole) reader.refuse('\\u wants four hexadecimal digits, or up to six in braces', 'Write it as \\u00e9 or \\u{1f600}.', began)
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
    reader.refuse('no text can hold this character', 'Write characters beyond U+FFFF as \\u{1f600}.', began)
  }
  return code
}

/** A character after a backslash, as itself; `letter` is taken already. */
function escapedCode(reader: Reader, letter: string): number {
  const control = controls[letter]
  if (control !== undefined) return control
  if (letter === 'u') return unicode(reader)
  if (/^[!-/:-@[-`{-~ ]$/.test(letter)) return codeOf(letter)
  const at = reader.at - 2
  if (letter === '') return reader.refuse('it ends with a lone backslash', 'Write two backslashes to mean one.', at)
  if (/^[0-9]$/.test(letter))
    return reader.refuse('back-references are not in the shared subset', 'Write the pattern without \\1 and the like.', at)
  const fix = elsewhere[letter] ?? 'Leave out the backslash, or write two to mean one.'
  return reader.refuse(`\\${letter} is not in the shared subset`, fix, at)
}

/** What a backslash outside brackets means; the backslash is taken already. */
export function readEscape(reader: Reader): Pattern {
  const letter = reader.next()
  const member = classes[letter]
  if (member !== undefined) return { kind: 'set', members: [member], negated: false }
  const anchor = anchors[letter]
  if (anchor !== undefined) return { kind: anchor }
  return { kind: 'letter', code: escapedCode(reader, letter) }
}

/** `[:name:]`; its opening is taken already. */
function readNamed(reader: Reader): Member {
  const began = reader.at - 2
  const name = reader.takeWhile(/^[a-z^]$/i, 12)
  const ranges = Object.hasOwn(named, name) ? named[name] : undefined
  if (ranges === undefined || !reader.take(':]')) {
    return reader.refuse('the named class is not in the shared subset', `The named classes are ${Object.keys(named).join(', ')}.`, began)
  }
  return { ranges, negated: false }
}

/** One member, or one end of a range. */
function readMember(reader: Reader): Member | number {
  if (reader.take('[:')) return readNamed(reader)
  if (reader.peek() === '[' && /^[.=]$/.test(reader.peek(1))) {
    return reader.refuse('collating elements are not in the shared subset', 'Write \\[ for a bracket itself.')
  }
  const letter = reader.next()
  if (letter !== '\\') return codeOf(letter)
  const escape = reader.next()
  return classes[escape] ?? escapedCode(reader, escape)
}

/** A dash that does not stand between two characters is itself: `[a-z-.]`, `[\w-.]`. */
function readRange(reader: Reader): Member {
  const began = reader.at
  const first = readMember(reader)
  if (typeof first !== 'number') return first
  const isRange = reader.peek() === '-' && reader.peek(1) !== ']' && reader.peek(1) !== ''
  if (!isRange) return { ranges: [[first, first]], negated: false }
  reader.next()
  const last = readMember(reader)
  if (typeof last !== 'number') return reader.refuse('a class cannot be the end of a range', 'Write \\- for a dash itself.', began)
  if (last < first) return reader.refuse('the range runs backwards', 'Write the lower character first.', began)
  return { ranges: [[first, last]], negated: false }
}

/** A bracket; its opening is taken already. */
export function readBracket(reader: Reader): Pattern {
  const began = reader.at - 1
  const negated = reader.take('^')
  if (reader.peek() === ']') return reader.refuse('the bracket is empty', 'Write \\] for a bracket itself.')
  const members: Member[] = []
  while (!reader.take(']')) {
    if (reader.peek() === '') return reader.refuse('the bracket is not closed', 'Add ], or write \\[ for a bracket itself.', began)
    members.push(readRange(reader))
  }
  return { kind: 'set', members, negated }
}
