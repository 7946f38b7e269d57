import { createServer, connect, type AddressInfo, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LoadFailure } from '../../src/errors.ts'
import { openPostgres, type PostgresDriver, type PostgresOptions } from '../../src/databases/postgres/driver.ts'
import { readAddress } from '../../src/databases/postgres/url.ts'
import { databases, type FreshDatabase } from '../databases.ts'

const server = databases.find(({ name }) => name === 'PostgreSQL')
const missing = server?.missing
if (missing !== undefined) console.log(`PostgreSQL's own sentences are skipped: ${missing}`)

describe.skipIf(missing !== undefined)('PostgreSQL', () => {
  let fresh: FreshDatabase
  const open: PostgresDriver[] = []
  beforeAll(async () => {
    fresh = await (server?.create() ?? Promise.reject(new Error('there is no PostgreSQL')))
  })
  afterAll(async () => {
    await Promise.all(open.map((driver) => driver.close()))
    await fresh.drop()
  })

  const opened = async (options: PostgresOptions = {}, url = fresh.url): Promise<PostgresDriver> => {
    const driver = await openPostgres(url, { connections: 2, ...options })
    open.push(driver)
    return driver
  }

  /** The fresh database's URL with something else about it. */
  const urlWith = (change: (url: URL) => void): string => {
    const url = new URL(fresh.url)
    change(url)
    return url.href
  }

  const failure = async (url: string): Promise<LoadFailure> => {
    const error: unknown = await openPostgres(url, { connectTimeout: 1000 }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    if (!(error instanceof LoadFailure)) throw new Error('it was not refused', { cause: error })
    return error
  }

  test('It says which server it is', async () => {
    expect((await opened()).title).toMatch(/^PostgreSQL \d+\.\d+$/)
  })

  test('A backend that is killed fails what is under way, and the next request works', async () => {
    const driver = await opened({ connections: 1 })
    const [backend] = await driver.prepare('SELECT pg_backend_pid()').rows([])
    const under = driver.prepare('SELECT pg_sleep(20)').rows([])
    const killed = expect(under).rejects.toMatchObject({ code: '08006', status: 503, headers: { 'Retry-After': '1' } })
    await new Promise((resolve) => setTimeout(resolve, 150))
    await fresh.sql('SELECT pg_terminate_backend($1::int)', [String(backend?.[0])])
    await killed
    expect(await driver.prepare('SELECT 1').rows([])).toEqual([[1]])
  })

  test('An idle connection that is killed is not noticed by the next request', async () => {
    const driver = await opened({ connections: 1 })
    for (let round = 0; round < 5; round++) {
      const [backend] = await driver.prepare('SELECT pg_backend_pid()').rows([])
      await fresh.sql('SELECT pg_terminate_backend($1::int)', [String(backend?.[0])])
      expect(await driver.prepare('SELECT 1').rows([])).toEqual([[1]])
    }
  })

  test('A transaction whose backend is killed is rolled back and told', async () => {
    const driver = await opened({ connections: 1 })
    await driver.execute('CREATE TABLE killed (a int)')
    const work = driver.transaction(async (connection) => {
      await connection.prepare('INSERT INTO killed VALUES (1)').rows([])
      const [backend] = await connection.prepare('SELECT pg_backend_pid()').rows([])
      await fresh.sql('SELECT pg_terminate_backend($1::int)', [String(backend?.[0])])
      await new Promise((resolve) => setTimeout(resolve, 50))
    })
    await expect(work).rejects.toMatchObject({ code: '08006' })
    expect(await driver.prepare('SELECT count(*) FROM killed').rows([])).toEqual([[0]])
  })

  test('A statement that passes its deadline is stopped, and its connection goes on', async () => {
    const driver = await opened({ statementTimeout: 100, connections: 1 })
    await expect(driver.prepare('SELECT pg_sleep(5)').rows([])).rejects.toMatchObject({ code: '57014', status: 504 })
    expect(await driver.prepare('SELECT 1').rows([])).toEqual([[1]])
  })

  test('A transaction that fails gives its connection back clean', async () => {
    const driver = await opened({ connections: 1 })
    await expect(driver.transaction((connection) => connection.prepare('SELECT 1/0').rows([]))).rejects.toThrow()
    await expect(driver.transaction(() => Promise.reject(new Error('mine')))).rejects.toThrow('mine')
    expect(await driver.prepare('SELECT pg_current_xact_id_if_assigned() IS NULL').rows([])).toEqual([[true]])
  })

  test('More texts than are kept are prepared anew, on new connections', async () => {
    const driver = await opened({ statements: 3, connections: 1 })
    for (let n = 0; n < 12; n++) expect(await driver.prepare(`SELECT ${n}`).rows([])).toEqual([[n]])
    const [prepared] = await driver.prepare('SELECT count(*) FROM pg_prepared_statements').rows([])
    expect(prepared?.[0]).toBeLessThanOrEqual(4)
  })

  test('Sessions are set up the same whatever the database says', async () => {
    await fresh.sql(`ALTER DATABASE ${new URL(fresh.url).pathname.slice(1)} SET timezone = 'Asia/Tokyo'`)
    const driver = await opened()
    const settings = [
      'timezone',
      'datestyle',
      'intervalstyle',
      'search_path',
      'application_name',
      'statement_timeout',
      'standard_conforming_strings',
    ]
    const rows = await Promise.all(settings.map((name) => driver.prepare('SELECT current_setting($1)').rows([name])))
    expect(rows.map(([row]) => row?.[0])).toEqual(['UTC', 'ISO, YMD', 'iso_8601', 'public, pg_temp', 'plinth', '10s', 'on'])
  })

  test('The tables may have a schema of their own', async () => {
    const driver = await opened(
      {},
      urlWith((url) => url.searchParams.set('schema', 'Shop "A"')),
    )
    expect(driver.schema).toBe('Shop "A"')
  })

  test('A wrong password is told without any password', async () => {
    const error = await failure(urlWith((url) => (url.password = 'wrong-secret')))
    expect(error.message).toMatch(/The database refused the user or the password: \S+ on .*password authentication failed/)
    expect(`${error.message}${JSON.stringify(error.errors)}`).not.toMatch(/wrong-secret/)
  })

  test('A database that is not there, and a server that is not there, are told with their place', async () => {
    expect((await failure(urlWith((url) => (url.pathname = '/nowhere')))).message).toMatch(/There is no such database: nowhere on /)
    const closed = await failure('postgres://ann:pear@127.0.0.1:1/shop')
    expect(closed.message).toMatch(
      /The database cannot be reached: shop on 127\.0\.0\.1:1 \(connect ECONNREFUSED.*See that the server runs/,
    )
    expect(closed.message).not.toMatch(/pear/)
  })

  test('A database of another encoding is refused with the way out', async () => {
    await fresh.sql(`CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`)
    const error = await failure(urlWith((url) => (url.pathname = '/latin')))
    await fresh.sql('DROP DATABASE latin')
    expect(error.message).toMatch(/The database has the encoding LATIN1: UTF8 is needed.*ENCODING 'UTF8'/)
  })

  test('A server without TLS is refused where the URL asks for TLS', async () => {
    expect((await failure(urlWith((url) => url.searchParams.set('sslmode', 'require')))).message).toMatch(
      /does not support SSL|certificate/,
    )
  })

  test('A server that goes silent fails what is under way within seconds, and is found again when it is back', async () => {
    const proxy = await startProxy(fresh.url)
    const driver = await opened({ patience: 300, connectTimeout: 1000 }, proxy.url)
    proxy.pause()
    const began = performance.now()
    await expect(driver.prepare('SELECT 1').rows([])).rejects.toMatchObject({ code: '08006', headers: { 'Retry-After': '1' } })
    await expect(driver.probe()).rejects.toMatchObject({ code: '08006' })
    expect(performance.now() - began).toBeLessThan(5000)
    proxy.resume()
    expect(await driver.prepare('SELECT 1').rows([])).toEqual([[1]])
    await proxy.close()
  })

  test('A server that sends what cannot be read loses that connection, and nothing else ends', async () => {
    const proxy = await startProxy(fresh.url)
    const driver = await opened({ connections: 1 }, proxy.url)
    const under = driver.prepare('SELECT pg_sleep(20)').rows([])
    const broken = expect(under).rejects.toMatchObject({ code: '08006', headers: { 'Retry-After': '1' } })
    await new Promise((resolve) => setTimeout(resolve, 150))
    // A row of a hundred values that holds none.
    proxy.say(Buffer.from([...Buffer.from('D'), 0, 0, 0, 6, 0, 100]))
    await broken
    expect(await driver.prepare('SELECT 1').rows([])).toEqual([[1]])
    await proxy.close()
  })

  test('A server that is none is refused', async () => {
    // It asks for a password in a way that nobody knows.
    const stranger = createServer((socket) => void socket.once('data', () => socket.write(Buffer.from([82, 0, 0, 0, 8, 0, 0, 0, 99]))))
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
    const { port } = stranger.address() as AddressInfo // it listens on a port
    expect((await failure(`postgres://ann@127.0.0.1:${port}/shop`)).message).toMatch(/The database cannot be reached: shop on 127/)
    await new Promise((resolve) => stranger.close(resolve))
  })

  test('A slow statement of a server that answers is not given up', async () => {
    const driver = await opened({ patience: 1000 })
    expect(await driver.prepare(`SELECT 'done' FROM pg_sleep(2.5)`).rows([])).toEqual([['done']])
  })
})

/** Stands between us and the server, and can go silent as a server does that was stopped or cut off. */
interface Proxy {
  readonly url: string
  readonly pause: () => void
  readonly resume: () => void
  /** Sends something to every client, as if the server had. */
  readonly say: (bytes: Uint8Array) => void
  readonly close: () => Promise<void>
}

async function startProxy(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  const clients = new Set<Socket>()
  let silent = false
  const proxy = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    clients.add(client)
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from)
      from.on('data', (data) => void (silent || to.write(data)))
      from.on('close', () => to.destroy())
      from.on('error', () => to.destroy())
    }
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const url = new URL(target)
  // A server that listens on a port has an address with one.
  url.host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`
  return {
    url: url.href,
    pause: () => void (silent = true),
    resume: () => void (silent = false),
    say: (bytes) => clients.forEach((client) => client.write(bytes)),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => proxy.close(resolve))
    },
  }
}

describe('The address of a PostgreSQL database', () => {
  test('Names and passwords may hold anything, percent-encoded', () => {
    expect(readAddress('postgres://ann%40shop:p%2Fa%3As%40s@db.example:6000/my%20shop?schema=x&pool=25')).toEqual({
      host: 'db.example',
      port: 6000,
      database: 'my shop',
      user: 'ann@shop',
      password: 'p/a:s@s',
      ssl: false,
      schema: 'x',
      pool: 25,
    })
  })

  test('A unix socket is a folder, in the host’s place or as a parameter', () => {
    expect(readAddress('postgres://ann@%2Fvar%2Frun%2Fpostgresql/shop').host).toBe('/var/run/postgresql')
    expect(readAddress('postgres:///shop?host=/var/run/postgresql')).toMatchObject({
      host: '/var/run/postgresql',
      database: 'shop',
      port: 5432,
    })
  })

  test('TLS is checked unless the URL says in so many words that it is not', () => {
    const ssl = (mode: string): unknown => readAddress(`postgres://h/d?sslmode=${mode}`).ssl
    expect(ssl('disable')).toBe(false)
    for (const mode of ['prefer', 'require', 'verify-full']) expect(ssl(mode)).toMatchObject({ rejectUnauthorized: true })
    expect(ssl('no-verify')).toMatchObject({ rejectUnauthorized: false })
    expect(() => ssl('maybe')).toThrow(/sslmode is "maybe"\. Use one of disable/)
  })

  test('What cannot be read is refused without showing it', () => {
    expect(() => readAddress('postgres://ann:se/cret@host:port:1/x')).toThrow(LoadFailure)
    expect(() => readAddress('postgres://ann:se/cret@host:port:1/x')).not.toThrow(/cret/)
    expect(() => readAddress('postgres://h/d?pool=0')).toThrow(/Its pool is not a whole number/)
    expect(() => readAddress('postgres://h/d?sslmode=require&sslrootcert=/nowhere.pem')).toThrow(/\/nowhere\.pem cannot be read/)
  })
})
