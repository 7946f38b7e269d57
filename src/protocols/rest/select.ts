/**
 * The `select` parameter: `id,total:price.sum(),customer!inner(name),...address(city)`.
 *
 * To add a form: `readItem`, a sentence in `select.test.ts`, a row in `spec/70-rest/grammar.ts`.
 */
import type { Aggregate } from '../../query/query.ts'
import { FIELD_NAME, readName, readNamed, type Named } from './names.ts'
import { Scanner } from './scanner.ts'

export type Item = StarItem | ColumnItem | AggregateItem | EmbedItem

export interface StarItem {
  readonly kind: 'all'
}

export interface ColumnItem {
  readonly kind: 'column'
  readonly column: Named
  readonly cast?: string
  readonly alias?: string
}

export interface AggregateItem {
  readonly kind: 'aggregate'
  readonly aggregate: Aggregate
  /** Null for `count()`, which counts rows. */
  readonly column: Named | null
  readonly inner?: string
  readonly cast?: string
  readonly alias?: string
}

export interface EmbedItem {
  readonly kind: 'embed'
  readonly name: string
  readonly hint?: string
  readonly alias?: string
  readonly inner: boolean
  readonly spread: boolean
  readonly items: readonly Item[]
}

const aggregate = /(?:sum|avg|count|max|min)(?=\(\))/y
const castName = /[\p{L}\p{N}_ $]+/uy

export function parseSelect(text: string): readonly Item[] {
  const scan = new Scanner(text, `select parameter (${text})`)
  const items = readItems(scan)
  scan.needEnd('"," or end of input')
  return items
}

function readItems(scan: Scanner): readonly Item[] {
  scan.blanks()
  if (scan.done || scan.peek() === ')') return []
  const items = [readItem(scan)]
  while (scan.skip(',')) items.push(readItem(scan))
  return items
}

function readItem(scan: Scanner): Item {
  scan.blanks()
  const item = scan.skip('...') ? readEmbed(scan, readName(scan), {}, true) : scan.skip('*') ? { kind: 'all' as const } : readAliased(scan)
  scan.blanks()
  if (!scan.done && scan.peek() !== ',' && scan.peek() !== ')')
    scan.fail('letter, digit, "-", "->>", "->", "::", ".", ")", "," or end of input')
  return item
}

type Alias = { readonly alias?: string }

function readAliased(scan: Scanner): Item {
  const start = scan.at
  const first = readName(scan, FIELD_NAME)
  if (scan.peek() !== ':' || scan.peek(1) === ':') return readColumnOrEmbed(scan, start, first, {})
  scan.at++
  scan.blanks()
  const named = scan.at
  return readColumnOrEmbed(scan, named, readName(scan), { alias: first })
}

function readColumnOrEmbed(scan: Scanner, start: number, name: string, alias: Alias): Item {
  if (name === 'count' && scan.skip('()')) return { kind: 'aggregate', aggregate: 'count', column: null, ...castOf(scan), ...alias }
  if (scan.peek() === '!' || scan.peek() === '(') return readEmbed(scan, name, alias, false)
  scan.at = start
  return readColumn(scan, alias)
}

function readColumn(scan: Scanner, alias: Alias): ColumnItem | AggregateItem {
  const column = readNamed(scan)
  const cast = castOf(scan)
  if (!scan.skip('.')) return { kind: 'column', column, ...cast, ...alias }
  const name = scan.take(aggregate) ?? scan.fail('"sum()", "avg()", "count()", "max()" or "min()"')
  scan.need('()')
  const inner = cast.cast === undefined ? {} : { inner: cast.cast }
  // The pattern takes none but these words.
  return { kind: 'aggregate', aggregate: name as Aggregate, column, ...inner, ...castOf(scan), ...alias }
}

function castOf(scan: Scanner): { readonly cast?: string } {
  if (!scan.skip('::')) return {}
  return { cast: (scan.take(castName) ?? scan.fail('letter or digit')).trim() }
}

function readEmbed(scan: Scanner, name: string, alias: Alias, spread: boolean): EmbedItem {
  const params = [readParam(scan), readParam(scan)].filter((param) => param !== undefined)
  const hint = params.find((param) => param !== 'inner' && param !== 'left')
  scan.need('(', params.length < 2 ? '"!" or "("' : '"("')
  const items = readItems(scan)
  scan.need(')', '")" or ","')
  return { kind: 'embed', name, ...(hint !== undefined && { hint }), ...alias, inner: params.includes('inner'), spread, items }
}

function readParam(scan: Scanner): string | undefined {
  return scan.skip('!') ? readName(scan, '"left", "inner" or a hint') : undefined
}
