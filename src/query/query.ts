/**
 * The query language: what a protocol decodes a request into. Plain JSON data that knows no protocol, no database
 * and no schema; names are as the asker wrote them, and values are apart from the query, so that the same question
 * with other values is the very same query.
 *
 * 1. A query is frozen and holds no literal of the request: `{ kind: 'value', at }` points into the values.
 * 2. A protocol may hand over the same query object again for the same question; plans are then found by identity.
 * 3. Names are resolved, judged and typed by `rules/weave`, for the asker, in one place: what someone may not see
 *    is there the same as what does not exist.
 *
 * To add a kind: the type here, then every table that is typed by it stops compiling until it has an answer.
 */

import type { Once } from './once.ts'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

export type Query = Read | Write | Call
export type Write = Insert | Update | Delete

/** A question: a query and what its values are. REST gives text; other protocols give JSON values. */
export interface Question {
  readonly query: Query
  readonly values: readonly unknown[]
  /** It is not done twice. */
  readonly once?: Once
}

/** A place in the values of the question. */
export interface Value {
  readonly kind: 'value'
  readonly at: number
}

/**
 * A relation as asked for: by the relation's own name, the name of the other table, the reference's column or the
 * foreign key's name; `hint` tells apart several (`addresses!billing_id`).
 */
export interface RelationName {
  readonly name: string
  readonly hint?: string
}

/** A step of a path over to-one relations. With `where`, only a related row that passes it counts. */
export interface Step extends RelationName {
  readonly where?: Condition
}

export interface Field {
  readonly kind: 'field'
  /** Relations to walk first; empty for the row's own columns. To-one only. */
  readonly path: readonly Step[]
  readonly name: string
  /** `->a->0->>b`: keys and positions; `text` for a last `->>`. */
  readonly json?: { readonly path: readonly (string | number)[]; readonly text: boolean }
}

/** A constant that is part of the query itself (a rule's, a check's), in wire form. */
export interface Literal {
  readonly kind: 'literal'
  readonly value: Json
}

/** Something of the asker: the id, or a claim by its path. Only rules use it. */
export interface WhoField {
  readonly kind: 'who'
  readonly claim: readonly string[]
}

/** An output of the same read by its name, in `having` and `order`. */
export interface Alias {
  readonly kind: 'alias'
  readonly name: string
}

export type Operand = Field | Value | Literal | WhoField | Alias

export type Comparison =
  | 'eq'
  | 'neq'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'like'
  | 'ilike'
  | 'match'
  | 'imatch'
  | 'isdistinct'
  | 'contains'
  | 'contained'
  | 'overlaps'
export type SearchMode = 'query' | 'plain' | 'phrase' | 'web'

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  /** With `each`, `right` is a list and the comparison must hold for any or for all of it. */
  | { readonly kind: 'compare'; readonly op: Comparison; readonly left: Operand; readonly right: Operand; readonly each?: 'any' | 'all' }
  | { readonly kind: 'in'; readonly left: Operand; readonly right: Value | Literal }
  | { readonly kind: 'is'; readonly left: Operand; readonly is: 'null' | 'true' | 'false' | 'unknown' }
  /** Full-text search in one column, or with `field: null` in all the columns of `.search()`. */
  | {
      readonly kind: 'search'
      readonly field: Field | null
      readonly mode: SearchMode
      readonly config?: string
      readonly right: Value | Literal
    }
  /** Whether related rows pass: `some` also serves to-one relations (there is one and it passes). */
  | {
      readonly kind: 'related'
      readonly quantifier: 'some' | 'every' | 'none'
      readonly relation: RelationName
      readonly where?: Condition
    }
  /** About the asker alone. Only rules use it. */
  | { readonly kind: 'has'; readonly role: string }
  | { readonly kind: 'signedIn' }
  | { readonly kind: 'constant'; readonly value: boolean }

export type Aggregate = 'count' | 'sum' | 'avg' | 'min' | 'max'

export type Selection =
  /** Every column the asker may read that is not hidden. */
  | { readonly kind: 'all' }
  | { readonly kind: 'field'; readonly field: Field; readonly cast?: string; readonly as: string }
  /** `field: null` counts rows. `cast` is of the aggregate, `inner` of what goes into it. */
  | {
      readonly kind: 'aggregate'
      readonly aggregate: Aggregate
      readonly field: Field | null
      readonly inner?: string
      readonly cast?: string
      readonly as: string
    }
  /** Related rows: an object, an array of objects, or with `spread` their outputs lifted into this row. */
  | { readonly kind: 'embed'; readonly relation: RelationName; readonly as: string; readonly spread: boolean; readonly read: Nested }

export interface Order {
  readonly by: Field | Alias
  readonly descending: boolean
  readonly nulls?: 'first' | 'last'
}

/** What is asked of the related rows of an embed. An empty `select` puts nothing in the answer. */
export interface Nested {
  readonly select: readonly Selection[]
  readonly where?: Condition
  readonly order: readonly Order[]
  readonly limit?: Value
  readonly offset?: Value
}

export interface Read extends Nested {
  readonly kind: 'read'
  readonly table: string
  readonly having?: Condition
  /** Keyset paging: the opaque token of the last row of the page before. */
  readonly after?: Value
  readonly count?: 'exact' | 'planned' | 'estimated'
  /** Only whether and how many; no rows are made (HEAD). */
  readonly bare?: boolean
  /** Answers the plan itself instead of rows. */
  readonly explain?: boolean
}

// ── Writing ──

/** What every write may ask for. A write is all or nothing. */
interface Writing {
  readonly table: string
  /** The written rows, as far as the asker may read them. Left out: their number alone. */
  readonly returning?: Nested
  /** The most rows it may touch; one more, and nothing is done. */
  readonly most?: Value
  /** It must touch one row, no more and no less, or nothing is done. */
  readonly single?: boolean
  /** All is done and answered as ever, and then undone. */
  readonly rehearsal?: boolean
  readonly precondition?: Precondition
}

/** Rows as lists of values in the order of `columns`. */
export interface Insert extends Writing {
  readonly kind: 'insert'
  readonly columns: readonly string[]
  /** Points at `readonly (readonly unknown[])[]`. `undefined` asks for the column's default. */
  readonly rows: Value
  /** The values are texts, as in CSV: what is for a JSON column is JSON text, where otherwise it is the value itself. */
  readonly textual?: boolean
  readonly conflict?: Conflict
  /** Rows of related tables that are put in with these, and hang on them. */
  readonly nested?: readonly NestedInsert[]
}

/** What becomes of a row that is there already, by the same values in these columns; by the key where none are named. */
export interface Conflict {
  readonly columns: readonly string[]
  /**
   * `ignore` leaves the row as it is, `merge` changes the columns that are given, and `replace` also gives every other
   * column that the asker may write its default; what the server makes by itself (ids, times) stays.
   */
  readonly then: 'ignore' | 'merge' | 'replace'
}

export interface NestedInsert {
  readonly relation: RelationName
  readonly columns: readonly string[]
  readonly rows: Value
  /** Points at `readonly number[]`: for each row, the place of the row above that it hangs on. */
  readonly parents: Value
  readonly nested?: readonly NestedInsert[]
}

export interface Update extends Writing {
  readonly kind: 'update'
  readonly columns: readonly string[]
  /** Points at `readonly unknown[]`, one for each column; `undefined` asks for the default. */
  readonly values: Value
  readonly textual?: boolean
  /** Without it, every row that the asker may change. */
  readonly where?: Condition
}

export interface Delete extends Writing {
  readonly kind: 'delete'
  readonly where?: Condition
}

// ── Calling ──

/** A function of the file, by its name. */
export interface Call {
  readonly kind: 'call'
  readonly function: string
  /** Points at what the function is given. */
  readonly input: Value
  /** It comes from a URL, and its values are texts. */
  readonly textual?: boolean
  /** A handler of plain HTTP is meant, which is given a `Message` and answers `Replied`. */
  readonly endpoint?: boolean
  /** Only a function that writes nothing is meant. */
  readonly reads?: boolean
  /** All is done and answered as ever, and then undone. */
  readonly rehearsal?: boolean
}

/**
 * What the row of `where` must be as the write finds it. A row has a tag: a hash of what it reads as, behind a `salt` (the same row
 * written in another form has another tag).
 */
export interface Precondition {
  readonly where: Condition
  readonly read: readonly Selection[]
  readonly salts: readonly string[]
  /** Points at `readonly string[]` of tags, or at `'*'` for any row: there must be a row with one of them. */
  readonly match?: Value
  /** The same; there must be no such row. */
  readonly none?: Value
}
