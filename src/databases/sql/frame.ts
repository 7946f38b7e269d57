/**
 * Where an expression stands: the table and alias it speaks of, the joins of its FROM, and the statement's
 * parameters. One `Writing` a statement, a `Frame` each time a table is brought in.
 */
import type { Shape } from '../../plan/plan.ts'
import type { Relation, Table } from '../../schema/schema.ts'
import type { Scalar, Test, TypedStep } from '../../query/typed.ts'
import type { Binder } from './binder.ts'
import type { Dialect, Sql } from './dialect.ts'

export interface Writing {
  readonly dialect: Dialect
  readonly writers: Writers
  readonly binders: Binder[]
  /** Keys of `binders`, so that one value is bound once however often it is used. */
  readonly known: Map<string, number>
  aliases: number
}

/** Expressions hold tests and tests hold expressions; each finds the other here. */
export interface Writers {
  test(test: Test, frame: Frame, positive: boolean): string
  /** The rows of a grouped read. */
  grouped(shape: Shape, frame: Frame, linked: string): string
}

export interface Frame {
  readonly writing: Writing
  readonly table: Table
  readonly alias: string
  /** Where outputs and orders may join related rows; without it a path becomes a subquery. */
  readonly joins: Joins | undefined
  /** What stands in the FROM instead of the table: some of its rows. */
  readonly from?: string
  /** The place of a row among those that were given by their keys: what they come in order of, at last. */
  readonly place?: string
  /** In the outer half of a grouped read: what its groups and aggregates are called. */
  readonly grouped?: (scalar: Scalar) => Sql
}

export interface Joins {
  readonly clauses: string[]
  readonly aliases: Map<string, string>
}

export function frameOf(writing: Writing, table: Table, withJoins: boolean): Frame {
  return { writing, table, alias: nextAlias(writing), joins: withJoins ? { clauses: [], aliases: new Map() } : undefined }
}

export const nextAlias = (writing: Writing): string => `t${writing.aliases++}`

/** The placeholder's number for a binder; the same number for the same binder. */
export function bindNumber(writing: Writing, binder: Binder): number {
  const key = JSON.stringify(binder, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
  const known = writing.known.get(key)
  if (known !== undefined) return known
  writing.binders.push(binder)
  writing.known.set(key, writing.binders.length)
  return writing.binders.length
}

/** With an empty alias, as in a check, columns stand by themselves. */
export const columnOf = (frame: Frame, name: string): string =>
  `${frame.alias === '' ? '' : `${frame.alias}.`}${frame.writing.dialect.quote(name)}`

/** `orders AS t0`. */
export const source = (frame: Frame): string => `${frame.from ?? frame.writing.dialect.quote(frame.table.name)} AS ${frame.alias}`

/** The FROM of a frame, with the joins that its expressions asked for; call it after they are written. */
export const fromClause = (frame: Frame): string => [source(frame), ...(frame.joins?.clauses ?? [])].join(' ')

/** What links two rows: the relation, and whether the outer row's side of it may be read. */
export interface Linked {
  readonly relation: Relation
  readonly outer: Test
}

/** How a row of the inner frame hangs on a row of the outer one, without a join table. */
export function link(outer: Frame, by: Linked, inner: Frame): string {
  const { columns, target } = by.relation
  const links = columns.map((column, at) => `${columnOf(inner, target[at] ?? '')} = ${columnOf(outer, column)}`)
  return [...links, ...outerConditions(outer, by)].join(' AND ')
}

/** The condition on the outer row, where there is one. */
export function outerConditions(outer: Frame, by: Linked): readonly string[] {
  const condition = outer.writing.writers.test(by.outer, { ...outer, joins: undefined }, false)
  return condition === outer.writing.dialect.always ? [] : [condition]
}

/** The alias at the end of a path, joining what is not joined yet. `on` writes a step's own conditions. */
export function joinPath(frame: Frame, path: readonly TypedStep[], on: (frame: Frame, step: TypedStep) => string): Frame {
  return path.reduce<{ at: Frame; key: string }>(
    ({ at, key }, step) => {
      const next = `${key}/${step.relation.name}:${stepKey(step)}`
      return { at: joined(at, step, next, on), key: next }
    },
    { at: frame, key: '' },
  ).at
}

const stepKey = (step: TypedStep): string =>
  isOpen(step.where)
    ? ''
    : JSON.stringify(step.where, (name, value: unknown) =>
        name === 'table' || name === 'relation' ? undefined : typeof value === 'bigint' ? `${value}n` : value,
      )

const isOpen = (test: Test): boolean => test.kind === 'constant' && test.value === true

function joined(outer: Frame, step: TypedStep, key: string, on: (frame: Frame, step: TypedStep) => string): Frame {
  const joins = outer.joins
  if (joins === undefined) throw new Error('a path is joined where no joins are kept')
  const known = joins.aliases.get(key)
  const inner: Frame = { writing: outer.writing, table: step.table, alias: known ?? nextAlias(outer.writing), joins }
  if (known === undefined) {
    joins.aliases.set(key, inner.alias)
    joins.clauses.push(`LEFT JOIN ${source(inner)} ON ${link(outer, step, inner)}${on({ ...inner, joins: undefined }, step)}`)
  }
  return inner
}
