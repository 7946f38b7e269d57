/**
 * The public keys that an outside issuer publishes (JWKS, RFC 7517), fetched from the one URL the operator set.
 *
 * 1. Fetched on the first token, again after ten minutes, and for a key id that is not known: then at most every 30 s.
 *    Tokens wait for the new keys, so that one whose key was withdrawn does not slip in.
 * 2. Where the issuer does not answer, the keys we have go on being used, and nobody waits for it until it answers again.
 * 3. Each kind of key serves one algorithm only, and no symmetric key is taken: a token cannot choose how it is checked.
 */
import type { CryptoKey, JWK } from 'jose'
import { Problem } from '../errors.ts'
import { silent, type Emit } from '../events.ts'

export type PublicAlgorithm = 'RS256' | 'ES256' | 'EdDSA'
export const publicAlgorithms: readonly string[] = ['RS256', 'ES256', 'EdDSA']

export interface IssuerKeysOptions {
  readonly url: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly fetch?: typeof fetch
  readonly emit?: Emit
  /** Called when a key is no longer published: what it signed must not be remembered as good. */
  readonly withdrawn?: () => void
}

interface IssuerKey {
  readonly kid: string | undefined
  readonly algorithm: PublicAlgorithm
  readonly key: CryptoKey
  /** The key itself as text, to see whether it is still there. */
  readonly print: string
}

const fresh = 10 * 60_000
const pause = 30_000
const patience = 5000
const mostBytes = 512 * 1024

export class IssuerKeys {
  readonly #options: IssuerKeysOptions
  #keys: readonly IssuerKey[] = []
  #fetchedAt = -Infinity
  #triedAt = -Infinity
  #fetching: Promise<void> | undefined
  /** The last fetch brought keys. */
  #answers = true

  constructor(options: IssuerKeysOptions) {
    this.#options = options
  }

  /** The keys that may have signed a token with this header. Without a `kid`, any of the right kind. */
  async find(algorithm: string, kid: string | undefined): Promise<readonly CryptoKey[]> {
    const now = this.#options.now()
    const waits = this.#answers
    if (now - this.#fetchedAt > fresh) {
      const refreshed = this.#refreshIfMay(now)
      if (waits) await refreshed
    }
    const found = this.#match(algorithm, kid)
    if (found.length > 0) return found
    await this.#refreshIfMay(now)
    if (this.#fetchedAt === -Infinity) throw unavailable()
    return this.#match(algorithm, kid)
  }

  #match(algorithm: string, kid: string | undefined): readonly CryptoKey[] {
    return this.#keys.filter((key) => key.algorithm === algorithm && (kid === undefined || key.kid === kid)).map(({ key }) => key)
  }

  /** Joins the fetch that is under way, or starts one where the last is long enough ago. */
  async #refreshIfMay(now: number): Promise<void> {
    if (this.#fetching !== undefined || now - this.#triedAt >= pause) await this.#refresh()
  }

  /** One fetch at a time, whoever asks. Never rejects. */
  #refresh(): Promise<void> {
    this.#fetching ??= this.#fetchKeys().finally(() => (this.#fetching = undefined))
    return this.#fetching
  }

  async #fetchKeys(): Promise<void> {
    const { now, emit = silent, withdrawn } = this.#options
    this.#triedAt = now()
    try {
      const keys = await importAll(await this.#download())
      if (keys.length === 0) throw new Error('it publishes no key that can be used')
      const gone = this.#keys.some((old) => !keys.some((key) => key.print === old.print))
      this.#keys = keys
      this.#fetchedAt = now()
      this.#answers = true
      if (gone) withdrawn?.()
      emit('issuer_keys_fetched', { keys: keys.length })
    } catch (error) {
      this.#answers = false
      emit('issuer_keys_failed', { cause: error instanceof Error ? error.message : String(error), kept: this.#keys.length })
    }
  }

  async #download(): Promise<unknown> {
    const { url, fetch: get = fetch } = this.#options
    const response = await get(url, { redirect: 'error', signal: AbortSignal.timeout(patience), headers: { accept: 'application/json' } })
    if (!response.ok || response.body === null) throw new Error(`it answers with status ${response.status}`)
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of response.body) {
      size += chunk.length
      if (size > mostBytes) throw new Error(`it answers with more than ${mostBytes} bytes`)
      chunks.push(chunk)
    }
    return JSON.parse(Buffer.concat(chunks).toString())
  }
}

function unavailable(): Problem {
  return new Problem('PGRST300', 'The keys of the token issuer cannot be fetched.', {
    hint: 'Send the request again in a moment. For the operator: see PLINTH_JWT_JWKS_URL and the log.',
    headers: { 'Retry-After': '5' },
  })
}

async function importAll(document: unknown): Promise<readonly IssuerKey[]> {
  const listed = typeof document === 'object' && document !== null && 'keys' in document ? document.keys : undefined
  if (!Array.isArray(listed)) throw new Error('it answers with something that is no key set')
  const imported = await Promise.all(listed.slice(0, 100).map((jwk: JWK) => importOne(jwk)))
  return imported.filter((key) => key !== undefined)
}

/** A key we cannot use is passed over: the issuer may publish kinds for others too. */
async function importOne(jwk: JWK): Promise<IssuerKey | undefined> {
  const algorithm = algorithmOf(jwk)
  if (algorithm === undefined || (jwk.alg !== undefined && jwk.alg !== algorithm && jwk.alg !== 'Ed25519') || jwk.use === 'enc')
    return undefined
  try {
    const { importJWK } = await import('jose')
    const { kty, crv, n, e, x, y, kid } = jwk
    const parts = { kty, crv, n, e, x, y }
    const key = await importJWK({ ...parts, ext: false }, algorithm)
    return key instanceof Uint8Array ? undefined : { kid, algorithm, key, print: JSON.stringify({ kid, ...parts }) }
  } catch {
    return undefined
  }
}

function algorithmOf(jwk: JWK): PublicAlgorithm | undefined {
  if (jwk.kty === 'RSA') return 'RS256'
  if (jwk.kty === 'EC' && jwk.crv === 'P-256') return 'ES256'
  return jwk.kty === 'OKP' && jwk.crv === 'Ed25519' ? 'EdDSA' : undefined
}
