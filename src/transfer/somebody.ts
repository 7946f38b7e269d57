/** Who an import acts as when it is not the system: a user that nobody signed in, named on the command line. */
import type { Who } from '../query/who.ts'

export interface Somebody {
  readonly id: string | null
  readonly roles: readonly string[]
  readonly claims?: Readonly<Record<string, unknown>>
}

/** The rules see the same as with a token of that user. */
export function somebody({ id, roles, claims }: Somebody): Who {
  const all = { ...claims, sub: id, role: 'authenticated', app_metadata: { roles } }
  return Object.freeze({ kind: 'user', id, roles: new Set(roles), claims: Object.freeze(all), expires: Infinity })
}
