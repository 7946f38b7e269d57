/** One at a time, in the order in which they came: SQLite has a single writer. */

export interface Queue {
  /** Runs `work` when all that came before has ended, however it ended. */
  run<T>(work: () => Promise<T>): Promise<T>
}

export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve()
  return {
    run(work) {
      const next = last.then(work, work)
      // A failure is the business of whoever asked; the next in line does not hear of it.
      last = next.catch(() => undefined)
      return next
    },
  }
}
