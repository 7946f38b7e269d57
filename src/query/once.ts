/**
 * A request that must not be done twice: its first answer is kept under a key of the asker's, in the very transaction
 * that does it, and given again when the request comes again.
 *
 * 1. A key belongs to who asks and to all of the request but its body: somebody else's same key is another one.
 * 2. Of somebody without a name, the key alone says who they are: it must be one that nobody guesses.
 */
import { hash } from 'node:crypto'
import { Problem } from '../errors.ts'
import type { Who } from './who.ts'

/** As the wire gives it. */
export interface Once {
  readonly key: string
  /** All of the request but its body, as text. */
  readonly request: string
  readonly body: Uint8Array | undefined
}

/** As it is kept: hashes, of which nobody reads what was asked. */
export interface Kept {
  readonly id: string
  readonly body: string
}

/** So long an answer is kept, in milliseconds. */
export const KEPT_FOR = 24 * 60 * 60 * 1000

export function keptOf({ key, request, body }: Once, who: Who): Kept {
  if (who.id === null && who.kind === 'anonymous') judgeStrength(key)
  const id = hash('sha256', JSON.stringify([who.kind, who.id, key, request]), 'base64url')
  return { id, body: hash('sha256', body ?? '', 'base64url') }
}

/** The same, of one of several things that are asked together. */
export const keptPart = ({ id, body }: Kept, part: number): Kept => ({ id: `${id}/${part}`, body })

/** 128 bits are 32 digits of a UUID, or 22 characters of base64. */
function judgeStrength(key: string): void {
  const bare = key.replaceAll('-', '')
  const bits = (/^[0-9a-f]*$/i.test(bare) ? 4 : 6) * bare.length
  if (bits >= 128 && new Set(bare).size >= 6) return
  throw new Problem('weak_idempotency_key', 'Without being signed in, an Idempotency-Key must be one that nobody can guess', {
    hint: 'Make it anew for each thing that is done: crypto.randomUUID().',
  })
}

/** Runs what is asked under a key, unless the same is being carried out here already. */
export function createRunning(): <T>(kept: Kept, work: (kept: Kept) => T | Promise<T>) => Promise<T> {
  const running = new Set<string>()
  return async (kept, work) => {
    if (running.has(kept.id)) throw stillRunning()
    running.add(kept.id)
    try {
      return await work(kept)
    } finally {
      running.delete(kept.id)
    }
  }
}

export const stillRunning = (): Problem =>
  new Problem('idempotency_key_running', 'A request with this Idempotency-Key is still being carried out', {
    headers: { 'Retry-After': '1' },
  })
