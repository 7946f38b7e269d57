/**
 * Home: a rule of embedded rows that looks back at the row they are embedded in ("a line of an order of mine", in an
 * order of mine) is not asked again. What it asks of that row has been asked already, for the row to be there at all.
 *
 * After `barrier`, because it is what both sides then hold that is compared. Only the whole of a condition goes, and
 * only where every part of it stands in the outer rows' own.
 */
import { all, isTrue, type Test } from '../../query/typed.ts'
import type { EmbedOutput, Output, Shape } from '../../rules/woven.ts'

type Related = Extract<Test, { kind: 'related' }>

export function home(shape: Shape): Shape {
  const held = new Set(conjuncts(shape.where).map(keyOf))
  return { ...shape, outputs: shape.outputs.map((output) => homeOutput(output, held)) }
}

function homeOutput(output: Output, held: ReadonlySet<string>): Output {
  if (output.kind !== 'embed' || output.path.length > 0 || output.relation.through !== undefined) return output
  const where = all(conjuncts(output.read.where).map((test) => (leadsBack(test, output) && isHeld(test, held) ? test.outer : test)))
  return { ...output, read: { ...output.read, where } }
}

/** The one row that this relation leads to is the row that the embed hangs on. */
function leadsBack(test: Test, { relation }: EmbedOutput): test is Related {
  if (test.kind !== 'related' || test.quantifier !== 'some' || test.relation.many || test.relation.through !== undefined) return false
  return (
    test.relation.to === relation.from && isSame(test.relation.columns, relation.target) && isSame(test.relation.target, relation.columns)
  )
}

const isHeld = (test: Related, held: ReadonlySet<string>): boolean =>
  [...conjuncts(test.guard), ...conjuncts(test.where)].every((part) => held.has(keyOf(part)))

const conjuncts = (test: Test): readonly Test[] => (test.kind === 'and' ? test.of.flatMap(conjuncts) : isTrue(test) ? [] : [test])

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((name, at) => name === b[at])

/** Two tests of one table that ask the same. Tables, relations and columns are told by their names. */
function keyOf(test: Test): string {
  return JSON.stringify(test, (name, value: unknown) => {
    if (name === 'table' || name === 'joinTable' || name === 'column') return nameOf(value)
    if (name === 'relation') return { ...Object(value), hints: undefined }
    return typeof value === 'bigint' ? `${value}n` : value
  })
}

const nameOf = (value: unknown): unknown => (typeof value === 'object' && value !== null && 'name' in value ? value.name : value)
