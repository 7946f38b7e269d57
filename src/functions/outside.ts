/**
 * Which function runs, and whether it may call outside. A `fn` may not: it is run again after a conflict, which would
 * repeat the call, and while it waits others wait for it.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { Problem } from '../errors.ts'

export interface Place {
  /** What is called by what is called, from the outside in. */
  readonly depth: number
  readonly inTransaction: boolean
}

const places = new AsyncLocalStorage<Place>()

export const placeNow = (): Place | undefined => places.getStore()

/** Runs a function's code as standing there. */
export function standing<T>(place: Place, work: () => T): T {
  guardFetch()
  return places.run(place, work)
}

export const outsideCall = (what: string): Problem =>
  new Problem('outside_call', `${what} is not there in a fn, which is one transaction and may be run again`, {
    hint: 'Make it an action, and let that call the fn for what must hold together: client.rpc(…).',
  })

let guarded: typeof fetch | undefined

/** Once for the process; a test that puts another `fetch` in its place later is guarded with the next call. */
function guardFetch(): void {
  const plain = globalThis.fetch
  if (plain === guarded) return
  guarded = (...given) => (placeNow()?.inTransaction === true ? Promise.reject(outsideCall('fetch()')) : plain(...given))
  globalThis.fetch = guarded
}
