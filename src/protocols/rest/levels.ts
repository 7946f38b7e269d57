/**
 * The levels of a request: the table itself and each embed of `select`, with the parameters that are about it.
 *
 * 1. A parameter names its level by the embed's alias, or by its name where it has none. An aliased embed may also be
 *    meant by its name, as version 14 had it, where no level is called so.
 * 2. Of several `order`, the first counts; of several `limit` or `offset`, the last; filters all hold.
 */
import { Problem } from '../../errors.ts'
import { findRelation } from '../../schema/relations.ts'
import type { Schema, Table } from '../../schema/schema.ts'
import { tooMany, type Tree } from './filter.ts'
import type { OrderTerm } from './order.ts'
import type { EmbedItem, Item } from './select.ts'
import type { Source } from './slots.ts'

export interface Level {
  /** What the request calls it: the alias or the name. */
  readonly called: string
  /** The table, where the name leads to exactly one. Names are judged later; this only tells `count` apart. */
  readonly table: Table | undefined
  /** Undefined for the table that the path names. */
  readonly embed: EmbedItem | undefined
  readonly items: readonly Item[]
  readonly children: ReadonlyMap<EmbedItem, Level>
  readonly trees: Tree[]
  order: readonly OrderTerm[] | undefined
  limit: Source | undefined
  offset: Source | undefined
}

export interface LevelLimits {
  readonly maxEmbeds: number
  readonly maxColumns: number
}

export function makeLevels(schema: Schema, table: string, items: readonly Item[], limits: LevelLimits): Level {
  let embeds = 0
  let columns = 0
  const make = (called: string, at: Table | undefined, own: readonly Item[], embed: EmbedItem | undefined): Level => {
    const inner = own.filter((item) => item.kind === 'embed')
    if ((embeds += inner.length) > limits.maxEmbeds) throw tooMany('embeds', limits.maxEmbeds, 'PLINTH_MAX_EMBEDS')
    if ((columns += own.length - inner.length) > limits.maxColumns) throw tooMany('columns', limits.maxColumns, 'PLINTH_MAX_COLUMNS')
    const children = new Map(inner.map((item) => [item, make(item.alias ?? item.name, target(schema, at, item), item.items, item)]))
    return { called, table: at, embed, items: own, children, trees: [], order: undefined, limit: undefined, offset: undefined }
  }
  return make(table, schema.tables.get(table), items, undefined)
}

function target(schema: Schema, from: Table | undefined, { name, hint }: EmbedItem): Table | undefined {
  const relations = from === undefined ? [] : findRelation(schema, from.name, name, hint)
  const [to, ...others] = new Set(relations.map((relation) => relation.to))
  return to === undefined || others.length > 0 ? undefined : schema.tables.get(to)
}

/** The level that a path of embeds leads to. */
export function levelAt(root: Level, path: readonly string[]): Level {
  return path.reduce((level, name) => childOf(level, name) ?? childByName(level, name) ?? notEmbedded(name), root)
}

export function childOf(level: Level, called: string): Level | undefined {
  return level.children.values().find((child) => child.called === called)
}

const childByName = (level: Level, name: string): Level | undefined => level.children.values().find((child) => child.embed?.name === name)

export function notEmbedded(name: string): never {
  throw new Problem('PGRST108', `'${name}' is not an embedded resource in this request`, {
    hint: `Verify that '${name}' is included in the 'select' query parameter.`,
  })
}
