/** Sets of code points as rising ranges that neither touch nor overlap. NUL and surrogates are in no text. */
import { foldPairs } from '../../util/fold.ts'

export type Range = readonly [from: number, to: number]
export type Ranges = readonly Range[]

export const everything: Ranges = [
  [0x1, 0xd7ff],
  [0xe000, 0x10ffff],
]

export function union(...parts: readonly Ranges[]): Ranges {
  const sorted = parts.flat().toSorted((a, b) => a[0] - b[0])
  const merged: [number, number][] = []
  for (const [from, to] of sorted) {
    const last = merged.at(-1)
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else merged.push([from, to])
  }
  return merged
}

function without([from, to]: Range, taken: Ranges): Ranges {
  const left: Range[] = []
  let next = from
  for (const [start, end] of taken) {
    if (end < next || start > to) continue
    if (start > next) left.push([next, start - 1])
    next = end + 1
  }
  return next <= to ? [...left, [next, to]] : left
}

export function complement(ranges: Ranges): Ranges {
  return everything.flatMap((range) => without(range, ranges))
}

function includes(ranges: Ranges, code: number): boolean {
  let low = 0
  let high = ranges.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const [from, to] = ranges[middle] ?? [0, 0]
    if (code < from) high = middle - 1
    else if (code > to) low = middle + 1
    else return true
  }
  return false
}

/** Grown by the folding of every letter in it, so that it can be held against folded text. */
export function folded(ranges: Ranges): Ranges {
  const targets = foldPairs().filter(([from]) => includes(ranges, from))
  return union(
    ranges,
    targets.map(([, to]): Range => [to, to]),
  )
}
