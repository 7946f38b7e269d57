import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'plinth-package-'))
const backend = join(folder, 'shop')
const command = join(folder, 'node_modules', 'plinth', 'cli', 'main.js')
const started: ChildProcess[] = []

const run = (program: string, words: readonly string[], cwd = folder): string =>
  execFileSync(program, words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } })
const plinth = (...words: string[]): string => run(process.execPath, [command, ...words])

beforeAll(() => {
  mkdirSync(join(folder, 'packed'))
  const tarball = run(process.execPath, [join(root, 'scripts', 'pack.ts'), '--out', join(folder, 'packed')])
    .trim()
    .split('\n')
    .at(-1)
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball ?? ''])
}, 240_000)

afterAll(async () => {
  for (const child of started.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  rmSync(folder, { recursive: true, force: true })
})

describe('The packed package', () => {
  test('says its version', () => {
    expect(plinth('--version').trim()).toBe(JSON.parse(run('npm', ['pkg', 'get', 'version'], root)))
  })

  test('starts a new backend in an empty folder, which answers its first request', async () => {
    expect(plinth('init', 'shop')).toContain('npx plinth dev')
    const { dependencies }: { dependencies: { plinth: string } } = JSON.parse(readFileSync(join(backend, 'package.json'), 'utf8'))
    expect(dependencies.plinth).toMatch(/^file:\.\.\/packed\/plinth-.*\.tgz$/)
    const { port, told, child } = await start()
    const response = await fetch(firstRequest(told, port), { headers: { apikey: /sb_publishable_[\w-]+/.exec(told)?.[0] ?? '' } })
    expect(response.status).toBe(200)
    expect(await response.json()).not.toEqual([])
    child.kill('SIGTERM')
    const [code] = await once(child, 'exit')
    expect(code).toBe(0)
  }, 60_000)

  test('brings types with which the new backend is checked', () => {
    expect(run(join(root, 'node_modules', '.bin', 'tsc'), ['--noEmit'], backend)).toBe('')
  }, 60_000)

  test('names the licence of everything that is bundled', () => {
    const inside = join(folder, 'node_modules', 'plinth')
    const notices = readFileSync(join(inside, 'THIRD-PARTY-NOTICES.txt'), 'utf8')
    const bill: { components: { name: string; version: string }[] } = JSON.parse(readFileSync(join(inside, 'sbom.cdx.json'), 'utf8'))
    expect(bill.components.map(({ name }) => name)).toContain('commander')
    expect(bill.components.filter(({ name, version }) => !notices.includes(`\n${name} ${version} (`))).toEqual([])
  })
})

async function start(): Promise<{ port: number; told: string; child: ChildProcess }> {
  const port = await freePort()
  const env = { ...process.env, PORT: String(port), NO_COLOR: '1' }
  const child = spawn(process.execPath, [command, 'start'], { cwd: backend, env, stdio: ['ignore', 'pipe', 'pipe'] })
  started.push(child)
  let told = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (told += text))
  await untilReady(
    port,
    () => child.exitCode === null,
    () => told,
  )
  return { port, told, child }
}

async function untilReady(port: number, runs: () => boolean, told: () => string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const response = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined)
    if (response?.ok && /sb_publishable_/.test(told())) return
    if (!runs()) break
    await pause(100)
  }
  throw new Error(`plinth start did not get ready:\n${told()}`)
}

/** The example that `plinth start` prints. */
function firstRequest(told: string, port: number): string {
  return /http:\/\/[^\s'"]+\/rest\/v1\/[^\s'"]+/.exec(told)?.[0] ?? `http://127.0.0.1:${port}/rest/v1/`
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}
