/**
 * The barrier: what the asker's own tests may look at. A test that can neither fail nor be slow stands beside the
 * guard, where indexes serve it; every other is put behind the guard and is not evaluated on rows that do not pass.
 */
import { TRUE, all, isTrue, type Test, type TypedOperand } from '../../query/typed.ts'
import type { Output, Shape } from '../../rules/woven.ts'

export function barrier(shape: Shape): Shape {
  return { ...shape, guard: inside(shape.guard), where: guarded(shape.guard, shape.where), outputs: shape.outputs.map(barredOutput) }
}

/** Both, with the barrier between them. */
export function guarded(guard: Test, where: Test): Test {
  const first = inside(guard)
  const parts = (where.kind === 'and' ? where.of : [where]).map(inside)
  if (isTrue(first)) return all(parts.flatMap((part) => (part.kind === 'search' ? [...beside(part), decided(part)] : [part])))
  const rest = parts.filter((part) => !isCalm(part)).map(decided)
  const behind: readonly Test[] = rest.length === 0 ? [] : [{ kind: 'behind', guard: first, then: all(rest) }]
  return all([first, ...parts.flatMap(beside), ...behind])
}

/** A search whose candidates stand beside it looks at none but those. */
const decided = (test: Test): Test => (test.kind === 'search' ? { ...test, found: true } : test)

/** What of a test may stand beside the guard: all of a calm one, and of a search what its index can say. */
function beside(test: Test): readonly Test[] {
  if (test.kind === 'search') return [{ ...test, candidates: true }]
  return isCalm(test) ? [test] : []
}

/** The same within related rows: each table's own guard bars the tests on its rows. */
function inside(test: Test): Test {
  switch (test.kind) {
    case 'and':
    case 'or':
      return { ...test, of: test.of.map(inside) }
    case 'not':
      return { ...test, of: inside(test.of) }
    case 'related':
      return relatedInside(test)
    default:
      return test
  }
}

/** For `every` the guard stays apart: rows that are not there do not count, whatever the test says of them. */
function relatedInside(test: Extract<Test, { kind: 'related' }>): Test {
  if (test.quantifier === 'every')
    return {
      ...test,
      guard: inside(test.guard),
      where: isCalm(test.where) ? inside(test.where) : { kind: 'behind', guard: test.guard, then: inside(test.where) },
    }
  return { ...test, guard: TRUE, where: guarded(test.guard, test.where) }
}

/** Whether a test never raises, never runs long, and may therefore be tried on any row. */
function isCalm(test: Test): boolean {
  switch (test.kind) {
    case 'and':
    case 'or':
      return test.of.every(isCalm)
    case 'not':
      return isCalm(test.of)
    case 'compare':
      return calmOperators.has(test.op) && isPlain(test.left) && isPlain(test.right)
    case 'each':
      return calmOperators.has(test.op) && isPlain(test.left)
    case 'is':
      return isPlain(test.left)
    case 'search':
    case 'behind':
      return false
    default:
      return true
  }
}

const calmOperators: ReadonlySet<string> = new Set(['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'isdistinct'])

function isPlain(operand: TypedOperand): boolean {
  if (operand.kind === 'cell')
    return operand.path.length === 0 && isTrue(operand.guard) && operand.type.kind !== 'json' && operand.type.kind !== 'array'
  return operand.kind === 'parameter' || operand.kind === 'who' || operand.kind === 'fixed'
}

function barredOutput(output: Output): Output {
  return output.kind === 'embed' ? { ...output, near: inside(output.near) } : output
}
