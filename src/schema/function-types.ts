/**
 * What the compiler knows of functions: what they are given, and what client libraries are told of them.
 *
 * `fn` and its kind return a plain function type: TypeScript puts such a generic call off until the rest of the outer
 * literal is known, so that the tables are there when `run` is checked. An object type would see none.
 */
import type { PostgrestClient } from '@supabase/postgrest-js'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { ColumnType, Kysely } from 'kysely'
import type { PublicOf } from './database-of.ts'
import type { Condition, Who } from './expression.ts'
import type { Nothing } from './kinds.ts'
import type { Verdict } from './schema.ts'
import type { ColumnsOf, Has, KindOf } from './shape.ts'
import type { Tables } from './table.ts'

/** Who calls. `who.id === null` is a stranger, or the secret key (`kind`). */
export interface Caller {
  readonly kind: 'anonymous' | 'user' | 'service'
  readonly id: string | null
  has(role: string): boolean
  /** A claim of the token by its path, or undefined. `who.claim('app_metadata', 'team')` */
  claim(name: string, ...path: string[]): unknown
}

type Held<T extends Tables, C> = KindOf<T, C>['held'] | Has<C, 'null', null>
type Given<T extends Tables, C> = KindOf<T, C>['given'] | Has<C, 'null', null>
type HeldColumn<T extends Tables, C> = Has<
  C,
  'generated',
  ColumnType<Held<T, C>, never, never>,
  ColumnType<Held<T, C>, Given<T, C> | Has<C, 'null' | 'default', undefined>, Given<T, C>>
>

/** The tables as Kysely wants them: `db: Kysely<KyselyOf<typeof backend.tables>>`. */
export type KyselyOf<T extends Tables> = {
  [N in keyof T & string]: { [C in keyof ColumnsOf<T[N]>]: HeldColumn<T, ColumnsOf<T[N]>[C]> }
} extends infer All
  ? All
  : never

/** Asks with the caller's rights, as `@supabase/supabase-js` does, in this process. */
export type ClientOf<T extends Tables> = PostgrestClient<{ public: PublicOf<T> }, { PostgrestVersion: '14' }, 'public'>

/** What every function is given. */
export interface Env<T extends Tables> {
  readonly who: Caller
  /** Asks with the caller's rights. In a `fn` it is part of the transaction. */
  readonly client: ClientOf<T>
  /** Ends with the request: its time is over, or the client went away. */
  readonly signal: AbortSignal
}

/** And in a transaction: the system's own hand, past the rules. */
export interface TransactionEnv<T extends Tables> extends Env<T> {
  readonly db: Kysely<KyselyOf<T>>
}

/** Who may call: a verdict, or a condition on who asks alone. */
export type Allow = Verdict | ((asked: { readonly who: Who }) => Condition)

export interface Entry {
  readonly what: 'fn' | 'action' | 'endpoint'
}

/** What is called by its name, with `Sent` as its input, and gives `Out`. */
export interface Callable<Sent, Out> extends Entry {
  readonly what: 'fn' | 'action'
  readonly sent: Sent
  readonly out: Out
}

export type InFile<T extends Tables, What extends Entry> = (env: Env<T>) => What

/** The functions of a file, or of one module of it. `export const functions = { … } satisfies FunctionsOf<Shop>` */
export type FunctionsOf<T extends Tables> = Readonly<Record<string, InFile<T, Entry>>>

/** Functions as anybody may hold them. */
export type FunctionsLike = Readonly<Record<string, (env: never) => Entry>>

// Three small types and not one: TypeScript infers nothing from a literal that lacks a required property, and a misspelt
// `allow` would be told as a wrong `input`.
export interface InputPart<Sent, Got> {
  /** What the function takes: a Zod schema, or any other that follows Standard Schema. Without it, nothing. */
  readonly input?: StandardSchemaV1<Sent, Got>
}
export interface AllowPart {
  readonly allow: Allow
}
export interface RunPart<E, Got, Out> {
  readonly run: (call: E & { readonly input: Got }) => Out | Promise<Out>
}

type WhatOf<F> = F extends (env: never) => infer W ? W : never
type ArgsOf<Sent> = [Sent] extends [never] ? Nothing : Sent

/** The functions as client libraries want them. */
export type RpcOf<F> = {
  [N in keyof F & string as WhatOf<F[N]> extends { readonly what: 'fn' | 'action' } ? N : never]: WhatOf<F[N]> extends Callable<
    infer Sent,
    infer Out
  >
    ? { Args: ArgsOf<Sent>; Returns: Out }
    : never
}
