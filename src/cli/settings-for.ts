/**
 * The settings that a command works with, from the environment and the backend file. What is kept lies beside the file
 * unless somebody says otherwise: a path that the file gives, or nobody, is meant from the file's folder; one that the
 * environment gives, from the folder that the command is run in.
 */
import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Backend } from '../schema/backend.ts'
import { readSettings, settings, type BackendSettings, type Settings } from '../settings.ts'
import { BACKEND_FILES, createLoader, findBackendFile } from './load-file.ts'

export const settingsOf = (backend: Backend, file: string, env = process.env): Settings =>
  readSettings(env, placed(backend.settings, dirname(file)))

/** For commands that do not need the backend itself: there may be none in this folder. */
export async function settingsFor(path: string): Promise<Settings> {
  if (path === '.' && !BACKEND_FILES.some((name) => existsSync(name))) return readSettings(process.env)
  const file = findBackendFile(path)
  return settingsOf(await createLoader(file).load(), file)
}

function placed(given: BackendSettings, folder: string): BackendSettings {
  const { data = settings.data.default, databaseUrl = settings.databaseUrl.default } = given
  const file = settings.databaseUrl.allowed?.test(databaseUrl) ? /^sqlite:(?!:memory:)(.+)$/.exec(databaseUrl)?.[1] : undefined
  return {
    ...given,
    // What is no path is judged as it is. A file in plain JavaScript may hold anything.
    data: typeof data === 'string' && data !== '' ? resolve(folder, data) : data,
    databaseUrl: file === undefined ? databaseUrl : `sqlite:${resolve(folder, file)}`,
  }
}
