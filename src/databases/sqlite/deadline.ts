/**
 * A time limit for statements that run on this very thread: nothing outside can stop them, so they look at the clock
 * themselves. Every function of ours counts as a look, and so does `plinth_tick(x)`, which is `x`. Once the statement's
 * time is over they throw.
 *
 * The limit is of the statement that began last. Changes of the schema have none.
 */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { Problem } from '../../errors.ts'

export interface Deadline {
  /** A statement begins now. */
  readonly start: () => void
  /** What comes next may take as long as it needs. */
  readonly lift: () => void
  /** Throws `57014` when the time is over. */
  readonly tick: () => void
  register(database: DatabaseSync): void
}

/** The clock is read once in so many calls; between two of `plinth_tick` a statement may be busy for long. */
const EACH_CALL = 64
const EACH_TICK = 16

export function createDeadline(milliseconds: number): Deadline {
  let until = Infinity
  let calls = 0
  let ticks = 0
  const look = (): void => {
    if (performance.now() > until) throw new Problem('57014', 'The statement took longer than it may')
  }
  const watched = (number: SQLOutputValue): SQLOutputValue => {
    if (++ticks % EACH_TICK === 0) look()
    return number
  }
  return {
    start: () => {
      until = performance.now() + milliseconds
    },
    lift: () => {
      until = Infinity
    },
    tick: () => {
      if (++calls % EACH_CALL === 0) look()
    },
    register: (database) => database.function('plinth_tick', { deterministic: false, varargs: true }, watched),
  }
}
