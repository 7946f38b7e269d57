/**
 * `npm run lint`: everything that can be said about the code without running it, and the laws under `spec/laws`.
 * Each step says how long it took; a step that fails says what it said. `npm run lint -- types` runs those steps alone.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const binaries = join(root, 'node_modules')

/** Name → the script of a package and its arguments, run by this Node. */
const steps: Readonly<Record<string, readonly string[]>> = {
  format: ['oxfmt/bin/oxfmt', '--check', '.'],
  lint: ['oxlint/bin/oxlint', '--deny-warnings', '.'],
  types: ['typescript/bin/tsc6', '--noEmit'],
  'types-native': ['@typescript/native/bin/tsc', '--noEmit'],
  unused: ['knip/bin/knip.js', '--no-progress'],
  laws: ['vitest/vitest.mjs', 'run', 'spec/laws'],
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in steps))
if (unknown.length > 0) throw new Error(`There is no step ${unknown.join(', ')}; there are ${Object.keys(steps).join(', ')}.`)

const failed = Object.entries(steps)
  .filter(([name]) => wanted.length === 0 || wanted.includes(name))
  .filter(([name, [script = '', ...words]]) => !passes(name, script, words))
if (failed.length > 0) {
  console.log(`Failed: ${failed.map(([name]) => name).join(', ')}`)
  process.exitCode = 1
}

function passes(name: string, script: string, words: readonly string[]): boolean {
  const start = performance.now()
  const env = { ...process.env, NO_COLOR: '1' }
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(binaries, script), ...words], {
    cwd: root,
    encoding: 'utf8',
    env,
    maxBuffer: 1 << 28,
  })
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`${status === 0 ? 'ok    ' : 'failed'} ${name.padEnd(13)} ${seconds} s`)
  if (status !== 0) console.log(`${stdout}${stderr}`)
  return status === 0
}
