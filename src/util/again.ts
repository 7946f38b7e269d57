/** Work that is begun anew where another one got in its way. */
import { setTimeout as sleep } from 'node:timers/promises'

/** How often it is begun at most. */
const TRIES = 8

/** Waits a little longer each time; gives up with the last error, or when `until` (of the monotonic clock) is near. */
export async function tryAgain<T>(work: () => Promise<T>, isConflict: (error: unknown) => boolean, until: number): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await work()
    } catch (error) {
      const pause = Math.random() * 5 * 2 ** tried
      if (!isConflict(error) || tried === TRIES || performance.now() + pause > until) throw error
      await sleep(pause)
    }
  }
}
