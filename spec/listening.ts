/** A sentence's backend over a real socket, for what only a client on the network meets. Its world sets `PORT` to 0. */
import type { Running } from '../src/server.ts'
import type { Here } from './harness.ts'

export type Asker<P extends string> = P | 'service' | 'stranger'

const listening = new WeakMap<Running, Promise<{ readonly url: string }>>()

/** Where the backend listens; it begins to when it is first asked for, and stops with the file. */
export async function urlOf<P extends string>({ backend }: Here<P>): Promise<string> {
  const known = listening.get(backend) ?? backend.listen()
  listening.set(backend, known)
  return (await known).url
}

/** The headers that say who asks. */
export function credentials<P extends string>({ backend, as }: Here<P>, asker: Asker<P> = 'stranger'): Record<string, string> {
  const { publishable, secret } = backend.keys
  if (asker === 'service') return { apikey: secret }
  return asker === 'stranger' ? { apikey: publishable } : { apikey: publishable, authorization: `Bearer ${as[asker]}` }
}
