/**
 * Lists of values: `(1,"a,b",c)` after `in.`, and PostgreSQL's `{a,"b,c"}` after `eq(any).` and the like.
 *
 * 1. Every element is text; the column it is compared with gives it its type.
 * 2. `()` and `{}` have no element; `("")` has an empty one.
 */
import { Problem } from '../../errors.ts'
import { readQuoted } from './names.ts'
import type { Scanner } from './scanner.ts'

const quotedElement = /"(?:[^"\\]|\\[^])*"(?=[,)])/y
const element = /[^,)]*/y
const blanks = /[ \t]*/y
const arrayElement = /(?:"((?:[^"\\]|\\[^])*)"[ \t]*|((?:[^",{}\\]|\\[^])+))(?=[,}])/y

/** Reads `(…)`. Blanks after the first parenthesis and around the list do not count; inside an element they do. */
export function readListText(scan: Scanner, most: number): readonly string[] {
  scan.blanks()
  scan.need('(')
  scan.blanks()
  if (scan.skip(')')) return []
  const list = [readElement(scan)]
  while (scan.skip(',')) list.push(readElement(scan))
  scan.need(')', '"," or ")"')
  if (list.length > most) throw tooLong(most)
  scan.blanks()
  return list
}

function readElement(scan: Scanner): string {
  const start = scan.at
  if (scan.take(quotedElement) === undefined) return scan.take(element) ?? ''
  scan.at = start
  return readQuoted(scan)
}

/** Reads `{…}` of one dimension. */
export function readList(text: string, most: number): string[] {
  const inner = text.trim()
  if (!inner.startsWith('{') || !inner.endsWith('}')) throw malformed(text)
  if (inner.slice(1, -1).trim() === '') return []
  const list: string[] = []
  for (let at = 1; at < inner.length;) {
    blanks.lastIndex = at
    blanks.test(inner)
    arrayElement.lastIndex = blanks.lastIndex
    const found = arrayElement.exec(inner)
    if (found === null) throw malformed(text)
    list.push(arrayText(found, text))
    at = arrayElement.lastIndex + 1
    if (list.length > most) throw tooLong(most)
    if (inner[at - 1] === '}' && at !== inner.length) throw malformed(text)
  }
  return list
}

function arrayText([, inQuotes, bare = '']: RegExpExecArray, whole: string): string {
  const text = inQuotes ?? bare.trimEnd()
  if (inQuotes === undefined && text.toUpperCase() === 'NULL') {
    throw new Problem('22P02', 'NULL in a list matches nothing, and is refused', {
      details: `The list is ${whole}.`,
      hint: 'Leave NULL out, and ask for it with is.null.',
    })
  }
  return text.replaceAll(/\\([^])/g, '$1')
}

const malformed = (text: string): Problem =>
  new Problem('22P02', `malformed array literal: "${text}"`, {
    hint: 'Write a list as {a,"b,c"}, with quotes around an element that has a comma, a brace or a quote.',
  })

const tooLong = (most: number): Problem =>
  new Problem('too_complex', `A list of values may have ${most} elements at most`, {
    hint: orRaise('Ask in several requests', 'PLINTH_MAX_LIST_LENGTH'),
  })

/** What to do about a limit: the asker's way out, and the operator's. */
export const orRaise = (wayOut: string, setting: string): string => `${wayOut}, or raise ${setting}.`
