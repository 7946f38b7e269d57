/** Walks over a pattern's code points, and says where in it something is wrong. */
import { Problem } from '../../errors.ts'

export class Reader {
  readonly #letters: readonly string[]
  #at = 0

  constructor(text: string) {
    this.#letters = Array.from(text)
  }

  get length(): number {
    return this.#letters.length
  }

  get at(): number {
    return this.#at
  }

  /** The letter `ahead` of here; empty at the end. */
  peek(ahead = 0): string {
    return this.#letters[this.#at + ahead] ?? ''
  }

  next(): string {
    const letter = this.peek()
    this.#at++
    return letter
  }

  /** Takes `text` if it is what comes next. */
  take(text: string): boolean {
    const letters = Array.from(text)
    if (!letters.every((letter, index) => this.peek(index) === letter)) return false
    this.#at += letters.length
    return true
  }

  /** Takes what matches `accepted` from here on, `most` letters at most. */
  takeWhile(accepted: RegExp, most: number): string {
    let taken = ''
    while (taken.length < most && accepted.test(this.peek())) taken += this.next()
    return taken
  }

  /** `at` counts from 0; people are told from 1. */
  refuse(reason: string, fix: string, at = this.#at): never {
    throw new Problem('2201B', `invalid regular expression: ${reason}, at character ${at + 1}`, { hint: fix })
  }
}
