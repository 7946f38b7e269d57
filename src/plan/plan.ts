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
import type { InsertShape, ReadShape, Shape, Woven } from '../rules/woven.ts'
import { barrier } from './passes/barrier.ts'
import { home } from './passes/home.ts'
import { single } from './passes/single.ts'
import { ties } from './passes/ties.ts'
import { walks } from './passes/walks.ts'

export type { EmbedOutput, InsertShape, Limit, Output, ReadShape, Shape, Sort } from '../rules/woven.ts'

export interface ReadPlan extends ReadShape {
  /** A key is given, so that there is one row at most. */
  readonly single: boolean
}

export type Plan = ReadPlan | InsertShape

/** A pass over what is read of one table; embeds are passed over first, from the inside out. */
export type Pass = (shape: Shape) => Shape

const passes: readonly Pass[] = [walks, barrier, home, ties]

export function plan(woven: Woven): Plan {
  if (woven.kind === 'insert') return woven
  const read = passed(woven)
  return { ...read, single: single(read) }
}

function passed<S extends Shape>(shape: S): S {
  const outputs = shape.outputs.map((output) => (output.kind === 'embed' ? { ...output, read: passed(output.read) } : output))
  return passes.reduce<S>((at, pass) => ({ ...at, ...pass(at) }), { ...shape, outputs })
}
