/**
 * What `dev` and `start` share: open, seed, listen, say what is served, stop when asked to.
 *
 * 1. Nothing listens before the database is as the file says and the seed is done.
 * 2. A taken port is found before the work begins, which may be a minute of seeding.
 * 3. Asked to stop (Ctrl-C, SIGTERM), requests under way are finished first; asked twice, it ends at once.
 */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { LoadFailure } from '../errors.ts'
import type { EventName } from '../events.ts'
import type { Backend } from '../schema/backend.ts'
import { open } from '../server.ts'
import type { Settings } from '../settings.ts'
import { INTERRUPTED } from './exit.ts'
import { warnOfMisspelt } from './misspelt.ts'
import { seedWithProgress } from './seed-progress.ts'
import { settingsOf } from './settings-for.ts'
import type { Terminal } from './terminal.ts'

export type Running = Awaited<ReturnType<typeof open>>

export interface Serving {
  readonly running: Running
  readonly settings: Settings
  readonly url: string
}

/** What a person at a terminal is told by the command itself, and need not read a second time in the log. */
const SAID: readonly EventName[] = ['keys_made', 'schema_applied', 'listening', 'replaced', 'stopping', 'stopped']

/** What may be done to the database (only to make an empty one, or every change that loses nothing), and for whom it is served. */
export interface ServeOptions {
  /** The backend's. */
  readonly file: string
  /** What was run: `plinth dev shop`. */
  readonly command: string
  readonly allow: 'create' | 'lossless'
  readonly development: boolean
}

export const commandOf = (name: 'dev' | 'start', path: string): string => `plinth ${name}${path === '.' ? '' : ` ${path}`}`

export async function startServing(backend: Backend, { file, command, ...options }: ServeOptions, terminal: Terminal): Promise<Serving> {
  const settings = settingsOf(backend, file)
  warnOfMisspelt(terminal)
  await expectFreePort(settings, command)
  const running = await open(backend, { settings, ...options, serve: true, unsaid: process.stdout.isTTY ? SAID : [] })
  if (running.created)
    terminal.say(`Made the database: ${running.schema.tables.size} ${running.schema.tables.size === 1 ? 'table' : 'tables'}.`)
  try {
    await seedWithProgress(backend, running, terminal)
    const { url } = await running.listen()
    return { running, settings, url }
  } catch (error) {
    await running.stop()
    throw error
  }
}

async function expectFreePort({ port, host }: Settings, command: string): Promise<void> {
  if (port === 0) return
  const probe = createServer()
  try {
    await once(probe.listen(port, host), 'listening')
  } catch (error) {
    // What else may be wrong with a port or a host is said when it is listened on.
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) return
    const fix = `Stop what listens there, or choose another port: PORT=${port + 1} ${command}`
    throw new LoadFailure([{ place: 'PORT', message: `Port ${port} of ${host} is taken.`, fix }])
  } finally {
    probe.close()
  }
}

/** Resolves when a signal asks to stop; a second one ends the process there and then. */
export function askedToStop(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(INTERRUPTED)
        asked = true
        resolve(signal)
      })
    }
  })
}

export async function stopServing(running: Running, terminal: Terminal): Promise<void> {
  // The terminal shows ^C and stays on that line.
  if (process.stdout.isTTY) terminal.say()
  await running.stop()
  terminal.tell({ event: 'stopped' })
  terminal.say('Stopped.')
}
