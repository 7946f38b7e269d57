import { createHmac, generateKeyPairSync, randomBytes, sign as signBytes, type KeyObject } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { Problem } from '../errors.ts'
import { ANONYMOUS, SERVICE, type Who } from '../query/who.ts'
import { createIdentify, type CredentialHeaders, type Identify, type IdentifyOptions } from './identify.ts'
import { loadKeys, signToken, type Keys } from './keys.ts'
import { KnownCredentials } from './known.ts'
const folder = mkdtempSync(join(tmpdir(), 'plinth-identify-'))
const start = Date.UTC(2026, 10, 21, 12)
const hmac = 'a secret of thirty-two characters!!'
let now = start
let keys: Keys

beforeAll(async () => void (keys = await loadKeys({ folder, production: false, random: randomBytes })))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeEach(() => void (now = start))

type Outside = IdentifyOptions['outside']
const nobody: Outside = { secret: '', jwksUrl: '', issuer: '', audience: '', rolesClaim: 'app_metadata.roles' }
const identifier = (outside: Partial<Outside> = {}, more: Partial<IdentifyOptions> = {}): Identify =>
  createIdentify({ keys, outside: { ...nobody, ...outside }, now: () => now, ...more })

const ask = async (identify: Identify, headers: CredentialHeaders): Promise<Who> => identify(headers)
async function refusal(identify: Identify, headers: CredentialHeaders): Promise<Problem> {
  try {
    await identify(headers)
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('it was not refused')
}
const bearer = (token: string): CredentialHeaders => ({ authorization: `Bearer ${token}` })

const part = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const seconds = Math.floor(start / 1000)
const usual = { sub: 'ann', role: 'authenticated', exp: seconds + 3600 }
function withHmac(claims: object, secret: string | Buffer = hmac, header: object = { alg: 'HS256', typ: 'JWT' }): string {
  const text = `${part(header)}.${part(claims)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

describe('API keys', () => {
  test('nobody in particular asks without any credentials, and with the publishable key', async () => {
    const identify = identifier()
    expect(identify({})).toBe(ANONYMOUS)
    expect(identify({ apikey: keys.publishable })).toBe(ANONYMOUS)
    expect(identify(bearer(keys.publishable))).toBe(ANONYMOUS)
    expect(identify({ apikey: keys.publishable, ...bearer(keys.publishable) })).toBe(ANONYMOUS)
    expect(identify({ apikey: keys.publishable, authorization: 'Basic YTpi' })).toBe(ANONYMOUS)
  })

  test('the secret key asks as the service', () => {
    const identify = identifier()
    for (let round = 0; round < 2; round += 1) {
      expect(identify({ apikey: keys.secret })).toBe(SERVICE)
      expect(identify(bearer(keys.secret))).toBe(SERVICE)
      expect(identify({ apikey: keys.secret, ...bearer(keys.secret) })).toBe(SERVICE)
    }
  })

  test.each(['origin', 'sec-fetch-site', 'sec-fetch-dest', 'sec-fetch-user'])(
    'the secret key is refused from a browser, known or not (%s)',
    async (header) => {
      const identify = identifier()
      const token = await signToken(keys, { sub: 'ann', expiresIn: 60, now })
      for (let round = 0; round < 2; round += 1) {
        expect((await refusal(identify, { apikey: keys.secret, [header]: 'x' })).code).toBe('secret_key_in_browser')
        expect((await refusal(identify, { apikey: keys.secret, ...bearer(token), [header]: 'x' })).code).toBe('secret_key_in_browser')
        await ask(identify, { apikey: keys.secret })
        await ask(identify, { apikey: keys.secret, ...bearer(token) })
      }
      expect(identify({ apikey: keys.publishable, [header]: 'x' })).toBe(ANONYMOUS)
    },
  )

  test('the secret key is good from the fetch of Node, which sends one of the headers of browsers', () => {
    expect(identifier()({ apikey: keys.secret, 'sec-fetch-mode': 'cors' })).toBe(SERVICE)
  })

  test('texts that nobody has judged are not remembered beside a known key', () => {
    const remembered = vi.spyOn(KnownCredentials.prototype, 'set')
    try {
      const identify = identifier()
      const blanks = ' '.repeat(15_000)
      for (const authorization of [
        `Basic ${'a'.repeat(15_000)}`,
        `Bearer ${blanks}${keys.publishable}`,
        `Bearer ${keys.publishable}${blanks}`,
        '',
      ])
        for (const apikey of [keys.publishable, undefined]) expect(identify({ apikey, authorization })).toBe(ANONYMOUS)
      expect(remembered).not.toHaveBeenCalled()
      void identify({ apikey: keys.publishable, authorization: `Bearer ${keys.publishable}` })
      expect(remembered).toHaveBeenCalledTimes(1)
    } finally {
      remembered.mockRestore()
    }
  })

  test('an unknown key is refused, also beside a good token', async () => {
    const identify = identifier()
    const token = await signToken(keys, { sub: 'ann', expiresIn: 60, now })
    const unknown = [
      { apikey: 'sb_publishable_other' },
      bearer('sb_secret_other'),
      { apikey: '' },
      { apikey: 'nonsense', ...bearer(token) },
      { apikey: `${keys.secret}x` },
    ]
    for (const headers of unknown) expect(await refusal(identify, headers)).toMatchObject({ code: 'invalid_api_key', status: 401 })
  })
})

describe('tokens of our own', () => {
  test('name the user, the roles and the claims, and give the same object every time', async () => {
    const identify = identifier()
    const token = await signToken(keys, {
      sub: 'ann',
      roles: ['staff'],
      claims: { team: 'north', app_metadata: { plan: 'x' } },
      expiresIn: 60,
      now,
    })
    const headers = { apikey: keys.publishable, ...bearer(token) }
    const [first, beside] = await Promise.all([identify(headers), identify(headers)])
    expect(first).toMatchObject({ kind: 'user', id: 'ann', claims: { team: 'north', app_metadata: { plan: 'x', roles: ['staff'] } } })
    expect([...first.roles]).toEqual(['staff'])
    expect(beside).toBe(first)
    expect(identify(headers)).toBe(first)
    expect(Object.isFrozen(first)).toBe(true)
    expect((await ask(identify, { apikey: keys.secret, ...bearer(token) })).id).toBe('ann')
    expect((await ask(identify, { authorization: `bearer   ${token}` })).id).toBe('ann')
  })

  test('end when they say, thirty seconds of leeway aside, also when they are known', async () => {
    const identify = identifier()
    const headers = bearer(await signToken(keys, { sub: 'ann', expiresIn: 60, now }))
    expect((await ask(identify, headers)).id).toBe('ann')
    now = start + 89_000
    expect((await ask(identify, headers)).id).toBe('ann')
    now = start + 90_000
    expect(await refusal(identify, headers)).toMatchObject({
      code: 'PGRST303',
      message: 'JWT expired',
      headers: { 'WWW-Authenticate': expect.stringContaining('invalid_token') },
    })
  })

  test('cannot be changed, and claims cannot stand in for what the server says', async () => {
    const identify = identifier()
    const token = await signToken(keys, { sub: 'ann', claims: { sub: 'bob', role: 'service', exp: 9e9, iss: 'x' }, expiresIn: 60, now })
    expect(await ask(identify, bearer(token))).toMatchObject({ kind: 'user', id: 'ann' })
    const [head, , signature] = token.split('.')
    const forged = `${head}.${part({ ...usual, sub: 'bob', iss: 'plinth', aud: 'authenticated' })}.${signature}`
    expect((await refusal(identify, bearer(forged))).code).toBe('PGRST301')
  })

  test.each([
    ['no algorithm', () => `${part({ alg: 'none' })}.${part(usual)}.`],
    ['no algorithm with our key id', () => `${part({ alg: 'none', kid: keys.signing.kid })}.${part(usual)}.`],
    ['our public key as a secret', () => withHmac(usual, JSON.stringify(keys.signing), { alg: 'HS256', kid: keys.signing.kid })],
    ['two parts', () => 'a.b'],
    ['five parts', () => 'a.b.c.d.e'],
    ['a header that is no JSON', () => `${part('x')}.${part(usual)}.x`],
    ['an algorithm that is no word', () => `${part({ alg: 7 })}.${part(usual)}.x`],
    ['one word', () => 'nonsense'],
    ['a critical header nobody knows', () => withHmac(usual, hmac, { alg: 'HS256', crit: ['x'], x: 1 })],
  ])('what is no token of ours is refused: %s', async (_, make) => {
    expect(await refusal(identifier({ secret: hmac }), bearer(make()))).toMatchObject({ code: 'PGRST301', status: 401 })
  })

  test('a Bearer without a token is refused', async () => {
    expect((await refusal(identifier(), { authorization: 'Bearer' })).code).toBe('PGRST301')
    expect((await refusal(identifier(), { authorization: 'Bearer  ' })).code).toBe('PGRST301')
  })
})

describe('tokens of an outside issuer with a shared secret', () => {
  test('name the user, with roles from the claim that is set', async () => {
    const roles = async (claims: object, rolesClaim?: string): Promise<string[]> => [
      ...(await ask(identifier({ secret: hmac, ...(rolesClaim && { rolesClaim }) }), bearer(withHmac({ ...usual, ...claims })))).roles,
    ]
    expect(await roles({ app_metadata: { roles: ['staff', 'buyer', 7] } })).toEqual(['staff', 'buyer'])
    expect(await roles({ app_metadata: { roles: 'staff' } })).toEqual(['staff'])
    expect(await roles({ 'urn:x': { groups: ['a'] } }, 'urn:x.groups')).toEqual(['a'])
    expect(await roles({})).toEqual([])
    expect(await roles({ app_metadata: null })).toEqual([])
  })

  test('with the role anon ask as nobody in particular', async () => {
    const token = withHmac({ role: 'anon', exp: seconds + 60 })
    expect(await ask(identifier({ secret: hmac }), { apikey: token, ...bearer(token) })).toBe(ANONYMOUS)
  })

  test.each(['service', 'service_role', 'secret'])('never get to be the service (%s)', async (role) => {
    const identify = identifier({ secret: hmac })
    expect((await refusal(identify, bearer(withHmac({ ...usual, role })))).code).toBe('PGRST301')
    const listed = await ask(identify, bearer(withHmac({ ...usual, app_metadata: { roles: [role, 'staff'] } })))
    expect({ kind: listed.kind, roles: [...listed.roles] }).toEqual({ kind: 'user', roles: ['staff'] })
  })

  test.each([
    ['an end in the past', { exp: seconds - 31 }, 'JWT expired'],
    ['no end', { exp: undefined }, /no end/],
    ['an end that is a word', { exp: 'soon' }, /exp of the token is no number/],
    ['a beginning to come', { nbf: seconds + 31 }, 'JWT not yet valid'],
    ['an issue to come', { iat: seconds + 31 }, 'JWT issued at future'],
    ['no user', { sub: undefined }, /whose it is/],
    ['a user that is a number', { sub: 5 }, /whose it is/],
    ['another issuer', { iss: 'https://other' }, /another issuer/],
    ['another audience', { aud: ['x', 'y'] }, 'JWT not in audience'],
  ])('are refused with %s', async (_, claims, message) => {
    const identify = identifier({ secret: hmac, issuer: 'https://id', audience: 'shop' })
    const good = { ...usual, iss: 'https://id', aud: ['shop', 'x'] }
    expect((await ask(identify, bearer(withHmac(good)))).id).toBe('ann')
    const problem = await refusal(identify, bearer(withHmac({ ...good, ...claims })))
    expect(problem.code).toBe('PGRST303')
    expect(problem.message).toMatch(message)
  })

  test('are refused with another secret, another algorithm, or a payload that is no object', async () => {
    const identify = identifier({ secret: hmac })
    for (const token of [
      withHmac(usual, 'another'),
      withHmac(usual, hmac, { alg: 'HS512' }),
      withHmac([usual]),
      `${part({ alg: 'HS256' })}.${part(usual)}.`,
    ]) {
      expect((await refusal(identify, bearer(token))).code).toBe('PGRST301')
    }
    expect((await refusal(identifier(), bearer(withHmac(usual)))).code).toBe('PGRST301')
  })

  test('are not remembered when all was forgotten while they were being verified', async () => {
    const lookedUp = vi.spyOn(KnownCredentials.prototype, 'get')
    try {
      let forgets = true
      // A verification asks for the time at its end: just then a withdrawn key empties the memory.
      const identify = identifier({ secret: hmac }, { now: () => (forgets && forget(), now) })
      const forget = (): void => {
        const [known] = lookedUp.mock.contexts
        if (known instanceof KnownCredentials) known.clear()
      }
      const headers = bearer(withHmac(usual))
      expect((await ask(identify, headers)).id).toBe('ann')
      forgets = false
      const again = identify(headers)
      expect(again).toBeInstanceOf(Promise)
      expect(identify(headers)).toBe(again)
      const who = await again
      expect(identify(headers)).toBe(who)
    } finally {
      lookedUp.mockRestore()
    }
  })

  test('are kept apart when there are many', async () => {
    const identify = identifier({ secret: hmac })
    const tokens = Array.from({ length: 200 }, (_, index) => withHmac({ ...usual, sub: `user ${index}` }))
    for (let round = 0; round < 2; round += 1) {
      const who = await Promise.all(tokens.map((token) => ask(identify, bearer(token))))
      expect(who.map(({ id }) => id)).toEqual(tokens.map((_, index) => `user ${index}`))
    }
  })
})

describe('tokens of an outside issuer with published keys', () => {
  interface Pair {
    readonly kid: string
    readonly alg: string
    readonly privateKey: KeyObject
    readonly jwk: object
  }
  const pair = (kid: string, alg: 'RS256' | 'ES256' | 'EdDSA'): Pair => {
    const { privateKey, publicKey } =
      alg === 'RS256'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : alg === 'ES256'
          ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
          : generateKeyPairSync('ed25519')
    return { kid, alg, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' } }
  }
  const signWith = ({ kid, alg, privateKey }: Pair, claims: object = usual, header: object = {}): string => {
    const text = `${part({ alg, kid, ...header })}.${part(claims)}`
    const hash = alg === 'EdDSA' ? null : 'sha256'
    return `${text}.${signBytes(hash, Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
  }
  const all = [pair('rsa', 'RS256'), pair('ec', 'ES256'), pair('ed', 'EdDSA')]

  let server: Server
  let url = ''
  let published: object = {}
  let status = 200
  let fetched = 0
  beforeAll(async () => {
    server = createServer((_, res) => {
      fetched += 1
      res.writeHead(status, { 'content-type': 'application/json', location: 'http://127.0.0.1:1/' }).end(JSON.stringify(published))
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/jwks`
  })
  afterAll(() => void server.close())
  beforeEach(() => {
    published = { keys: all.map(({ jwk }) => jwk) }
    status = 200
    fetched = 0
  })
  const follower = (more: Partial<IdentifyOptions> = {}): Identify => identifier({ jwksUrl: url }, more)

  test('are good with RS256, ES256 and EdDSA, and the keys are fetched once', async () => {
    const identify = follower()
    const who = await Promise.all(all.map((key) => ask(identify, bearer(signWith(key, { ...usual, sub: key.alg })))))
    expect(who.map(({ id }) => id)).toEqual(['RS256', 'ES256', 'EdDSA'])
    expect(fetched).toBe(1)
  })

  test('are good without a key id as long as one of the keys fits', async () => {
    const second = pair('ec2', 'ES256')
    published = { keys: [...all, second].map(({ jwk }) => jwk) }
    expect((await ask(follower(), bearer(signWith(second, usual, { kid: undefined })))).id).toBe('ann')
  })

  test('follow a rotation: an unknown key id is looked up, but not more than once in thirty seconds', async () => {
    const identify = follower()
    await ask(identify, bearer(signWith(all[1] ?? pair('x', 'ES256'))))
    const next = pair('next', 'ES256')
    const stranger = pair('stranger', 'ES256')
    published = { keys: [next.jwk] }
    for (let i = 0; i < 5; i += 1) expect((await refusal(identify, bearer(signWith(next, { ...usual, i })))).code).toBe('PGRST301')
    expect(fetched).toBe(1)
    now += 30_000
    expect((await ask(identify, bearer(signWith(next)))).id).toBe('ann')
    for (let i = 0; i < 5; i += 1) await refusal(identify, bearer(signWith(stranger, { ...usual, i })))
    expect(fetched).toBe(2)
  })

  test('are forgotten when their key is no longer published', async () => {
    const identify = follower()
    const [old = pair('x', 'RS256')] = all
    const headers = bearer(signWith(old))
    await ask(identify, headers)
    const next = pair('next', 'ES256')
    published = { keys: [next.jwk] }
    now += 30_000
    await ask(identify, bearer(signWith(next)))
    expect((await refusal(identify, headers)).code).toBe('PGRST301')
  })

  test('are looked at again each minute, against keys that are fetched anew after ten', async () => {
    const identify = follower()
    const [old = pair('x', 'RS256')] = all
    const headers = bearer(signWith(old))
    const first = await ask(identify, headers)
    published = { keys: [pair('next', 'ES256').jwk] }
    now += 59_000
    expect(identify(headers)).toBe(first)
    now += 2000
    expect((await ask(identify, headers)).id).toBe('ann')
    now = start + 10 * 60_000 + 1
    expect((await refusal(identify, headers)).code).toBe('PGRST301')
    expect(fetched).toBe(2)
    expect(first).toMatchObject({ expires: (seconds + 3600 + 30) * 1000 })
  })

  test('go on being good while the issuer is down', async () => {
    const heard: string[] = []
    const identify = follower({ emit: (name) => void heard.push(name) })
    const [key = pair('x', 'RS256')] = all
    await ask(identify, bearer(signWith(key)))
    status = 500
    now += 11 * 60_000
    expect((await ask(identify, bearer(signWith(key, { ...usual, again: 1 })))).id).toBe('ann')
    await expect.poll(() => heard).toEqual(['issuer_keys_fetched', 'issuer_keys_failed'])
  })

  test('cannot be judged before the issuer was ever reached, and that is not their fault', async () => {
    status = 302
    const identify = follower()
    const headers = bearer(signWith(all[0] ?? pair('x', 'RS256')))
    expect(await refusal(identify, headers)).toMatchObject({ code: 'PGRST300', status: 500, headers: { 'Retry-After': '5' } })
    expect(identify({ apikey: keys.publishable })).toBe(ANONYMOUS)
    status = 200
    now += 30_000
    expect((await ask(identify, headers)).id).toBe('ann')
  })

  test('cannot choose how they are checked: no public key serves as a secret, no published secret counts', async () => {
    const [rsa = pair('x', 'RS256')] = all
    const confused = withHmac(usual, rsa.privateKey.export({ format: 'pem', type: 'pkcs8' }), { alg: 'HS256', kid: 'rsa' })
    expect((await refusal(follower(), bearer(confused))).code).toBe('PGRST301')
    published = { keys: [...all.map(({ jwk }) => jwk), { kty: 'oct', k: part(hmac), kid: 'mac', alg: 'HS256' }] }
    expect((await refusal(follower(), bearer(withHmac(usual, hmac, { alg: 'HS256', kid: 'mac' })))).code).toBe('PGRST301')
    const crossed = signWith(rsa, usual, { kid: 'ec' })
    expect((await refusal(follower(), bearer(crossed))).code).toBe('PGRST301')
  })

  test.each([{}, { keys: 'x' }, { keys: [] }, { keys: [null] }, { keys: [{ kty: 'RSA', n: 'x' }] }, { keys: [{ kty: 'oct', k: 'x' }] }])(
    'a key set that is none is as good as no answer: %j',
    async (set) => {
      published = set
      expect((await refusal(follower(), bearer(signWith(all[0] ?? pair('x', 'RS256'))))).code).toBe('PGRST300')
    },
  )

  test('leave our own tokens alone', async () => {
    expect((await ask(follower(), bearer(await signToken(keys, { sub: 'bob', expiresIn: 60, now })))).id).toBe('bob')
    expect(fetched).toBe(0)
  })
})
