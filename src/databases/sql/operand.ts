/** Scalars and operands as SQL. */
import type { Cell, Fixed, Form, Parameter, Scalar, Test, TypedOperand, TypedStep, WhoParameter } from '../../query/typed.ts'
import { guarded } from '../../plan/passes/barrier.ts'
import type { Column } from '../../schema/schema.ts'
import type { Binder, Rounding } from './binder.ts'
import type { Sql } from './dialect.ts'
import { bindNumber, columnOf, frameOf, joinPath, link, source, type Frame } from './frame.ts'

export function scalarSql(scalar: Scalar, frame: Frame): Sql {
  if (frame.grouped !== undefined) return frame.grouped(scalar)
  switch (scalar.kind) {
    case 'cell':
      return cellSql(scalar, frame)
    case 'part':
      return frame.writing.dialect.part(cellSql(scalar.of, frame), scalar.path, scalar.text)
    case 'cast':
      return frame.writing.dialect.cast(scalarSql(scalar.of, frame), scalar.type)
    case 'total':
      throw new Error('an aggregate stands outside a grouped read')
  }
}

export function cellSql(cell: Cell, frame: Frame): Sql {
  if (cell.path.length === 0) return guardedCell(cell, frame)
  if (frame.joins === undefined) return subqueryCell(cell, frame)
  const end = joinPath(frame, cell.path, stepCondition)
  return { ...guardedCell(cell, end), nullable: true }
}

/** What else must hold of a joined row: its guard, and behind it the step's own filter. */
export function stepCondition(frame: Frame, step: TypedStep): string {
  const condition = frame.writing.writers.test(guarded(step.guard, step.where), frame, false)
  return condition === frame.writing.dialect.always ? '' : ` AND ${condition}`
}

function guardedCell(cell: Cell, frame: Frame): Sql {
  const value = plainColumn(cell.column, columnOf(frame, cell.column.name))
  if (isOpen(cell.guard)) return value
  const guard = frame.writing.writers.test(cell.guard, { ...frame, joins: undefined }, false)
  return { ...value, text: `CASE WHEN ${guard} THEN ${value.text} END`, nullable: true }
}

const isOpen = (test: Test): boolean => test.kind === 'constant' && test.value === true

export const plainColumn = (column: Column, text: string): Sql => ({
  text,
  type: column.type,
  nullable: column.optional || column.generated !== undefined,
  unsigned: column.min !== undefined && !column.min.startsWith('-'),
})

function subqueryCell(cell: Cell, frame: Frame): Sql {
  const [step, ...rest] = cell.path
  if (step === undefined) return guardedCell(cell, frame)
  const inner = frameOf(frame.writing, step.table, false)
  const value = cellSql({ ...cell, path: rest }, inner)
  return {
    ...value,
    text: `(SELECT ${value.text} FROM ${source(inner)} WHERE ${link(frame, step, inner)}${stepCondition(inner, step)})`,
    nullable: true,
  }
}

// ── Parameters ──

export interface BindOptions {
  readonly rounding?: Rounding
  readonly fold?: boolean
  /** What each member of a list is. */
  readonly element?: Form
  readonly part?: 'candidates'
}

export function operandSql(operand: TypedOperand, frame: Frame, options: BindOptions = {}): Sql {
  if (operand.kind === 'parameter' || operand.kind === 'fixed' || operand.kind === 'who') return givenSql(operand, frame, options)
  return scalarSql(operand, frame)
}

/** A placeholder for something given: a request's value, a rule's constant, or a claim. */
export function givenSql(operand: Parameter | Fixed | WhoParameter, frame: Frame, options: BindOptions): Sql {
  const list = operand.kind !== 'who' && operand.form === 'list'
  const number = bindNumber(frame.writing, binderOf(operand, options))
  const bound = operand.kind !== 'who' && operand.form !== 'value' && operand.form !== 'list' ? ({ kind: 'text' } as const) : operand.type
  return { text: frame.writing.dialect.placeholder(number, bound, list), type: operand.type, nullable: operand.kind === 'who' }
}

function binderOf(operand: Parameter | Fixed | WhoParameter, options: BindOptions): Binder {
  const rounding = options.rounding ?? 'never'
  if (operand.kind === 'who') return { kind: 'who', claim: operand.claim, type: operand.type, rounding }
  const shared = {
    type: operand.type,
    form: operand.form,
    rounding,
    fold: options.fold ?? false,
    element: options.element ?? 'value',
    ...(options.part ? { part: options.part } : {}),
  }
  if (operand.kind === 'fixed')
    return { kind: 'fixed', value: operand.value, ...shared, ...(operand.search ? { search: operand.search } : {}) }
  return { kind: 'value', at: operand.at, ...shared, ...(operand.search ? { search: operand.search } : {}) }
}
