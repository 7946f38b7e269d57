/**
 * From names to things: a `Condition` in words becomes a `Test` on tables, columns and types, within the scope of
 * whoever asks. Every complaint about names and types comes from here, so that all protocols complain alike.
 */
import { Problem } from '../errors.ts'
import type { Condition, Field, Literal, Operand, SearchMode, Step, Value } from '../query/query.ts'
import {
  FALSE,
  TRUE,
  all,
  any,
  not,
  type Cell,
  type Fixed,
  type Form,
  type Parameter,
  type Part,
  type Scalar,
  type Test,
  type TypedOperand,
  type TypedStep,
  type ValueType,
} from '../query/typed.ts'
import type { Canonical, Table } from '../schema/schema.ts'
import { parseValue } from '../schema/value.ts'
import { columnIn, guardsOf, noColumn, relationIn, targetOf, type Scope } from './scope.ts'
import { checkListed, checkOperator, checkSortable, comparable } from './types.ts'

/** What names mean at one place of a query. */
export interface Place {
  readonly scope: Scope
  readonly table: Table
  /** Outputs by name, where `having` and `order` may use them. */
  readonly alias?: (name: string) => Scalar | undefined
}

type Kind = Condition['kind']
type Of<K extends Kind> = Extract<Condition, { kind: K }>

export function resolve(condition: Condition, place: Place): Test {
  switch (condition.kind) {
    case 'and':
      return all(condition.of.map((part) => resolve(part, place)))
    case 'or':
      return any(condition.of.map((part) => resolve(part, place)))
    case 'not':
      return not(resolve(condition.of, place))
    case 'compare':
      return comparison(condition, place)
    case 'in':
      return membership(condition, place)
    case 'is':
      return isTest(condition, place)
    case 'search':
      return searchTest(condition, place)
    case 'related':
      return relatedTest(condition, place)
    case 'has':
    case 'signedIn':
      return condition
    case 'constant':
      return condition.value ? TRUE : FALSE
  }
}

/** A column, a part of one, or one at the end of a path. */
export function resolveField(field: Field, place: Place): Cell | Part {
  const { steps, table } = walk(field.path, place)
  const { column, guard } = columnIn(place.scope, table, field.name)
  const cell: Cell = { kind: 'cell', path: steps, table, column, guard, type: column.type }
  return field.json === undefined ? cell : partOf(cell, field.json)
}

function partOf(cell: Cell, json: NonNullable<Field['json']>): Part {
  if (cell.type.kind !== 'json' && cell.type.kind !== 'array') {
    throw new Problem('42883', `column ${cell.table.name}.${cell.column.name} is ${cell.type.kind}: -> and ->> are for json and arrays`)
  }
  return { kind: 'part', of: cell, path: json.path, text: json.text, type: { kind: json.text ? 'text' : 'json' } }
}

/** The steps of a path over to-one relations, and the table it ends at. */
export function walk(path: readonly Step[], place: Place): { steps: readonly TypedStep[]; table: Table } {
  let at = place
  const steps = path.map((step) => {
    const relation = relationIn(at.scope, at.table, step)
    if (relation.many)
      throw new Problem('PGRST118', `'${at.table.name}' and '${step.name}' do not form a many-to-one or one-to-one relationship`)
    const table = targetOf(at.scope.schema, relation)
    const { outer, inner } = guardsOf(at.scope, relation)
    at = { scope: at.scope, table }
    return { relation, table, outer, guard: all([at.scope.rows(table), inner]), where: step.where ? resolve(step.where, at) : TRUE }
  })
  return { steps, table: at.table }
}

/** The sort key of an order: anything with an order. */
export function resolveSort(by: Field | { readonly kind: 'alias'; readonly name: string }, place: Place): Scalar {
  const scalar = by.kind === 'alias' ? aliasIn(by.name, place) : resolveField(by, place)
  checkSortable(scalar.type)
  return scalar
}

function aliasIn(name: string, place: Place): Scalar {
  const scalar = place.alias?.(name)
  if (scalar !== undefined) return scalar
  // Said of any name, whether or not there is such a column for somebody.
  throw new Problem('42803', `There is no output '${name}' that is a value`, {
    hint: 'Name what is selected; rows are filtered by their columns.',
  })
}

const forms: Partial<Record<Of<'compare'>['op'], Form>> = { like: 'like', ilike: 'like', match: 'match', imatch: 'imatch' }

/** The same comparison from its other side. */
const mirrored: Partial<Record<Of<'compare'>['op'], Of<'compare'>['op']>> = {
  eq: 'eq',
  neq: 'neq',
  isdistinct: 'isdistinct',
  gt: 'lt',
  gte: 'lte',
  lt: 'gt',
  lte: 'gte',
}

/** A column stands left of what it is compared with: there indexes serve it, and numbers between its own are rounded for it. */
function sided(condition: Of<'compare'>): Of<'compare'> {
  const op = mirrored[condition.op]
  if (op === undefined || condition.left.kind === 'field' || condition.right.kind !== 'field') return condition
  return { ...condition, op, left: condition.right, right: condition.left }
}

function comparison(asked: Of<'compare'>, place: Place): Test {
  const condition = sided(asked)
  const type = typeOf(condition.left, place) ?? typeOf(condition.right, place) ?? literalType(condition.right)
  checkOperator(condition.op, type)
  if (condition.each !== undefined) checkListed(type)
  const form = forms[condition.op] ?? 'value'
  const left = operand(condition.left, type, form, place)
  if (condition.each !== undefined) {
    return { kind: 'each', quantifier: condition.each, op: condition.op, left, right: list(condition.right, type, place) }
  }
  const right = operand(condition.right, type, form, place)
  if (!comparable(left.type, right.type)) throw new Problem('42804', `${left.type.kind} and ${right.type.kind} cannot be compared`)
  return { kind: 'compare', op: condition.op, left, right }
}

function membership(condition: Of<'in'>, place: Place): Test {
  const type = typeOf(condition.left, place) ?? { kind: 'text' }
  checkOperator('eq', type)
  checkListed(type)
  return {
    kind: 'each',
    quantifier: 'any',
    op: 'eq',
    left: operand(condition.left, type, 'value', place),
    right: list(condition.right, type, place),
  }
}

function isTest(condition: Of<'is'>, place: Place): Test {
  // A claim takes the type it is asked as; as text it is there whatever it holds.
  const left = operand(condition.left, { kind: condition.is === 'null' ? 'text' : 'boolean' }, 'value', place)
  if (condition.is === 'null') return { kind: 'is', left, is: 'null' }
  if (left.type.kind !== 'boolean') throw new Problem('42804', `is.${condition.is} is for boolean columns, not for ${left.type.kind} ones`)
  return { kind: 'is', left, is: condition.is === 'unknown' ? 'null' : condition.is }
}

function searchTest(condition: Of<'search'>, place: Place): Test {
  if (condition.config !== undefined && condition.config !== 'simple') {
    throw new Problem('0A000', `There is no text search configuration '${condition.config}'`, {
      hint: 'Words are folded by the simple table; leave the configuration out.',
    })
  }
  const cells = condition.field === null ? searched(place) : [resolveField(condition.field, place)].map(textCell)
  const { table } = cells[0] ?? place
  return { kind: 'search', table, cells, right: searchWords(condition.right, condition.mode) }
}

/** The columns of `.search()` that the asker may read. */
function searched(place: Place): Cell[] {
  const seen = place.table.search.flatMap((name) => {
    const column = place.table.columns.get(name)
    const guard = column && place.scope.cell(place.table, column)
    return column && guard ? [{ kind: 'cell' as const, path: [], table: place.table, column, guard, type: column.type }] : []
  })
  if (seen.length === 0) throw noColumn(place.table.name, 'search')
  return seen
}

function textCell(scalar: Cell | Part): Cell {
  if (scalar.kind === 'cell' && scalar.type.kind === 'text') return scalar
  throw new Problem('42883', 'full-text search is for text columns')
}

function searchWords(right: Value | Literal, mode: SearchMode): Parameter | Fixed {
  const type: ValueType = { kind: 'text' }
  if (right.kind === 'value') return { kind: 'parameter', at: right.at, type, form: 'search', search: mode }
  return { kind: 'fixed', value: String(right.value), type, form: 'search', search: mode }
}

function relatedTest(condition: Of<'related'>, place: Place): Test {
  const relation = relationIn(place.scope, place.table, condition.relation)
  const table = targetOf(place.scope.schema, relation)
  const where = condition.where ? resolve(condition.where, { scope: place.scope, table }) : TRUE
  const joinTable = relation.through && place.scope.schema.tables.get(relation.through.table)
  const { outer, inner, near } = guardsOf(place.scope, relation)
  const guard = all([place.scope.rows(table), inner])
  return { kind: 'related', quantifier: condition.quantifier, relation, table, outer, guard, where, ...(joinTable && { joinTable, near }) }
}

// ── Operands ──

/** What a claim is taken for that is compared with a constant: `who.claim('level').above(9)` is about a number. */
const literalType = (operand: Operand): ValueType => ({
  kind: operand.kind === 'literal' && typeof operand.value === 'number' ? 'numeric' : 'text',
})

/** The type an operand has by itself; values, literals and claims take the other side's. */
function typeOf(operand: Operand, place: Place): ValueType | undefined {
  if (operand.kind === 'field') return resolveField(operand, place).type
  return operand.kind === 'alias' ? aliasIn(operand.name, place).type : undefined
}

function operand(given: Operand, type: ValueType, form: Form, place: Place): TypedOperand {
  switch (given.kind) {
    case 'field':
      return resolveField(given, place)
    case 'alias':
      return aliasIn(given.name, place)
    case 'value':
      return { kind: 'parameter', at: given.at, type, form }
    case 'who':
      return { kind: 'who', claim: given.claim, type }
    case 'literal':
      return { kind: 'fixed', value: canonical(type, given.value), type, form }
  }
}

function list(given: Operand, type: ValueType, place: Place): Parameter | Fixed {
  if (given.kind === 'value') return { kind: 'parameter', at: given.at, type, form: 'list' }
  if (given.kind !== 'literal' || !Array.isArray(given.value))
    throw new Problem('42804', `a list is wanted in the condition on ${place.table.name}`)
  return { kind: 'fixed', value: given.value.map((one) => canonical(type, one)), type, form: 'list' }
}

function canonical(type: ValueType, value: unknown): Canonical {
  if (value === null) return null
  return type.kind === 'numeric' ? String(value) : parseValue(type, value)
}
