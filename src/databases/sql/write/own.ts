/** Whether a test looks at the row alone: such a one is judged as the row is written, any other when all of the write is done. */
import { isTrue, type Test, type TypedOperand } from '../../../query/typed.ts'

export function isOwn(test: Test): boolean {
  switch (test.kind) {
    case 'and':
    case 'or':
      return test.of.every(isOwn)
    case 'not':
      return isOwn(test.of)
    case 'compare':
      return isOwnValue(test.left) && isOwnValue(test.right)
    case 'each':
    case 'is':
      return isOwnValue(test.left)
    case 'behind':
      return isOwn(test.guard) && isOwn(test.then)
    case 'search':
    case 'related':
      return false
    case 'constant':
    case 'has':
    case 'signedIn':
      return true
  }
}

function isOwnValue(operand: TypedOperand): boolean {
  switch (operand.kind) {
    case 'cell':
      return operand.path.length === 0 && (isTrue(operand.guard) || isOwn(operand.guard))
    case 'part':
    case 'cast':
      return isOwnValue(operand.of)
    case 'total':
      return false
    default:
      return true
  }
}
