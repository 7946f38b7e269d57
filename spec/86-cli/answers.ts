/** Answers as pages show them: how they are compared with what came, and how they are written anew. */

/** What a command or a request gave. */
export interface Got {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly text: string
}

/** Without the blanks that are there for readers; digits and the order of members stay. */
const compact = (json: string): string => json.replaceAll(/("(?:[^"\\]|\\.)*")|\s+/g, '$1')
const lines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim()

/** The two forms that are compared: they are equal, or `wanted` has `…` where `got` has anything. */
export interface Compared {
  readonly wanted: string
  readonly got: string
}

export function compared(kind: string, shown: string, got: Got): Compared {
  if (kind === 'json') return filled({ wanted: compact(shown), got: compact(got.text) })
  if (kind === 'http') return comparedHttp(shown, got)
  return filled({ wanted: lines(shown), got: lines(got.text) })
}

/** Where the pattern fits, `got` is put in the place of `wanted`, so that only a difference shows as one. */
function filled({ wanted, got }: Compared): Compared {
  if (!wanted.includes('…')) return { wanted, got }
  const pattern = wanted
    .split('…')
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^\\n]*')
  return new RegExp(`^${pattern}$`).test(got) ? { wanted: got, got } : { wanted, got }
}

function comparedHttp(shown: string, got: Got): Compared {
  const { status, headers, body } = partsOf(shown)
  const names = headers.map(([name]) => name)
  const wanted = [status, ...headers.map(([name, value]) => `${name}: ${value}`), ...(body === undefined ? [] : ['', compact(body)])]
  const shownHeaders = names.map((name) => `${name}: ${got.headers?.[name.toLowerCase()] ?? '(not there)'}`)
  const came = [`${got.status}`, ...shownHeaders, ...(body === undefined ? [] : ['', compact(got.text)])]
  return filled({ wanted: wanted.join('\n'), got: came.join('\n') })
}

function partsOf(shown: string): { status: string; headers: readonly (readonly [string, string])[]; body: string | undefined } {
  const [head = '', ...rest] = shown.split('\n\n')
  const [first = '', ...headers] = head.trimEnd().split('\n')
  const pairs = headers.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const)
  return { status: first.split(' ')[1] ?? '', headers: pairs, body: rest.length === 0 ? undefined : rest.join('\n\n') }
}

// ── Written anew ──

/** The block's text with what came in it. */
export function rewritten(kind: string, shown: string, got: Got): string {
  const { wanted, got: came } = compared(kind, shown, got)
  if (wanted === came) return shown
  if (kind === 'json') return `${pretty(masked(got.text))}\n`
  if (kind === 'http') return rewrittenHttp(shown, got)
  return `${masked(lines(got.text))}\n`
}

/** Of no use to a reader, and another in each run. */
function masked(text: string): string {
  const keys = text.replaceAll(/(urn:plinth:request:|sb_publishable_|sb_secret_|eyJ)[\w.-]+/g, '$1…')
  return keys
    .replaceAll(/^( +Docs +).*$/gm, '$1…')
    .replaceAll(/\b\d+ ms\b/g, '… ms')
    .replaceAll(/\bin \d+\.\d s\b/g, 'in … s')
    .replaceAll(/\bSQLite \d[\d.]*/g, 'SQLite …')
}

function rewrittenHttp(shown: string, got: Got): string {
  const { headers, body } = partsOf(shown)
  const head = [
    `HTTP/1.1 ${got.status} ${REASONS[got.status ?? 0] ?? ''}`.trimEnd(),
    ...headers.map(([name]) => `${name}: ${got.headers?.[name.toLowerCase()] ?? ''}`),
  ]
  return `${head.join('\n')}\n${body === undefined ? '' : `\n${got.text === '' ? '' : `${pretty(masked(got.text))}\n`}`}`
}

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  206: 'Partial Content',
  300: 'Multiple Choices',
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  406: 'Not Acceptable',
  409: 'Conflict',
  412: 'Precondition Failed',
  416: 'Range Not Satisfiable',
}

const WIDTH = 100

/** JSON for readers: on one line what fits, else a member a line. */
export function pretty(json: string): string {
  const tokens = compact(json).match(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^[\]{},:"]+/g) ?? []
  return new Printer(tokens).value('')
}

class Printer {
  readonly #tokens: readonly string[]
  #at = 0

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens
  }

  #next(): string {
    return this.#tokens[this.#at++] ?? ''
  }

  value(indent: string): string {
    const open = this.#next()
    if (open !== '[' && open !== '{') return open
    const close = open === '[' ? ']' : '}'
    const members = this.#members(close, `${indent}  `)
    const short = open === '[' ? `[${members.join(', ')}]` : `{ ${members.join(', ')} }`
    if (members.length === 0) return open + close
    if (indent.length + short.length <= WIDTH && !short.includes('\n')) return short
    return `${open}\n${members.map((member) => `${indent}  ${member}`).join(',\n')}\n${indent}${close}`
  }

  #members(close: string, indent: string): string[] {
    const members: string[] = []
    while (this.#tokens[this.#at] !== close) {
      const key = close === '}' ? `${this.#next()}${this.#next()} ` : ''
      members.push(key + this.value(indent))
      if (this.#tokens[this.#at] === ',') this.#at++
    }
    this.#at++
    return members
  }
}
