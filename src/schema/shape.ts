/**
 * What the compiler works out from the tables: columns with their kinds, and relations with their names, both ways.
 *
 * 1. `relations.ts` gives the same names at run time; whoever changes a rule changes it in both.
 * 2. Somebody waits for this at every key they press: a table's relations are worked out when they are looked at, and
 *    never for all tables. `spec/10-schema/compile-time.test.ts` watches over it.
 */
import type { Column, Flag } from './column.ts'
import type { Kind, RefOptions, Uuid } from './kinds.ts'
import type { Tables, TableLike } from './table.ts'

type Id = Column<Uuid, 'default'>

/** A table's columns, with `id` where the table does not say otherwise. */
export type ColumnsOf<X extends TableLike> = X['$key'] extends readonly ['id']
  ? Omit<{ id: Id }, keyof X['columns']> & X['columns']
  : X['columns']

/** Whether a column has the flag. */
export type Has<C, F extends Flag, Yes, No = never> = C extends { readonly $flags: infer Own }
  ? Extract<Own, F> extends never
    ? No
    : Yes
  : never

type RefOf<C> = C extends { readonly $kind: { readonly to: infer To extends string; readonly options: infer Options extends RefOptions } }
  ? { to: To; options: Options }
  : never
export type TargetOf<C> = C extends { readonly $kind: { readonly to: infer To extends string } } ? To : never
type Option<C, Name extends keyof RefOptions> = C extends {
  readonly $kind: { readonly options: Readonly<Record<Name, infer Given extends string>> }
}
  ? Given
  : never

/** A column's kind; a reference's is that of the column it leads to. */
export type KindOf<T extends Tables, C> = C extends { readonly $kind: infer K extends Kind }
  ? RefOf<C> extends infer R
    ? [R] extends [never]
      ? K
      : R extends { to: infer To extends keyof T & string }
        ? KindOf<T, ColumnsOf<T[To]>[TargetColumn<T[To], C>]>
        : never
    : never
  : never
type TargetColumn<X extends TableLike, C> = ([Option<C, 'column'>] extends [never] ? X['$key'][0] : Option<C, 'column'>) &
  keyof ColumnsOf<X>

// ── Relations to one ──

/** The name of the relation that a reference makes: `as`, else the column's name without `_id`. */
export type RelationName<Name extends string, C> = [TargetOf<C>] extends [never]
  ? never
  : [Option<C, 'as'>] extends [never]
    ? Name extends `${infer R}_id`
      ? R
      : never
    : Option<C, 'as'>

export interface Leads {
  readonly to: string
  readonly columns: readonly string[]
  readonly back?: string
}

/** What a table refers to: relation → where it leads, by which columns. */
export type ToOne<X extends TableLike> = {
  readonly [N in keyof X['columns'] & string as RelationName<N, X['columns'][N]>]: {
    readonly to: TargetOf<X['columns'][N]>
    readonly columns: readonly [N]
    readonly back: Option<X['columns'][N], 'back'>
  }
} & X['$links']

/** No row of the target has two of these: the columns hold a key or something unique. */
export type IsOnly<X extends TableLike, By extends readonly string[]> = true extends
  | Within<X['$key'] | X['$uniques'], By[number]>
  | Has<X['columns'][By[number]], 'unique', true>
  ? true
  : false
type Within<Set, Names> = Set extends readonly string[] ? ([Set[number]] extends [Names] ? true : false) : never

// ── Relations back ──

/** One reference or link, seen from outside: `from` has the relation `name`. */
export interface Edge {
  readonly from: string
  readonly name: string
  readonly to: string
  readonly columns: readonly string[]
  readonly back: string
}

type EdgesFrom<N extends string, Ones> = { [R in keyof Ones & string]: Ones[R] extends Leads ? EdgeOf<N, R, Ones[R]> : never }[keyof Ones &
  string]
interface EdgeOf<N extends string, R extends string, L extends Leads> extends Edge {
  readonly from: N
  readonly name: R
  readonly to: L['to']
  readonly columns: L['columns']
  readonly back: L extends { readonly back: infer Back extends string } ? Back : never
}
type AllEdges<T extends Tables> = { [N in keyof T & string]: EdgesFrom<N, ToOne<T[N]>> }[keyof T & string]

type EdgesByTarget<T extends Tables> = { readonly [E in AllEdges<T> as E['to']]: E }

/** What leads to a table. `infer` reads the one member that is wanted; a `keyof` here would list them all each time. */
export type Incoming<T extends Tables, N extends PropertyKey> =
  EdgesByTarget<T> extends { readonly [To in N]: infer E extends Edge } ? E : never

/** Whether a union has two members or more. */
type Several<U, Each = U> = [U] extends [never] ? false : U extends U ? ([Each] extends [U] ? false : true) : never

/** What the target calls a reference: `orders`; `orders_by_billing` where `orders` leads there in several ways; or what `back` says. */
export type BackName<E, All> = E extends Edge
  ? [E['back']] extends [never]
    ? true extends Several<Extract<All, { readonly from: E['from'] }>>
      ? `${E['from']}_by_${E['name']}`
      : E['from']
    : E['back']
  : never

export type IsOneBack<T extends Tables, E> = E extends Edge ? IsOnly<T[E['from']], E['columns']> : never

// ── Many to many ──

/** A way over a join table: in by the edge `near`, out by the edge `far`. */
export interface Join {
  readonly by: string
  readonly far: string
  readonly to: string
}

/** The ways over join tables: a table whose key, or something unique in it, is two references. */
export type Joins<T extends Tables, E> = E extends Edge ? WaysOver<T[E['from']], E> : never
type WaysOver<X extends TableLike, Near extends Edge> =
  Extract<X['$key'] | X['$uniques'], readonly [string, string]> extends infer Pair
    ? Pair extends readonly string[]
      ? WaysBy<EdgesFrom<Near['from'], ToOne<X>>, Near, Pair[number]>
      : never
    : never
type WaysBy<Own, Near extends Edge, Pair extends string> = Near['columns'] extends readonly [infer In extends Pair]
  ? Own extends Edge
    ? Own['columns'] extends readonly [Exclude<Pair, In>]
      ? { readonly by: Near['from']; readonly far: Own['name']; readonly to: Own['to'] }
      : never
    : never
  : never

/** `tracks`; `tracks_through_lists` where that is taken or several join tables lead there; `song_through_lists` where one does in several ways. */
export type JoinName<J, All, Taken> = J extends Join
  ? true extends Several<Extract<All, { readonly by: J['by']; readonly to: J['to'] }>>
    ? `${J['far']}_through_${J['by']}`
    : true extends Several<Extract<All, { readonly to: J['to'] }>> | (J['to'] extends Taken ? true : false)
      ? `${J['to']}_through_${J['by']}`
      : J['to']
  : never
