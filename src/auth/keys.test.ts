import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { LoadFailure } from '../errors.ts'
import { isGuessable, loadKeys, type KeysOptions } from './keys.ts'

const made: string[] = []
function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'plinth-keys-'))
  made.push(folder)
  return folder
}
afterAll(() => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

const options = (folder: string, more: Partial<KeysOptions> = {}): KeysOptions => ({
  folder,
  production: false,
  random: randomBytes,
  ...more,
})

describe('keys', () => {
  test('are made on first start, kept for their owner alone, and found again', async () => {
    const folder = join(freshFolder(), 'deep', 'data')
    const first = await loadKeys(options(folder))
    expect(first.publishable).toMatch(/^sb_publishable_[\w-]{43}$/)
    expect(first.secret).toMatch(/^sb_secret_[\w-]{43}$/)
    expect(first.made).toBe(join(folder, 'keys.json'))
    expect(statSync(join(folder, 'keys.json')).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['keys.json'])
    const { made: _, ...kept } = first
    expect(await loadKeys(options(folder))).toEqual(kept)
  })

  test('are the same for all of several processes that start at once', async () => {
    const folder = freshFolder()
    const all = await Promise.all(Array.from({ length: 8 }, () => loadKeys(options(folder))))
    expect(new Set(all.map((keys) => keys.secret)).size).toBe(1)
    expect(new Set(all.map((keys) => keys.signing.kid)).size).toBe(1)
    expect(readdirSync(folder)).toEqual(['keys.json'])
  })

  test('come from the environment where it gives them, and are not written down then', async () => {
    const folder = freshFolder()
    const keys = await loadKeys(options(folder, { publishable: 'sb_publishable_mine', secret: 'sb_secret_mine' }))
    expect(keys).toMatchObject({ publishable: 'sb_publishable_mine', secret: 'sb_secret_mine' })
    expect(readFileSync(join(folder, 'keys.json'), 'utf8')).not.toContain('mine')
  })

  test('are closed to others where somebody opened them', async () => {
    const folder = freshFolder()
    await loadKeys(options(folder))
    chmodSync(join(folder, 'keys.json'), 0o644)
    await loadKeys(options(folder))
    expect(statSync(join(folder, 'keys.json')).mode & 0o777).toBe(0o600)
  })

  test.each(['', '{', '{"publishable":"a","secret":"b"}', '{"publishable":"a","secret":"b","signing":{"kty":"oct"}}', 'null'])(
    'that are damaged (%s) stop the start',
    async (text) => {
      const folder = freshFolder()
      writeFileSync(join(folder, 'keys.json'), text)
      await expect(loadKeys(options(folder))).rejects.toThrow(/keys\.json: It is damaged\. Restore it/)
    },
  )

  test('that could be guessed stop the start in production, and there alone', async () => {
    const folder = freshFolder()
    await expect(loadKeys(options(folder, { secret: 'sb_secret_changeme12345', production: true }))).rejects.toThrow(LoadFailure)
    await expect(loadKeys(options(folder, { secret: 'sb_secret_changeme12345' }))).resolves.toMatchObject({
      secret: 'sb_secret_changeme12345',
    })
    const weak = { secret: 'sb_secret_changeme12345', issuer: 'secret'.repeat(8), production: true }
    await expect(loadKeys(options(folder, weak))).rejects.toMatchObject({
      errors: [
        { place: 'PLINTH_SECRET_KEY', message: 'It could be guessed, and NODE_ENV says that this is production.' },
        {
          place: 'PLINTH_JWT_SECRET',
          message: 'It could be guessed, and NODE_ENV says that this is production.',
          fix: 'Give at least 32 random characters, such as those of `openssl rand -base64 32`, to the issuer too.',
        },
      ],
    })
    await expect(loadKeys(options(folder, { ...weak, production: false }))).resolves.toBeDefined()
    await expect(loadKeys(options(folder, { secret: 'the same for both', publishable: 'the same for both' }))).rejects.toThrow(
      /everybody sees/,
    )
  })

  test('say where they cannot be kept', async () => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'file'), '')
    await expect(loadKeys(options(join(folder, 'file')))).rejects.toThrow(/PLINTH_DATA|right to read/)
  })
})

test('a drawn key cannot be guessed, a word or a repetition can', () => {
  expect(isGuessable(`sb_secret_${randomBytes(32).toString('base64url')}`)).toBe(false)
  for (let i = 0; i < 1000; i += 1) expect(isGuessable(randomBytes(16).toString('hex'))).toBe(false)
  for (const word of ['a', 'secret', '0123456789abcdef', 'correct horse ']) expect(isGuessable(word.repeat(8))).toBe(true)
  expect(isGuessable('sb_secret_password')).toBe(true)
})
