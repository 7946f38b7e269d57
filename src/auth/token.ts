/**
 * Reads a user's token: who signed it decides how it is checked, never the token itself.
 *
 * 1. Ours: ES256 with our key's id. An outside issuer's: HS256 with the secret that was set, or one of its published
 *    keys. `none` and everything else is refused.
 * 2. Nobody becomes `service` by a token, and an outside issuer can hand out no role of that name.
 * 3. A token of an outside issuer is verified anew each minute, because its key may have been withdrawn.
 * 4. Times have a leeway of 30 s; a token without an end is refused.
 */
import type { CompactVerifyResult, CryptoKey } from 'jose'
import { Problem } from '../errors.ts'
import { ANONYMOUS, type Who } from '../query/who.ts'
import { publicAlgorithms, type IssuerKeys } from './issuer-keys.ts'
import type { SigningKey } from './keys.ts'
import { ourIssuer } from './sign.ts'

export interface OutsideIssuer {
  /** The HS256 secret; empty for none. */
  readonly secret: string
  readonly keys: IssuerKeys | undefined
  /** The `iss` and `aud` that are wanted; empty for any. */
  readonly issuer: string
  readonly audience: string
  /** Where the roles are. */
  readonly rolesClaim: readonly string[]
}

export interface TokenReader {
  /** Who the token names. Throws a `Problem`. */
  (token: string): Promise<Identified>
}

export interface Identified {
  readonly who: Who
  /** Milliseconds since 1970 from which on the token must be read again, or counts no more. */
  readonly expires: number
}

type Key = CryptoKey | Uint8Array

/** How the tokens of one issuer are checked. */
interface Issuer {
  readonly algorithms: readonly string[]
  readonly keys: (algorithm: string, kid: string | undefined) => Promise<readonly Key[]>
  readonly issuer: string
  readonly audience: string
  readonly rolesClaim: readonly string[]
  readonly outside: boolean
}

export const leeway = 30
/** Milliseconds for which what an outside issuer signed is taken without another look at its keys. */
const trust = 60_000
const reserved: ReadonlySet<unknown> = new Set(['service', 'service_role', 'secret'])

export function createTokenReader(signing: SigningKey, outside: OutsideIssuer, now: () => number): TokenReader {
  const ours = ourOwn(signing)
  const known: readonly Issuer[] = [ours, ...withSecret(outside), ...withKeys(outside)]
  return async (token) => {
    const { alg = '', kid } = await headerOf(token)
    const issuer = kid === signing.kid && alg === 'ES256' ? ours : known.find((one) => one.outside && one.algorithms.includes(alg))
    if (issuer === undefined) throw invalid('No key is there that could have signed this token.')
    const keys = await issuer.keys(alg === 'Ed25519' ? 'EdDSA' : alg, kid)
    const { payload } = await verify(token, keys, issuer.algorithms)
    return identified(claimsOf(payload), issuer, Math.floor(now() / 1000))
  }
}

function ourOwn(signing: SigningKey): Issuer {
  let key: Promise<Key> | undefined
  const { kty, crv, x, y } = signing
  const load = async (): Promise<Key> => (await import('jose')).importJWK({ kty, crv, x, y }, 'ES256')
  return {
    algorithms: ['ES256'],
    keys: async () => [await (key ??= load())],
    issuer: ourIssuer,
    audience: 'authenticated',
    rolesClaim: ['app_metadata', 'roles'],
    outside: false,
  }
}

function withSecret({ secret, issuer, audience, rolesClaim }: OutsideIssuer): readonly Issuer[] {
  const bytes = Buffer.from(secret)
  return secret === '' ? [] : [{ algorithms: ['HS256'], keys: async () => [bytes], issuer, audience, rolesClaim, outside: true }]
}

function withKeys({ keys, issuer, audience, rolesClaim }: OutsideIssuer): readonly Issuer[] {
  if (keys === undefined) return []
  return [
    {
      algorithms: [...publicAlgorithms, 'Ed25519'],
      keys: (algorithm, kid) => keys.find(algorithm, kid),
      issuer,
      audience,
      rolesClaim,
      outside: true,
    },
  ]
}

async function headerOf(token: string): Promise<{ readonly alg?: string; readonly kid?: string }> {
  const parts = token.split('.').length
  if (parts !== 3) throw invalid(`A token has three parts, this one has ${parts}.`)
  const { decodeProtectedHeader } = await import('jose')
  try {
    const { alg, kid } = decodeProtectedHeader(token)
    return { ...(typeof alg === 'string' && { alg }), ...(typeof kid === 'string' && { kid }) }
  } catch {
    throw invalid('The header of the token cannot be read.')
  }
}

async function verify(token: string, keys: readonly Key[], algorithms: readonly string[]): Promise<CompactVerifyResult> {
  const { compactVerify } = await import('jose')
  for (const key of keys) {
    try {
      return await compactVerify(token, key, { algorithms: [...algorithms] })
    } catch {
      // The next key may be the one.
    }
  }
  throw invalid('The signature of the token is not right, or its key is not known.')
}

function claimsOf(payload: Uint8Array): Record<string, unknown> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload).toString())
    if (typeof claims === 'object' && claims !== null && !Array.isArray(claims)) return claims as Record<string, unknown> // a plain object, as was just looked at
  } catch {
    // Said below, together with a payload that is no object.
  }
  throw invalid('The payload of the token is no JSON object.')
}

function identified(claims: Record<string, unknown>, issuer: Issuer, now: number): Identified {
  const end = endOf(claims, now)
  const expires = issuer.outside ? Math.min(end, now * 1000 + trust) : end
  if (issuer.issuer !== '' && claims['iss'] !== issuer.issuer) throw unfit('The token is from another issuer.')
  if (issuer.audience !== '' && ![claims['aud']].flat().includes(issuer.audience)) throw unfit('JWT not in audience')
  if (reserved.has(claims['role'])) throw invalid('A token cannot claim this role; only the secret key has it.')
  if (claims['role'] === 'anon') return { who: ANONYMOUS, expires }
  const id = claims['sub']
  if (typeof id !== 'string' || id === '') throw unfit('The token does not say whose it is (sub).')
  const roles = rolesOf(claims, issuer)
  return { who: Object.freeze({ kind: 'user', id, roles, claims: Object.freeze(claims), expires: end }), expires }
}

/** When it ends, in milliseconds with the leeway. The messages of the usual cases are the ones clients look for. */
function endOf(claims: Record<string, unknown>, now: number): number {
  const exp = seconds(claims, 'exp')
  if (exp === undefined) throw unfit('The token has no end (exp).')
  if (now >= exp + leeway) throw unfit('JWT expired')
  if (now + leeway < (seconds(claims, 'nbf') ?? -Infinity)) throw unfit('JWT not yet valid')
  if (now + leeway < (seconds(claims, 'iat') ?? -Infinity)) throw unfit('JWT issued at future')
  return (exp + leeway) * 1000
}

function seconds(claims: Record<string, unknown>, name: string): number | undefined {
  const value = claims[name]
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !Number.isFinite(value)) throw unfit(`The claim ${name} of the token is no number.`)
  return value
}

function rolesOf(claims: Record<string, unknown>, issuer: Issuer): ReadonlySet<string> {
  let at: unknown = claims
  for (const name of issuer.rolesClaim)
    at = typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? Reflect.get(at, name) : undefined
  const words = (Array.isArray(at) ? at : [at]).filter((word) => typeof word === 'string' && word !== '')
  return new Set<string>(issuer.outside ? words.filter((word) => !reserved.has(word)) : words)
}

const invalid = (message: string): Problem => new Problem('PGRST301', message, { headers: challenge(message) })
const unfit = (message: string): Problem => new Problem('PGRST303', message, { headers: challenge(message) })
const challenge = (message: string): Record<string, string> => ({
  'WWW-Authenticate': `Bearer error="invalid_token", error_description="${message}"`,
})
