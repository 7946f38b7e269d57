/** Notices that the database went away and that it is back; each is said once. */
import { Problem } from '../errors.ts'
import type { Emit } from '../events.ts'
import { causeShape } from './shape.ts'

export class DatabaseWatch {
  readonly #emit: Emit
  readonly #now: () => number
  #lostAt: number | undefined

  constructor(emit: Emit, now: () => number) {
    this.#emit = emit
    this.#now = now
  }

  /** Tells how a request or a probe went. */
  saw(problem: unknown): void {
    const lost = problem instanceof Problem && problem.code === '08006'
    if (lost === (this.#lostAt !== undefined)) return
    if (lost) this.#lost(problem)
    else if (problem === undefined) this.#back()
  }

  #lost(problem: Problem): void {
    this.#lostAt = this.#now()
    this.#emit('database_lost', { cause: causeShape(problem.cause ?? problem) })
  }

  #back(): void {
    const seconds = Math.round((this.#now() - (this.#lostAt ?? 0)) / 1000)
    this.#lostAt = undefined
    this.#emit('database_back', { seconds })
  }
}
