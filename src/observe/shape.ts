/** What of a request may be written down: where it went and what kind of question it was, never a value in it. */

/** The most of a path or a query that is kept. */
const most = 300

/**
 * The path up to the table or the function; a key after it is a value: `/rest/v1/customers/*`.
 * Three parts say where a request went (`/rest/v1/customers`), one more after `rpc`.
 */
export function pathShape(path: string): string {
  const third = nth(path, 4)
  if (third < 0) return cut(path)
  const end = path.startsWith('/rpc/', nth(path, 3)) ? path.indexOf('/', third + 1) : third
  return end < 0 ? cut(path) : `${cut(path.slice(0, end))}/*`
}

/** Where the nth slash is. */
function nth(path: string, count: number): number {
  let at = -1
  for (let i = 0; i < count; i += 1) {
    at = path.indexOf('/', at + 1)
    if (at < 0) return -1
  }
  return at
}

/** The names of the parameters: `select&price&order` of `?select=name&price=gt.5&order=name`. */
export function queryShape(query: string): string | undefined {
  if (query === '') return undefined
  let shape = ''
  let start = 0
  while (start <= query.length && shape.length < most) {
    let end = query.indexOf('&', start)
    if (end < 0) end = query.length
    const equals = query.indexOf('=', start)
    // What has no value may itself be one.
    const name = equals < 0 || equals > end ? '*' : query.slice(start, Math.min(equals, start + 64))
    shape += shape === '' ? name : `&${name}`
    start = end + 1
  }
  return cut(shape)
}

const cut = (text: string): string => (text.length > most ? `${text.slice(0, most)}…` : text)

/** Errors of the language itself say what the code did; the messages of others may quote what a client sent. */
const plain: ReadonlySet<string> = new Set(['TypeError', 'ReferenceError', 'RangeError'])

/** PostgreSQL's codes of names and rights: what it quotes then are names. (42601 quotes the statement.) */
const ofNames = /^42(?!601)[0-9A-Z]{3}$/

/** What happened below, with everything that may be a value left out. */
export function causeShape(cause: unknown): string {
  if (!(cause instanceof Error)) return typeof cause
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined
  // SQLite's own number, which its one code of Node's does not tell.
  const number = 'errcode' in cause && typeof cause.errcode === 'number' ? cause.errcode : undefined
  const isPlain = plain.has(cause.name) || (code !== undefined && ofNames.test(code))
  const message = isPlain ? cause.message : cause.message.replaceAll(/"[^"]*"?|'[^']*'?|\d+/g, '…')
  const frames = (cause.stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 6)
  const below = cause.cause === undefined ? '' : ` < ${causeShape(cause.cause)}`
  const kind = [cause.name, code, number].filter((part) => part !== undefined).join(' ')
  return `${kind}: ${message.slice(0, most)}${frames.map((frame) => ` | ${frame.trim()}`).join('')}${below}`
}
