/**
 * What a rule sees: stand-ins for the row and for who asks, and the conditions that can be made of them. A rule runs
 * once, when the file is loaded; `rules/record.ts` gives it the stand-ins and keeps what it returns.
 *
 * The comparisons of a column are those that its kind has: text has no `contains`, a boolean no `above`.
 */
import type { ArrayOf, Kind, Text, Unknown, Uuid } from './kinds.ts'
import type { BackName, ColumnsOf, Edge, Has, Incoming, IsOneBack, JoinName, Joins, KindOf, ToOne } from './shape.ts'
import type { Columns, TableLike, Tables } from './table.ts'

declare const group: unique symbol
declare const made: unique symbol

/**
 * What a rule returns: `row.published.is(true).or(who.has('staff'))`. Its methods stand where JavaScript has `&&`, `||` and `!`, which leave nothing to record.
 */
export interface Condition {
  readonly [made]: true
  and(other: Condition): Condition
  or(other: Condition): Condition
  not(): Condition
}

/** Something to compare with; only things of one group compare. */
export interface Operand<Group extends string> {
  readonly [group]: Group
}

type Plain = 'text' | 'exact' | 'float' | 'boolean' | 'timestamp' | 'date' | 'time' | 'uuid' | 'bytes' | `${string}[]` | 'any'
type Ordered = 'text' | 'exact' | 'float' | 'timestamp' | 'date' | 'time' | 'any'
/** A claim is of any type, so it compares with a column of any that is no list. */
type Other<K extends Kind> = K['given'] | Operand<'any' extends K['group'] ? Ordered | 'boolean' | 'uuid' | 'bytes' : K['group'] | 'any'>
type ElementOf<K extends Kind> = K extends ArrayOf<infer E> ? E['given'] : never

/**
 * A column of the row, or a claim of who asks. Where there is no value, every comparison is false, `isNot` and `notIn` too.
 * @example ({ row, who }) => row.status.in(['open', 'paid']).and(row.owner_id.is(who.id))
 */
export interface Expr<K extends Kind> extends Operand<K['group']> {
  is(this: Operand<Plain>, value: Other<K>): Condition
  isNot(this: Operand<Plain>, value: Other<K>): Condition
  in(this: Operand<Plain>, values: readonly K['given'][]): Condition
  notIn(this: Operand<Plain>, values: readonly K['given'][]): Condition
  isNull(): Condition
  above(this: Operand<Ordered>, value: Other<K>): Condition
  atLeast(this: Operand<Ordered>, value: Other<K>): Condition
  below(this: Operand<Ordered>, value: Other<K>): Condition
  atMost(this: Operand<Ordered>, value: Other<K>): Condition
  /** `%` stands for any text, `_` for one character. */
  like(this: Operand<'text' | 'any'>, pattern: string): Condition
  /** As `like`, without minding case. */
  ilike(this: Operand<'text' | 'any'>, pattern: string): Condition
  /** An array has this element, or all of these. */
  contains(this: Operand<`${string}[]`>, values: ElementOf<K> | readonly ElementOf<K>[]): Condition
  /** A part of a JSON value, as text: `row.data.at('address', 'city').is('Oslo')`. Positions count from 0. */
  at(this: Operand<'json'>, first: string | number, ...then: (string | number)[]): Expr<Text>
}

type Quantified<R> = (test: (row: R) => Condition) => Condition

/** Related rows. Each question is one, whoever may read them. */
export interface Many<R> {
  /** At least one of them passes. */
  some: Quantified<R>
  /** All of them pass; there may be none. */
  every: Quantified<R>
  /** None of them passes. */
  none: Quantified<R>
}

/** Who asks. A stranger has no id, so that nothing `is(who.id)` for them. */
export interface Who {
  readonly id: Expr<Uuid>
  /** Whether they have the role. */
  has(role: string): Condition
  /** A claim of their token, by its path: `who.claim('app_metadata', 'team')`. */
  claim(name: string, ...path: string[]): Expr<Unknown>
}

type Maybe<R> = R & { exists(): Condition }
type Walk<T extends Tables, X extends TableLike, L> = L extends {
  readonly to: infer To extends keyof T
  readonly columns: infer By extends readonly string[]
}
  ? Has<X['columns'][By[number]], 'null', true, false> extends false
    ? Row<T, To>
    : Maybe<Row<T, To>>
  : never
type Back<T extends Tables, E extends Edge> = IsOneBack<T, E> extends true ? Maybe<Row<T, E['from']>> : Many<Row<T, E['from']>>

/** The names on a table that no many-to-many relation can have. */
type Taken<T extends Tables, N extends keyof T> = keyof ColumnsOf<T[N]> | keyof ToOne<T[N]> | BackName<Incoming<T, N>, Incoming<T, N>>

/**
 * A row of a table in a rule: its columns, its relations to one (`row.customer.name`), and its relations to many
 * (`row.lines.some((line) => line.quantity.above(5))`).
 */
export type Row<T extends Tables, N extends keyof T> = { readonly [C in keyof ColumnsOf<T[N]>]: Expr<KindOf<T, ColumnsOf<T[N]>[C]>> } & {
  readonly [R in keyof ToOne<T[N]>]: Walk<T, T[N], ToOne<T[N]>[R]>
} & { readonly [E in Incoming<T, N> as BackName<E, Incoming<T, N>>]: Back<T, E> } & {
  readonly [J in Joins<T, Incoming<T, N>> as JoinName<J, Joins<T, Incoming<T, N>>, Taken<T, N>>]: Many<Row<T, J['to']>>
} extends infer All
  ? { readonly [Name in keyof All]: All[Name] }
  : never

/** A row in a check: its own columns alone. */
export type CheckRow<C extends Columns> = { readonly [N in keyof C]: Expr<C[N]['$kind']> }
