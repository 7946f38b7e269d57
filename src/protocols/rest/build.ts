/**
 * From levels to the query: outputs, orders and pages, level by level.
 *
 * 1. `count` without parentheses counts rows where the table has no column of that name.
 * 2. A name in `order` is an aggregate's before it is a column's; inside an embed, a renamed column's before a column's.
 */
import type { Alias, Condition, Field, Nested, Order, Selection } from '../../query/query.ts'
import { Conditions, allOf, relationName } from './conditions.ts'
import { childOf, notEmbedded, type Level } from './levels.ts'
import { fieldOf, outputName, type Named } from './names.ts'
import type { OrderTerm } from './order.ts'
import type { AggregateItem, ColumnItem, Item } from './select.ts'
import type { Slots } from './slots.ts'
import { readLimit, readOffset } from './window.ts'

export class Builder {
  private readonly slots: Slots
  private readonly conditions: Conditions

  constructor(slots: Slots, maxFilters: number) {
    this.slots = slots
    this.conditions = new Conditions(maxFilters)
  }

  /** All of a level but its page. */
  read(level: Level): Omit<Nested, 'limit' | 'offset'> {
    const where = this.conditions.of(level)
    const order = (level.order ?? []).map((term) => this.order(term, level))
    return { select: this.select(level), ...(where && { where }), order }
  }

  /** What of a level is about the rows that a write gives back. */
  returning(level: Level): Nested {
    const where = allOf(this.conditions.inner(level))
    return { select: this.select(level), ...(where && { where }), order: (level.order ?? []).map((term) => this.order(term, level)) }
  }

  /** Which rows a write is about. */
  where(level: Level): Condition | undefined {
    return allOf(this.conditions.filters(level))
  }

  private select(level: Level): readonly Selection[] {
    if (level.embed === undefined && level.items.length === 0) return [{ kind: 'all' }]
    return level.items.map((item) => this.selection(item, level))
  }

  private selection(item: Item, level: Level): Selection {
    switch (item.kind) {
      case 'all':
        return item
      case 'column':
        return isLegacyCount(item, level) ? countRows(item) : columnSelection(item)
      case 'aggregate':
        return aggregateSelection(item)
      case 'embed':
        return this.embed(level.children.get(item) ?? notEmbedded(item.name))
    }
  }

  private embed(level: Level): Selection {
    const { select, ...read } = this.read(level)
    const shown = select.some((one) => one.kind !== 'embed' || one.read.select.length > 0)
    const spread = level.embed?.spread ?? false
    return {
      kind: 'embed',
      relation: relationName(level),
      as: level.called,
      spread,
      read: { ...read, select: shown ? select : [], ...this.page(level) },
    }
  }

  private page({ limit, offset, called }: Level): Pick<Nested, 'limit' | 'offset'> {
    const isThere = (source: Level['limit']): source is NonNullable<Level['limit']> =>
      source !== undefined && !('text' in source && source.text.trim() === '')
    return {
      ...(isThere(limit) && { limit: this.slots.from(limit, (text) => readLimit(`${called}.limit`, text)) }),
      ...(isThere(offset) && { offset: this.slots.from(offset, (text) => readOffset(`${called}.offset`, text)) }),
    }
  }

  private order({ embed, column, descending, nulls }: OrderTerm, level: Level): Order {
    const by = embed === undefined ? sortKey(column, level) : this.relatedKey(embed, column, level)
    return nulls === undefined ? { by, descending } : { by, descending, nulls }
  }

  /** Only the embed's own rows count: one that its filters leave out sorts as none. */
  private relatedKey(embed: string, column: Named, level: Level): Field | Alias {
    const child = childOf(level, embed) ?? notEmbedded(embed)
    if (child.embed?.spread && column.json === undefined && totals(child).includes(column.name)) return { kind: 'alias', name: column.name }
    const where = this.conditions.of(child)
    return fieldOf(renamed(column, child), [{ ...relationName(child), ...(where && { where }) }])
  }
}

function columnSelection({ column, cast, alias }: ColumnItem): Selection {
  return { kind: 'field', field: fieldOf(column), ...(cast !== undefined && { cast }), as: alias ?? outputName(column) }
}

function aggregateSelection({ aggregate, column, inner, cast, alias }: AggregateItem): Selection {
  return {
    kind: 'aggregate',
    aggregate,
    field: column && fieldOf(column),
    ...(inner !== undefined && { inner }),
    ...(cast !== undefined && { cast }),
    as: alias ?? aggregate,
  }
}

const countRows = ({ cast, alias }: ColumnItem): Selection => ({
  kind: 'aggregate',
  aggregate: 'count',
  field: null,
  ...(cast !== undefined && { cast }),
  as: alias ?? 'count',
})

function isLegacyCount({ column }: ColumnItem, { table }: Level): boolean {
  return column.name === 'count' && column.json === undefined && !table?.columns.has('count')
}

function sortKey(column: Named, level: Level): Field | Alias {
  return column.json === undefined && totals(level).includes(column.name) ? { kind: 'alias', name: column.name } : fieldOf(column)
}

function renamed(column: Named, level: Level): Named {
  const item = level.items.find((one): one is ColumnItem => one.kind === 'column' && one.alias === column.name)
  return item === undefined || column.json !== undefined ? column : item.column
}

/** The names of a level's aggregates, those included that spreads lift into it. */
export function totals(level: Level): readonly string[] {
  return level.items.flatMap((item) => {
    if (item.kind === 'aggregate') return [item.alias ?? item.aggregate]
    if (item.kind === 'column') return isLegacyCount(item, level) ? [item.alias ?? 'count'] : []
    const child = item.kind === 'embed' && item.spread ? level.children.get(item) : undefined
    return child ? totals(child) : []
  })
}
