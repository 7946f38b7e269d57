/**
 * What a client library wants to know of the tables: `createClient<DatabaseOf<typeof backend>>(url, key)`.
 *
 * A relation is given by its own name as the foreign key's, so that `select('customer(name)')` and the hint
 * `addresses!billing(city)` are typed; the wire takes both.
 */
import type { Backend } from './backend.ts'
import type { RpcOf } from './function-types.ts'
import type { Nothing } from './kinds.ts'
import type { ColumnsOf, Has, IsOnly, KindOf, ToOne } from './shape.ts'
import type { TableLike, Tables } from './table.ts'

type Face<T extends Tables, C, Side extends 'wire' | 'sent'> = KindOf<T, C>[Side] | Has<C, 'null', null>

/** Whether a hidden column comes depends on who asks and on what is selected. */
type WireRow<T extends Tables, C> = { [N in keyof C as Has<C[N], 'hidden', never, N>]: Face<T, C[N], 'wire'> } & {
  [N in keyof C as Has<C[N], 'hidden', N>]?: Face<T, C[N], 'wire'>
} extends infer All
  ? { [N in keyof All]: All[N] }
  : never
type WireInsert<T extends Tables, C> = {
  [N in keyof C as Has<C[N], 'null' | 'default' | 'generated', never, N>]: Face<T, C[N], 'sent'>
} & { [N in keyof C as Has<C[N], 'generated', never, Has<C[N], 'null' | 'default', N>>]?: Face<T, C[N], 'sent'> } extends infer All
  ? { [N in keyof All]: All[N] }
  : never
type WireUpdate<T extends Tables, C> = { [N in keyof C as Has<C[N], 'generated', never, N>]?: Face<T, C[N], 'sent'> } extends infer All
  ? { [N in keyof All]: All[N] }
  : never

/** A union as a tuple, because supabase-js reads `Relationships` item by item. Which comes first is the compiler's choice. */
type Listed<U, Done extends unknown[] = []> = [U] extends [never]
  ? Done
  : AnyOf<U> extends infer One
    ? Listed<Exclude<U, One>, [...Done, One]>
    : never
type AnyOf<U> = (U extends U ? (of: () => U) => void : never) extends (of: infer All) => void
  ? All extends () => infer One
    ? One
    : never
  : never

type Relationship<T extends Tables, X extends TableLike, R> = R extends keyof ToOne<X>
  ? {
      foreignKeyName: R
      columns: Mutable<ToOne<X>[R]['columns']>
      isOneToOne: IsOnly<X, ToOne<X>[R]['columns']>
      referencedRelation: ToOne<X>[R]['to']
      referencedColumns: Mutable<T[ToOne<X>[R]['to']]['$key']>
    }
  : never
type Mutable<L> = L extends readonly [...infer Items] ? Items : never
type RelationshipsOf<T extends Tables, X extends TableLike, Names = Listed<keyof ToOne<X>>> = {
  [I in keyof Names]: Relationship<T, X, Names[I]>
}

/** The tables, and functions where they are known, as client libraries want them. */
export interface PublicOf<T extends Tables, Functions = AnyRpc> {
  Tables: {
    [N in keyof T & string]: {
      Row: WireRow<T, ColumnsOf<T[N]>>
      Insert: WireInsert<T, ColumnsOf<T[N]>>
      Update: WireUpdate<T, ColumnsOf<T[N]>>
      Relationships: RelationshipsOf<T, T[N]>
    }
  }
  Views: Nothing
  Functions: Functions
  Enums: Nothing
  CompositeTypes: Nothing
}

/** In a function of the file the others are not known yet. */
type AnyRpc = Record<string, { Args: Record<string, unknown>; Returns: unknown }>

/**
 * The type parameter of supabase-js, which then knows tables, columns, words, relations and functions.
 * @example const client = createClient<DatabaseOf<typeof backend>>(url, key)
 */
export type DatabaseOf<B extends Backend> =
  B extends Backend<infer T, infer F> ? { __InternalSupabase: { PostgrestVersion: '14' }; public: PublicOf<T, RpcOf<F>> } : never
