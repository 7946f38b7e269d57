/**
 * Every setting: its name in the environment and in the backend file, what it may be, its default, what it is for.
 * The environment wins over the file.
 *
 * 1. A wrong value stops the start, with its name, what was given and what is allowed; all of them at once.
 * 2. A secret's value is never shown, and a secret cannot be given in the file, which people keep in Git.
 * 3. An empty value in the environment is as good as none.
 * 4. `docs/settings.md` is made from this catalogue; a test compares the two.
 *
 * To add one: a row in `settings`, then `npm run generate`.
 */
import { isIP } from 'node:net'
import { LoadFailure, type LoadError } from './errors.ts'

interface Common {
  /** The name in the environment. */
  readonly env: string
  /** What it is for: a sentence for the docs. */
  readonly about: string
}
/** `bytes` are written as `65536`, `64kb`, `1mb`; a `duration` as `500` (milliseconds), `500ms`, `10s`, `2min`. */
interface Numeric extends Common {
  readonly kind: 'integer' | 'bytes' | 'duration'
  readonly default: number
  readonly min: number
  readonly max: number
}
/** With `hidden`, the value may hold a password and is not shown. */
interface Text extends Common {
  readonly kind: 'text'
  readonly default: string
  readonly allowed?: RegExp
  readonly wanted?: string
  readonly hidden?: boolean
}
interface Secret extends Common {
  readonly kind: 'secret'
  readonly default: ''
  readonly least: number
}
/** What a word must be: a pattern, or something else that can tell. */
interface Allowed {
  test(word: string): boolean
}
/** Words apart by commas. */
interface List extends Common {
  readonly kind: 'list'
  readonly default: readonly string[]
  readonly allowed: Allowed
  readonly wanted: string
}
interface Choice<Word extends string = string> extends Common {
  readonly kind: 'choice'
  readonly default: Word
  readonly choices: readonly Word[]
}
interface Flag extends Common {
  readonly kind: 'flag'
  readonly default: boolean
}
type Setting = Numeric | Text | Secret | List | Choice | Flag

type Range = readonly [min: number, max: number]
const numeric =
  (kind: Numeric['kind']) =>
  (env: string, standard: number, [min, max]: Range, about: string): Numeric => ({ kind, env, default: standard, min, max, about })
const [integer, bytes, duration] = [numeric('integer'), numeric('bytes'), numeric('duration')]
const text = (env: string, standard: string, about: string, more: Pick<Text, 'allowed' | 'wanted' | 'hidden'> = {}): Text => ({
  kind: 'text',
  env,
  default: standard,
  about,
  ...more,
})
const secret = (env: string, least: number, about: string): Secret => ({ kind: 'secret', env, default: '', least, about })
const flag = (env: string, standard: boolean, about: string): Flag => ({ kind: 'flag', env, default: standard, about })
const list = (env: string, standard: readonly string[], about: string, more: Pick<List, 'allowed' | 'wanted'>): List => ({
  kind: 'list',
  env,
  default: standard,
  about,
  ...more,
})
const choice = <const Word extends string>(
  env: string,
  standard: NoInfer<Word>,
  choices: readonly Word[],
  about: string,
): Choice<Word> => ({ kind: 'choice', env, default: standard, choices, about })

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const kb = 1024
const mb = 1024 * kb
const url = { allowed: /^https?:\/\/[^\s]+$/, wanted: 'an http or https URL' }
const path = { allowed: /^[^.\s]+(\.[^.\s]+)*$/, wanted: 'a path such as app_metadata.roles' }
const database = {
  // Without a path SQLite keeps nothing, and a path of its own kind (`file:…`) may say so, too.
  allowed: /^(?!sqlite:(?:\s*$|file:|\/\/[^/]|.*\/$))[a-z][a-z0-9+]*:./,
  wanted: 'a URL such as sqlite:./data/plinth.db or postgres://user@host/name',
  hidden: true,
}
const origins = { allowed: /^(\*|[a-z][a-z0-9+.-]*:\/\/[^/\s,]+)$/, wanted: 'origins such as https://example.com, or *' }
const addresses = { allowed: { test: isAddress }, wanted: 'addresses such as 10.0.0.1 or 10.0.0.0/8, or loopback' }
/** An address, or several that begin with the same bits. */
function isAddress(word: string): boolean {
  const [address = '', bits = '0', ...more] = word === 'loopback' ? ['::1'] : word.split('/')
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  return more.length === 0 && !address.includes('%') && /^\d{1,3}$/.test(bits) && Number(bits) <= most
}

const rate: Range = [0, 10_000_000]

export const settings = {
  port: integer('PORT', 4000, [0, 65_535], 'The port to listen on; 0 takes any free one.'),
  host: text('HOST', '127.0.0.1', 'The address to listen on; `0.0.0.0` is every one of this machine.'),
  databaseUrl: text('DATABASE_URL', 'sqlite:./data/plinth.db', 'The database: `sqlite:<file>` or `postgres://…`.', database),
  data: text('PLINTH_DATA', './data', 'The folder for what the server keeps itself, such as its keys.'),
  production: flag('NODE_ENV', false, '`production` makes the start refuse weak secrets.'),

  publishableKey: secret('PLINTH_PUBLISHABLE_KEY', 8, 'The API key of browsers and apps. Made on first start when it is not given.'),
  secretKey: secret('PLINTH_SECRET_KEY', 16, 'The API key of servers, past every rule. Made on first start when it is not given.'),
  jwtSecret: secret('PLINTH_JWT_SECRET', 32, 'The secret that an outside issuer signs its tokens with (HS256).'),
  jwtJwksUrl: text('PLINTH_JWT_JWKS_URL', '', 'Where an outside issuer publishes its keys (RS256, ES256, EdDSA).', url),
  jwtIssuer: text('PLINTH_JWT_ISSUER', '', 'The `iss` that tokens of an outside issuer must carry.'),
  jwtAudience: text('PLINTH_JWT_AUDIENCE', '', 'The `aud` that tokens of an outside issuer must carry.'),
  jwtRolesClaim: text(
    'PLINTH_JWT_ROLES_CLAIM',
    'app_metadata.roles',
    "Where an outside issuer's tokens hold the roles: a word, or a list.",
    path,
  ),

  maxBody: bytes('PLINTH_MAX_BODY', mb, [kb, 1024 * mb], 'The largest body of a request.'),
  maxUrl: bytes('PLINTH_MAX_URL', 16 * kb, [kb, 256 * kb], 'The longest URL.'),
  maxHeaders: bytes('PLINTH_MAX_HEADERS', 16 * kb, [kb, 256 * kb], 'The largest size of all headers of a request together.'),
  maxConnections: integer('PLINTH_MAX_CONNECTIONS', 10_000, [1, 1_000_000], 'The most connections at one time.'),
  maxRows: integer('PLINTH_MAX_ROWS', 1000, [1, 1_000_000], 'The most rows of one answer.'),
  maxAnswer: bytes('PLINTH_MAX_ANSWER', 32 * mb, [64 * kb, 256 * mb], 'The largest answer, before it is compressed.'),
  maxColumns: integer(
    'PLINTH_MAX_COLUMNS',
    200,
    [1, 10_000],
    'The most columns and aggregates that one request selects; `*` counts as one.',
  ),
  maxOrder: integer('PLINTH_MAX_ORDER', 20, [1, 100], 'The most columns that one request orders by.'),
  maxEmbedDepth: integer('PLINTH_MAX_EMBED_DEPTH', 5, [0, 20], 'How deep relations may be embedded in each other.'),
  maxEmbeds: integer('PLINTH_MAX_EMBEDS', 50, [0, 1000], 'The most embedded relations of one request.'),
  maxFilters: integer('PLINTH_MAX_FILTERS', 100, [1, 10_000], 'The most filters of one request.'),
  maxLogicDepth: integer('PLINTH_MAX_LOGIC_DEPTH', 10, [1, 100], 'How deep `and` and `or` may be nested in each other.'),
  maxListLength: integer('PLINTH_MAX_LIST_LENGTH', 1000, [1, 100_000], 'The most values in one list, such as `in.(…)`.'),
  maxJsonDepth: integer('PLINTH_MAX_JSON_DEPTH', 100, [1, 500], 'How deep lists and objects of a JSON value may be nested in each other.'),
  maxBatch: integer('PLINTH_MAX_BATCH', 100, [1, 10_000], 'The most operations of one batch.'),
  statementTimeout: duration('PLINTH_STATEMENT_TIMEOUT', 10 * second, [10, hour], 'How long one database statement may run.'),
  functionTimeout: duration(
    'PLINTH_FUNCTION_TIMEOUT',
    5 * second,
    [10, 10 * minute],
    'How long a `fn` of the file may run, its repetitions included.',
  ),
  actionTimeout: duration('PLINTH_ACTION_TIMEOUT', minute, [10, hour], 'How long an `action` or an `endpoint` of the file may run.'),
  headersTimeout: duration('PLINTH_HEADERS_TIMEOUT', 10 * second, [100, 10 * minute], 'How long a client may take to send the headers.'),
  requestTimeout: duration('PLINTH_REQUEST_TIMEOUT', 30 * second, [100, hour], 'How long a client may take to send a whole request.'),
  keepAlive: duration('PLINTH_KEEP_ALIVE', 65 * second, [second, hour], 'How long a connection without requests stays open.'),
  stopTimeout: duration(
    'PLINTH_STOP_TIMEOUT',
    10 * second,
    [0, 10 * minute],
    'How long requests under way may take when the server stops.',
  ),
  rateAddress: integer('PLINTH_RATE_ADDRESS', 1000, rate, 'Requests a second from one address, twice that at once; 0 for no limit.'),
  rateKey: integer('PLINTH_RATE_KEY', 10_000, rate, 'Requests a second with one API key alone, twice that at once; 0 for no limit.'),
  rateUser: integer('PLINTH_RATE_USER', 500, rate, 'Requests a second by one user, twice that at once; 0 for no limit.'),

  corsOrigins: list('PLINTH_CORS_ORIGINS', ['*'], 'The origins whose pages may read answers; `*` is every one.', origins),
  trustedProxies: list('PLINTH_TRUSTED_PROXIES', [], 'The proxies whose `X-Forwarded-For` is believed.', addresses),
  serverTiming: choice(
    'PLINTH_SERVER_TIMING',
    'auto',
    ['auto', 'everyone', 'secret', 'nobody'],
    'Whose answers carry `Server-Timing` with the steps of the path: `auto` is `everyone` in `plinth dev`, and elsewhere the secret key alone, because times tell of rows that the asker may not see.',
  ),
  log: choice(
    'PLINTH_LOG',
    'auto',
    ['auto', 'json', 'pretty', 'off'],
    'The form of the log: `auto` is `pretty` on a terminal and `json` elsewhere.',
  ),
  logLevel: choice('PLINTH_LOG_LEVEL', 'info', ['error', 'warn', 'info', 'debug', 'silent'], 'The least level that is logged.'),
}

type Catalogue = typeof settings
export type SettingName = keyof Catalogue
type ValueOf<S extends Setting> = S extends Choice<infer Word> ? Word : S extends Common & { readonly default: infer Value } ? Value : never

/** Every setting with its value. */
export type Settings = { readonly [N in SettingName]: ValueOf<Catalogue[N]> }

type FileName = { [N in SettingName]: Catalogue[N]['kind'] extends 'secret' ? never : N }[SettingName]
type FileValue<S extends Setting> = S extends Numeric ? number | string : ValueOf<S>

/** The settings of a backend file: `settings: { port: 4001, maxBody: '2mb' }`. Secrets come from the environment. */
export type BackendSettings = { readonly [N in FileName]?: FileValue<Catalogue[N]> }

const names = Object.keys(settings) as SettingName[] // Object.keys forgets the keys' type

/** Reads them all. Throws a `LoadFailure` with every wrong one. */
export function readSettings(env: Readonly<Record<string, string | undefined>>, file: BackendSettings = {}): Settings {
  const errors: LoadError[] = strangers(file)
  const read: Record<string, unknown> = {}
  for (const name of names) read[name] = readOne(name, env, file, errors)
  if (errors.length > 0) throw new LoadFailure(errors)
  return Object.freeze(read) as Settings // filled from the catalogue, each by its own kind
}

function strangers(file: object): LoadError[] {
  const allowed = names.filter((name) => settings[name].kind !== 'secret')
  const unknown = Object.keys(file).filter((name) => !allowed.some((known) => known === name))
  return unknown.map((name) => {
    const secret = names.find((known) => known === name)
    return secret
      ? {
          place: `settings.${name}`,
          message: 'A secret cannot be given in the file.',
          fix: `Set ${settings[secret].env} in the environment.`,
        }
      : { place: `settings.${name}`, message: 'There is no such setting.', fix: `Use one of ${allowed.join(', ')}.` }
  })
}

function readOne(
  name: SettingName,
  env: Readonly<Record<string, string | undefined>>,
  file: Readonly<Record<string, unknown>>,
  errors: LoadError[],
): unknown {
  const setting: Setting = settings[name]
  const fromEnv = env[setting.env]
  const fromFile = setting.kind === 'secret' ? undefined : file[name]
  const given = fromEnv !== undefined && fromEnv !== '' ? fromEnv : fromFile
  if (given === undefined) return setting.default
  const value = setting.env === 'NODE_ENV' && given === fromEnv ? given === 'production' : parse(setting, given)
  if (value !== undefined) return value
  const hidden = setting.kind === 'secret' || (setting.kind === 'text' && setting.hidden)
  const message = hidden ? 'What was given (not shown here) is not allowed.' : `${JSON.stringify(given)} was given.`
  errors.push({ place: given === fromEnv ? setting.env : `settings.${name}`, message, fix: `Allowed is ${allowedValues(setting)}.` })
  return undefined
}

/** The value, or undefined for one that is not allowed. */
function parse(setting: Setting, given: unknown): unknown {
  switch (setting.kind) {
    case 'integer':
      return within(setting, wholeNumber(given))
    case 'bytes':
      return within(setting, withUnit(given, { '': 1, b: 1, kb, mb }))
    case 'duration':
      return within(setting, withUnit(given, { '': 1, ms: 1, s: second, min: minute }))
    case 'text':
      return typeof given === 'string' && (setting.allowed?.test(given) ?? given !== '') ? given : undefined
    case 'secret':
      return typeof given === 'string' && given.length >= setting.least && /^[\x21-\x7e]+$/.test(given) ? given : undefined
    case 'choice':
      return setting.choices.find((choice) => choice === given)
    case 'flag':
      return typeof given === 'boolean' ? given : flags[String(given).toLowerCase()]
    case 'list':
      return words(given, setting.allowed)
  }
}

const flags: Readonly<Record<string, boolean | undefined>> = {
  true: true,
  on: true,
  yes: true,
  1: true,
  false: false,
  off: false,
  no: false,
  0: false,
}

function wholeNumber(given: unknown): number | undefined {
  if (typeof given === 'number') return Number.isSafeInteger(given) ? given : undefined
  return typeof given === 'string' && /^\s*-?\d{1,15}\s*$/.test(given) ? Number(given) : undefined
}

function withUnit(given: unknown, units: Readonly<Record<string, number>>): number | undefined {
  const parts = /^\s*(\d{1,15})\s*([a-z]*)\s*$/i.exec(String(given))
  const unit = units[parts?.[2]?.toLowerCase() ?? '']
  return parts && unit !== undefined ? Number(parts[1]) * unit : undefined
}

function within(setting: { readonly min: number; readonly max: number }, value: number | undefined): number | undefined {
  return value !== undefined && value >= setting.min && value <= setting.max ? value : undefined
}

function words(given: unknown, allowed: Allowed): readonly string[] | undefined {
  const list = Array.isArray(given)
    ? given.map(String)
    : typeof given === 'string'
      ? given.split(',').map((word) => word.trim())
      : undefined
  return list?.every((word) => allowed.test(word)) ? list : undefined
}

function allowedValues(setting: Setting): string {
  switch (setting.kind) {
    case 'integer':
      return `a whole number from ${setting.min} to ${setting.max}`
    case 'bytes':
      return `a size from ${showBytes(setting.min)} to ${showBytes(setting.max)}, such as 65536, 64kb or 1mb`
    case 'duration':
      return `a time from ${showDuration(setting.min)} to ${showDuration(setting.max)}, such as 500ms or 10s`
    case 'text':
      return setting.wanted ?? 'any text'
    case 'secret':
      return `a text of at least ${setting.least} visible ASCII characters`
    case 'choice':
      return setting.choices.join(', ')
    case 'flag':
      return setting.env === 'NODE_ENV' ? 'production, or anything else' : 'true or false'
    case 'list':
      return `${setting.wanted}, apart by commas`
  }
}

const showBytes = (bytes: number): string =>
  bytes % mb === 0 && bytes > 0 ? `${bytes / mb}mb` : bytes % kb === 0 && bytes > 0 ? `${bytes / kb}kb` : String(bytes)
const showDuration = (ms: number): string =>
  ms % minute === 0 && ms > 0 ? `${ms / minute}min` : ms % second === 0 && ms > 0 ? `${ms / second}s` : `${ms}ms`

function showDefault(setting: Setting): string {
  if (setting.kind === 'bytes') return `\`${showBytes(setting.default)}\``
  if (setting.kind === 'duration') return `\`${showDuration(setting.default)}\``
  const text = setting.env === 'NODE_ENV' ? '' : String(setting.default)
  return text === '' ? '–' : `\`${text}\``
}

/** The table of the docs page, in Markdown. */
export function settingsTable(): string {
  const rows = names.map((name) => {
    const setting: Setting = settings[name]
    const inFile = setting.kind === 'secret' ? 'not in the file' : `\`${name}\``
    return `| \`${setting.env}\` | ${inFile} | ${showDefault(setting)} | ${allowedValues(setting)} | ${setting.about} |`
  })
  return ['| environment | file | default | allowed | what it is for |', '|---|---|---|---|---|', ...rows].join('\n') + '\n'
}
