/** What the code of a function is given, and takes away again when the function ends. */
import type { PostgrestClient } from '@supabase/postgrest-js'
import { Problem, type OwnError } from '../errors.ts'
import type { Who } from '../query/who.ts'
import type { Within } from '../query/transaction.ts'
import type { Got, Sent } from './client.ts'
import type { AnyKysely } from './db/open.ts'

/** Answers a request in this process, as somebody who is known already. */
export type Send = (sent: Sent, who: Who, within: Within | undefined) => Promise<Got>

/** The libraries that functions are given, loaded with the first call. */
export interface Libraries {
  readonly createClient: (send: (sent: Sent) => Promise<Got>, told: (kind: OwnError) => void) => PostgrestClient
  readonly openDb: (within: Within) => AnyKysely
}

export interface FunctionEnv {
  readonly who: { readonly kind: string; readonly id: string | null; has(role: string): boolean; claim(...path: string[]): unknown }
  readonly client: PostgrestClient
  readonly signal: AbortSignal
  readonly db?: AnyKysely
}

export interface OpenEnv {
  readonly env: FunctionEnv
  /** The `Problem` that something thrown by the code stands for; the thing itself where it is none. */
  readonly meaning: (thrown: unknown) => unknown
  /** Ends it; what is asked by it from now on is refused. */
  readonly close: (why: Problem) => void
}

/** `gone` ends when nobody waits for the answer any more; what is begun may still be brought to its end. */
export function openEnv(
  { who, within, gone }: { readonly who: Who; readonly within: Within | undefined; readonly gone: AbortSignal | undefined },
  send: Send,
  { createClient, openDb }: Libraries,
): OpenEnv {
  const closed = new AbortController()
  const kinds = new Map<string, OwnError>()
  const whileOpen = async <T>(work: () => Promise<T>): Promise<T> => {
    if (closed.signal.aborted) throw closed.signal.reason
    return work()
  }
  const signal = gone === undefined ? closed.signal : AbortSignal.any([closed.signal, gone])
  const client = createClient(
    (sent) => whileOpen(() => send(sent, who, within)),
    (kind) => kinds.set(kind.code, kind),
  )
  const guarded: Within | undefined = within && { ...within, query: (text, values) => whileOpen(() => within.query(text, values)) }
  return {
    env: { who: callerOf(who), client, signal, ...(guarded && { db: openDb(guarded) }) },
    meaning: (thrown) => meaningOf(thrown, kinds),
    close: (why) => closed.abort(why),
  }
}

export const ended = (): Problem => new Problem('25P02', 'The function has ended, and with it what it was given')

const callerOf = ({ kind, id, roles, claims }: Who): FunctionEnv['who'] => ({
  kind: kind === 'system' ? 'service' : kind,
  id,
  has: (role) => roles.has(role),
  claim: (...path) => path.reduce<unknown>((at, name) => memberOf(at, name), claims),
})

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined

/** What `client` answered as its error and the code threw on is still what it was. */
function meaningOf(thrown: unknown, kinds: ReadonlyMap<string, OwnError>): unknown {
  if (thrown instanceof Problem || typeof thrown !== 'object' || thrown === null) return thrown
  const { code, message, details, hint }: { code?: unknown; message?: unknown; details?: unknown; hint?: unknown } = thrown
  const kind = typeof code === 'string' ? kinds.get(code) : undefined
  if (kind === undefined || typeof message !== 'string') return thrown
  return new Problem(kind, message, {
    ...(typeof details === 'string' && { details }),
    ...(typeof hint === 'string' && { hint }),
    cause: thrown,
  })
}
