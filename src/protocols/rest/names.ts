/**
 * Names and the paths into JSON that may follow them: what `select`, `order`, filters and their keys are made of.
 *
 * 1. A bare name is letters, digits, `_`, `$` and inner spaces, in parts joined by `-`; anything else goes in double
 *    quotes, with `\` before a quote or a backslash.
 * 2. `->>` gives text, so it can only be a path's last step.
 * 3. A path has no more steps than JSON can be nested deep by any setting.
 */
import { Problem } from '../../errors.ts'
import type { Field, Step } from '../../query/query.ts'
import type { Parameter } from './parameters.ts'
import { Scanner } from './scanner.ts'

export type JsonPath = NonNullable<Field['json']>

/** A column, or a part of what one holds. */
export interface Named {
  readonly name: string
  readonly json?: JsonPath
}

const MOST_STEPS = 500

export const FIELD_NAME = 'field name (* or [a..z0..9_$])'

const word = /[\p{L}\p{M}\p{N}_ $]+/uy
const keyWord = /[^(\-:.,>)]+/y
const index = /-?\d{1,10}(?=->|::|[.,)]|$)/y
const quoted = /(?:[^"\\]|\\[^])*/y

export function readName(scan: Scanner, expecting = FIELD_NAME): string {
  return scan.peek() === '"' ? readQuoted(scan) : dashed(scan, word, expecting)
}

/** `"…"` with every `\x` meaning `x`. */
export function readQuoted(scan: Scanner): string {
  scan.need('"')
  const inner = scan.take(quoted) ?? ''
  scan.need('"')
  return inner.replaceAll(/\\([^])/g, '$1')
}

function dashed(scan: Scanner, part: RegExp, expecting: string): string {
  let name = partOf(scan, part, expecting)
  while (scan.peek() === '-' && scan.peek(1) !== '>') {
    scan.at++
    name += `-${partOf(scan, part, expecting)}`
  }
  return name
}

function partOf(scan: Scanner, part: RegExp, expecting: string): string {
  const found = scan.take(part)?.trim()
  return found === undefined || found === '' ? scan.fail(expecting) : found
}

/** A name and what follows it of `->key` and `->0`. */
export function readNamed(scan: Scanner, expecting?: string): Named {
  scan.blanks()
  const name = readName(scan, expecting)
  const json = readJsonPath(scan)
  scan.blanks()
  return json === undefined ? { name } : { name, json }
}

function readJsonPath(scan: Scanner): JsonPath | undefined {
  const path: (string | number)[] = []
  let text = false
  while (scan.startsWith('->')) {
    if (text) throw textHasNoParts()
    text = scan.skip('->>') || !scan.skip('->')
    path.push(readStep(scan))
    if (path.length > MOST_STEPS) throw new Problem('too_deep', `A path into JSON may have ${MOST_STEPS} steps at most`)
  }
  return path.length === 0 ? undefined : { path, text }
}

function readStep(scan: Scanner): string | number {
  const position = scan.take(index)
  if (position !== undefined) return Number(position)
  if (scan.skip('-')) scan.fail('digit')
  return scan.peek() === '"' ? readQuoted(scan) : dashed(scan, keyWord, '"-", digit or any non reserved character different from: .,>()')
}

const textHasNoParts = (): Problem =>
  new Problem('42883', 'operator does not exist: text -> unknown', {
    hint: 'Only the last step of a path may be ->>, which gives text; use -> before it.',
  })

/** The name an output gets from a path: its last key, or the column's where there are only positions. */
export function outputName({ name, json }: Named): string {
  return json?.path.findLast((step) => typeof step === 'string') ?? name
}

export function fieldOf({ name, json }: Named, path: readonly Step[] = []): Field {
  return json === undefined ? { kind: 'field', path, name } : { kind: 'field', path, name, json }
}

/** `id,"first name"`: the names that a parameter lists, each once. */
export function readNames(name: string, { value }: Pick<Parameter, 'value'>): readonly string[] {
  const text = 'text' in value ? value.text : ''
  const scan = new Scanner(text, `${name} parameter (${text})`)
  const names = new Set<string>()
  do {
    scan.blanks()
    names.add(readName(scan))
    scan.blanks()
  } while (scan.skip(','))
  scan.needEnd('"," or end of input')
  return [...names]
}
