/**
 * Sorts the parameters of a request by what they are about: `select`, a level of it, or the whole.
 *
 * To add a parameter of the wire: `place`, its name among the reserved columns of `schema/`, a sentence in
 * `shape.test.ts`, a row in `spec/70-rest/grammar.ts`.
 */
import { Problem } from '../../errors.ts'
import type { Schema } from '../../schema/schema.ts'
import { parseFilter, parseHaving, parseLogic, tooMany, type FilterLimits, type Reading, type Tree } from './filter.ts'
import { levelAt, makeLevels, type Level, type LevelLimits } from './levels.ts'
import { readName, readNamed, type Named } from './names.ts'
import { parseOrder, type OrderTerm } from './order.ts'
import type { Parameter } from './parameters.ts'
import { Scanner } from './scanner.ts'
import { parseSelect } from './select.ts'
import type { Slots, Source } from './slots.ts'

export interface Parts {
  readonly root: Level
  readonly having: Tree[]
  after: Source | undefined
}

export type PartLimits = FilterLimits & LevelLimits & { readonly maxEmbedDepth: number }

export function sortParts(schema: Schema, table: string, parameters: readonly Parameter[], slots: Slots, limits: PartLimits): Parts {
  const select = parameters.find(({ name }) => name === 'select')
  const root = makeLevels(schema, table, parseSelect(select ? textOf(select) : '*', limits.maxEmbedDepth), limits)
  const parts: Parts = { root, having: [], after: undefined }
  const reading: Reading = { slots, limits, filters: 0, orders: 0 }
  for (const parameter of parameters) place(parameter, parts, reading)
  return parts
}

function place(parameter: Parameter, parts: Parts, reading: Reading): void {
  const { name, value } = parameter
  switch (name) {
    case 'select':
    case 'columns':
    case 'on_conflict':
      return
    case 'apikey':
      throw new Problem('bad_request', 'The API key is not taken from the URL, where logs and histories keep it', {
        hint: 'Send it as the header apikey.',
      })
    case 'having':
      parts.having.push(parseHaving(textOf(parameter), reading))
      return
    case 'after':
      parts.after = value
      return
  }
  placeAtLevel(parameter, parts.root, reading)
}

function placeAtLevel(parameter: Parameter, root: Level, reading: Reading): void {
  const { name, prefix, value } = parameter
  const last = name.slice(name.lastIndexOf('.') + 1)
  switch (last) {
    case 'order': {
      const level = levelAt(root, pathBefore(name))
      level.order ??= readOrder(parameter, reading)
      return
    }
    case 'limit':
    case 'offset':
      levelAt(root, pathBefore(name))[last] = value
      return
    case 'and':
    case 'or':
      return placeLogic(parameter, last, root, reading)
    case 'having':
      throw new Problem('PGRST127', 'Feature not implemented', {
        details: `having is about the outputs of the table itself, not of an embed (${name}).`,
      })
  }
  const { path, column } = readKey(name)
  levelAt(root, path).trees.push(parseFilter(column, prefix, value, reading))
}

function readOrder(parameter: Parameter, reading: Reading): readonly OrderTerm[] {
  const { maxOrder } = reading.limits
  const terms = parseOrder(textOf(parameter))
  if ((reading.orders += terms.length) > maxOrder) throw tooMany('columns to order by', maxOrder, 'PLINTH_MAX_ORDER')
  return terms
}

function placeLogic(parameter: Parameter, word: string, root: Level, reading: Reading): void {
  const path = pathBefore(parameter.name)
  const level = levelAt(
    root,
    path.filter((step) => step !== 'not'),
  )
  level.trees.push(parseLogic(path.includes('not') ? `not.${word}` : word, textOf(parameter), reading))
}

/** `roles.actors.first_name->>x`: the embeds to walk, then the column. */
function readKey(key: string): { path: readonly string[]; column: Named } {
  const scan = new Scanner(key, `tree path (${key})`)
  const path: string[] = []
  for (;;) {
    const column = readNamed(scan)
    if (scan.done) return { path, column }
    if (column.json !== undefined || !scan.skip('.')) scan.fail('delimiter (.), "->>", "->" or end of input')
    path.push(column.name)
  }
}

/** The embeds before a key's last word. */
function pathBefore(key: string): readonly string[] {
  if (!key.includes('.')) return []
  const scan = new Scanner(key.slice(0, key.lastIndexOf('.')), `tree path (${key})`)
  const path = [readName(scan)]
  while (scan.skip('.')) path.push(readName(scan))
  scan.needEnd('delimiter (.)')
  return path
}

/** Parameters that are not filters are never held. */
function textOf({ value }: Parameter): string {
  return 'text' in value ? value.text : ''
}
