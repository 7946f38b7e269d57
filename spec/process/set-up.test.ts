import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const clone = mkdtempSync(join(tmpdir(), 'plinth-clone-'))
const write = (path: string, content: string | object): void =>
  writeFileSync(join(clone, path), typeof content === 'string' ? content : JSON.stringify(content))

/** Runs a script of the clone as an npm script does. */
function withNode(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(clone, 'scripts', 'with-node.mjs'), ...words], {
    cwd: clone,
    encoding: 'utf8',
    env: { ...process.env, npm_execpath: '' },
  })
}

beforeAll(() => {
  for (const folder of ['scripts', 'brick']) mkdirSync(join(clone, folder))
  copyFileSync(join(root, 'scripts', 'with-node.mjs'), join(clone, 'scripts', 'with-node.mjs'))
  write('package.json', { name: 'clone', version: '1.0.0', type: 'module', dependencies: { brick: 'file:brick' } })
  write('package-lock.json', {
    name: 'clone',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: {
      '': { name: 'clone', version: '1.0.0', dependencies: { brick: 'file:brick' } },
      brick: {},
      'node_modules/brick': { resolved: 'brick', link: true },
    },
  })
  write('brick/package.json', { name: 'brick', version: '1.0.0', type: 'module', exports: './index.js' })
  write('brick/index.js', 'export const brick = "a brick"')
  write(
    'say.ts',
    'import { brick } from "brick"; const words: string[] = process.argv.slice(2); console.log(brick, ...words, import.meta.main); process.exitCode = 7',
  )
  write('wait.ts', 'process.on("SIGTERM", () => process.exit(9)); setInterval(() => {}, 1000); console.log("waiting")')
})

afterAll(() => rmSync(clone, { recursive: true, force: true }))

describe('A fresh clone', () => {
  test('sets itself up at the first command, and runs it', () => {
    expect(withNode('say.ts', 'one', 'two')).toEqual({
      ...seen,
      status: 7,
      stdout: 'a brick one two true\n',
      stderr: 'Setting up (once) …\n',
    })
  })

  test('does not set itself up again', () => {
    expect(withNode('say.ts')).toEqual({ ...seen, status: 7, stdout: 'a brick true\n', stderr: '' })
  })

  test('passes a signal on to what it runs', async () => {
    const child = spawn(process.execPath, [join(clone, 'scripts', 'with-node.mjs'), 'wait.ts'], {
      cwd: clone,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    child.kill('SIGTERM')
    const [code] = await once(child, 'exit')
    expect(code).toBe(9)
  })

  test('says what npm said where the packages cannot be had', () => {
    rmSync(join(clone, 'node_modules'), { recursive: true })
    write('package.json', { name: 'clone', version: '1.0.0', dependencies: { brick: 'file:brick', mortar: 'file:mortar' } })
    const { status, stderr } = withNode('say.ts')
    expect(status).toBe(1)
    expect(stderr).toMatch(/Missing: mortar[\s\S]*The packages could not be installed/)
  })
})

/** What `spawnSync` gives besides. */
const seen = { pid: expect.any(Number), output: expect.anything(), signal: null }
