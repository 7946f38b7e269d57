/**
 * What a backend file means once it has been read: one frozen description that every other folder works from.
 * The authoring side (`table()`, `text()` …) is beside this file; nothing outside `schema/` looks at it.
 *
 * 1. A `Schema` is complete: relations are worked out both ways, defaults are in canonical form, names are checked.
 * 2. It is frozen and holds no function but rules, which `rules/` turns into expressions, and what the file itself calls
 *    functions, which `functions/` runs.
 * 3. A name is the same in the file, on the wire and in the database.
 */

import type { StandardSchemaV1 } from '@standard-schema/spec'

/** The types of single values. `oneOf`, `ref` and `user` columns are made of these. */
export type ScalarType =
  | { readonly kind: 'text' }
  | { readonly kind: 'integer' }
  | { readonly kind: 'decimal'; readonly digits: number; readonly scale: number }
  | { readonly kind: 'float' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'timestamp' }
  | { readonly kind: 'date' }
  | { readonly kind: 'time' }
  | { readonly kind: 'uuid' }
  | { readonly kind: 'bytes' }

/** What a column may hold. Two columns with equal types compare, store and print alike. */
export type Type = ScalarType | { readonly kind: 'json' } | { readonly kind: 'array'; readonly of: ScalarType }

export type TypeKind = Type['kind']

/** A value in canonical form; see `value.ts` for the form of each type. */
export type Canonical = string | number | bigint | boolean | Uint8Array | readonly Canonical[] | null

/** Where a column's value comes from when a row does not say. */
export type Default =
  | { readonly kind: 'value'; readonly value: Canonical }
  /** The instant, date or time of the insert. */
  | { readonly kind: 'now' }
  /** A UUID version 7. Made by the server; the database has a default of its own for rows that go past it. */
  | { readonly kind: 'uuid' }

export type OnDelete = 'restrict' | 'cascade' | 'set null'

export interface Reference {
  readonly table: string
  readonly column: string
  readonly onDelete: OnDelete
}

export interface Column {
  readonly name: string
  readonly type: Type
  /** May be NULL. */
  readonly optional: boolean
  /** Never in `*`, and readable only where a column rule says so. */
  readonly hidden: boolean
  readonly unique: boolean
  readonly default?: Default
  /** Set to the instant of the write by the database on every update (`updated_at`). */
  readonly touched: boolean
  /** The column is computed from others of its row; nobody writes it. */
  readonly generated?: Formula
  /** Bounds: of the length in code points for text, of the length for bytes and arrays, of the value otherwise. */
  readonly min?: string
  readonly max?: string
  /** A pattern in the shared subset of regular expressions that text must match somewhere. */
  readonly pattern?: string
  /** The allowed words of a `oneOf` column, as declared. */
  readonly values?: readonly string[]
  /** A collation to order text by; without one, text is ordered by code point. */
  readonly collation?: string
  /** Set on a reference by one column. */
  readonly references?: Reference
  readonly comment?: string
}

/** A computed column, parsed: `price - cost`, `first || ' ' || last`. `type` is the formula's own type. */
export type Formula =
  | { readonly kind: 'column'; readonly name: string; readonly type: Type }
  | { readonly kind: 'literal'; readonly value: Canonical; readonly type: Type }
  | { readonly kind: 'sum' | 'difference' | 'product' | 'joined'; readonly left: Formula; readonly right: Formula; readonly type: Type }
  | { readonly kind: 'first'; readonly of: readonly Formula[]; readonly type: Type }

/**
 * One direction of a link between two tables. A row of `from` is linked with the rows of `to` in which each
 * `target[i]` equals its own `columns[i]`; with `through`, by way of a row of the join table.
 */
export interface Relation {
  /** Unique among the relations and columns of `from`. */
  readonly name: string
  readonly from: string
  readonly to: string
  /** Several rows (an array on the wire) or at most one (an object or null). */
  readonly many: boolean
  /** For a to-one relation: there may be no such row. */
  readonly optional: boolean
  readonly columns: readonly string[]
  readonly target: readonly string[]
  /** A many-to-many relation: `columns` → `near` of the join table, whose `far` → `target`. */
  readonly through?: { readonly table: string; readonly near: readonly string[]; readonly far: readonly string[] }
  /** The foreign key's name; for a many-to-many relation, the two joined with a space. */
  readonly constraint: string
  /** Everything a client may write after `!` (or in the name's place) to mean this relation. */
  readonly hints: readonly string[]
}

export interface Unique {
  readonly name: string
  readonly columns: readonly string[]
}
export interface Index {
  readonly name: string
  readonly columns: readonly string[]
}
/** A condition every row keeps. `rule` is recorded by `rules/` with the row's stand-in. */
export interface Check {
  readonly name: string
  readonly rule: RuleSource
}
export interface ForeignKey {
  readonly name: string
  readonly columns: readonly string[]
  readonly table: string
  readonly target: readonly string[]
  readonly onDelete: OnDelete
}

export interface Table {
  readonly name: string
  readonly columns: ReadonlyMap<string, Column>
  /** The primary key's columns, in order; one or more. */
  readonly key: readonly string[]
  readonly relations: ReadonlyMap<string, Relation>
  readonly foreignKeys: readonly ForeignKey[]
  readonly uniques: readonly Unique[]
  /** Declared ones, and one for each reference and `user()` column that no other covers. */
  readonly indexes: readonly Index[]
  readonly checks: readonly Check[]
  /** The text columns of `.search()`, in order; empty where it was not asked for. */
  readonly search: readonly string[]
  readonly comment?: string
}

/** A rule as the file gave it: a ready verdict, or a function of stand-ins. Only `rules/` calls or reads it. */
export type RuleSource = Verdict | RuleFunction
export type RuleFunction = (asked: { readonly row: never; readonly who: never }) => unknown
export type Verdict =
  | { readonly verdict: 'anyone' }
  | { readonly verdict: 'signedIn' }
  | { readonly verdict: 'role'; readonly role: string }

export type Operation = 'read' | 'insert' | 'update' | 'delete'

/** Who may do what with a table; an operation that is not there is nobody's. `write` is spread into its three. */
export interface TableAccess {
  readonly rules: ReadonlyMap<Operation, RuleSource>
  /** Column → rules. `read` and `write` (insert and update) only. */
  readonly columns: ReadonlyMap<string, ReadonlyMap<'read' | 'write', RuleSource>>
}

/** A function of the file, which only `functions/` runs. `allow` is about who asks alone. */
export interface FunctionEntry {
  readonly name: string
  readonly what: 'fn' | 'action' | 'endpoint'
  readonly allow: RuleSource
  /** It writes nothing. */
  readonly reads: boolean
  readonly input: StandardSchemaV1 | undefined
  readonly run: (call: never) => unknown
}

export interface Schema {
  readonly tables: ReadonlyMap<string, Table>
  readonly access: ReadonlyMap<string, TableAccess>
  readonly functions: ReadonlyMap<string, FunctionEntry>
}
