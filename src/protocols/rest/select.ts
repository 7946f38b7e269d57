/**
 * The `select` parameter: `id,total:price.sum(),customer!inner(name),...address(city)`.
 *
 * A second `*` of one level adds nothing: its columns are there already.
 *
 * To add a form: `readItem`, a sentence in `select.test.ts`, a row in `spec/70-rest/grammar.ts`.
 */
import { Problem } from '../../errors.ts'
import type { Aggregate } from '../../query/query.ts'
import { orRaise } from './lists.ts'
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

/** Embeds may be `deepest` deep in each other. */
export function parseSelect(text: string, deepest: number): readonly Item[] {
  const scan = new Scanner(text, `select parameter (${text})`)
  const items = readItems(scan, { depth: 0, deepest })
  scan.needEnd('"," or end of input')
  return items
}

/** Where an item stands. */
interface Place {
  readonly depth: number
  readonly deepest: number
}

function readItems(scan: Scanner, place: Place): readonly Item[] {
  if (place.depth > place.deepest) throw tooDeep(place.deepest)
  scan.blanks()
  if (scan.done || scan.peek() === ')') return []
  const items = [readItem(scan, place)]
  while (scan.skip(',')) items.push(readItem(scan, place))
  return items.filter((item, at) => item.kind !== 'all' || at === items.findIndex(({ kind }) => kind === 'all'))
}

function readItem(scan: Scanner, place: Place): Item {
  scan.blanks()
  const item = scan.skip('...')
    ? readEmbed(scan, place, { name: readName(scan), spread: true })
    : scan.skip('*')
      ? { kind: 'all' as const }
      : readAliased(scan, place)
  scan.blanks()
  if (!scan.done && scan.peek() !== ',' && scan.peek() !== ')')
    scan.fail('letter, digit, "-", "->>", "->", "::", ".", ")", "," or end of input')
  return item
}

interface Alias {
  readonly alias?: string
}

function readAliased(scan: Scanner, place: Place): Item {
  const start = scan.at
  const first = readName(scan, FIELD_NAME)
  if (scan.peek() !== ':' || scan.peek(1) === ':') return readColumnOrEmbed(scan, place, { start, name: first })
  scan.at++
  scan.blanks()
  const named = scan.at
  return readColumnOrEmbed(scan, place, { start: named, name: readName(scan), alias: first })
}

/** A name that was read, and where it starts. */
interface Begun extends Alias {
  readonly start: number
  readonly name: string
}

function readColumnOrEmbed(scan: Scanner, place: Place, { start, name, ...alias }: Begun): Item {
  if (name === 'count' && scan.skip('()')) return { kind: 'aggregate', aggregate: 'count', column: null, ...castOf(scan), ...alias }
  if (scan.peek() === '!' || scan.peek() === '(') return readEmbed(scan, place, { name, ...alias, spread: false })
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

function readEmbed(scan: Scanner, { depth, deepest }: Place, begun: Pick<EmbedItem, 'name' | 'alias' | 'spread'>): EmbedItem {
  const params = [readParam(scan), readParam(scan)].filter((param) => param !== undefined)
  const hint = params.find((param) => param !== 'inner' && param !== 'left')
  scan.need('(', params.length < 2 ? '"!" or "("' : '"("')
  const items = readItems(scan, { depth: depth + 1, deepest })
  scan.need(')', '")" or ","')
  return { kind: 'embed', ...begun, ...(hint !== undefined && { hint }), inner: params.includes('inner'), items }
}

const tooDeep = (most: number): Problem =>
  new Problem('too_deep', `Embeds may be ${most} deep at most`, { hint: orRaise('Embed less', 'PLINTH_MAX_EMBED_DEPTH') })

function readParam(scan: Scanner): string | undefined {
  return scan.skip('!') ? readName(scan, '"left", "inner" or a hint') : undefined
}
