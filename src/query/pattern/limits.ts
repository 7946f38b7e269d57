/**
 * How much work a pattern would be for an engine. PostgreSQL writes repeats out, and then joins every step with each
 * one that can be reached by skipping optional ones: long rows of those take seconds to compile, or fail.
 */
import type { Pattern } from './tree.ts'

export interface Size {
  /** Steps with the repeats written out. */
  readonly steps: number
  /** Optional steps that may follow one another, so that all of them can be skipped at once. */
  readonly skips: number
  /** How many anchors stand in it. */
  readonly anchors: number
  /** It matches the empty text. */
  readonly empty: boolean
  /** A counted repeat of something that is empty or an anchor: the one thing that PostgreSQL can take no count of. */
  readonly tangled: boolean
}

const step: Size = { steps: 1, skips: 0, anchors: 0, empty: false, tangled: false }
const anchor: Size = { steps: 1, skips: 0, anchors: 1, empty: true, tangled: false }
const nothing: Size = { steps: 0, skips: 0, anchors: 0, empty: true, tangled: false }

function both(a: Size, b: Size): Size {
  return {
    steps: a.steps + b.steps,
    skips: a.skips + b.skips,
    anchors: a.anchors + b.anchors,
    empty: a.empty && b.empty,
    tangled: a.tangled || b.tangled,
  }
}

function either(sizes: readonly Size[]): Size {
  const sum = sizes.reduce(both)
  const empties = sizes.filter((size) => size.empty).length
  return { ...sum, skips: sum.skips + empties, empty: empties > 0 }
}

/** An anchor that can be gone round any number of times weighs like several optional steps. */
const ANCHOR_WEIGHT = 5

function repeat(of: Size, min: number, max: number | null): Size {
  const times = Math.max(1, max ?? min + 1)
  const counted = times > 1 && !(max === null && min <= 1)
  const chained = of.empty ? (counted ? times : 1) * (of.skips + 1) + of.anchors * ANCHOR_WEIGHT : of.skips
  return {
    steps: times * Math.max(1, of.steps),
    skips: chained + (min === 0 ? 1 : 0),
    anchors: of.anchors * (counted ? times : 1),
    empty: min === 0 || of.empty,
    tangled: of.tangled || (counted && of.empty && of.anchors > 0),
  }
}

export function sizeOf(pattern: Pattern): Size {
  switch (pattern.kind) {
    case 'repeat':
      return repeat(sizeOf(pattern.of), pattern.min, pattern.max)
    case 'sequence':
      return pattern.of.map(sizeOf).reduce(both, nothing)
    case 'choice':
      return either(pattern.of.map(sizeOf))
    case 'letter':
    case 'any':
    case 'set':
      return step
    case 'start':
    case 'end':
    case 'boundary':
    case 'inside':
      return anchor
  }
}
