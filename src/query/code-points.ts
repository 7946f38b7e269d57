/** Order by code point, which is not JavaScript's order: that is by halves of pairs above U+FFFF. */
export function compareCodePoints(left: string, right: string): number {
  const length = Math.min(left.length, right.length)
  for (let at = 0; at < length; at++) {
    const a = left.charCodeAt(at)
    const b = right.charCodeAt(at)
    if (a !== b) return lifted(a) - lifted(b)
  }
  return left.length - right.length
}

/** Halves of pairs go above everything that stands alone. */
const lifted = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit)
