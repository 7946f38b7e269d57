/**
 * Woven → Plan: how the answer is got, decided once per shape. A plan is the woven query after a list of small passes;
 * the list is what the planner can do.
 *
 * 1. Passes are pure and know no SQL; what a database can or cannot do they ask of its capabilities.
 * 2. After `barrier`, nothing of the request is looked at on a row that the asker may not see.
 * 3. After `ties`, every list has one order only.
 *
 * To add a pass: a file in `passes/`, a line in `passes` below.
 */
import type { DeleteShape, InsertShape, PreconditionShape, ReadShape, Shape, UpdateShape, Woven } from '../rules/woven.ts'
import { barrier } from './passes/barrier.ts'
import { home } from './passes/home.ts'
import { single } from './passes/single.ts'
import { ties } from './passes/ties.ts'
import { walks } from './passes/walks.ts'

export type {
  ConflictShape,
  DeleteShape,
  EmbedOutput,
  InsertShape,
  Limit,
  NestedShape,
  Output,
  PreconditionShape,
  ReadShape,
  ReferenceShape,
  RowsShape,
  Shape,
  Sort,
  UpdateShape,
} from '../rules/woven.ts'

export interface ReadPlan extends ReadShape {
  /** A key is given, so that there is one row at most. */
  readonly single: boolean
}

export type WritePlan = InsertShape | UpdateShape | DeleteShape
export type Plan = ReadPlan | WritePlan

/** A pass over what is read of one table; embeds are passed over first, from the inside out. */
export type Pass = (shape: Shape) => Shape

const passes: readonly Pass[] = [walks, barrier, home, ties]
/** Rows that were put in come back in the order in which they were given. */
const passesOfGiven: readonly Pass[] = [walks, barrier, home]

export function plan(woven: Woven): Plan {
  switch (woven.kind) {
    case 'read': {
      const read = passed(woven, passes)
      return { ...read, single: single(read) }
    }
    case 'insert':
      return { ...woven, ...sharedOf(woven, passesOfGiven) }
    default:
      return { ...woven, ...sharedOf(woven, passes), target: passed(woven.target, passes) }
  }
}

function sharedOf({ returning, precondition }: Pick<WritePlan, 'returning' | 'precondition'>, of: readonly Pass[]) {
  return {
    returning: typeof returning === 'object' ? passed(returning, of) : returning,
    precondition: precondition && passedCondition(precondition),
  }
}

const passedCondition = (condition: PreconditionShape): PreconditionShape => ({ ...condition, read: passed(condition.read, passes) })

function passed<S extends Shape>(shape: S, of: readonly Pass[]): S {
  const outputs = shape.outputs.map((output) => (output.kind === 'embed' ? { ...output, read: passed(output.read, passes) } : output))
  return of.reduce<S>((at, pass) => ({ ...at, ...pass(at) }), { ...shape, outputs })
}
