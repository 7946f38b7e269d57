/** Signs the access tokens that users of this backend carry. */
import type { Keys } from './keys.ts'

export interface TokenOptions {
  /** The user's id. */
  readonly sub: string
  readonly roles?: readonly string[]
  /** More claims, which rules can read. The names this file sets itself are not taken from here. */
  readonly claims?: Readonly<Record<string, unknown>>
  /** Seconds. */
  readonly expiresIn: number
  /** Milliseconds since 1970; the clock's where left out. */
  readonly now?: number
}

/** The `iss` of our own tokens. */
export const ourIssuer = 'plinth'

export async function signToken(
  keys: Pick<Keys, 'signing'>,
  { sub, roles = [], claims = {}, expiresIn, now = Date.now() }: TokenOptions,
): Promise<string> {
  const { SignJWT, importJWK } = await import('jose')
  const seconds = Math.floor(now / 1000)
  const given = isRecord(claims['app_metadata']) ? claims['app_metadata'] : {}
  const payload = {
    ...claims,
    iss: ourIssuer,
    aud: 'authenticated',
    role: 'authenticated',
    sub,
    app_metadata: { ...given, roles: [...roles] },
    iat: seconds,
    exp: seconds + Math.floor(expiresIn),
  }
  const { kid } = keys.signing
  return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid }).sign(await importJWK({ ...keys.signing }, 'ES256'))
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
