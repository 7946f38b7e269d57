/** `.env` in the working folder: read into the environment, which wins. */
import { loadEnvFile } from 'node:process'

export function readDotEnv(): void {
  try {
    loadEnvFile('.env')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
}
