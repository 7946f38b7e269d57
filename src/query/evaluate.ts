/**
 * The expression language read in plain TypeScript: what a test says of a row that is at hand. Live queries ask it of
 * a change; a property test holds it against the SQL, row for row.
 *
 * 1. Three-valued, as SQL: true, false, or null for unknown.
 * 2. Values are canonical (`schema/value.ts`). Related rows come from whoever asks, through `related`.
 */
import type { Canonical, Relation } from '../schema/schema.ts'
import { parseValue, printValue } from '../schema/value.ts'
import { claimOf } from './claim.ts'
import { compareValues } from './compare.ts'
import { containsJson, JsonNumber, partOf, partText, printJson, readJson } from './json-value.ts'
import { compileLike } from './like.ts'
import { matcher } from './pattern.ts'
import type { Comparison } from './query.ts'
import type { Cell, Fixed, Parameter, Part, Scalar, Test, TypedOperand, ValueType } from './typed.ts'
import type { Who } from './who.ts'
import { decide, parseSearch } from './words.ts'

/** Column → canonical value. */
export type Row = Readonly<Record<string, Canonical>>

export interface Facts {
  readonly who: Who
  readonly row?: Row
  /** The values of the question that parameters point into. */
  readonly values?: readonly unknown[]
  /** The rows of the other table that are linked with this one. */
  readonly related?: (relation: Relation, row: Row) => readonly Row[]
}

export type Truth = boolean | null

export function evaluate(test: Test, facts: Facts): Truth {
  switch (test.kind) {
    case 'constant':
      return test.value
    case 'and':
      return allTrue(test.of, facts)
    case 'or':
      return anyTrue(test.of, facts)
    case 'not':
      return inverse(evaluate(test.of, facts))
    case 'compare':
      return compareSides(test.op, test.left, test.right, facts)
    case 'each':
      return eachOf(test, facts)
    case 'is':
      return isValue(test, facts)
    case 'search':
      return searchRow(test, facts)
    case 'related':
      return relatedRows(test, facts)
    case 'behind':
      return evaluate(test.guard, facts) === true ? evaluate(test.then, facts) : false
    case 'has':
      return facts.who.roles.has(test.role)
    case 'signedIn':
      return facts.who.kind === 'user'
  }
}

type Of<K extends Test['kind']> = Extract<Test, { kind: K }>

const inverse = (truth: Truth): Truth => (truth === null ? null : !truth)

function allTrue(tests: readonly Test[], facts: Facts): Truth {
  let result: Truth = true
  for (const test of tests) {
    const truth = evaluate(test, facts)
    if (truth === false) return false
    if (truth === null) result = null
  }
  return result
}

function anyTrue(tests: readonly Test[], facts: Facts): Truth {
  let result: Truth = false
  for (const test of tests) {
    const truth = evaluate(test, facts)
    if (truth === true) return true
    if (truth === null) result = null
  }
  return result
}

// ── Comparisons ──

function compareSides(op: Comparison, leftOperand: TypedOperand, rightOperand: TypedOperand, facts: Facts): Truth {
  const left = valueOf(leftOperand, facts)
  const right = valueOf(rightOperand, facts)
  if (op === 'isdistinct')
    return left === null || right === null ? left !== right : compareValues(left, leftOperand.type, right, rightOperand.type) !== 0
  if (left === null || right === null) return null
  return holds(op, left, leftOperand.type, right, rightOperand.type)
}

function holds(op: Comparison, left: Canonical, leftType: ValueType, right: Canonical, rightType: ValueType): Truth {
  const order = orders[op]
  if (order === undefined) return texts[op]?.(left, right, leftType) ?? null
  const compared = compareValues(left, leftType, right, rightType)
  if (compared === null) return op === 'eq' ? false : op === 'neq' ? true : null
  return order(compared)
}

const orders: Partial<Record<Comparison, (compared: number) => boolean>> = {
  eq: (compared) => compared === 0,
  neq: (compared) => compared !== 0,
  gt: (compared) => compared > 0,
  gte: (compared) => compared >= 0,
  lt: (compared) => compared < 0,
  lte: (compared) => compared <= 0,
}

const texts: Partial<Record<Comparison, (left: Canonical, right: Canonical, type: ValueType) => Truth>> = {
  like: (left, right) => compileLike(String(right), false)(String(left)),
  ilike: (left, right) => compileLike(String(right), true)(String(left)),
  match: (left, right) => matcher(String(right), false)(String(left)),
  imatch: (left, right) => matcher(String(right), true)(String(left)),
  contains: (left, right, type) => contains(left, right, type),
  contained: (left, right, type) => contains(right, left, type),
  overlaps: (left, right, type) => membersOf(left, type).some((member) => membersOf(right, type).includes(member)),
}

function contains(left: Canonical, right: Canonical, type: ValueType): boolean {
  if (type.kind === 'json') return containsJson(readJson(String(left)), readJson(String(right)))
  const members = membersOf(left, type)
  return (Array.isArray(right) ? right : []).every((member) => member !== null && members.includes(print(member)))
}

/** The members that are there, each as text; NULLs equal nothing. */
const membersOf = (list: Canonical, _type: ValueType): readonly string[] =>
  Array.isArray(list) ? list.filter((member) => member !== null).map(print) : []

const print = (value: Canonical): string => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value))

function eachOf(test: Of<'each'>, facts: Facts): Truth {
  const left = valueOf(test.left, facts)
  const given = test.right.kind === 'fixed' ? test.right.value : facts.values?.[test.right.at]
  const type = test.left.type
  const truths = (Array.isArray(given) ? given : []).map((member) =>
    left === null ? null : holds(test.op, left, type, canonical(anyScale(type), member), type),
  )
  return test.quantifier === 'any' ? some(truths) : every(truths)
}

const some = (truths: readonly Truth[]): Truth => (truths.includes(true) ? true : truths.includes(null) ? null : false)
const every = (truths: readonly Truth[]): Truth => (truths.includes(false) ? false : truths.includes(null) ? null : true)

function isValue(test: Of<'is'>, facts: Facts): Truth {
  const value = valueOf(test.left, facts)
  return test.is === 'null' ? value === null : value === (test.is === 'true')
}

function searchRow(test: Of<'search'>, facts: Facts): Truth {
  const asked = test.right.kind === 'fixed' ? test.right.value : facts.values?.[test.right.at]
  const search = parseSearch(test.right.search ?? 'plain', String(asked))
  const texts = test.cells.map((cell) => valueOf(cell, facts)).map((value) => (value === null ? null : String(value)))
  return texts.length === 1 && texts[0] === null ? null : decide(search, texts)
}

// ── Related rows ──

function relatedRows(test: Of<'related'>, facts: Facts): Truth {
  const rows = linkedBy(test, facts).filter((row) => evaluate(test.guard, { ...facts, row }) === true)
  const passes = (row: Row): boolean => evaluate(test.where, { ...facts, row }) === true
  if (test.quantifier === 'every') return rows.every(passes)
  return test.quantifier === 'some' ? rows.some(passes) : !rows.some(passes)
}

/** No rows, where the linking columns may not be read. */
const linkedBy = (by: { readonly relation: Relation; readonly outer: Test }, facts: Facts): readonly Row[] =>
  evaluate(by.outer, facts) === true ? linkedRows(by.relation, facts) : []

function linkedRows(relation: Relation, { related, row }: Facts): readonly Row[] {
  if (related === undefined || row === undefined) throw new Error(`the rows of ${relation.from}.${relation.name} are not at hand`)
  return related(relation, row)
}

// ── Values ──

function valueOf(operand: TypedOperand, facts: Facts): Canonical {
  switch (operand.kind) {
    case 'parameter':
    case 'fixed':
      return givenValue(operand, facts)
    case 'who': {
      const text = claimOf(facts.who, operand.claim)
      return text === null ? null : ofTypeOrNull(operand.type, text)
    }
    default:
      return scalarValue(operand, facts)
  }
}

function givenValue(operand: Parameter | Fixed, facts: Facts): Canonical {
  if (operand.kind === 'parameter') return canonical(anyScale(operand.type), facts.values?.[operand.at])
  return operand.value
}

const canonical = (type: ValueType, given: unknown): Canonical => (given === null || given === undefined ? null : parseValue(type, given))

/** A number to compare with may have more digits than the column. */
const anyScale = (type: ValueType): ValueType => (type.kind === 'decimal' ? { kind: 'numeric' } : type)

/** A claim that is not of the type equals nothing. */
function ofTypeOrNull(type: ValueType, text: string): Canonical {
  try {
    return parseValue(type, text)
  } catch {
    return null
  }
}

function scalarValue(scalar: Scalar, facts: Facts): Canonical {
  if (scalar.kind === 'cell') return cellValue(scalar, facts)
  if (scalar.kind === 'part') return partValue(scalar, facts)
  throw new Error(`${scalar.kind} values are made by the database only`)
}

function cellValue(cell: Cell, facts: Facts): Canonical {
  const [step, ...rest] = cell.path
  if (step === undefined) return evaluate(cell.guard, facts) === true ? (facts.row?.[cell.column.name] ?? null) : null
  const row = linkedBy(step, facts).find(
    (one) => evaluate(step.guard, { ...facts, row: one }) === true && evaluate(step.where, { ...facts, row: one }) === true,
  )
  return row === undefined ? null : cellValue({ ...cell, path: rest }, { ...facts, row })
}

function partValue(part: Part, facts: Facts): Canonical {
  const whole = cellValue(part.of, facts)
  if (whole === null) return null
  const found = partOf(readJson(printValue(part.of.type, whole)), part.path)
  // An element of an array is spelled already.
  if (part.text) return found instanceof JsonNumber && part.of.type.kind === 'array' ? found.text : partText(found)
  return found === undefined ? null : printJson(found)
}
