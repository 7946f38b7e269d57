import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const bench = (...words: string[]): ReturnType<typeof spawnSync> & { stdout: string; stderr: string } =>
  spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, 'bench', 'main.ts'), ...words], {
    cwd: root,
    encoding: 'utf8',
  })

const pair = { throughput: expect.any(Number), cpu: expect.any(Number) }
const range = { throughput: [expect.any(Number), expect.any(Number)], cpu: [expect.any(Number), expect.any(Number)] }
const byPeer = (peers: readonly string[], value: object): object => Object.fromEntries(peers.map((peer) => [peer, value]))

describe('A bench', () => {
  test.for([
    ['point-sqlite', ['hand-written', 'node-http']],
    ['list-sqlite', ['hand-written', 'node-http']],
    ['nested-sqlite', ['hand-written', 'node-http']],
    ['write-sqlite', ['one-each', 'normal']],
    ['mixed-sqlite', ['hand-written']],
  ] as const)('$0 compares every side’s answers and prints one object', { timeout: 120_000 }, ([name, peers]) => {
    const { status, stdout, stderr } = bench(name, '--json', '--trial', '--rounds', '1', '--seconds', '0.2')
    expect({ status, stderr }).toMatchObject({ status: 0 })
    const side = { ...pair, title: expect.any(String) }
    expect(JSON.parse(stdout)).toMatchObject({
      name,
      machine: { node: process.version },
      ours: side,
      peers: byPeer(peers, side),
      ratios: byPeer(peers, pair),
      spread: byPeer(peers, range),
    })
  })

  test('without a name says which there are', () => {
    const { status, stderr } = bench()
    expect(status).toBe(2)
    expect(stderr).toContain('nested-sqlite')
  })
})
