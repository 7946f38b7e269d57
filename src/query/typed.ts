/**
 * The query language once names are resolved: tables, columns, relations and types instead of words. Filters, rules
 * and checks all end in this form, and it has two readers: the SQL compiler (`databases/sql`) and `evaluate`.
 *
 * 1. Logic is three-valued, as in SQL: a test is true, false or unknown, and a row passes only where it is true.
 * 2. `guard` is what the asker may see: the compiler must not let anything but the guard look at a row (or a cell)
 *    that does not pass it.
 * 3. Nothing in here is a value of the request or of the asker; those are parameters.
 *
 * To add a kind: the type here, then each table typed by it stops compiling until it has an answer.
 */
import type { Canonical, Column, Relation, Table, Type } from '../schema/schema.ts'
import type { Aggregate, Comparison, SearchMode } from './query.ts'

/** A column's type, or an exact number of any scale (what casts and averages give). */
export type ValueType = Type | { readonly kind: 'numeric' }

/** A step to the one related row, which counts only where it passes `guard` and then `where`. */
export interface TypedStep {
  readonly relation: Relation
  readonly table: Table
  /** About the row that the step leaves: whether its linking columns may be read. */
  readonly outer: Test
  readonly guard: Test
  readonly where: Test
}

/** What a request's value must become before it is bound. */
export type Form = 'value' | 'list' | 'like' | 'match' | 'imatch' | 'search'

/** A value of the question, by its place. `below` and `above` are for numbers between two storable ones. */
export interface Parameter {
  readonly kind: 'parameter'
  readonly at: number
  readonly type: ValueType
  readonly form: Form
  readonly search?: SearchMode
}

/** Something of the asker, by the claim's path; `['id']` is the user's id. NULL where there is none. */
export interface WhoParameter {
  readonly kind: 'who'
  readonly claim: readonly string[]
  readonly type: ValueType
}

export interface Fixed {
  readonly kind: 'fixed'
  readonly value: Canonical | readonly Canonical[]
  readonly type: ValueType
  readonly form: Form
  readonly search?: SearchMode
}

export interface Cell {
  readonly kind: 'cell'
  readonly path: readonly TypedStep[]
  readonly table: Table
  readonly column: Column
  /** NULL for whoever does not pass. */
  readonly guard: Test
  readonly type: ValueType
}

/** A part of a JSON or array value. `text` gives text, otherwise it is JSON. */
export interface Part {
  readonly kind: 'part'
  readonly of: Cell
  readonly path: readonly (string | number)[]
  readonly text: boolean
  readonly type: ValueType
}

export interface Cast {
  readonly kind: 'cast'
  readonly of: Scalar
  readonly type: ValueType
}

/** `of: null` counts rows. */
export interface Total {
  readonly kind: 'total'
  readonly aggregate: Aggregate
  readonly of: Scalar | null
  readonly type: ValueType
}

/** What can stand in an output, a filter or an order. */
export type Scalar = Cell | Part | Cast | Total
export type TypedOperand = Scalar | Parameter | WhoParameter | Fixed

export type Test =
  | { readonly kind: 'constant'; readonly value: boolean | null }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Test[] }
  | { readonly kind: 'not'; readonly of: Test }
  | { readonly kind: 'compare'; readonly op: Comparison; readonly left: TypedOperand; readonly right: TypedOperand }
  /** `right` is a list: the comparison holds for any or for all of it. `any` with `eq` is `in`. */
  | {
      readonly kind: 'each'
      readonly quantifier: 'any' | 'all'
      readonly op: Comparison
      readonly left: TypedOperand
      readonly right: Parameter | Fixed
    }
  | { readonly kind: 'is'; readonly left: TypedOperand; readonly is: 'null' | 'true' | 'false' }
  /**
   * The words of the cells together, one document; unreadable cells are empty. With `candidates` it may also pass
   * rows that do not match, but none that it passes over matches: what an index can say at once. `found` is the same
   * test on rows that the candidates have let through.
   */
  | {
      readonly kind: 'search'
      readonly table: Table
      readonly cells: readonly Cell[]
      readonly right: Parameter | Fixed
      readonly candidates?: boolean
      readonly found?: boolean
    }
  | {
      readonly kind: 'related'
      readonly quantifier: 'some' | 'every' | 'none'
      readonly relation: Relation
      readonly table: Table
      readonly outer: Test
      readonly guard: Test
      readonly where: Test
      readonly near?: Test
      readonly joinTable?: Table
    }
  /** About the asker alone; gone once a query is woven. */
  | { readonly kind: 'has'; readonly role: string }
  | { readonly kind: 'signedIn' }
  /** The second is looked at only where the first is true. */
  | { readonly kind: 'behind'; readonly guard: Test; readonly then: Test }

export const TRUE: Test = Object.freeze({ kind: 'constant', value: true })
export const FALSE: Test = Object.freeze({ kind: 'constant', value: false })

export const isTrue = (test: Test): boolean => test.kind === 'constant' && test.value === true
export const isFalse = (test: Test): boolean => test.kind === 'constant' && test.value !== true

/** All of them; constants fold away. */
export function all(tests: readonly Test[]): Test {
  const left = tests.flatMap((test) => (test.kind === 'and' ? test.of : [test])).filter((test) => !isTrue(test))
  if (left.some((test) => test.kind === 'constant' && test.value === false)) return FALSE
  return left.length === 0 ? TRUE : left.length === 1 ? (left[0] ?? TRUE) : { kind: 'and', of: left }
}

/** Any of them; constants fold away. */
export function any(tests: readonly Test[]): Test {
  const left = tests
    .flatMap((test) => (test.kind === 'or' ? test.of : [test]))
    .filter((test) => !(test.kind === 'constant' && test.value === false))
  if (left.some(isTrue)) return TRUE
  return left.length === 0 ? FALSE : left.length === 1 ? (left[0] ?? FALSE) : { kind: 'or', of: left }
}

export function not(test: Test): Test {
  if (test.kind === 'constant') return test.value === null ? test : test.value ? FALSE : TRUE
  return test.kind === 'not' ? test.of : { kind: 'not', of: test }
}

/** Casts from → to that take every value. */
const calm: Partial<Record<ValueType['kind'], readonly ValueType['kind'][]>> = {
  integer: ['numeric', 'float', 'boolean'],
  decimal: ['numeric', 'float'],
  float: ['numeric'],
  boolean: ['integer'],
  timestamp: ['date', 'time'],
  date: ['timestamp'],
  array: ['json'],
}

/** Whether there may be values of which it cannot be made. */
export function mayFail(scalar: Scalar): boolean {
  if (scalar.kind !== 'cast') return false
  const [from, to] = [scalar.of.type.kind, scalar.type.kind]
  return mayFail(scalar.of) || !(to === 'text' || to === from || calm[from]?.includes(to))
}

/** Whether a scalar is an aggregate, cast or not. */
export function isTotal(scalar: Scalar): boolean {
  return scalar.kind === 'total' || (scalar.kind === 'cast' && isTotal(scalar.of))
}
