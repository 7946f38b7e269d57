/** A reader at a terminal who follows a page: runs its commands one after the other and tells what came. */
import { execFile, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Got } from './answers.ts'
import { plinth, start } from './command.ts'
import { wordsOf } from './pages.ts'

/** Where `npm start` says that it serves. */
export const ADDRESS = 'http://127.0.0.1:4000'

/** A server as somebody at a terminal sees it. */
export interface Terminal {
  readonly child: ChildProcess
  readonly url: string
  readonly keys: { readonly publishable: string; readonly secret: string }
  /** All that it has said until it listened, at the address it has by default. */
  readonly said: string
}

export interface Place {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

/** Runs `plinth dev` or `plinth start` until it listens. */
export async function serving(args: readonly string[], { cwd, env }: Place): Promise<Terminal> {
  const child = start(args, { cwd, env })
  let said = ''
  const listening = new Promise<void>((resolve, reject) => {
    const take = (piece: string): void => {
      said += piece
      if (/Ctrl-C stops it\.\n/.test(said)) resolve()
    }
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', take)
    child.once('close', (code) => reject(new Ended(plainSaid(said), typeof code === 'number' ? code : undefined)))
  })
  await listening
  const url = /is served at (\S+)/.exec(said)?.[1] ?? ''
  const [publishable = ''] = /sb_publishable_[\w-]+/.exec(said) ?? []
  const [secret = ''] = /sb_secret_[\w-]+/.exec(said) ?? []
  return { child, url, keys: { publishable, secret }, said: plainSaid(said).replaceAll(url, ADDRESS) }
}

/** A server that could not be started, with all that it said. */
class Ended extends Error {
  readonly said: string
  readonly code: number | undefined
  constructor(said: string, code: number | undefined) {
    super(`It ended with ${code} before it listened:\n${said}`)
    this.said = said
    this.code = code
  }
}

/** Without the log, which has a page of its own, and the counting, which is over when a person reads. */
const plainSaid = (said: string): string =>
  said
    .split('\n')
    .filter((line) => !/^(\{|Seeding: )/.test(line))
    .join('\n')

export async function stopped({ child }: Terminal): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'close')
}

export interface SessionOptions {
  /** The store, as `npm start` serves it. */
  readonly store: Terminal
  readonly storePlace: Place
  /** Of the page: where `npx plinth` works at first. */
  readonly folder: string
  readonly variables: ReadonlyMap<string, string>
}

export class Session {
  readonly variables: Map<string, string>
  readonly #options: SessionOptions
  #folder: string
  #own: Terminal | undefined

  constructor(options: SessionOptions) {
    this.#options = options
    this.variables = new Map(options.variables)
    this.#folder = options.folder
  }

  async close(): Promise<void> {
    if (this.#own) await stopped(this.#own)
  }

  async run(command: string): Promise<Got> {
    const set = /^(?:export )?([A-Z]\w*)=(.*)$/.exec(command)
    if (set) return this.#set(set[1] ?? '', set[2] ?? '')
    const words = wordsOf(command, this.variables)
    if (words[0] === 'curl') return this.#curl(words.slice(1))
    if (words.slice(0, 2).join(' ') === 'npm start') return { text: this.#options.store.said }
    if (words.slice(0, 5).join(' ') === 'npm run -s plinth --') return this.#plinth(words.slice(5), this.#options.storePlace)
    if (words.slice(0, 2).join(' ') === 'npx node') return this.#node(words.slice(2))
    if (words[0] === 'node') return this.#node(words.slice(1))
    if (words[0] === 'cd') return this.#enter(words[1] ?? '.')
    if (words.slice(0, 2).join(' ') === 'npx plinth') return this.#ownPlinth(words.slice(2))
    throw new Error(`nobody knows how to run: ${command}`)
  }

  async #set(name: string, value: string): Promise<Got> {
    const keys: Readonly<Record<string, string>> = { KEY: this.#options.store.keys.publishable, SECRET: this.#options.store.keys.secret }
    const inner = /^\$\((.*)\)$/.exec(value)?.[1]
    const found = keys[name] ?? (inner === undefined ? wordsOf(value, this.variables)[0] : (await this.run(inner)).text.trim())
    this.variables.set(name, found ?? '')
    return { text: '' }
  }

  /** A module of the page, with the reader's variables in its environment. */
  async #node(args: readonly string[]): Promise<Got> {
    const env = { ...process.env, ...Object.fromEntries(this.variables), NO_COLOR: '1' }
    const { stdout } = await promisify(execFile)(process.execPath, [...args], { cwd: this.#folder, env, encoding: 'utf8' })
    return { text: stdout }
  }

  #enter(folder: string): Got {
    this.#folder = join(this.#folder, folder)
    return { text: '' }
  }

  async #plinth(args: readonly string[], place: Place): Promise<Got> {
    const { code, out, err } = await plinth(args, place)
    if (code !== 0 && code !== 1) throw new Error(`plinth ${args.join(' ')} ended with ${code}\n${err}`)
    return { status: code, text: `${out}${err}` }
  }

  /** `plinth` in the page's folder; what serves goes on until the page is done. */
  async #ownPlinth(args: readonly string[]): Promise<Got> {
    const place = { cwd: this.#folder, env: {} }
    if (args[0] !== 'dev' && args[0] !== 'start') return this.#plinth(args, place)
    if (this.#own) await stopped(this.#own)
    this.#own = undefined
    try {
      this.#own = await serving(args, place)
    } catch (error) {
      // One that is refused has an answer too.
      if (error instanceof Ended && error.code === 1) return { text: error.said }
      throw error
    }
    this.variables.set('KEY', this.#own.keys.publishable)
    return { text: this.#own.said }
  }

  // ── curl ──

  #curl(words: readonly string[]): Promise<Got> {
    const asked = readCurl(words)
    const { url } = this.#own ?? this.#options.store
    if (!asked.url.startsWith(ADDRESS)) throw new Error(`curl is to ask ${ADDRESS}, and asks ${asked.url}`)
    if (/[[\]{}]/.test(asked.url) && !asked.literal) throw new Error(`curl reads {} and [] as lists: write curl -g for ${asked.url}`)
    const file = asked.body?.startsWith('@') ? join(this.#folder, asked.body.slice(1)) : undefined
    return send(url, file === undefined ? asked : { ...asked, body: readFileSync(file, 'utf8') })
  }
}

interface Curl {
  readonly method: string
  /** Byte for byte as it goes out. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  /** `-g`: braces are braces. */
  readonly literal: boolean
}

function readCurl(words: readonly string[]): Curl {
  const headers: Record<string, string> = {}
  const data: string[] = []
  const said: { method?: string; body?: string } = {}
  let [url, literal] = ['', false]
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    const value = (): string => words[++at] ?? ''
    if (word === '-H') Object.assign(headers, headerOf(value()))
    else if (word === '-X') said.method = value()
    else if (word === '--data-urlencode') data.push(encodedPair(value()))
    else if (BODIES[word] !== undefined) {
      said.body = value()
      Object.assign(headers, { ...BODIES[word], ...headers })
    } else if (/^-[a-zA-Z]+$/.test(word) && /^[isSgGI]+$/.test(word.slice(1))) {
      if (word.includes('I')) said.method = 'HEAD'
      literal ||= word.includes('g')
    } else if (word.startsWith('-')) throw new Error(`curl ${word} is not known to the docs' test`)
    else url = word
  }
  const asked = data.length === 0 ? url : `${url}${url.includes('?') ? '&' : '?'}${data.join('&')}`
  return { method: said.method ?? (said.body === undefined ? 'GET' : 'POST'), url: asked, headers, body: said.body, literal }
}

/** How curl sends a body, and what it says of it unless a header does. */
const BODIES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '--json': { 'content-type': 'application/json', accept: 'application/json' },
  '-d': { 'content-type': 'application/x-www-form-urlencoded' },
  '--data-binary': { 'content-type': 'application/x-www-form-urlencoded' },
}

const headerOf = (line: string): Record<string, string> => ({
  [line.slice(0, line.indexOf(':')).trim().toLowerCase()]: line.slice(line.indexOf(':') + 1).trim(),
})
const encodedPair = (pair: string): string => `${pair.slice(0, pair.indexOf('='))}=${encodeURIComponent(pair.slice(pair.indexOf('=') + 1))}`

function send(base: string, { method, url, headers, body }: Curl): Promise<Got> {
  const { hostname, port } = new URL(base)
  return new Promise((resolve, reject) => {
    request({ hostname, port, method, path: url.slice(ADDRESS.length) || '/', headers: { accept: '*/*', ...headers } }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: plain(response.headers), text }))
    })
      .on('error', reject)
      .end(body)
  })
}

const plain = (headers: NodeJS.Dict<string | string[]>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]))
