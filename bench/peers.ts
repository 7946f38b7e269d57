/** The peers that a bench holds, and what has to be there for them. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { PeerName } from './bench.ts'

export interface Peer {
  readonly name: string
  readonly script: string
  readonly words: readonly string[]
}

const folder = join(import.meta.dirname, 'peers')

const scripts: Readonly<Record<PeerName, readonly [script: string, ...words: string[]]>> = {
  'hand-written': ['peers/hand-written.ts'],
  'node-http': ['peers/node-http.ts'],
  'one-each': ['peers/hand-written.ts'],
  normal: ['peers/hand-written.ts', '--normal'],
}

/** The peers of a bench, and what must be said about them with every figure. */
export function findPeers(names: readonly PeerName[]): { peers: readonly Peer[]; notes: readonly string[] } {
  const refused = installPackages()
  const notes = refused === undefined ? [] : [`hand-written runs on node:sqlite, because better-sqlite3 could not be installed: ${refused}`]
  const peers = names.map((name) => {
    const [script, ...words] = scripts[name]
    return { name, script, words: refused === undefined ? words : [...words, '--node-sqlite'] }
  })
  return { peers, notes }
}

/** better-sqlite3 is the peer's alone. Undefined where it is there, else the last line of what was said. */
function installPackages(): string | undefined {
  if (!existsSync(join(folder, 'node_modules', '.package-lock.json'))) {
    const installed = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, encoding: 'utf8' })
    if (installed.status !== 0) return lastLine(installed.error?.message ?? installed.stderr)
  }
  const works = "new (require('better-sqlite3'))(':memory:').close()"
  const tried = spawnSync(process.execPath, ['-e', works], { cwd: folder, encoding: 'utf8' })
  return tried.status === 0
    ? undefined
    : lastLine(
        tried.stderr
          .split('\n')
          .filter((line) => line.includes('Error'))
          .join('\n'),
      )
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? ''
