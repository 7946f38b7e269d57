/**
 * A time limit for statements that run on this very thread: nothing outside can stop them, so they look at the clock
 * themselves. `plinth_tick(x)` in a condition is true, until the statement's time is over and it throws.
 */
import type { DatabaseSync } from 'node:sqlite'
import { Problem } from '../../errors.ts'

export interface Deadline {
  /** A statement begins now. */
  readonly start: () => void
  register(database: DatabaseSync): void
}

/** The clock costs more than the call, so it is read once in so many calls. */
const EACH = 64

export function createDeadline(milliseconds: number): Deadline {
  let until = Infinity
  let calls = 0
  const tick = (): number => {
    if (++calls % EACH === 0 && performance.now() > until) throw new Problem('57014', 'The statement took longer than it may')
    return 1
  }
  return {
    start: () => {
      until = performance.now() + milliseconds
    },
    register: (database) => database.function('plinth_tick', { deterministic: false, varargs: true }, tick),
  }
}
