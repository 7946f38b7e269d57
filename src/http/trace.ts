/** What a request is called: its id, and its place in a trace that somebody else began (W3C Trace Context). */

const saneId = /^[A-Za-z0-9._-]{1,64}$/
const parent = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/

/** The client's own id where it is harmless in a header and a log line. */
export const sentId = (given: string | undefined): string | undefined => (given !== undefined && saneId.test(given) ? given : undefined)

const bytes: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/**
 * Makes ids for requests: a random text and a number that goes through all of 32 bits in a scattered order, so that an
 * id does not show how many requests there were. An id names a request and guards nothing. (A UUID costs 0.5 µs more.)
 */
export function requestIds(random: (length: number) => Uint8Array): () => string {
  const fresh = (): { prefix: string; factor: number; step: number } => {
    const [a = 0, b = 0] = new Uint32Array(Uint8Array.from(random(8)).buffer)
    // A factor of 4n + 1 and an odd step reach every number once before the first comes again.
    return { prefix: `${Buffer.from(random(9)).toString('base64url')}-`, factor: (a << 2) | 1, step: b | 1 }
  }
  let { prefix, factor, step } = fresh()
  let number = 0
  return () => {
    number = (Math.imul(number, factor) + step) >>> 0
    if (number === 0) ({ prefix, factor, step } = fresh())
    return `${prefix}${bytes[number >>> 24]}${bytes[(number >>> 16) & 255]}${bytes[(number >>> 8) & 255]}${bytes[number & 255]}`
  }
}

export interface Trace {
  readonly trace: string
  readonly span: string
}

/** The trace a request belongs to; undefined without a valid `traceparent`. */
export function traceOf(header: string | undefined): Trace | undefined {
  if (header === undefined) return undefined
  const parts = parent.exec(header)
  if (!parts?.[1] || !parts[2] || header.startsWith('ff') || /^0+$/.test(parts[1]) || /^0+$/.test(parts[2])) return undefined
  return { trace: parts[1], span: parts[2] }
}
