/** What rules can read of the asker: the id, or a claim of the token by its path. */
import type { Who } from './who.ts'

/** As text; null where there is none, or where it is an object or a list. */
export function claimOf(who: Who, path: readonly string[]): string | null {
  if (path.length === 1 && path[0] === 'id') return who.id
  let at: unknown = who.claims
  for (const name of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return null
    at = Object.entries(at).find(([key]) => key === name)?.[1]
  }
  return typeof at === 'string' ? at : typeof at === 'number' || typeof at === 'boolean' ? String(at) : null
}
