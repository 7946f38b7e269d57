/**
 * Reads the subset of regular expressions that every database shares, and refuses the rest with its place and a way
 * out. What is accepted means one thing: a set of texts.
 *
 * Limits keep every engine within its own: the length, how deep groups stand in each other, how often something is
 * repeated, and what it all comes to with the repeats written out (`limits.ts`).
 */
import { readBracket, readEscape } from './class.ts'
import { sizeOf } from './limits.ts'
import { Reader } from './reader.ts'
import type { Pattern } from './tree.ts'

const MOST = { letters: 1000, depth: 50, repeats: 255, steps: 1000, skips: 200 } as const

const anything = /^[*+?]$/

function closes(reader: Reader): boolean {
  return reader.peek() === '' || reader.peek() === '|' || reader.peek() === ')'
}

/** `{m}`, `{m,}` or `{m,n}`; the brace is taken already. */
function readCounts(reader: Reader): [min: number, max: number | null] {
  const began = reader.at - 1
  const first = reader.takeWhile(/^[0-9]$/, 4)
  const open = reader.take(',')
  const last = open ? reader.takeWhile(/^[0-9]$/, 4) : first
  if (first === '' || !reader.take('}'))
    return reader.refuse('a brace wants to be a repeat such as {2} or {2,5}', 'Write \\{ for a brace itself.', began)
  const min = Number(first)
  const max = last === '' ? null : Number(last)
  if (Math.max(min, max ?? 0) > MOST.repeats)
    return reader.refuse(`a repeat counts to ${MOST.repeats} at most`, 'Use a smaller count, or * or +.', began)
  if (max !== null && max < min) return reader.refuse('the repeat counts backwards', 'Write the smaller count first.', began)
  return [min, max]
}

function readRepeat(reader: Reader): [min: number, max: number | null] | undefined {
  if (reader.take('*')) return [0, null]
  if (reader.take('+')) return [1, null]
  if (reader.take('?')) return [0, 1]
  return reader.take('{') ? readCounts(reader) : undefined
}

function isAnchor(pattern: Pattern): boolean {
  return pattern.kind === 'start' || pattern.kind === 'end' || pattern.kind === 'boundary' || pattern.kind === 'inside'
}

/** `atom` with the repeat that may follow it. Lazy ones match the same texts; possessive ones would not. */
function repeated(reader: Reader, atom: Pattern): Pattern {
  const at = reader.at
  const counts = readRepeat(reader)
  if (counts === undefined) return atom
  if (isAnchor(atom)) return reader.refuse('an anchor cannot be repeated', 'Leave out the repeat.', at)
  reader.take('?')
  if (anything.test(reader.peek()) || reader.peek() === '{') {
    return reader.refuse('a repeat cannot follow a repeat', 'Put the first one in a group: (?:a+)*.')
  }
  const [min, max] = counts
  return { kind: 'repeat', of: atom, min, max }
}

function refuseGroup(reader: Reader): never {
  const at = reader.at - 1
  const sign = reader.peek(1) + (reader.peek(1) === '<' ? reader.peek(2) : '')
  if (/^(=|!|<=|<!)$/.test(sign))
    return reader.refuse('looking ahead or behind is not in the shared subset', 'Use two filters instead.', at)
  if (sign.startsWith('<') || sign === 'P') return reader.refuse('groups have no names', 'Write ( ) or (?: ).', at)
  return reader.refuse('options inside a pattern are not in the shared subset', 'Use imatch to ignore case.', at)
}

/** A group; its opening is taken already. */
function readGroup(reader: Reader, depth: number): Pattern {
  const began = reader.at - 1
  if (depth >= MOST.depth) return reader.refuse(`groups stand more than ${MOST.depth} deep in each other`, 'Use fewer groups.', began)
  if (reader.peek() === '?' && !reader.take('?:')) return refuseGroup(reader)
  const inside = readChoice(reader, depth + 1)
  if (!reader.take(')')) return reader.refuse('the group is not closed', 'Add ), or write \\( for a parenthesis itself.', began)
  // A group is a thing of its own even around an anchor: `(^)*` is fine where `^*` is not.
  return { kind: 'sequence', of: [inside] }
}

function readAtom(reader: Reader, depth: number): Pattern {
  const at = reader.at
  const letter = reader.next()
  if (letter === '(') return readGroup(reader, depth)
  if (letter === '[') return readBracket(reader)
  if (letter === '\\') return readEscape(reader)
  if (letter === '.') return { kind: 'any' }
  if (letter === '^') return { kind: 'start' }
  if (letter === '$') return { kind: 'end' }
  if (anything.test(letter)) return reader.refuse('there is nothing to repeat', `Write \\${letter} for the character itself.`, at)
  if (letter === '{') return reader.refuse('there is nothing to repeat', 'Write \\{ for a brace itself.', at)
  return { kind: 'letter', code: letter.codePointAt(0) ?? 0 }
}

function readSequence(reader: Reader, depth: number): Pattern {
  const of: Pattern[] = []
  while (!closes(reader)) of.push(repeated(reader, readAtom(reader, depth)))
  return of.length === 1 && of[0] !== undefined ? of[0] : { kind: 'sequence', of }
}

function readChoice(reader: Reader, depth: number): Pattern {
  const first = readSequence(reader, depth)
  if (reader.peek() !== '|') return first
  const of = [first]
  while (reader.take('|')) of.push(readSequence(reader, depth))
  return { kind: 'choice', of }
}

function checkSize(reader: Reader, pattern: Pattern): void {
  const size = sizeOf(pattern)
  if (size.steps > MOST.steps) {
    reader.refuse(`it has more than ${MOST.steps} steps when its repeats are written out`, 'Use smaller counts, or * or +.', 0)
  }
  if (size.skips > MOST.skips) {
    reader.refuse(
      `more than ${MOST.skips} optional parts follow one another when its repeats are written out`,
      'Use smaller counts, or * or +.',
      0,
    )
  }
  if (size.tangled) {
    reader.refuse(
      'something with an anchor is counted that could also be empty',
      'Take the anchor out of the repeat, or make a part of it obligatory.',
      0,
    )
  }
}

/** `parsePattern('^[A-Z]{2}-\\d+$')`. Throws `2201B` with the place, the reason and the way out. */
export function parsePattern(text: string): Pattern {
  const reader = new Reader(text)
  if (reader.length > MOST.letters) reader.refuse(`it is longer than ${MOST.letters} characters`, 'Use a shorter pattern.', MOST.letters)
  const unheld = Array.from(text).findIndex((letter) => /^[\0\p{Cs}]$/u.test(letter))
  if (unheld >= 0) reader.refuse('no text can hold this character', 'Leave it out.', unheld)
  const pattern = readChoice(reader, 0)
  if (reader.peek() === ')') reader.refuse('there is no group to close', 'Write \\) for a parenthesis itself.')
  checkSize(reader, pattern)
  return pattern
}
