/** How this Plinth is installed, as a new folder sees it: whether it is found from there, and how to ask for the same one. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Installed {
  /** For `dependencies` of a package.json in that folder. */
  readonly dependency: string
  readonly isThere: boolean
  readonly hasNodeTypes: boolean
}

export function installedFor(folder: string, version: string): Installed {
  return { dependency: dependencyOf(folder, version), isThere: finds(folder, 'plinth'), hasNodeTypes: finds(folder, '@types/node') }
}

/** Looks where Node looks, also from a folder that is not there yet. */
function finds(folder: string, name: string): boolean {
  if (existsSync(join(folder, 'node_modules', name, 'package.json'))) return true
  const above = dirname(folder)
  return above !== folder && finds(above, name)
}

/** A package that came from a file must be asked for as that file: no registry knows it. */
function dependencyOf(folder: string, version: string): string {
  const home = dirname(fileURLToPath(import.meta.resolve('plinth/package.json')))
  const at = home.lastIndexOf(`${sep}node_modules${sep}`)
  if (at === -1) return `file:${wayTo(folder, home)}`
  const project = home.slice(0, at)
  const from = /^file:(.+)$/.exec(lockedSource(project, home.slice(at + 1)))?.[1]
  return from === undefined ? `^${version}` : `file:${wayTo(folder, resolve(project, from))}`
}

const wayTo = (folder: string, path: string): string => relative(folder, path).replaceAll(sep, '/')

/** Where npm took a package from, as it notes beside the packages. */
function lockedSource(project: string, path: string): string {
  try {
    const lock: { packages?: Record<string, { resolved?: string }> } = JSON.parse(
      readFileSync(join(project, 'node_modules', '.package-lock.json'), 'utf8'),
    )
    return lock.packages?.[path.replaceAll(sep, '/')]?.resolved ?? ''
  } catch {
    // Another installer, or none.
    return ''
  }
}
