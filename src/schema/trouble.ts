/** Gathers what is wrong with a file, so that all of it is shown at once. */
import { LoadFailure, type LoadError } from '../errors.ts'
import { sourceOf, type Place } from './place.ts'

/** Says what is wrong at a path of keys, such as `['access', 'orders', 'read']`; the place is looked for. */
export type Tell = (path: readonly string[], message: string, fix: string) => void

export class Troubles {
  readonly #errors: LoadError[] = []

  /** `place` is `tables.orders.customer_id`; `message` and `fix` are whole sentences. */
  add(place: string, message: string, fix: string, where?: Place): void {
    const source = sourceOf(where)
    this.#errors.push({ place, message, fix, ...(source !== undefined && { source }) })
  }

  /** Whether there is one at this place or below it. */
  of(place: string): boolean {
    return this.#errors.some((error) => error.place === place || error.place.startsWith(`${place}.`))
  }

  /** Throws a `LoadFailure` with all of them, if there is one. `unseen` is what could not be looked at because of them. */
  stop(unseen: readonly string[] = []): void {
    const last = this.#errors.pop()
    if (last === undefined) return
    const mended = this.#errors.length > 0 ? 'these are' : 'this is'
    const fix =
      unseen.length === 0 ? last.fix : `${last.fix} When ${mended} mended, there is more to be looked at: ${unseen.join(' and ')}.`
    throw new LoadFailure([...this.#errors, { ...last, fix }])
  }
}
