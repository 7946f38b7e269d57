/**
 * The loop of `plinth dev`. It is either waiting for a first version that works, or serving the last one that did.
 *
 * 1. One load at a time; what is saved meanwhile is loaded next.
 * 2. No error of the file ends it. What no save can mend does: a taken port, a wrong setting of the environment.
 */
import { LoadFailure, Problem } from '../errors.ts'
import { WouldLose } from '../migrate/bring.ts'
import { showBanner } from './banner.ts'
import { Exit, INTERRUPTED } from './exit.ts'
import { createLoader, findBackendFile, type Loader } from './load-file.ts'
import { report } from './report.ts'
import { askedToStop, commandOf, startServing, stopServing, type Serving } from './serve.ts'
import { settingsOf } from './settings-for.ts'
import type { Terminal } from './terminal.ts'
import { watchModules, type Watching } from './watch.ts'

export async function develop(path: string, terminal: Terminal): Promise<void> {
  const development = new Development(createLoader(findBackendFile(path)), commandOf('dev', path), terminal)
  const stop = askedToStop()
  await Promise.race([development.run(), stop])
  if (development.isStarting()) {
    terminal.close()
    throw new Exit(INTERRUPTED)
  }
  await development.end()
}

class Development {
  readonly #loader: Loader
  readonly #command: string
  readonly #terminal: Terminal
  #serving: Serving | undefined
  #failed = false
  #loading = false
  #watching: Watching | undefined
  #busy: Promise<void> = Promise.resolve()
  #again = false
  #hopeless: (error: unknown) => void = () => undefined

  constructor(loader: Loader, command: string, terminal: Terminal) {
    this.#loader = loader
    this.#command = command
    this.#terminal = terminal
  }

  /** Never resolves; rejects with what no save can mend. */
  run(): Promise<never> {
    return new Promise((_, reject) => {
      this.#hopeless = reject
      this.#watching = watchModules({ files: () => this.#loader.files(), failed: () => this.#failed }, () => this.#next())
      this.#next()
    })
  }

  /** True while the first version is being opened or seeded, which nobody who asks to stop waits for. */
  isStarting(): boolean {
    return this.#loading && this.#serving === undefined
  }

  async end(): Promise<void> {
    this.#watching?.close()
    this.#again = false
    await this.#busy
    if (this.#serving) await stopServing(this.#serving.running, this.#terminal)
  }

  /** Loads now, or once more after the load that goes on. */
  #next(): void {
    if (this.#again) return
    this.#again = true
    this.#busy = this.#busy.then(async () => {
      if (!this.#again) return
      this.#again = false
      await this.#once()
    })
  }

  async #once(): Promise<void> {
    this.#loading = true
    try {
      await (this.#serving ? this.#reload(this.#serving) : this.#begin())
      this.#failed = false
    } catch (error) {
      this.#failed = true
      if (isMendable(error)) this.#showFailure(error)
      else this.#hopeless(error)
    }
    this.#loading = false
    this.#watching?.refresh()
  }

  async #begin(): Promise<void> {
    const backend = await this.#loader.load()
    this.#serving = await startServing(
      backend,
      { file: this.#loader.file, command: this.#command, allow: 'lossless', development: true },
      this.#terminal,
    )
    const { running } = this.#serving
    if (!running.created) this.#tellSteps(running.applied)
    showBanner(
      this.#serving,
      {
        file: this.#loader.file,
        closing: 'Serving, and again on every save. Ctrl-C stops it.',
        milliseconds: Math.round(performance.now()),
        secret: true,
      },
      this.#terminal,
    )
  }

  async #reload({ running, settings }: Serving): Promise<void> {
    const began = performance.now()
    const backend = await this.#loader.load()
    const changed = JSON.stringify(settingsOf(backend, this.#loader.file)) !== JSON.stringify(settings)
    const { applied } = await running.replace(backend)
    const milliseconds = Math.round(performance.now() - began)
    this.#tellSteps(applied)
    this.#terminal.tell({ event: 'reloaded', milliseconds, tables: [...running.schema.tables.keys()], restart: changed })
    this.#terminal.say(`${this.#terminal.style('green', '✓')} Loaded again in ${milliseconds} ms.`)
    if (changed) this.#terminal.warn('Settings are read at the start: stop and start again to use the new ones.')
  }

  #tellSteps(steps: readonly string[]): void {
    for (const step of steps) this.#terminal.say(`  ${this.#terminal.style('dim', 'database:')} ${step}`)
    if (steps.length > 0) this.#terminal.tell({ event: 'applied', steps })
  }

  #showFailure(error: unknown): void {
    report(error, this.#terminal)
    if (error instanceof WouldLose)
      this.#terminal.warn('In development, you can also start over with an empty database: plinth dev --reset.')
    this.#terminal.warn(
      this.#serving ? 'The last good version goes on being served; save to try again.' : 'Waiting for a save to try again.',
    )
  }
}

/** Settings of the environment are named in capitals. */
const isOfEnvironment = (place: string): boolean => /^[A-Z_]+$/.test(place)

function isMendable(error: unknown): boolean {
  if (error instanceof LoadFailure) return !error.errors.some(({ place }) => isOfEnvironment(place))
  return !(error instanceof Problem && error.code === '08006')
}
