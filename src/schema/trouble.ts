/** Gathers what is wrong with a file, so that all of it is shown at once. */
import { LoadFailure, type LoadError } from '../errors.ts'
import { sourceOf, type Place } from './place.ts'

export class Troubles {
  readonly #errors: LoadError[] = []

  /** `place` is `tables.orders.customer_id`; `message` and `fix` are whole sentences. */
  add(place: string, message: string, fix: string, where?: Place): void {
    const source = sourceOf(where)
    this.#errors.push({ place, message, fix, ...(source !== undefined && { source }) })
  }

  get any(): boolean {
    return this.#errors.length > 0
  }

  /** Throws a `LoadFailure` with all of them, if there is one. */
  stop(): void {
    if (this.any) throw new LoadFailure(this.#errors)
  }
}
