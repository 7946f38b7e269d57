/** The work of `plinth check`: the file, the settings and the database, and every error of the three at once. */
import { existsSync } from 'node:fs'
import { LoadFailure, type LoadError } from '../errors.ts'
import type { Backend } from '../schema/backend.ts'
import { judge, pendingSteps } from '../server.ts'
import type { Settings } from '../settings.ts'
import { warnOfMisspelt } from './misspelt.ts'
import { createLoader, findBackendFile } from './load-file.ts'
import { settingsOf } from './settings-for.ts'
import type { Terminal } from './terminal.ts'

export async function check(path: string, withDatabase: boolean, terminal: Terminal): Promise<void> {
  const file = findBackendFile(path)
  const backend = await createLoader(file).load()
  const { settings, errors } = wrongSettings(backend, file)
  warnOfMisspelt(terminal)
  errors.push(...(await loadErrors(async () => judge(backend))))
  if (settings && errors.length === 0) errors.push(...(await loadErrors(() => compare(backend, settings, withDatabase, terminal))))
  if (errors.length > 0) throw new LoadFailure(errors)
  const tables = Object.keys(backend.tables)
  terminal.tell({ event: 'checked', tables })
  terminal.say(`${terminal.style('green', '✓')} All is well: ${tables.length} ${tables.length === 1 ? 'table' : 'tables'}.`)
}

function wrongSettings(backend: Backend, file: string): { settings?: Settings; errors: LoadError[] } {
  try {
    return { settings: settingsOf(backend, file), errors: [] }
  } catch (error) {
    return { errors: errorsOf(error) }
  }
}

async function loadErrors(read: () => Promise<unknown>): Promise<readonly LoadError[]> {
  try {
    await read()
    return []
  } catch (error) {
    return errorsOf(error)
  }
}

function errorsOf(error: unknown): LoadError[] {
  if (error instanceof LoadFailure) return [...error.errors]
  throw error
}

/** What SQLite cannot keep is found by a database in memory, where there is no other. */
async function compare(backend: Backend, settings: Settings, withDatabase: boolean, terminal: Terminal): Promise<void> {
  if (!withDatabase || isNotThere(settings.databaseUrl)) {
    await pendingSteps(backend, { ...settings, databaseUrl: 'sqlite::memory:' })
    if (withDatabase) terminal.say(NOT_YET)
    return
  }
  const steps = await pendingSteps(backend, settings)
  if (steps === undefined) terminal.say(NOT_YET)
  else if (steps.length > 0) throw new LoadFailure([unapplied(steps)])
}

const NOT_YET = 'The database is not there yet: plinth start makes it.'
/** Steps that are named; the rest are counted. */
const NAMED = 5

/** To open an SQLite file would be to make it. */
function isNotThere(url: string): boolean {
  const [scheme, file = ''] = url.split(/:(.*)/s, 2)
  return scheme === 'sqlite' && !existsSync(file)
}

function unapplied(steps: readonly string[]): LoadError {
  // What a type must hold is checked under names of ours, which come and go with their columns.
  const outer = steps.filter((step) => !/^(add|drop) check \S+_form$/.test(step))
  const shown = outer.length > 0 ? outer : steps
  const more = shown.length > NAMED ? ` and ${shown.length - NAMED} more` : ''
  return {
    place: 'database',
    message: `It is not as the file says. What is missing: ${shown.slice(0, NAMED).join(', ')}${more}.`,
    fix: 'plinth dev and plinth start --apply do it, where nothing is lost.',
  }
}
