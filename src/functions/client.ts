/** `client`: the query builder that client libraries have, asking in this process, with the rights of whoever calls. */
import { PostgrestClient } from '@supabase/postgrest-js'
import type { OwnError } from '../errors.ts'

/** A request as the wire has it. */
export interface Sent {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Uint8Array | undefined
}

export interface Got {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | undefined
}

/** Asks this backend. The address is never looked up. */
const BASE = 'http://plinth.invalid/rest/v1'

/** `kinds` learns what errors of the functions it called are. */
export function createClient(send: (sent: Sent) => Promise<Got>, told: (kind: OwnError) => void): PostgrestClient {
  const ask: typeof fetch = async (input, init = {}) => {
    const request = new Request(input, init)
    const { pathname, search } = new URL(request.url)
    const body = request.body === null ? undefined : await request.bytes()
    const headers = Object.fromEntries(request.headers)
    const got = await send({ method: request.method, path: pathname, query: search.slice(1), headers, body })
    if (got.status >= 400) learn(got, told)
    const answer = got.body instanceof Uint8Array ? new Uint8Array(got.body) : (got.body ?? null)
    return new Response(answer, { status: got.status, headers: got.headers })
  }
  return new PostgrestClient(BASE, { fetch: ask })
}

function learn({ status, body }: Got, told: (kind: OwnError) => void): void {
  if (typeof body !== 'string' || body === '') return
  const { code, title }: { readonly code?: unknown; readonly title?: unknown } = JSON.parse(body)
  if (typeof code === 'string') told({ code, status, title: typeof title === 'string' ? title : code })
}
