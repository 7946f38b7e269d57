/**
 * The keys of a backend: the publishable and the secret API key, and the key that signs user tokens. They are given by
 * the environment, or made on first start and kept in the data folder.
 *
 * 1. `keys.json` appears whole or not at all, readable by its owner alone. Of two processes that race, one makes it
 *    and both use it.
 * 2. A key that is given is used and never written down.
 * 3. In production a given key that could be guessed stops the start.
 */
import { createECDH, createHash } from 'node:crypto'
import { chmod, link, mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { LoadFailure, type LoadError } from '../errors.ts'

/** A P-256 key pair as a JWK (RFC 7517). */
export interface SigningKey {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly alg: 'ES256'
  readonly kid: string
  readonly x: string
  readonly y: string
  readonly d: string
}

export interface Keys {
  /** `sb_publishable_…`: for browsers and apps; asks as a stranger. */
  readonly publishable: string
  /** `sb_secret_…`: for servers; no rule stands in its way. */
  readonly secret: string
  readonly signing: SigningKey
  /** Where they were written just now; undefined where they were there already. */
  readonly made?: string
}

export interface KeysOptions {
  /** The data folder; made if need be. */
  readonly folder: string
  /** Given ones; an empty text is none. */
  readonly publishable?: string
  readonly secret?: string
  /** The secret that an outside issuer signs its tokens with. */
  readonly issuer?: string
  readonly production: boolean
  readonly random: (length: number) => Uint8Array
}

export { signToken, type TokenOptions } from './sign.ts'

export async function loadKeys(options: KeysOptions): Promise<Keys> {
  refuseWeak(options)
  const file = join(options.folder, 'keys.json')
  const kept = await readKeys(file)
  const keys = kept ?? (await makeKeys(file, options))
  const publishable = options.publishable || keys.publishable
  const secret = options.secret || keys.secret
  return Object.freeze({ publishable, secret, signing: keys.signing, ...(kept === undefined && { made: file }) })
}

function refuseWeak({ publishable, secret, issuer, production }: KeysOptions): void {
  const errors: LoadError[] = []
  if (secret && secret === publishable) {
    errors.push({
      place: 'PLINTH_SECRET_KEY',
      message: 'It is the same as PLINTH_PUBLISHABLE_KEY, which everybody sees.',
      fix: 'Give another one.',
    })
  }
  const weak = (place: string, given: string | undefined, otherwise: string): void => {
    if (!production || !given || !isGuessable(given)) return
    const fix = `Give at least 32 random characters, such as those of \`openssl rand -base64 32\`, ${otherwise}.`
    errors.push({ place, message: 'It could be guessed, and NODE_ENV says that this is production.', fix })
  }
  weak('PLINTH_SECRET_KEY', secret, 'or leave it out to have one made')
  weak('PLINTH_JWT_SECRET', issuer, 'to the issuer too')
  if (errors.length > 0) throw new LoadFailure(errors)
}

/** Too short, or made of so few different characters, or pairs of them, that it was not drawn at random. */
export function isGuessable(secret: string): boolean {
  const drawn = secret.replace(/^sb_secret_/, '')
  const pairs = Array.from(drawn, (_, at) => drawn.slice(at, at + 2))
  return drawn.length < 32 || new Set(drawn).size < 8 || new Set(pairs).size < 20
}

async function readKeys(file: string): Promise<Keys | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
    await closeToOthers(file)
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return undefined
    throw keysFailure(file, `It cannot be read (${reasonOf(error)}).`, 'Give this user the right to read it.')
  }
  const keys = parseKeys(text)
  if (keys) return keys
  throw keysFailure(
    file,
    'It is damaged.',
    'Restore it from a copy. If there is none, delete it: new keys are made, and clients need the new API keys and new tokens.',
  )
}

function parseKeys(text: string): Keys | undefined {
  try {
    const { publishable, secret, signing } = JSON.parse(text) as Partial<Keys> // every field is looked at below
    const whole =
      typeof publishable === 'string' && typeof secret === 'string' && publishable !== '' && secret !== '' && signing !== undefined
    return whole && isSigningKey(signing) ? { publishable, secret, signing } : undefined
  } catch {
    return undefined
  }
}

function isSigningKey(key: SigningKey): boolean {
  const texts = [key.kid, key.x, key.y, key.d]
  return key.kty === 'EC' && key.crv === 'P-256' && key.alg === 'ES256' && texts.every((text) => typeof text === 'string' && text !== '')
}

async function closeToOthers(file: string): Promise<void> {
  if (process.platform === 'win32') return
  const { mode } = await stat(file)
  if ((mode & 0o077) !== 0) await chmod(file, 0o600)
}

/** Makes the file, or reads it where another process was quicker. */
async function makeKeys(file: string, { folder, random }: KeysOptions): Promise<Keys> {
  const keys: Keys = {
    publishable: `sb_publishable_${base64url(random(32))}`,
    secret: `sb_secret_${base64url(random(32))}`,
    signing: makeSigningKey(random),
  }
  try {
    await mkdir(folder, { recursive: true })
    await writeOnce(file, `${JSON.stringify(keys, null, 2)}\n`, base64url(random(9)))
  } catch (error) {
    throw keysFailure(
      file,
      `It cannot be written (${reasonOf(error)}).`,
      'Give this user the right to write there, or name another folder with PLINTH_DATA.',
    )
  }
  const settled = await readKeys(file)
  if (settled === undefined) throw keysFailure(file, 'It was gone again right after it was made.', 'Start again.')
  return settled
}

/** The whole file under a name of its own first; `link` then succeeds for one process only. */
async function writeOnce(file: string, text: string, unique: string): Promise<void> {
  const draft = `${file}.${process.pid}.${unique}`
  const handle = await open(draft, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  try {
    await link(draft, file)
  } catch (error) {
    if (!(isSystemError(error) && error.code === 'EEXIST')) throw error
  } finally {
    await rm(draft, { force: true })
  }
}

function makeSigningKey(random: KeysOptions['random']): SigningKey {
  const pair = createECDH('prime256v1')
  const secret = Buffer.from(random(32))
  try {
    pair.setPrivateKey(secret)
  } catch {
    // One number in 2³² is no private key of the curve.
    return makeSigningKey(random)
  }
  const point = pair.getPublicKey()
  const [x, y] = [base64url(point.subarray(1, 33)), base64url(point.subarray(33))]
  // The thumbprint of RFC 7638.
  const kid = createHash('sha256')
    .update(JSON.stringify({ crv: 'P-256', kty: 'EC', x, y }))
    .digest('base64url')
  return { kty: 'EC', crv: 'P-256', alg: 'ES256', kid, x, y, d: base64url(secret) }
}

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
const isSystemError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && 'code' in error
const reasonOf = (error: unknown): string => (isSystemError(error) ? (error.code ?? error.message) : String(error))
const keysFailure = (file: string, message: string, fix: string): LoadFailure => new LoadFailure([{ place: file, message, fix }])
