/** Asking the shop in tables of sentences: what is asked, by whom, and the whole answer. */
import { expect } from 'vitest'
import type { Answered } from './harness.ts'
import { everyDatabase, type people } from './world.ts'

export type Asker = keyof typeof people | 'service' | 'stranger'

/** A title, who asks, what, and the rows; or the code of the refusal. */
export type Sentence = readonly [title: string, as: Asker, path: string, answer: unknown]

/** As a URL: what is not ASCII, a blank or a delimiter of URLs is escaped; percent signs stay. */
export const asUrl = (path: string): string => `/rest/v1/${path.replaceAll(/[^\x21-\x7e]|["<>\\^`{|}]/gu, encodeURIComponent)}`

/** The rows of an answer, or the code of the refusal. */
export function told({ status, body }: Answered): unknown {
  return status >= 300 && typeof body === 'object' && body !== null && 'code' in body ? body.code : body
}

/** The way to name an asker in `ask`. */
export const by = (as: Asker): { readonly as?: Exclude<Asker, 'stranger'> } => (as === 'stranger' ? {} : { as })

/** Registers each sentence on every database. */
export function sentences(of: readonly Sentence[]): void {
  for (const [title, as, path, answer] of of) {
    everyDatabase(title, async ({ ask }) => {
      expect(told(await ask(asUrl(path), by(as)))).toEqual(answer)
    })
  }
}
