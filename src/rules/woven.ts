/** A query with its rules in it. Only `weave` makes one, and `plan` takes nothing else. */
import type { Scalar, Test, TypedStep } from '../query/typed.ts'
import type { Column, Relation, Table } from '../schema/schema.ts'

declare const mark: unique symbol
interface Marked {
  readonly [mark]: true
}

export interface ScalarOutput {
  readonly kind: 'scalar'
  readonly as: string
  readonly of: Scalar
}

/** Related rows under a name, or with `spread` each output of the read as a list of its own. */
export interface EmbedOutput {
  readonly kind: 'embed'
  readonly as: string
  /** To-one relations to walk before `relation`. */
  readonly path: readonly TypedStep[]
  readonly relation: Relation
  /** About the row that embeds: whether its linking columns may be read. */
  readonly outer: Test
  /** The guard of the join table's rows; true without one. */
  readonly near: Test
  readonly joinTable: Table | undefined
  readonly spread: boolean
  readonly read: Shape
}

export type Output = ScalarOutput | EmbedOutput

export interface Sort {
  readonly by: Scalar
  readonly descending: boolean
  readonly nulls: 'first' | 'last'
}

/** At most so many rows: what was asked for (a place in the values), and never more than the cap. */
export interface Limit {
  readonly at: number | undefined
  readonly cap: number
}

/** What is read of one table's rows. */
export interface Shape {
  readonly table: Table
  /** What the asker may see. Nothing of the request may look at other rows. */
  readonly guard: Test
  readonly where: Test
  readonly outputs: readonly Output[]
  /** Rows are grouped by the outputs that are not aggregates. */
  readonly grouped: boolean
  readonly having: Test
  readonly order: readonly Sort[]
  readonly limit: Limit
  readonly offset: number | undefined
}

export interface ReadShape extends Shape {
  readonly kind: 'read'
  readonly after: number | undefined
  /** `capped` counts up to a bound, because planner statistics know more than the asker may. */
  readonly count: 'exact' | 'capped' | 'planned' | 'estimated' | undefined
  readonly bare: boolean
  readonly explain: boolean
}

export interface InsertShape {
  readonly kind: 'insert'
  readonly table: Table
  readonly columns: readonly Column[]
  readonly rows: number
  readonly textual: boolean
  /** What the new row must pass, besides the database's own constraints. */
  readonly check: Test
}

export type Woven = (ReadShape | InsertShape) & Marked
