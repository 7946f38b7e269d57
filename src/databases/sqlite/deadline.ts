/**
 * A time limit for statements that run on this very thread: nothing outside can stop them, so they look at the clock
 * themselves. `plinth_tick(x)` is `x`, until the statement's time is over and it throws.
 */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { Problem } from '../../errors.ts'

export interface Deadline {
  /** A statement begins now. */
  readonly start: () => void
  register(database: DatabaseSync): void
}

/** The clock is read once in so many calls; between two of them a statement may be busy for long. */
const EACH = 16

export function createDeadline(milliseconds: number): Deadline {
  let until = Infinity
  let calls = 0
  const tick = (number: SQLOutputValue): SQLOutputValue => {
    if (++calls % EACH === 0 && performance.now() > until) throw new Problem('57014', 'The statement took longer than it may')
    return number
  }
  return {
    start: () => {
      until = performance.now() + milliseconds
    },
    register: (database) => database.function('plinth_tick', { deterministic: false, varargs: true }, tick),
  }
}
