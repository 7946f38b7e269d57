/** A query with its rules in it. Only `weave` makes one, and `plan` takes nothing else. */
import type { Scalar, Test, TypedStep } from '../query/typed.ts'
import type { Cascades } from '../schema/cascades.ts'
import type { Column, ForeignKey, FunctionEntry, Relation, Table } from '../schema/schema.ts'

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

// ── Writing ──

/** What all writes share. */
interface WriteShape {
  readonly table: Table
  /** What is given back of the written rows; `unreadable` where rows were asked for that this asker never sees. */
  readonly returning: Shape | 'unreadable' | undefined
  readonly most: number | undefined
  readonly single: boolean
  readonly rehearsal: boolean
  readonly precondition: PreconditionShape | undefined
}

/** `read` is of the rows that the write is about, before it. */
export interface PreconditionShape {
  readonly read: Shape
  readonly salts: readonly string[]
  readonly match: number | undefined
  readonly none: number | undefined
}

/** A reference that is given by the asker. */
export interface ReferenceShape {
  readonly key: ForeignKey
  readonly to: Table
  /** The rows that it may lead to: those that the asker sees. */
  readonly visible: Test
}

/** Rows of one table that are put in. */
export interface RowsShape {
  readonly table: Table
  readonly columns: readonly Column[]
  readonly rows: number
  readonly textual: boolean
  /** What a new row must pass, besides the database's own constraints. */
  readonly check: Test
  readonly references: readonly ReferenceShape[]
  readonly nested: readonly NestedShape[]
}

export interface InsertShape extends WriteShape, RowsShape {
  readonly kind: 'insert'
  readonly conflict: ConflictShape | undefined
}

export interface ConflictShape {
  /** The constraint that says which rows are the same. */
  readonly name: string
  readonly columns: readonly Column[]
  readonly then: 'ignore' | 'merge'
  /** Columns that a changed row gets from the given one. */
  readonly set: readonly Column[]
  /** Columns that are not given and get their default. */
  readonly reset: readonly Column[]
  /** Whether the asker sees the row that is there. */
  readonly readable: Test
  /** Whether they may change it, as it is. */
  readonly changeable: Test
  /** And as it will be. */
  readonly check: Test
}

/** Rows that go in with others: before those that refer to them, or after those that they refer to. */
export interface NestedShape extends RowsShape {
  readonly parents: number
  readonly side: 'before' | 'after'
  /** The columns that must be equal, of the nested row and of the row above. */
  readonly link: readonly { readonly own: Column; readonly above: Column }[]
}

export interface UpdateShape extends WriteShape {
  readonly kind: 'update'
  /** The rows that are changed, by what they are before. */
  readonly target: Shape
  readonly columns: readonly Column[]
  readonly values: number
  readonly textual: boolean
  /** What a changed row must pass as it will be. */
  readonly check: Test
  readonly references: readonly ReferenceShape[]
}

export interface DeleteShape extends WriteShape {
  readonly kind: 'delete'
  readonly target: Shape
  readonly cascades: Cascades
}

export type Woven = (ReadShape | InsertShape | UpdateShape | DeleteShape) & Marked

// ── Calling ──

/** A function that this asker may call. */
export type CallShape = Marked & {
  readonly function: FunctionEntry
  readonly input: number
  readonly textual: boolean
  readonly rehearsal: boolean
}
