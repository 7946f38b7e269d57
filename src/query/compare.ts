/** How canonical values compare, type by type; the evaluator's half of what SQL does with `=` and `<`. */
import { parseDecimal, printValue } from '../schema/value.ts'
import type { Canonical } from '../schema/schema.ts'
import { compareCodePoints } from './code-points.ts'
import { compareExact } from './exact.ts'
import { compareJson, readJson } from './json-value.ts'
import type { ValueType } from './typed.ts'

/** Below, equal or above zero; null where the two have no order and are not equal. */
export function compareValues(left: Canonical, leftType: ValueType, right: Canonical, rightType: ValueType): number | null {
  if (isNumber(leftType)) return compareNumbers(left, leftType, right, rightType)
  switch (leftType.kind) {
    case 'json':
      return compareJson(readJson(String(left)), readJson(String(right)))
    case 'boolean':
      return Number(left) - Number(right)
    case 'bytes':
      return left instanceof Uint8Array && right instanceof Uint8Array ? Buffer.compare(left, right) : null
    case 'array':
      return printValue(leftType, left) === printValue(leftType, right) ? 0 : null
    default:
      return compareCodePoints(String(left), String(right))
  }
}

const isNumber = (type: ValueType): boolean =>
  type.kind === 'integer' || type.kind === 'decimal' || type.kind === 'numeric' || type.kind === 'float'

function compareNumbers(left: Canonical, leftType: ValueType, right: Canonical, rightType: ValueType): number {
  if (leftType.kind === 'float' || rightType.kind === 'float') return Math.sign(Number(left) - Number(right))
  return compareExact(parseDecimal(left), parseDecimal(right))
}
