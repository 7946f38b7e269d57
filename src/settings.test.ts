import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { LoadFailure } from './errors.ts'
import { Proxies } from './http/address.ts'
import { readSettings, settings, settingsTable, type BackendSettings } from './settings.ts'

function errorsOf(env: Record<string, string>, file?: object): string[] {
  try {
    readSettings(env, file)
  } catch (error) {
    if (error instanceof LoadFailure) return error.errors.map(({ place, message, fix }) => `${place}: ${message} ${fix}`)
    throw error
  }
  return []
}

describe('settings', () => {
  test('have a default each, so that none need be given', () => {
    expect(readSettings({})).toMatchObject({
      port: 4000,
      host: '127.0.0.1',
      databaseUrl: 'sqlite:./data/plinth.db',
      data: './data',
      production: false,
      maxBody: 1_048_576,
      maxRows: 1000,
      corsOrigins: ['*'],
      logLevel: 'info',
    })
  })

  test('come from the file, and the environment wins over it', () => {
    const file: BackendSettings = {
      port: 4001,
      maxBody: '2mb',
      statementTimeout: 500,
      corsOrigins: ['https://a.test'],
      serverTiming: 'nobody',
      log: 'json',
    }
    expect(readSettings({ PORT: '4002' }, file)).toMatchObject({
      port: 4002,
      maxBody: 2_097_152,
      statementTimeout: 500,
      corsOrigins: ['https://a.test'],
      serverTiming: 'nobody',
      log: 'json',
    })
  })

  test('are as good as not given when they are empty', () => {
    expect(readSettings({ PORT: '', PLINTH_SECRET_KEY: '' }, { port: 4001 })).toMatchObject({ port: 4001, secretKey: '' })
  })

  test.each([
    ['PLINTH_MAX_BODY', '64kb', 'maxBody', 65_536],
    ['PLINTH_MAX_BODY', ' 2 MB ', 'maxBody', 2_097_152],
    ['PLINTH_KEEP_ALIVE', '5s', 'keepAlive', 5000],
    ['PLINTH_KEEP_ALIVE', '2min', 'keepAlive', 120_000],
    ['PLINTH_KEEP_ALIVE', '1500', 'keepAlive', 1500],
    ['PLINTH_SERVER_TIMING', 'secret', 'serverTiming', 'secret'],
    ['PLINTH_CORS_ORIGINS', 'https://a.test, http://localhost:3000', 'corsOrigins', ['https://a.test', 'http://localhost:3000']],
    ['PLINTH_TRUSTED_PROXIES', '10.0.0.0/8,loopback,fd00::/8', 'trustedProxies', ['10.0.0.0/8', 'loopback', 'fd00::/8']],
    ['NODE_ENV', 'production', 'production', true],
    ['NODE_ENV', 'test', 'production', false],
  ])('are read in the way people write them: %s=%s', (name, given, setting, value) => {
    expect(readSettings({ [name]: given })).toHaveProperty(setting, value)
  })

  test('that are wrong stop the start, all at once, with name, what was given and what is allowed', () => {
    expect(
      errorsOf({
        PORT: 'http',
        PLINTH_MAX_BODY: '9',
        PLINTH_LOG_LEVEL: 'loud',
        PLINTH_KEEP_ALIVE: '-1',
        PLINTH_CORS_ORIGINS: 'a.test',
        PLINTH_JWT_JWKS_URL: 'file:///etc/passwd',
        PLINTH_MAX_ROWS: '1.5',
        PLINTH_SERVER_TIMING: 'perhaps',
      }),
    ).toEqual([
      'PORT: "http" was given. Allowed is a whole number from 0 to 65535.',
      'PLINTH_JWT_JWKS_URL: "file:///etc/passwd" was given. Allowed is an http or https URL.',
      'PLINTH_MAX_BODY: "9" was given. Allowed is a size from 1kb to 1024mb, such as 65536, 64kb or 1mb.',
      'PLINTH_MAX_ROWS: "1.5" was given. Allowed is a whole number from 1 to 1000000.',
      'PLINTH_KEEP_ALIVE: "-1" was given. Allowed is a time from 1s to 60min, such as 500ms or 10s.',
      'PLINTH_CORS_ORIGINS: "a.test" was given. Allowed is origins such as https://example.com, or *, apart by commas.',
      'PLINTH_SERVER_TIMING: "perhaps" was given. Allowed is auto, everyone, secret, nobody.',
      'PLINTH_LOG_LEVEL: "loud" was given. Allowed is error, warn, info, debug, silent.',
    ])
  })

  test.each(['sqlite:', 'sqlite: ', 'sqlite:./data/', 'sqlite://data.db', 'sqlite:file:x?mode=memory', 'postgres:', ':memory:'])(
    'refuse a database that is none: %s',
    (given) => {
      expect(errorsOf({ DATABASE_URL: given })).toEqual([
        'DATABASE_URL: What was given (not shown here) is not allowed. Allowed is a URL such as sqlite:./data/plinth.db or postgres://user@host/name.',
      ])
      expect(errorsOf({}, { databaseUrl: given })).toEqual([expect.stringMatching(/^settings\.databaseUrl: /)])
    },
  )

  test.each([
    'sqlite:plinth.db',
    'sqlite:/var/lib/plinth.db',
    'sqlite:///var/lib/plinth.db',
    'sqlite::memory:',
    'postgres:///shop?host=/run',
  ])('take a database: %s', (given) => {
    expect(errorsOf({ DATABASE_URL: given })).toEqual([])
  })

  test.each(['10.0.0.300', '1.2.3', '10.0.0.0/99', '::1/200', '10.0.0.0/', '10.0.0.0/8/8', 'fe80::1%eth0', 'proxy.test', '::1,,', '1:2'])(
    'refuse a proxy that is no address: %s',
    (given) => {
      expect(errorsOf({ PLINTH_TRUSTED_PROXIES: given })).toEqual([
        `PLINTH_TRUSTED_PROXIES: ${JSON.stringify(given)} was given. Allowed is addresses such as 10.0.0.1 or 10.0.0.0/8, or loopback, apart by commas.`,
      ])
    },
  )

  test.each(['10.0.0.1', '10.0.0.0/0', '10.0.0.0/32', '::', 'fd00::/128', '::ffff:10.0.0.1', 'loopback'])(
    'take every proxy that can be told apart: %s',
    (given) => {
      expect(new Proxies(readSettings({ PLINTH_TRUSTED_PROXIES: given }).trustedProxies).client('9.9.9.9', '1.1.1.1')).toMatch(/^[19]\./)
    },
  )

  test('never show a secret, nor a database URL, which may hold a password', () => {
    const errors = errorsOf({ PLINTH_SECRET_KEY: 'hunter2', PLINTH_JWT_SECRET: 'short', DATABASE_URL: '//ann:hunter2@db/shop' })
    expect(errors).toHaveLength(3)
    expect(errors.join('\n')).not.toMatch(/hunter2|short/)
    expect(errors[0]).toMatch(/^DATABASE_URL: .*Allowed is a URL such as sqlite:/)
  })

  test('of the file are told apart from those of the environment, and unknown ones and secrets are refused there', () => {
    expect(errorsOf({}, { port: 99_999, prot: 1, secretKey: 'sb_secret_x' })).toEqual([
      expect.stringMatching(/^settings\.prot: There is no such setting\. Use one of port, host,/),
      'settings.secretKey: A secret cannot be given in the file. Set PLINTH_SECRET_KEY in the environment.',
      'settings.port: 99999 was given. Allowed is a whole number from 0 to 65535.',
    ])
  })

  test('are all in the docs, as they are here', () => {
    const page = readFileSync(new URL('../docs/settings.md', import.meta.url), 'utf8')
    expect(/<!-- settings -->\n([^]*?)<!-- \/settings -->/.exec(page)?.[1]).toBe(settingsTable())
    const names = Object.values(settings).map(({ env }) => env)
    expect(new Set(names).size).toBe(names.length)
  })
})
