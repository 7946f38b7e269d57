/**
 * Credentials that were judged already, so that a token is verified once and not on every request.
 *
 * 1. Bounded: two halves, of which the older is dropped whole when the younger is full. What is in use moves on.
 * 2. What is past its end is not given out.
 */
import type { Who } from '../query/who.ts'

export interface Known {
  readonly apikey: string | undefined
  readonly authorization: string | undefined
  readonly who: Who
  /** Milliseconds since 1970. */
  readonly expires: number
  /** The secret key is among the credentials: browsers are turned away. */
  readonly secret: boolean
}

export class KnownCredentials {
  readonly #half: number
  #young = new Map<string, Known>()
  #old = new Map<string, Known>()

  constructor(most: number) {
    this.#half = Math.ceil(most / 2)
  }

  get(apikey: string | undefined, authorization: string | undefined): Known | undefined {
    const name = authorization ?? apikey ?? ''
    const known = this.#young.get(name) ?? this.#again(name)
    return known?.apikey === apikey && known?.authorization === authorization ? known : undefined
  }

  set(known: Known): void {
    if (this.#young.size >= this.#half) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(known.authorization ?? known.apikey ?? '', known)
  }

  clear(): void {
    this.#young.clear()
    this.#old.clear()
  }

  #again(name: string): Known | undefined {
    const known = this.#old.get(name)
    if (known !== undefined) this.set(known)
    return known
  }
}
