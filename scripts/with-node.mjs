/**
 * Runs a script of this repository under a Node that can run TypeScript as it is, after setting the clone up.
 *
 *     node scripts/with-node.mjs <script> [arguments]
 *
 * 1. Works on any Node from 20 on, so it is plain JavaScript and imports nothing but Node.
 * 2. Where nothing has to be set up and this Node will do, the script runs in this very process.
 * 3. Otherwise the script's exit code, and the signal that ended it, become this process's own.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import module from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const packages = join(root, 'node_modules')
const lockFile = join(root, 'package-lock.json')
const installedFile = join(packages, '.package-lock.json')
const oldest = [24, 15]

const script = process.argv[2]
if (script === undefined) stop('Usage: node scripts/with-node.mjs <script> [arguments]')
if (!isSetUp()) setUp()
process.env.NODE_COMPILE_CACHE ??= join(packages, '.cache', 'compiled')
if (isNewEnough(process.versions.node)) runHere()
else runUnder(findNode())

/** Looks at the two lock files' times first, and only reads them when those leave a doubt (a checkout renews times). */
function isSetUp() {
  if (!existsSync(installedFile)) return false
  if (statSync(installedFile).mtimeMs >= statSync(lockFile).mtimeMs) return true
  const wanted = JSON.parse(readFileSync(lockFile, 'utf8')).packages
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages
  return (
    Object.entries(wanted).every(([path, entry]) => path === '' || isSame(entry, installed[path])) &&
    Object.keys(installed).every((path) => path in wanted)
  )
}

function isSame(wanted, installed) {
  return installed === undefined ? wanted.optional === true || wanted.devOptional === true : wanted.integrity === installed.integrity
}

function setUp() {
  console.error('Setting up (once) …')
  const [command, ...first] = npm()
  const { status, error, stdout, stderr } = spawnSync(
    command,
    [...first, 'ci', '--no-audit', '--no-fund', '--include=dev', '--include=optional'],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  )
  if (status === 0) return
  stop(`${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}\nThe packages could not be installed; \`npm ci\` in ${root} says the same.`)
}

/** The npm that started this, under the Node that runs it: the one in node_modules is about to be replaced. */
function npm() {
  const { npm_execpath: path, npm_node_execpath: node } = process.env
  if (path?.endsWith('npm-cli.js')) return [node ?? process.execPath, path]
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm']
}

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1])
}

/** The Node that the set-up brought: its package is named after the platform and is only there where it fits. */
function findNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const path = join(packages, `node-${process.platform.replace('win32', 'win')}-${process.arch}`, 'bin', name)
  if (existsSync(path)) return path
  return stop(`This needs Node ${oldest.join('.')} or newer, and ${process.version} is running: install one from https://nodejs.org.`)
}

function runHere() {
  process.argv.splice(1, 2, resolve(root, script))
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE)
  module.runMain()
}

function runUnder(node) {
  const child = spawn(node, process.argv.slice(2).with(0, resolve(root, script)), { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) process.on(signal, passOnce(child, signal))
  child.on('error', (error) => stop(`${node} could not be started: ${error.message}`))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

/** A terminal's Ctrl-C reaches the child by itself, and npm passes each signal on once more: the child needs one. */
function passOnce(child, signal) {
  let passed = signal === 'SIGINT' && process.stdin.isTTY
  return () => {
    if (!passed) child.kill(signal)
    passed = true
  }
}

function stop(message) {
  console.error(message.trim())
  process.exit(1)
}
