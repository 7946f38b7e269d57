/**
 * The error catalogue: every code a client can meet, with its status, its title and what to do about it.
 *
 * 1. `code` is the SQLSTATE where a database would have given one, on every database; PostgREST's code where it has
 *    one; otherwise a word of ours. A code has one status.
 * 2. A message never holds a value or a name that the asker could not have known already.
 * 3. `docs/90-errors.md` has a line for each code, and `spec/90-errors` provokes each; a test compares the three.
 *
 * To add one: a row in `catalogue`, a line in the docs page, a sentence in the spec.
 */

export interface ErrorEntry {
  readonly status: number
  /** A short sentence that is the same for every occurrence. */
  readonly title: string
  /** What the reader can do, where that is the same for every occurrence. */
  readonly hint?: string
}

export const catalogue = {
  // ── Values ──
  '22P02': { status: 400, title: 'A value is not of the type that is wanted' },
  '22003': { status: 400, title: 'A number is out of range' },
  '22007': { status: 400, title: 'A date or time is not written as one' },
  '22008': { status: 400, title: 'A date or time is out of range' },
  '22021': { status: 400, title: 'Text holds a character that cannot be stored' },
  '22023': { status: 400, title: 'The input of a function is not what it takes' },
  '22025': { status: 400, title: 'A pattern ends in the middle of an escape' },
  '2201B': { status: 400, title: 'A regular expression is not in the subset that every database shares' },
  // ── Constraints ──
  '23502': { status: 400, title: 'A value is missing' },
  '23503': { status: 409, title: 'A reference leads nowhere, or a row is still referred to' },
  '23505': { status: 409, title: 'A value is there already' },
  '23514': { status: 400, title: 'A check is not met' },
  '21000': { status: 400, title: 'One row is given twice' },
  // ── Transactions ──
  '25006': { status: 405, title: 'Nothing may be written here' },
  '25P02': { status: 500, title: 'The transaction is lost' },
  // ── Names and grammar ──
  '42701': { status: 400, title: 'A column is named twice' },
  '42703': { status: 400, title: 'There is no such column' },
  '42704': { status: 400, title: 'There is no such type' },
  '428C9': { status: 400, title: 'A computed column cannot be written' },
  '42804': { status: 400, title: 'Two types do not go together' },
  '42846': { status: 400, title: 'There is no such cast' },
  '42883': { status: 400, title: 'The operator is not there for this type' },
  '42P10': { status: 400, title: 'Nothing makes these columns unique' },
  '42803': { status: 400, title: 'A column must be grouped or aggregated' },
  '0A000': { status: 400, title: 'This is not supported here' },
  // ── Rights ──
  '42501': { status: 403, title: 'The rules do not allow this' },
  // ── The database ──
  '40001': { status: 503, title: 'Too many requests changed the same rows at once', hint: 'Send the request again.' },
  '57014': {
    status: 504,
    title: 'The statement took too long and was stopped',
    hint: 'Ask for fewer rows, or filter on an indexed column.',
  },
  '53100': { status: 507, title: 'The disk is full' },
  '53300': { status: 503, title: 'Every connection to the database is in use', hint: 'Send the request again in a moment.' },
  '08006': { status: 503, title: 'The database cannot be reached', hint: 'Send the request again in a moment.' },
  XX000: { status: 500, title: 'Something went wrong inside', hint: 'The log has the details under this request id.' },
  // ── PostgREST's own ──
  PGRST100: { status: 400, title: 'The query string cannot be read' },
  PGRST101: { status: 405, title: 'A function that writes is called by POST alone' },
  PGRST102: { status: 400, title: 'The body cannot be read' },
  PGRST103: { status: 416, title: 'The range asked for is not there' },
  PGRST105: { status: 405, title: 'PUT is of one row, by its key' },
  PGRST106: { status: 406, title: 'There is no such schema' },
  PGRST107: { status: 406, title: 'None of the accepted media types can be given' },
  PGRST108: { status: 400, title: 'A filter is on something that is not embedded' },
  PGRST114: { status: 400, title: 'PUT has no limit and no offset' },
  PGRST115: { status: 400, title: 'The body and the URL are of different rows' },
  PGRST116: { status: 406, title: 'There is not exactly one row' },
  PGRST117: { status: 405, title: 'The method is not there for this path' },
  PGRST118: { status: 400, title: 'Rows cannot be ordered by a relation to many' },
  PGRST120: { status: 400, title: 'An embed can only be filtered with is.null or not.is.null' },
  PGRST122: { status: 400, title: 'A preference cannot be honoured' },
  PGRST124: { status: 400, title: 'More rows would be touched than were meant' },
  PGRST125: { status: 404, title: 'There is nothing at this path' },
  PGRST127: { status: 400, title: 'The feature is not supported' },
  PGRST200: { status: 400, title: 'There is no such relation' },
  PGRST201: { status: 300, title: 'More than one relation is meant' },
  PGRST202: { status: 404, title: 'There is no such function' },
  PGRST204: { status: 400, title: 'There is no such column to write' },
  PGRST205: { status: 404, title: 'There is no such table' },
  PGRST300: { status: 500, title: 'No key is there to check the token with' },
  PGRST301: { status: 401, title: 'The token is not valid' },
  PGRST303: { status: 401, title: 'The token is not valid now' },
  // ── Ours ──
  invalid_api_key: { status: 401, title: 'The API key is not known' },
  secret_key_in_browser: {
    status: 403,
    title: 'The secret key was sent by a browser',
    hint: 'Use the publishable key in browsers, and replace this secret key: it has been seen.',
  },
  body_too_large: { status: 413, title: 'The body is too large' },
  url_too_long: { status: 414, title: 'The URL is too long' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  too_deep: { status: 400, title: 'The request is nested too deeply' },
  too_complex: { status: 400, title: 'The request asks for too much at once' },
  rate_limited: { status: 429, title: 'Too many requests', hint: 'Wait for the seconds that Retry-After says.' },
  bad_request: { status: 400, title: 'The request cannot be read' },
  unsupported_media_type: { status: 415, title: 'The body is in a form that cannot be read' },
  not_found: { status: 404, title: 'There is no such row' },
  idempotency_key_running: {
    status: 409,
    title: 'The same request is being carried out',
    hint: 'Send it again in a moment: its answer is given again.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'The key was used for another request',
    hint: 'Make a new key for each thing that is done.',
  },
  weak_idempotency_key: { status: 400, title: 'The key could be guessed' },
  precondition_failed: { status: 412, title: 'The row is not the one that was expected' },
  outside_call: { status: 500, title: 'A function in a transaction called outside' },
  shutting_down: { status: 503, title: 'The server is stopping', hint: 'Send the request again.' },
  timeout: { status: 408, title: 'The request did not arrive in time' },
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof catalogue

export interface ProblemOptions {
  /** More about this occurrence, for the reader. */
  readonly details?: string
  /** What to do about this occurrence; the catalogue's hint where left out. */
  readonly hint?: string
  /** Headers that belong to the answer, such as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>
  /** Which of several operations failed. */
  readonly operation?: string
  /** What happened below; goes to the log, never to the client. */
  readonly cause?: unknown
}

/** An error that a backend's own functions tell: its code is theirs. */
export interface OwnError extends ErrorEntry {
  readonly code: string
}

/** The one error that reaches a client. `message` is the sentence for this occurrence. */
export class Problem extends Error {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly details: string | null
  readonly hint: string | null
  readonly headers: Readonly<Record<string, string>> | undefined
  readonly operation: string | undefined

  constructor(code: ErrorCode | OwnError, message: string, options: ProblemOptions = {}) {
    super(message, { cause: options.cause })
    this.name = 'Problem'
    const entry: OwnError = typeof code === 'string' ? { ...catalogue[code], code } : code
    this.code = entry.code
    this.status = entry.status
    this.title = entry.title
    this.details = options.details ?? null
    this.hint = options.hint ?? entry.hint ?? null
    this.headers = options.headers
    this.operation = options.operation
  }

  /** What it is an occurrence of, to tell another one in other words. */
  get kind(): OwnError {
    return { code: this.code, status: this.status, title: this.title }
  }
}

/** An entry of the catalogue by a code that may be none of its own. */
export const entryOf = (code: string): ErrorEntry | undefined => new Map<string, ErrorEntry>(Object.entries(catalogue)).get(code)

/** What is wrong with a backend file or a setting: where, what, and the way out. Several are shown at once. */
export interface LoadError {
  /** `tables.orders.customer_id`, `access.orders.read`, `PORT`. */
  readonly place: string
  readonly message: string
  readonly fix: string
  /** `store.ts:12:5`, where it is known. */
  readonly source?: string
}

/** Stops a start: every load error that was found, not the first alone. */
export class LoadFailure extends Error {
  readonly errors: readonly LoadError[]
  constructor(errors: readonly LoadError[]) {
    super(errors.map((error) => `${error.place}: ${error.message} ${error.fix}`).join('\n'))
    this.name = 'LoadFailure'
    this.errors = errors
  }
}
