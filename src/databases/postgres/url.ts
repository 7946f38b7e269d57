/**
 * `postgres://user:password@host:port/database?sslmode=require&schema=shop` into settings of a connection.
 *
 * 1. The password is in no message and in no log: errors name the host and the database alone.
 * 2. TLS is checked against the authorities the machine trusts, or `sslrootcert`; only `sslmode=no-verify` goes
 *    without, and it has to be written out. Without `sslmode` there is no TLS.
 */
import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { LoadFailure } from '../../errors.ts'

export interface Address {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string | undefined
  readonly password: string | undefined
  readonly ssl: ConnectionOptions | false
  /** The schema that holds the tables. */
  readonly schema: string
  /** The most connections, where the URL says. */
  readonly pool: number | undefined
}

export function readAddress(text: string): Address {
  const url = parsed(text)
  const asked = url.searchParams
  // A unix socket's folder: `?host=/var/run/postgresql`, or percent-encoded in the host's place.
  const host = asked.get('host') ?? decoded(url.hostname)
  return {
    host: host === '' ? 'localhost' : host.replace(/^\[(.*)\]$/, '$1'),
    port: whole('port', asked.get('port') ?? url.port, 5432) ?? 5432,
    database: decoded(url.pathname.slice(1)) || 'postgres',
    user: (asked.get('user') ?? decoded(url.username)) || undefined,
    password: (asked.get('password') ?? decoded(url.password)) || undefined,
    ssl: tls(asked),
    schema: asked.get('schema') || 'public',
    pool: whole('pool', asked.get('pool') ?? '', undefined),
  }
}

/** Where it leads, for people: `shop on 127.0.0.1:5432`. */
export const describeAddress = ({ host, port, database }: Address): string =>
  `${database} on ${host.startsWith('/') ? host : `${host}:${port}`}`

function parsed(text: string): URL {
  try {
    return new URL(text)
  } catch {
    throw refused(
      'It is not a URL.',
      'Write postgres://user:password@host:5432/database, with @, : and / in the password as %40, %3A and %2F.',
    )
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw refused('A % in it does not begin a character.', 'Write a % in a name or password as %25.')
  }
}

function whole(name: string, given: string, otherwise: number | undefined): number | undefined {
  if (given === '') return otherwise
  const value = Number(given)
  if (!Number.isInteger(value) || value < 1 || value > 65_535)
    throw refused(`Its ${name} is not a whole number from 1.`, `Write ?${name}=10, or leave it out.`)
  return value
}

type Tls = (asked: URLSearchParams) => ConnectionOptions | false

const verified: Tls = (asked) => ({ rejectUnauthorized: true, ...certificates(asked) })

const modes: Readonly<Record<string, Tls>> = {
  disable: () => false,
  allow: verified,
  prefer: verified,
  require: verified,
  'verify-full': verified,
  'verify-ca': (asked) => ({ rejectUnauthorized: true, checkServerIdentity: () => undefined, ...certificates(asked) }),
  'no-verify': (asked) => ({ rejectUnauthorized: false, ...certificates(asked) }),
}

function tls(asked: URLSearchParams): ConnectionOptions | false {
  const name = asked.get('sslmode') ?? 'disable'
  const mode = modes[name]
  if (mode === undefined) throw refused(`sslmode is "${name}".`, `Use one of ${Object.keys(modes).join(', ')}.`)
  return mode(asked)
}

function certificates(asked: URLSearchParams): ConnectionOptions {
  const files = { ca: asked.get('sslrootcert'), cert: asked.get('sslcert'), key: asked.get('sslkey') }
  return Object.fromEntries(Object.entries(files).flatMap(([name, path]) => (path === null ? [] : [[name, readPem(path)]])))
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw refused(`The certificate file ${path} cannot be read.`, 'Name a file in PEM form that this process may read.')
  }
}

const refused = (message: string, fix: string): LoadFailure => new LoadFailure([{ place: 'DATABASE_URL', message, fix }])
