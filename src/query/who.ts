/** The identity that asks. Made by `auth/identify`; frozen; the same object for the same credentials while they last. */
export interface Who {
  /** `system` is our own hand and is never made from a request. */
  readonly kind: 'anonymous' | 'user' | 'service' | 'system'
  readonly id: string | null
  readonly roles: ReadonlySet<string>
  /** The token's payload; empty for keys. */
  readonly claims: Readonly<Record<string, unknown>>
  /** Milliseconds since 1970 after which it must be identified anew. */
  readonly expires: number
}

const none: ReadonlySet<string> = new Set()

/** A stranger: the publishable key, or no credentials where the backend allows that. */
export const ANONYMOUS: Who = Object.freeze({ kind: 'anonymous', id: null, roles: none, claims: Object.freeze({}), expires: Infinity })

/** The holder of the secret key: no rule stands in the way. */
export const SERVICE: Who = Object.freeze({ kind: 'service', id: null, roles: none, claims: Object.freeze({}), expires: Infinity })

/** Our own hand. Searching for this name finds every place that goes past the rules. */
export const SYSTEM: Who = Object.freeze({ kind: 'system', id: null, roles: none, claims: Object.freeze({}), expires: Infinity })
