/**
 * Walks: a comparison at the end of a path (`order.customer.account_id = me`) becomes "there is such a customer", which
 * a database can begin from the other end of when that is the shorter way.
 *
 * Only where false and unknown are the same, that is, not under `not`.
 */
import type { Cell, Test, TypedOperand } from '../../query/typed.ts'
import { TRUE } from '../../query/typed.ts'
import type { Shape } from '../../rules/woven.ts'

export const walks = (shape: Shape): Shape => ({ ...shape, guard: walked(shape.guard), where: walked(shape.where) })

function walked(test: Test): Test {
  if (test.kind === 'and' || test.kind === 'or') return { ...test, of: test.of.map(walked) }
  if (test.kind === 'related' && test.quantifier === 'some') return { ...test, guard: walked(test.guard), where: walked(test.where) }
  if (test.kind === 'compare' && test.op !== 'isdistinct' && isGiven(test.right)) return overPath(test, test.left)
  if (test.kind === 'each') return overPath(test, test.left)
  return test
}

const isGiven = (operand: TypedOperand): boolean => operand.kind === 'parameter' || operand.kind === 'who' || operand.kind === 'fixed'

/** Takes the first step of the left side's path out of the comparison and around it. */
function overPath(test: Extract<Test, { kind: 'compare' | 'each' }>, left: TypedOperand): Test {
  if (left.kind !== 'cell') return test
  const [step, ...rest] = left.path
  if (step === undefined) return test
  const inner: Cell = { ...left, path: rest }
  const where = overPath({ ...test, left: inner }, inner)
  return {
    kind: 'related',
    quantifier: 'some',
    relation: step.relation,
    table: step.table,
    outer: step.outer,
    guard: step.guard,
    where: both(step.where, where),
    near: TRUE,
  }
}

const both = (first: Test, second: Test): Test => (first === TRUE ? second : { kind: 'and', of: [first, second] })
