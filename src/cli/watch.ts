/**
 * Tells when a user's module was saved. Watches the folders that hold modules, not the modules: editors save by
 * putting a new file in the old one's place, and a watch on the old one would go with it. Not recursive: folders
 * without a module (`node_modules`, `data`, `.git`) are never looked into.
 */
import { watch, type FSWatcher } from 'node:fs'
import { dirname, extname, join } from 'node:path'

/** Saves come as several events; the time in which they are one. */
const QUIET = 40
const SOURCES: ReadonlySet<string> = new Set(['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json'])

export interface Watching {
  /** Looks at the modules' folders anew, after a load may have met others. */
  refresh(): void
  close(): void
}

export interface Watched {
  /** The modules there are. */
  files(): ReadonlySet<string>
  /** True while the last load failed: a file that is not yet a module may be what was missing. */
  failed(): boolean
}

export function watchModules(watched: Watched, onChange: () => void): Watching {
  const watchers = new Map<string, FSWatcher>()
  let timer: NodeJS.Timeout | undefined
  const soon = (): void => {
    clearTimeout(timer)
    timer = setTimeout(onChange, QUIET)
  }
  const matters = (file: string): boolean => watched.files().has(file) || (watched.failed() && SOURCES.has(extname(file)))
  const refresh = (): void => {
    const folders = new Set([...watched.files()].map((file) => dirname(file)))
    for (const folder of folders) if (!watchers.has(folder)) start(watchers, folder, (name) => void (matters(join(folder, name)) && soon()))
    for (const [folder, watcher] of watchers) if (!folders.has(folder)) stop(watchers, folder, watcher)
  }
  refresh()
  return {
    refresh,
    close() {
      clearTimeout(timer)
      for (const [folder, watcher] of watchers) stop(watchers, folder, watcher)
    },
  }
}

function start(watchers: Map<string, FSWatcher>, folder: string, changed: (name: string) => void): void {
  try {
    const watcher = watch(folder, (_, name) => void (name !== null && changed(name)))
    // A folder that goes away; it is watched again when a module in it is met.
    watcher.on('error', () => stop(watchers, folder, watcher))
    watchers.set(folder, watcher)
  } catch {
    // A folder that is not there (an import that leads nowhere) is watched once it is.
  }
}

function stop(watchers: Map<string, FSWatcher>, folder: string, watcher: FSWatcher): void {
  watcher.close()
  watchers.delete(folder)
}
