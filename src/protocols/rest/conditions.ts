/**
 * From trees of filters to the conditions of the query language.
 *
 * 1. An `!inner` embed is a condition on its parent: some related row passes the embed's own condition. So is
 *    `embed=not.is.null`; `embed=is.null` is its opposite. An embed's name takes no other filter, not even where a
 *    column is called the same.
 * 2. A level's condition is made once and used in both places. As a tree it may still be large, and its size counts.
 */
import type { Condition, RelationName } from '../../query/query.ts'
import { Problem } from '../../errors.ts'
import { tooMany, type Filter, type Group, type Tree } from './filter.ts'
import { childOf, type Level } from './levels.ts'
import { fieldOf } from './names.ts'
import type { EmbedItem } from './select.ts'

/** How often a filter may be repeated by embeds that stand in conditions, on average. */
const REPEATS = 10

export class Conditions {
  private readonly known = new Map<Level, { readonly condition: Condition | undefined; readonly size: number }>()
  private readonly most: number
  private size = 0

  constructor(maxFilters: number) {
    this.most = maxFilters * REPEATS
  }

  /** What a row of the level must meet. */
  of(level: Level): Condition | undefined {
    const known = this.known.get(level)
    if (known !== undefined) {
      this.grow(known.size)
      return known.condition
    }
    const before = this.size
    const condition = allOf([...this.filters(level), ...this.inner(level)])
    this.known.set(level, { condition, size: this.size - before })
    return condition
  }

  /** The level's own filters. */
  filters(level: Level): readonly Condition[] {
    return level.trees.map((tree) => this.condition(tree, level))
  }

  /** What its `!inner` embeds ask of a row. */
  inner(level: Level): readonly Condition[] {
    return [...level.children.values()].filter(({ embed }) => embed?.inner).map((child) => this.related('some', child))
  }

  private condition(tree: Tree, level: Level): Condition {
    if (tree.kind !== 'filter') return grouped(tree, (part) => this.condition(part, level))
    this.grow(1)
    const embed = tree.column.json === undefined ? childOf(level, tree.column.name) : undefined
    if (embed !== undefined && !isNullTest(tree)) throw badOperator(embed.called)
    if (embed !== undefined) return this.related(tree.negated ? 'some' : 'none', embed)
    return negatedIf(tree.negated, compared(tree, level))
  }

  private related(quantifier: 'some' | 'none', level: Level): Condition {
    this.grow(1)
    const where = this.of(level)
    const relation = relationName(level)
    return where === undefined ? { kind: 'related', quantifier, relation } : { kind: 'related', quantifier, relation, where }
  }

  private grow(by: number): void {
    this.size += by
    if (this.size > this.most) throw tooMany('filters, counted where embeds repeat them,', this.most, 'PLINTH_MAX_FILTERS')
  }
}

/** `having` is about outputs, by their names. */
export function havingOf(tree: Tree): Condition {
  if (tree.kind !== 'filter') return grouped(tree, havingOf)
  const { test, column } = tree
  if (test.kind === 'search' || column.json !== undefined) {
    throw new Problem('PGRST100', `having cannot ask this of '${column.name}'`, {
      details: 'having compares outputs by their names.',
      hint: 'Use a filter for columns, paths and full-text search.',
    })
  }
  return negatedIf(tree.negated, { ...test, left: { kind: 'alias', name: column.name } })
}

export function relationName(level: Level): RelationName {
  return nameOf(level.embed ?? { name: level.called })
}

const nameOf = ({ name, hint }: Pick<EmbedItem, 'name' | 'hint'>): RelationName => (hint === undefined ? { name } : { name, hint })

export function allOf(conditions: readonly Condition[]): Condition | undefined {
  return conditions.length > 1 ? { kind: 'and', of: conditions } : conditions[0]
}

function compared({ column, test }: Filter, level: Level): Condition {
  if (test.kind !== 'search') return { ...test, left: fieldOf(column) }
  const isWhole = column.name === 'search' && column.json === undefined && !level.table?.columns.has('search')
  return { ...test, field: isWhole ? null : fieldOf(column) }
}

const isNullTest = ({ test }: Filter): boolean => test.kind === 'is' && test.is === 'null'

const badOperator = (name: string): Problem =>
  new Problem('PGRST120', `Bad operator on the '${name}' embedded resource`, {
    details: 'Only is null or not is null filters are allowed on embedded resources',
    hint: `Filter on a column of it: ${name}.<column>=…`,
  })

function grouped(tree: Group, part: (tree: Tree) => Condition): Condition {
  return negatedIf(tree.negated, { kind: tree.kind, of: tree.of.map(part) })
}

const negatedIf = (negated: boolean, of: Condition): Condition => (negated ? { kind: 'not', of } : of)
