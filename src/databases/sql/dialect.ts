/**
 * How SQL differs between databases: expressions over values in the database's own form. Data and small functions; a
 * dialect knows no plan and no connection.
 *
 * 1. Every function gives one SQL expression and may use each argument several times.
 * 2. `json` gives JSON text and never NULL.
 * 3. Nothing here may fail or differ by the value, except `cast`, which fails as `22P02` and its kind.
 */
import type { Aggregate, Comparison } from '../../query/query.ts'
import type { ValueType } from '../../query/typed.ts'
import type { Column, Table, Type } from '../../schema/schema.ts'

/** A value as SQL, with what is known of it. */
export interface Sql {
  readonly text: string
  readonly type: ValueType
  /** Whether it can be NULL. */
  readonly nullable: boolean
  /** For numbers: never below zero. */
  readonly unsigned?: boolean
}

export interface Dialect {
  quote(name: string): string
  /** The function that folds case. */
  readonly fold: string
  /** A piece of text as an SQL literal. */
  literal(text: string): string
  placeholder(number: number, type: ValueType, list: boolean): string
  /** The placeholder of a row count. */
  countPlaceholder(number: number): string
  json(value: Sql): string
  /** The most bytes of an answer. */
  readonly most: number
  /** A JSON object of the cells, as text. `json` is each cell's JSON text; `value` its raw form where it has one. */
  object(cells: readonly { readonly as: string; readonly json: string; readonly value?: Sql }[]): string
  /** The texts of a group's rows with commas between them; NULL without a row. */
  joined(text: string): string
  /**
   * The text of one row after another; `plinth_too_large()` once they have more than so many bytes together. Left out where
   * the connection keeps to a size by itself.
   */
  readonly weighed?: (text: string, most: number) => string
  /**
   * A sort holds on to whole rows, in memory: rows that hold lists are made after it. They keep the order of the subquery
   * that they come from.
   */
  readonly sortsInMemory?: true
  compare(op: Comparison, left: Sql, right: Sql): string
  /** `right` is a list's placeholder. */
  each(quantifier: 'any' | 'all', op: Comparison, left: Sql, right: string): string
  isBoolean(value: Sql, is: 'true' | 'false'): string
  part(value: Sql, path: readonly (string | number)[], text: boolean): Sql
  cast(value: Sql, type: ValueType): Sql
  /** Whether a value that is there can be cast. */
  castable(value: Sql, type: ValueType): string
  /** A value out of a group's rows that cannot be cast, the first by its text; NULL where all can. */
  uncastable(value: Sql, type: ValueType): Sql
  aggregate(aggregate: Aggregate, of: Sql | null, type: ValueType): Sql
  /** What to sort by so that the order is the promised one. Several keys where one does not do. */
  sortKeys(value: Sql): readonly string[]
  /** Below, equal or above zero for two JSON values as they are sorted; NULL where one of them is. */
  jsonOrder(left: string, right: string): string
  /** Text that is compared and sorted by code point, whatever the database's own order is. */
  byCodePoint(text: string): string
  /** The one spelling of a value that rows are grouped by. */
  groupable(value: Sql): Sql
  /** What a group's value is told apart by: the same for values that are equal. */
  groupKey(value: Sql): string
  /** `of` are the searched columns of one row, undefined where a cell is guarded. `alias` is the row's table. */
  search(asked: SearchSql): string
  /**
   * The same number, and a look at the clock: how a database that nothing outside can stop ends a statement that has run
   * too long. It stands where a statement comes by again and again. Left out where the database has a clock of its own.
   */
  readonly watch?: (number: string) => string
  /**
   * Rows by their keys, in the order in which they were given: a subquery with the columns `c0`, `c1` … and `at`. The
   * keys' placeholders are the first ones of the statement; see `Codec.keys`.
   */
  keys(types: readonly Type[]): { readonly from: string; readonly placeholders: number }
  /** Holds on to the rows that a SELECT from this table finds, until the transaction ends; empty where nobody else writes. */
  lock(table: string): string
  /**
   * Takes a name for this transaction alone: gives 1, or 0 where another transaction has it, without waiting. Left out where
   * transactions come one after the other.
   */
  readonly claim?: string
  /**
   * Whether a row of this table that an upsert gives back was put in, and not there before. Left out where nobody else
   * writes between one statement of a transaction and the next.
   */
  readonly isNew?: (table: string) => string
  /**
   * Has these constraints looked at when all that goes is gone, and looks at them then. Left out where the database does
   * so by itself.
   */
  readonly late?: (constraints: readonly string[]) => { readonly before: string; readonly after: string }
  /** Wraps a statement so that the database tells how it would run it. */
  explain(text: string): string
  /** Where the planner can say how many rows a statement gives: asks it for its plan as JSON. */
  readonly estimate?: (text: string) => string
  readonly always: string
  readonly never: string
  readonly unknown: string
}

export interface SearchSql {
  readonly table: Table
  readonly alias: string
  readonly columns: readonly { readonly column: Column; readonly value: string; readonly plain: boolean }[]
  /** Placeholder of the words to decide by, or of the candidates' superset; only what is written is bound. */
  readonly words: () => string
  readonly candidates: boolean
  /** The candidates have been asked already. */
  readonly found: boolean
}
