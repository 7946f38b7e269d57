/** What a request is called: its id, and its place in a trace that somebody else began (W3C Trace Context). */

const saneId = /^[A-Za-z0-9._-]{1,64}$/
const parent = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/

/** The client's own id where it is harmless in a header and a log line. */
export const sentId = (given: string | undefined): string | undefined => (given !== undefined && saneId.test(given) ? given : undefined)

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
