/** The settings that a command works with, from the environment and the backend file; without a file, from the first alone. */
import { existsSync } from 'node:fs'
import { readSettings, type Settings } from '../settings.ts'
import { BACKEND_FILES, createLoader, findBackendFile } from './load-file.ts'

/** For commands that do not need the backend itself: there may be none in this folder. */
export async function settingsFor(path: string): Promise<Settings> {
  if (path === '.' && !BACKEND_FILES.some((name) => existsSync(name))) return readSettings(process.env)
  const backend = await createLoader(findBackendFile(path)).load()
  return readSettings(process.env, backend.settings)
}
