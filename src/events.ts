/**
 * The event catalogue: all that is logged, and later counted and traced, with its level, its fields and the sentence
 * that a person reads.
 *
 * 1. No field holds a secret or a personal value: no credentials, no query values, no row, no body, no address.
 *    Who asked is a kind (`user`), never an id; ids are in events of level `debug` alone.
 * 2. Code says what happened by name and fields, never by a text of its own.
 * 3. `docs/logs.md` has a line for each event; a test compares the two.
 *
 * To add one: a row here, a line in the docs page, and the call where it happens.
 */

export type Level = 'error' | 'warn' | 'info' | 'debug'

export const levels: readonly Level[] = ['error', 'warn', 'info', 'debug']

export interface EventEntry {
  readonly level: Level
  /** Every field it may carry, in the order they are shown. A `?` after the name: not always there. */
  readonly fields: readonly string[]
  /** For people; `{field}` is replaced by the field. */
  readonly sentence: string
}

export const events = {
  // ── Starting and stopping ──
  keys_made: { level: 'info', fields: ['file'], sentence: 'API keys and a signing key were made and are kept in {file}' },
  schema_applied: { level: 'info', fields: ['steps', 'ms'], sentence: 'The database was brought to the schema in {steps} steps' },
  listening: { level: 'info', fields: ['url', 'database', 'tables', 'ms'], sentence: 'Serving {tables} tables of {database} at {url}' },
  replaced: {
    level: 'info',
    fields: ['tables', 'steps', 'ms'],
    sentence: 'A new version of the backend serves {tables} tables after {steps} steps',
  },
  stopping: { level: 'info', fields: ['waiting'], sentence: 'Stopping: {waiting} requests are still under way' },
  stopped: { level: 'info', fields: ['cut'], sentence: 'Stopped: {cut} requests were cut off' },
  // ── Requests ──
  request: {
    level: 'info',
    fields: ['id', 'method', 'path', 'query?', 'status', 'ms', 'bytes', 'who?', 'code?', 'trace?', 'span?'],
    sentence: '{method} {path} {status} in {ms} ms',
  },
  request_failed: {
    level: 'error',
    fields: ['id', 'method', 'path', 'query?', 'status', 'ms', 'bytes', 'who?', 'code?', 'trace?', 'span?', 'cause?'],
    sentence: '{method} {path} {status} in {ms} ms: {cause}',
  },
  request_gone: {
    level: 'info',
    fields: ['id', 'method', 'path', 'query?', 'status', 'ms', 'bytes', 'who?', 'code?', 'trace?', 'span?'],
    sentence: '{method} {path} was given up by the client after {ms} ms',
  },
  request_user: { level: 'debug', fields: ['id', 'user'], sentence: 'Request {id} was asked by user {user}' },
  refused: { level: 'info', fields: ['code', 'reason'], sentence: 'A connection was refused before its request could be read: {reason}' },
  // ── What we depend on ──
  database_lost: { level: 'error', fields: ['cause'], sentence: 'The database does not answer: {cause}' },
  database_back: { level: 'info', fields: ['seconds'], sentence: 'The database answers again after {seconds} s' },
  issuer_keys_fetched: { level: 'info', fields: ['keys'], sentence: 'Fetched {keys} keys of the token issuer' },
  issuer_keys_failed: {
    level: 'warn',
    fields: ['cause', 'kept'],
    sentence: 'The keys of the token issuer cannot be fetched: {cause}. {kept} older keys go on being used',
  },
  // ── The log itself ──
  log_dropped: { level: 'warn', fields: ['lines'], sentence: '{lines} lines of the log were dropped, because nobody took them' },
} as const satisfies Record<string, EventEntry>

export type EventName = keyof typeof events

/** What a field may hold. Objects are left out on purpose: nothing gets into the log by being inside of something. */
export type EventValue = string | number | boolean | undefined

type Declared<Name extends EventName> = (typeof events)[Name]['fields'][number]
type Always<Field extends string> = Field extends `${string}?` ? never : Field
type Sometimes<Field extends string> = Field extends `${infer Name}?` ? Name : never

/** The fields of an event: those that are always there, and those that may be. */
export type EventFields<Name extends EventName> = { readonly [F in Always<Declared<Name>>]: EventValue } & {
  readonly [F in Sometimes<Declared<Name>>]?: EventValue
}

/** How every part says that something happened. */
export type Emit = <Name extends EventName>(name: Name, fields: EventFields<Name>) => void

/** For those who want to hear nothing. */
export const silent: Emit = () => {}
