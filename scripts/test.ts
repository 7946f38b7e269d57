/**
 * `npm test`: every test, on every database, with nothing set up by hand. Arguments are vitest's own:
 * `npm test -- spec/21-filtering`, `npm test -- -t 'a customer'`.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type PostgresServer, startPostgres } from './postgres.ts'
import { closingLine } from './sentences.ts'

const root = join(import.meta.dirname, '..')
const inCi = Boolean(process.env['CI'])

const postgres = await startPostgres().catch((error: Error) => ({ missing: error.message }))
if ('missing' in postgres && inCi) failWithout(postgres.missing)
else await runTests('missing' in postgres ? { PLINTH_TEST_POSTGRES_MISSING: postgres.missing } : environmentFor(postgres))
if ('stop' in postgres) await postgres.stop()

function failWithout(reason: string): void {
  console.error(`PostgreSQL cannot be had, and CI demands it: ${reason}`)
  console.log(closingLine({ passed: 0, failed: 1, skipped: 0 }))
  process.exitCode = 1
}

function environmentFor({ url, title }: PostgresServer): Record<string, string> {
  return { PLINTH_TEST_POSTGRES: url, PLINTH_TEST_POSTGRES_TITLE: title }
}

async function runTests(environment: Record<string, string>): Promise<void> {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const words = ['--disable-warning=ExperimentalWarning', vitest, 'run', ...process.argv.slice(2)]
  const child = spawn(process.execPath, words, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...environment },
  })
  // A terminal's Ctrl-C reaches the child by itself; here it only must not end us before the server has stopped.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  const [code] = await once(child, 'exit')
  process.exitCode = typeof code === 'number' ? code : 130
}
