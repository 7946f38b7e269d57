/** `.env` in the working folder: read into the environment, which wins. */
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'

const read = new Set<string>()

export function readDotEnv(): void {
  for (const [name, value] of Object.entries(parseEnv(textOf('.env')))) {
    if (value === undefined || process.env[name] !== undefined) continue
    process.env[name] = value
    read.add(name)
  }
}

/** Whether this variable has its value from there. */
export const isFromDotEnv = (name: string): boolean => read.has(name)

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}
