/**
 * Notices a server that went silent: stopped, or cut off without a word. A statement's own deadline is kept by the
 * server, so it does not help here. When one has been out for a while, a new connection is tried; if nobody answers,
 * everything that waits is told at once.
 */

export interface Watch {
  /** A statement is out; `giveUp` breaks its connection. Call what is returned when it is back. */
  add(giveUp: () => void): () => void
  stop(): void
}

export interface WatchOptions {
  /** Milliseconds after which a statement makes one wonder. */
  readonly patience: number
  /** Whether the server answers a new connection. */
  readonly answers: () => Promise<boolean>
}

export function createWatch({ patience, answers }: WatchOptions): Watch {
  const out = new Map<() => void, number>()
  let timer: NodeJS.Timeout | undefined
  const look = async (): Promise<void> => {
    const asked = performance.now()
    const isLate = [...out.values()].some((since) => asked - since > patience)
    if (isLate && !(await answers())) for (const [giveUp, since] of out) if (since < asked) giveUp()
    timer = undefined
    if (out.size > 0) start()
  }
  const start = (): void => {
    timer ??= setTimeout(() => void look(), patience / 2).unref()
  }
  return {
    add(giveUp) {
      // A new function each time, so that one connection can be out more than once.
      const entry = (): void => giveUp()
      out.set(entry, performance.now())
      start()
      return () => void out.delete(entry)
    },
    stop: () => clearTimeout(timer),
  }
}
