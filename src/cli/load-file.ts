/**
 * The user's backend file: found, run, and run again after a change, in this same process.
 *
 * 1. Node runs it as it is, types stripped. Where Node refuses (enums, parameter properties, imports without an
 *    extension), jiti does.
 * 2. Each load gets fresh copies of the user's own modules and of nothing else: their addresses carry the number of
 *    the load. What is in `node_modules`, and Plinth itself, is the same for all.
 * 3. `import … from 'plinth'` in a user's module is always the Plinth that is running, installed there or not.
 */
import { existsSync, statSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { dirname, join, resolve, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { LoadFailure } from '../errors.ts'
import { isBackend, type Backend } from '../schema/backend.ts'
import { placeOf } from './code-frame.ts'
import { CommandFailure } from './exit.ts'
import { asLoadFailure } from './load-errors.ts'
import { shortPath } from './paths.ts'

/** The names that are looked for in a folder, the first that is there wins. */
export const BACKEND_FILES = [
  'plinth.ts',
  'backend.ts',
  'plinth.mts',
  'backend.mts',
  'plinth.js',
  'backend.js',
  'plinth.mjs',
  'backend.mjs',
] as const

/** The file that a path (a file, or a folder that holds one) means. */
export function findBackendFile(path: string): string {
  const full = resolve(path)
  const found = statSync(full, { throwIfNoEntry: false })
  if (found === undefined) throw new CommandFailure(`${path} is not there.`, 'Give a backend file, or a folder that holds plinth.ts.')
  if (!found.isDirectory()) return full
  const file = BACKEND_FILES.map((name) => join(full, name)).find((candidate) => existsSync(candidate))
  if (file !== undefined) return file
  throw new CommandFailure(`There is no plinth.ts in ${shortPath(full)}.`, 'Make one with plinth init, or give the path of the file.')
}

export interface Loader {
  readonly file: string
  /** Runs the file anew. Throws a `LoadFailure` that says where it goes wrong. */
  load(): Promise<Backend>
  /** The user's modules that the last load met, the file itself first; also where it failed. */
  files(): ReadonlySet<string>
}

export function createLoader(file: string): Loader {
  hook()
  let files = new Set([file])
  return {
    file,
    files: () => files,
    async load() {
      files = met = new Set([file])
      forgetCommonJs()
      try {
        return backendOf(await runFile(file, files), file)
      } catch (error) {
        for (const place of placesOf(error)) files.add(place)
        throw error
      }
    },
  }
}

/** A module that stopped the load may not have been met: it is where a save will mend it. */
function placesOf(error: unknown): readonly string[] {
  const sources = error instanceof LoadFailure ? error.errors.map(({ source }) => source) : []
  return sources.flatMap((source) => (source === undefined ? [] : [resolve(placeOf(source)?.file ?? '.')]))
}

const OWN = dirname(fileURLToPath(import.meta.resolve('plinth'))) + sep
const VERSION = 'plinth-load'

let hooked = false
let loads = 0
/** The modules of the load that goes on. */
let met = new Set<string>()

const isUsers = (path: string): boolean => !path.includes(`${sep}node_modules${sep}`) && !path.startsWith(OWN)

function hook(): void {
  if (hooked) return
  hooked = true
  registerHooks({
    resolve(specifier, context, next) {
      const version = versionOf(context.parentURL)
      if (version === undefined) return next(specifier, context)
      if (/^plinth(\/|$)/.test(specifier)) return next(specifier, { ...context, parentURL: import.meta.url })
      const found = next(specifier, context)
      if (!found.url.startsWith('file:') || !isUsers(fileURLToPath(found.url))) return found
      met.add(fileURLToPath(found.url))
      return { ...found, url: withVersion(found.url, version) }
    },
  })
}

const versionOf = (url: string | undefined): string | undefined =>
  url === undefined ? undefined : new RegExp(`[?&]${VERSION}=(\\d+)`).exec(url)?.[1]

function withVersion(url: string, version: string): string {
  const versioned = new URL(url)
  versioned.searchParams.set(VERSION, version)
  return versioned.href
}

async function runFile(file: string, files: ReadonlySet<string>): Promise<unknown> {
  try {
    return await import(withVersion(pathToFileURL(file).href, String(++loads)))
  } catch (error) {
    if (error instanceof LoadFailure) throw error
    if (nodeRefuses(error)) return runWithJiti(file, error, files)
    throw await asLoadFailure(error, file, files)
  }
}

/** Node found something that it does not do, before it ran anything; jiti may. */
function nodeRefuses(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  const isModule = error.code === 'ERR_MODULE_NOT_FOUND' && error.message.startsWith('Cannot find module')
  return isModule || error.code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX' || error.code === 'ERR_UNSUPPORTED_DIR_IMPORT'
}

async function runWithJiti(file: string, refusal: unknown, files: ReadonlySet<string>): Promise<unknown> {
  const { createJiti } = await import('jiti')
  const plinth: unknown = await import(import.meta.resolve('plinth'))
  const jiti = createJiti(pathToFileURL(file).href, { fsCache: false, interopDefault: false, virtualModules: { plinth } })
  try {
    return await jiti.import(file)
  } catch (error) {
    // A module that neither of them finds: Node's sentence names it better.
    const missing = error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND'
    throw await asLoadFailure(missing ? refusal : error, file, files)
  } finally {
    for (const path of Object.keys(jiti.cache).filter(isUsersOwn)) met.add(path)
  }
}

/** What jiti runs, and what a module requires, is kept by Node under its path alone. */
function forgetCommonJs(): void {
  const { cache } = createRequire(import.meta.url)
  for (const path of Object.keys(cache).filter(isUsersOwn)) delete cache[path]
}

const isUsersOwn = (path: string): boolean => (path.startsWith(sep) || /^[A-Za-z]:\\/.test(path) ? isUsers(path) : false)

function backendOf(module: unknown, file: string): Backend {
  const backend = typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined
  if (isBackend(backend)) return backend
  const [message, fix] =
    backend === undefined
      ? ['The file has no default export.', 'End it with: export default plinth({ tables: { … } })']
      : ['The default export is not what plinth() returned.', 'Write: export default plinth({ tables: { … } })']
  throw new LoadFailure([{ place: 'export default', message, fix, source: `${shortPath(file)}:1:1` }])
}
