/**
 * Probes: `/health/live` while the process runs at all, `/health/ready` while requests can be answered. They need no
 * key and are under no rate limit, so that a probe never fails for another reason than the one it asks about.
 */
import { Problem } from '../errors.ts'
import type { Answer, Exchange } from './exchange.ts'

export interface Readiness {
  /** Rejects when the database cannot answer. */
  readonly probe: () => Promise<void>
  readonly stopping: () => boolean
}

export const isHealth = (path: string): boolean => path === '/health/live' || path === '/health/ready'

export function healthAnswer(exchange: Exchange, readiness: Readiness): Answer | Promise<Answer> {
  if (exchange.method !== 'GET' && exchange.method !== 'HEAD') return answer(405, 'method not allowed', { Allow: 'GET, HEAD' })
  if (exchange.path === '/health/live') return answer(200, 'live')
  if (readiness.stopping()) return answer(503, 'stopping', { 'Retry-After': '1' })
  return readiness.probe().then(
    () => answer(200, 'ready'),
    (error: unknown) => answer(503, stateOf(error), { 'Retry-After': '1' }),
  )
}

/** A database whose connections are all in use is there. */
const stateOf = (error: unknown): string =>
  error instanceof Problem && error.code === '53300' ? 'the database is busy' : 'the database does not answer'

function answer(status: number, state: string, headers: Record<string, string> = {}): Answer {
  return { status, headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers }, body: JSON.stringify({ status: state }) }
}
