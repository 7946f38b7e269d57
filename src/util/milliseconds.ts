/**
 * Milliseconds as text, to the microsecond: `1.25`, `0.012`, `0`. What takes less than one is looked up, because
 * printing a fraction costs 0.15 µs and every request has five of them.
 */
const belowOne: readonly string[] = Array.from({ length: 1000 }, (_, micros) => String(micros / 1000))

export function milliseconds(ms: number): string {
  const micros = Math.round(ms * 1000)
  return belowOne[micros] ?? String(micros / 1000)
}
