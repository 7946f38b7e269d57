/** Which operators go with which types, and what a cast or an aggregate gives. Data, so that it reads as the table it is. */
import { Problem } from '../errors.ts'
import type { Aggregate, Comparison } from '../query/query.ts'
import type { ValueType } from '../query/typed.ts'

type KindName = ValueType['kind']

const ordered: readonly KindName[] = [
  'text',
  'integer',
  'decimal',
  'numeric',
  'float',
  'boolean',
  'timestamp',
  'date',
  'time',
  'uuid',
  'bytes',
  'json',
]
const numbers: readonly KindName[] = ['integer', 'decimal', 'numeric', 'float']
const every: readonly KindName[] = [...ordered, 'array']
const textual: readonly KindName[] = ['text']

/** Operator → the types it is there for. */
const operators: Record<Comparison, readonly KindName[]> = {
  eq: every,
  neq: every,
  isdistinct: every,
  gt: ordered,
  gte: ordered,
  lt: ordered,
  lte: ordered,
  like: textual,
  ilike: textual,
  match: textual,
  imatch: textual,
  contains: ['array', 'json'],
  contained: ['array', 'json'],
  overlaps: ['array'],
}

/** What can be sorted by: everything with an order that is the same on every database. */
const sortable: readonly KindName[] = ordered

const aggregates: Record<Aggregate, readonly KindName[]> = {
  count: every,
  sum: numbers,
  avg: numbers,
  min: [...numbers, 'text', 'timestamp', 'date', 'time'],
  max: [...numbers, 'text', 'timestamp', 'date', 'time'],
}

/** From → to. Everything casts to text, and to itself. */
const casts: Record<KindName, readonly KindName[]> = {
  text: ['integer', 'numeric', 'float', 'boolean', 'timestamp', 'date', 'time', 'uuid', 'json'],
  integer: ['numeric', 'float', 'boolean'],
  decimal: ['integer', 'numeric', 'float'],
  numeric: ['integer', 'float'],
  float: ['integer', 'numeric'],
  boolean: ['integer'],
  timestamp: ['date', 'time'],
  date: ['timestamp'],
  time: [],
  uuid: [],
  bytes: [],
  json: ['integer', 'numeric', 'float', 'boolean'],
  array: ['json'],
}

export function checkOperator(op: Comparison, type: ValueType): void {
  if (!operators[op].includes(type.kind)) throw new Problem('42883', `operator ${op} is not there for ${type.kind} values`)
}

/** A list of lists is more than every database can take. */
export function checkListed(type: ValueType): void {
  if (type.kind === 'array') throw new Problem('42883', 'array values are not looked for in a list; compare them one by one with or=(…)')
}

export function checkSortable(type: ValueType): void {
  if (!sortable.includes(type.kind)) throw new Problem('42883', `${type.kind} values have no order`)
}

export function checkCast(from: ValueType, to: ValueType): void {
  if (to.kind === 'text' || to.kind === from.kind || casts[from.kind].includes(to.kind)) return
  throw new Problem('42846', `cannot cast ${from.kind} to ${to.kind}`)
}

/** The type that an aggregate of a type gives. */
export function aggregateType(aggregate: Aggregate, of: ValueType | null): ValueType {
  if (of === null || aggregate === 'count') return { kind: 'integer' }
  if (!aggregates[aggregate].includes(of.kind)) throw new Problem('42883', `aggregate ${aggregate} is not there for ${of.kind} values`)
  if (aggregate === 'sum') return of.kind === 'float' ? of : { kind: 'numeric' }
  if (aggregate === 'avg') return of.kind === 'float' ? of : { kind: 'numeric' }
  return of
}

/** Whether values of two types can be held against each other in a rule or a check. */
export function comparable(left: ValueType, right: ValueType): boolean {
  return left.kind === right.kind || (numbers.includes(left.kind) && numbers.includes(right.kind))
}
