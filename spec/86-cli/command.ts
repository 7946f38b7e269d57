/**
 * The real command, in a process and a folder of its own. Every sentence of this chapter is about what somebody at a
 * terminal, or a program in their place, sees.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts')

export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}
export interface Where {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
}
export type Told = Readonly<Record<string, unknown>>

/** An empty folder that goes when the test is done, with these files in it. */
export function folderWith(files: Readonly<Record<string, string>> = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'plinth-cli-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

export function start(args: readonly string[], { cwd, env }: Where): ChildProcess {
  const kept = Object.fromEntries(['PATH', 'HOME', 'TMPDIR', 'NODE_COMPILE_CACHE'].map((name) => [name, process.env[name]]))
  return spawn(process.execPath, [MAIN, ...args], { cwd, env: { ...kept, PORT: '0', ...env }, stdio: ['pipe', 'pipe', 'pipe'] })
}

/** Runs a command that ends by itself. */
export async function plinth(args: readonly string[], where: Where): Promise<Ran> {
  const child = start(args, where)
  const [out, err] = [gather(child.stdout), gather(child.stderr)]
  child.stdin?.end(where.input)
  const [code] = await once(child, 'close')
  return { code: typeof code === 'number' ? code : null, out: out.text(), err: err.text() }
}

function gather(stream: NodeJS.ReadableStream | null): { text(): string } {
  const pieces: string[] = []
  stream?.setEncoding('utf8').on('data', (piece: string) => pieces.push(piece))
  return { text: () => pieces.join('') }
}

/** The server's log goes the same way; its lines have a level. */
const isNoLog = (told: Told): boolean => !('level' in told)

/** A server that was started with `--json`: what it tells, and how to ask it. */
export class Served {
  readonly child: ChildProcess
  readonly #told: Told[] = []
  readonly #err: { text(): string }
  #looked = 0
  #rest = ''
  #wake: () => void = () => undefined
  readonly #closed: Promise<unknown[]>
  url = ''
  key = ''

  constructor(child: ChildProcess) {
    this.child = child
    this.#err = gather(child.stderr)
    child.stdout?.setEncoding('utf8').on('data', (piece: string) => this.#take(piece))
    this.#closed = once(child, 'close')
    void this.#closed.then(() => this.#wake())
  }

  #take(piece: string): void {
    const lines = (this.#rest + piece).split('\n')
    this.#rest = lines.pop() ?? ''
    this.#told.push(
      ...lines
        .filter((line) => line.startsWith('{'))
        .map((line): Told => JSON.parse(line))
        .filter(isNoLog),
    )
    this.#wake()
  }

  /** The next thing told that has this name: `listening`, `reloaded`, `error` … */
  async next(name: string): Promise<Told> {
    for (;;) {
      const at = this.#told.findIndex((told, index) => index >= this.#looked && (told['event'] === name || name in told))
      const found = this.#told[at]
      if (found) {
        this.#looked = at + 1
        return found
      }
      if (this.#hasEnded())
        throw new Error(
          `It ended with ${this.child.exitCode ?? this.child.signalCode} before "${name}".\n${this.#err.text()}${JSON.stringify(this.#told)}`,
        )
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${this.url}${path}`, { headers: { apikey: this.key, ...headers } })
    return { status: response.status, body: await response.json() }
  }

  #hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null
  }

  /** Gives the exit code; null where the signal itself ended it. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (!this.#hasEnded()) this.child.kill(signal)
    await this.#closed
    return this.child.exitCode
  }
}

/** Starts it without waiting; it is stopped when the test is done. */
export function spawned(args: readonly string[], where: Where): Served {
  const served = new Served(start([...args, '--json'], where))
  onTestFinished(async () => void (await served.stop('SIGKILL')))
  return served
}

/** Starts it and waits until it listens. */
export async function serve(args: readonly string[], where: Where): Promise<Served> {
  const served = spawned(args, where)
  await listening(served)
  return served
}

export async function listening(served: Served): Promise<Told> {
  const told = await served.next('listening')
  const { url, keys }: { url?: string; keys?: { publishable: string } } = told
  served.url = url ?? ''
  served.key = keys?.publishable ?? ''
  return told
}

/** A small backend: notes that everybody may read, some of them there from the start. */
export const notes = (
  columns = 'words: text().max(50),\n      stars: integer().min(1).max(5).default(3)',
): string => `import { anyone, array, boolean, date, decimal, integer, json, oneOf, plinth, ref, role, signedIn, table, text, timestamp, user } from 'plinth'

export default plinth({
  tables: {
    notes: table({
      ${columns},
    }),
  },
  access: { notes: { read: anyone, insert: role('staff') } },
  async seed({ insert }) {
    await insert('notes', [{ words: 'first' }, { words: 'second' }])
  },
})
`
