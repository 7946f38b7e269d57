/** Runs the code of one function: what it is given, how long it has, and what its errors mean. */
import { Problem } from '../errors.ts'
import type { Within } from '../query/transaction.ts'
import type { Who } from '../query/who.ts'
import type { FunctionEntry } from '../schema/schema.ts'
import { ended, openEnv, type FunctionEnv, type Libraries, type Send } from './env.ts'
import { standing } from './outside.ts'

export interface Running {
  readonly entry: FunctionEntry
  readonly who: Who
  readonly within: Within | undefined
  readonly send: Send
  readonly libraries: Libraries
  readonly depth: number
  /** The instant of the monotonic clock at which it is stopped. */
  readonly until: number
  /** Ends when nobody waits for the answer any more. */
  readonly gone: AbortSignal | undefined
}

export interface Code<T> {
  /** What the code is given besides its env. */
  readonly given: (env: FunctionEnv) => object
  /** What it gave; `close` ends what it was given, at once or later. */
  readonly tell: (out: unknown, close: () => void) => T
}

export async function runCode<T>(running: Running, { given, tell }: Code<T>): Promise<T> {
  const { entry, within, send, libraries, depth, until } = running
  const { env, close, meaning } = openEnv(running, send, libraries)
  const late = deadline(entry, until)
  late.reached.catch(close)
  // Whoever wrote it typed it by what it is given.
  const run = entry.run as (call: object) => unknown
  try {
    const work = async (): Promise<unknown> => run({ ...env, ...given(env) })
    const out = await Promise.race([standing({ depth, inTransaction: within !== undefined }, work), late.reached])
    return tell(out, () => close(ended()))
  } catch (error) {
    close(ended())
    throw meaning(error)
  } finally {
    late.clear()
  }
}

interface Deadline {
  readonly reached: Promise<never>
  readonly clear: () => void
}

function deadline({ name, what }: FunctionEntry, until: number): Deadline {
  const { promise: reached, reject } = Promise.withResolvers<never>()
  const hint = `Let it do less, or raise PLINTH_${what === 'fn' ? 'FUNCTION' : 'ACTION'}_TIMEOUT.`
  const late = (): void => reject(new Problem('57014', `The function ${name} took too long and was stopped`, { hint }))
  const timer = setTimeout(late, Math.max(0, until - performance.now()))
  reached.catch(() => undefined)
  return { reached, clear: () => clearTimeout(timer) }
}
