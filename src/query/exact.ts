/** Exact numbers: order, sums and averages without a float in between. */
import type { Exact } from '../schema/value.ts'
import { parseDecimal } from '../schema/value.ts'

export function compareExact(left: Exact, right: Exact): number {
  const scale = Math.max(left.scale, right.scale)
  const difference = raise(left, scale) - raise(right, scale)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

const raise = (exact: Exact, scale: number): bigint => exact.digits * 10n ** BigInt(scale - exact.scale)

export function addExact(left: Exact, right: Exact): Exact {
  const scale = Math.max(left.scale, right.scale)
  return { digits: raise(left, scale) + raise(right, scale), scale }
}

/** The quotient with `scale` decimals, rounded half away from zero. */
export function averageExact(sum: Exact, count: bigint, scale: number): Exact {
  const more = scale - sum.scale
  const top = more >= 0 ? sum.digits * 10n ** BigInt(more) : sum.digits
  const bottom = more >= 0 ? count : count * 10n ** BigInt(-more)
  const size = top < 0n ? -top : top
  const rounded = (2n * size + bottom) / (2n * bottom)
  return { digits: top < 0n ? -rounded : rounded, scale }
}

/** Without zeros at the end of its decimals. */
export function trimExact({ digits, scale }: Exact): Exact {
  let [kept, left] = [digits, scale]
  while (left > 0 && kept % 10n === 0n) [kept, left] = [kept / 10n, left - 1]
  return { digits: kept, scale: left }
}

/** Rounded half away from zero to `scale` decimals. */
export const roundExact = (exact: Exact, scale: number): Exact => (exact.scale <= scale ? exact : averageExact(exact, 1n, scale))

/** Text that sorts by code point as the numbers do by value; equal numbers have equal keys. */
export function sortKey(text: string): string {
  const { digits, scale } = parseDecimal(text)
  if (digits === 0n) return '1'
  const all = (digits < 0n ? -digits : digits).toString()
  const exponent = all.length - scale + 50_000
  const significant = all.replace(/0+$/, '')
  if (digits > 0n) return `2${String(exponent).padStart(6, '0')}${significant}`
  const mirrored = [...significant].map((digit) => 9 - Number(digit)).join('')
  return `0${String(999_999 - exponent).padStart(6, '0')}${mirrored}:`
}
