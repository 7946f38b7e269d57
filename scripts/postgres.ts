/**
 * A real PostgreSQL server for tests and measurements: the one that `PLINTH_TEST_POSTGRES` names, else one that is
 * started here from the machine's binaries, else from Debian's package, which is installed where that is possible.
 *
 * 1. A server started here listens on 127.0.0.1 alone, with a password nobody chose, in a folder that goes with it.
 * 2. It is stopped by its own process id, however this process ends; what a killed run left behind is cleared at
 *    the next start.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'

export interface PostgresServer {
  /** A superuser on a server that may be filled and emptied at will. */
  readonly url: string
  /** `PostgreSQL 15.18`. */
  readonly title: string
  stop(): Promise<void>
}

export interface PostgresOptions {
  /** Commits reach the disk, as in earnest; tests do without. */
  readonly durable?: boolean
}

const oldest = 15
const folderPrefix = 'plinth-postgres-'

/** A server that is ready, or why there is none. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer | { missing: string }> {
  const given = process.env['PLINTH_TEST_POSTGRES']
  if (given) return { url: given, title: await titleOf(given), stop: () => Promise.resolve() }
  clearLeftovers()
  const binaries = findBinaries() ?? installDebianPackage()
  if (typeof binaries !== 'string') return binaries
  return startServer(binaries, options)
}

// ── Binaries ──

function findBinaries(): string | undefined {
  return [...debianFolders(), ...foldersOnPath()].find((folder) => versionIn(folder) >= oldest)
}

function debianFolders(): string[] {
  const parent = '/usr/lib/postgresql'
  if (!existsSync(parent)) return []
  return readdirSync(parent)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(parent, version, 'bin'))
}

/** `pg_ctl` may be a link; `initdb` and `postgres` are beside what it leads to. */
function foldersOnPath(): string[] {
  const links = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'pg_ctl'))
  return links.filter((link) => existsSync(link)).map((link) => dirname(realpathSync(link)))
}

function versionIn(folder: string): number {
  if (!existsSync(join(folder, 'initdb'))) return 0
  const { stdout } = spawnSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' })
  return Number(/\d+/.exec(stdout ?? '')?.[0] ?? 0)
}

function installDebianPackage(): string | { missing: string } {
  const way = `install PostgreSQL ${oldest} or newer, or name a server in PLINTH_TEST_POSTGRES`
  if (!existsSync('/usr/bin/apt-get')) return { missing: `there are no PostgreSQL binaries on this machine: ${way}` }
  if (process.getuid?.() !== 0) return { missing: `there are no PostgreSQL binaries, and only root can install Debian's: ${way}` }
  console.log('Installing PostgreSQL from Debian (once) …')
  keepDebianFromStartingOne()
  const refused = aptGet('update') ?? aptGet('install', '--yes', '--no-install-recommends', 'postgresql')
  const found = findBinaries()
  if (found !== undefined) return found
  return { missing: `Debian's package ${refused === undefined ? 'is too old' : `could not be installed (${refused})`}: ${way}` }
}

/** Debian's package makes and starts a cluster of its own unless this file says no; one that is there is left alone. */
function keepDebianFromStartingOne(): void {
  const file = '/etc/postgresql-common/createcluster.conf'
  if (existsSync(file)) return
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, 'create_main_cluster = false\n')
}

/** Undefined where all went well, else the last line of what apt-get said. */
function aptGet(...words: string[]): string | undefined {
  const settings = ['-o', 'Dpkg::Options::=--force-confold', '-o', 'DPkg::Lock::Timeout=120', '-q']
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { status, error, stderr } = spawnSync('apt-get', [...settings, ...words], { env, encoding: 'utf8', maxBuffer: 1 << 28 })
  return status === 0 ? undefined : (error?.message ?? stderr.trim().split('\n').at(-1) ?? 'apt-get failed')
}

// ── The server ──

interface Place {
  readonly binaries: string
  readonly folder: string
  readonly password: string
  readonly owner: { readonly uid: number; readonly gid: number } | undefined
}

async function startServer(binaries: string, options: PostgresOptions): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), folderPrefix))
  const place: Place = { binaries, folder, password: randomBytes(18).toString('base64url'), owner: unprivileged() }
  writeFileSync(join(folder, 'owner'), String(process.pid))
  initialise(place)
  const port = await freePort()
  const child = launch(place, port, options)
  const forget = endWithThisProcess(() => endNow(child, folder))
  const url = `postgres://postgres:${place.password}@127.0.0.1:${port}/postgres`
  const title = await untilReady(url, child)
  return { url, title, stop: () => stopServer(child, folder, forget) }
}

/** The server refuses to run as root. */
function unprivileged(): Place['owner'] {
  if (process.getuid?.() !== 0) return undefined
  const name = ['postgres', 'nobody'].find((user) => spawnSync('id', ['-u', user]).status === 0) ?? 'nobody'
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}

function initialise(place: Place): void {
  const passwordFile = join(place.folder, 'password')
  writeFileSync(passwordFile, place.password)
  if (place.owner) execFileSync('chown', ['-R', `${place.owner.uid}:${place.owner.gid}`, place.folder])
  const common = [
    '-D',
    join(place.folder, 'data'),
    '-U',
    'postgres',
    '-E',
    'UTF8',
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--no-sync',
  ]
  const failures: string[] = []
  for (const locale of ['C.UTF-8', 'C']) {
    const { status, stdout, stderr } = spawnSync(join(place.binaries, 'initdb'), [...common, `--locale=${locale}`], {
      ...place.owner,
      cwd: place.folder,
      encoding: 'utf8',
    })
    if (status === 0) return
    failures.push(`${stdout}${stderr}`)
    rmSync(join(place.folder, 'data'), { recursive: true, force: true })
  }
  throw new Error(`initdb failed:\n${failures.join('\n')}`)
}

function launch(place: Place, port: number, options: PostgresOptions): ChildProcess {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: place.folder,
    max_connections: 200,
    ...(options.durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  }
  const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  // Detached, so that a terminal's Ctrl-C does not stop it under tests that are still ending.
  return spawn(join(place.binaries, 'postgres'), ['-D', join(place.folder, 'data'), ...words], {
    ...place.owner,
    cwd: place.folder,
    detached: true,
    stdio: 'ignore',
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port could be had on 127.0.0.1')
  return address.port
}

async function untilReady(url: string, child: ChildProcess): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await titleOf(url)
    } catch (error) {
      if (child.exitCode !== null) throw new Error(`PostgreSQL stopped while it started (exit code ${child.exitCode})`, { cause: error })
      if (attempt === 300) throw new Error('PostgreSQL did not get ready in 30 seconds', { cause: error })
    }
    await pause(100)
  }
}

async function titleOf(url: string): Promise<string> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  try {
    await client.connect()
    const { rows } = await client.query<{ server_version: string }>('show server_version')
    return `PostgreSQL ${rows[0]?.server_version.split(' ')[0]}`
  } finally {
    await client.end().catch(() => undefined)
  }
}

// ── The end ──

async function stopServer(child: ChildProcess, folder: string, forget: () => void): Promise<void> {
  forget()
  if (child.exitCode === null) {
    const gone = once(child, 'exit')
    child.kill('SIGINT')
    const late = setTimeout(() => child.kill('SIGQUIT'), 5000)
    await gone
    clearTimeout(late)
  }
  rmSync(folder, { recursive: true, force: true })
}

/** Runs `end` when this process ends, and when a signal ends it that nobody else answers. Gives a way to take it back. */
function endWithThisProcess(end: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals): void => {
    if (process.listenerCount(signal) > 1) return
    end()
    forget()
    process.kill(process.pid, signal)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const forget = (): void => {
    process.off('exit', end)
    for (const signal of signals) process.off(signal, onSignal)
  }
  process.on('exit', end)
  for (const signal of signals) process.on(signal, onSignal)
  return forget
}

/** For a process that ends in the middle: no time to wait, and the data is of no use to anybody. */
function endNow(child: ChildProcess, folder: string): void {
  child.kill('SIGQUIT')
  waitUntil(() => !existsSync(pidFile(folder)))
  rmSync(folder, { recursive: true, force: true })
}

function clearLeftovers(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(folderPrefix))) clearLeftover(join(tmpdir(), name))
}

function clearLeftover(folder: string): void {
  const owner = numberIn(join(folder, 'owner'))
  if (owner === undefined || isRunning(owner)) return
  const server = numberIn(pidFile(folder))
  if (server !== undefined && isServerIn(folder, server)) {
    process.kill(server, 'SIGQUIT')
    waitUntil(() => !isRunning(server))
  }
  rmSync(folder, { recursive: true, force: true })
}

const pidFile = (folder: string): string => join(folder, 'data', 'postmaster.pid')

/** Blocks: it is used where this process is about to end, or has not begun. */
function waitUntil(done: () => boolean): void {
  const clock = new Int32Array(new SharedArrayBuffer(4))
  for (let tries = 0; !done() && tries < 100; tries++) Atomics.wait(clock, 0, 0, 50)
}

/** A process id may have been given to somebody else since. */
function isServerIn(folder: string, pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
  return (stdout ?? '').includes(folder)
}

function numberIn(file: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10)
  } catch {
    return undefined
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
