/**
 * Requests that arrive in one turn of the event loop share a read transaction: SQLite's lock on the file is then taken
 * and given back once for all of them, not for each (1 µs of the 2.8 that a row by its key costs).
 *
 * 1. One that comes alone pays nothing. Whether more will come nobody knows; one that follows another within `NEAR` is
 *    taken to have come with it.
 * 2. The transaction ends with the turn, and before this process commits anything: what it wrote is seen by whatever
 *    is asked after it. What another process wrote is seen by a request whose first byte is sent after it and which
 *    does not overtake the answer before it on its connection: that one comes in a later turn.
 */
import type { DatabaseSync } from 'node:sqlite'

export interface Turn {
  /** A request arrived just now (milliseconds of the monotonic clock). Called from the poll phase alone. */
  readonly arrived: (now: number) => void
  readonly end: () => void
}

/** Less than any client needs between an answer and its next request, and more than a request by key takes. */
const NEAR = 0.05

export function createTurn(reader: DatabaseSync): Turn {
  const begin = reader.prepare('BEGIN')
  const commit = reader.prepare('COMMIT')
  let last = Number.NEGATIVE_INFINITY
  let shared = false
  const end = (): void => {
    if (!shared) return
    shared = false
    // An error of the disk may have ended it already.
    if (reader.isOpen && reader.isTransaction) commit.run()
  }
  return {
    arrived(now) {
      if (!shared && now - last < NEAR) {
        begin.run()
        shared = true
        setImmediate(end)
      }
      last = now
    },
    end,
  }
}
