/**
 * Who is asking: `apikey` and `Authorization: Bearer`, as the clients of this wire send them.
 *
 * 1. The same credentials give the same frozen `Who` while they last; known ones are answered without waiting.
 * 2. The Bearer decides where both are there; the `apikey` beside it must be one of ours all the same.
 * 3. Only keys of ours and verified tokens are remembered, in their plain spelling: nobody fills the memory with texts.
 * 4. The secret key is refused from a browser on every request, also where it is known.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { Problem } from '../errors.ts'
import type { Emit } from '../events.ts'
import { ANONYMOUS, SERVICE, type Who } from '../query/who.ts'
import { IssuerKeys } from './issuer-keys.ts'
import type { Keys } from './keys.ts'
import { KnownCredentials } from './known.ts'
import { createTokenReader, type TokenReader } from './token.ts'

export type CredentialHeaders = Readonly<Record<string, string | undefined>>

/** Throws a `Problem` for credentials that are not good. */
export type Identify = (headers: CredentialHeaders) => Who | Promise<Who>

export interface IdentifyOptions {
  readonly keys: Pick<Keys, 'publishable' | 'secret' | 'signing'>
  /** An outside issuer of tokens; empty texts where there is none. */
  readonly outside: {
    readonly secret: string
    readonly jwksUrl: string
    readonly issuer: string
    readonly audience: string
    /** `app_metadata.roles` */
    readonly rolesClaim: string
  }
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly emit?: Emit
  readonly fetch?: typeof fetch
}

type KeyKind = 'publishable' | 'secret'

const mostKnown = 20_000
/** Browsers send these and no page can leave them out. Not `Sec-Fetch-Mode`: the `fetch` of Node sends that one too. */
const browserHeaders = ['origin', 'sec-fetch-site', 'sec-fetch-dest', 'sec-fetch-user']

export function createIdentify(options: IdentifyOptions): Identify {
  const known = new KnownCredentials(mostKnown)
  const judge = new Judge(options, known)
  const { now } = options
  return (headers) => {
    const { apikey, authorization } = headers
    if (apikey === undefined && authorization === undefined) return ANONYMOUS
    const found = known.get(apikey, authorization)
    if (found === undefined || (found.expires !== Infinity && now() >= found.expires)) return judge.identify(headers)
    if (found.secret) refuseBrowsers(headers)
    return found.who
  }
}

/** Judges credentials that are not known. */
class Judge {
  readonly #known: KnownCredentials
  readonly #publishable: Buffer
  readonly #secret: Buffer
  readonly #read: TokenReader
  /** Tokens that are being verified right now, so that a burst with one token verifies it once. */
  readonly #pending = new Map<string, Promise<Who>>()

  constructor(options: IdentifyOptions, known: KnownCredentials) {
    this.#known = known
    this.#publishable = digest(options.keys.publishable)
    this.#secret = digest(options.keys.secret)
    const { secret, jwksUrl, issuer, audience, rolesClaim } = options.outside
    const keys = jwksUrl === '' ? undefined : new IssuerKeys({ ...options, url: jwksUrl, withdrawn: () => this.#forget() })
    const outside = { secret, keys, issuer, audience, rolesClaim: rolesClaim.split('.') }
    this.#read = createTokenReader(options.keys.signing, outside, options.now)
  }

  identify(headers: CredentialHeaders): Who | Promise<Who> {
    const { apikey, authorization } = headers
    const bearer = bearerOf(authorization)
    const beside = apikey === undefined ? undefined : this.#kindOf(apikey)
    if (apikey !== undefined && beside === undefined && apikey !== bearer) throw unknownKey()
    const asked = bearer === undefined ? beside : this.#kindOf(bearer)
    const secret = beside === 'secret' || asked === 'secret'
    if (secret) refuseBrowsers(headers)
    if (bearer !== undefined && asked === undefined) return this.#token(bearer, headers, secret)
    const who = asked === 'secret' ? SERVICE : ANONYMOUS
    if (isPlain(authorization, bearer)) this.#known.set({ apikey, authorization, who, expires: Infinity, secret })
    return who
  }

  #forget(): void {
    this.#known.clear()
    this.#pending.clear()
  }

  /** Of equal length as digests, and compared in constant time: the answer's time tells nothing of the key. */
  #kindOf(key: string): KeyKind | undefined {
    const print = digest(key)
    const isSecret = timingSafeEqual(print, this.#secret)
    const isPublishable = timingSafeEqual(print, this.#publishable)
    return isSecret ? 'secret' : isPublishable ? 'publishable' : undefined
  }

  #token(token: string, headers: CredentialHeaders, secret: boolean): Promise<Who> {
    if (token.startsWith('sb_')) throw unknownKey()
    const { apikey, authorization } = headers
    const name = `${apikey ?? ''}\n${authorization ?? ''}`
    const pending = this.#pending.get(name)
    if (pending !== undefined) return pending
    const { cleared } = this.#known
    const judged = this.#read(token)
      .then(({ who, expires }) => {
        // The key may have been withdrawn while the token was being verified.
        const counts = cleared === this.#known.cleared && isPlain(authorization, token)
        if (counts) this.#known.set({ apikey, authorization, who, expires, secret })
        return who
      })
      .finally(() => this.#pending.delete(name))
    this.#pending.set(name, judged)
    return judged
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** The token of `Bearer …`; undefined for another scheme, which is a proxy's affair and not ours. */
function bearerOf(authorization: string | undefined): string | undefined {
  const parts = authorization === undefined ? null : /^bearer(?: +(.*))?$/i.exec(authorization)
  if (parts === null) return undefined
  const token = parts[1]?.trim() ?? ''
  if (token !== '') return token
  throw new Problem('PGRST301', 'The Authorization header holds no token.', { headers: { 'WWW-Authenticate': 'Bearer' } })
}

/** `Bearer`, one blank and the token, or no header at all; not a word of it that nobody has judged. */
const isPlain = (authorization: string | undefined, bearer: string | undefined): boolean =>
  authorization === undefined || authorization.length === 'Bearer '.length + (bearer?.length ?? Infinity)

function refuseBrowsers(headers: CredentialHeaders): void {
  if (browserHeaders.every((name) => headers[name] === undefined)) return
  throw new Problem('secret_key_in_browser', 'The secret key was sent by a browser.')
}

function unknownKey(): Problem {
  return new Problem('invalid_api_key', 'The API key is not one of this backend.', {
    hint: 'Send the publishable or the secret key that the server shows when it starts.',
    headers: { 'WWW-Authenticate': 'Bearer' },
  })
}
