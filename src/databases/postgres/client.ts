/**
 * The client of `pg`, made so that nothing a server sends can end the process: `pg` reads what arrives in a handler of the
 * socket, where an error has nobody to catch it. Here it breaks the connection, and whoever waits for an answer is told.
 */
import type { Duplex } from 'node:stream'
import type { Client, ClientConfig } from 'pg'

export type PgModule = (typeof import('pg'))['default']

/** What `pg` has and its types leave out: where it begins to read, in the open or behind TLS. A test fails without it. */
interface Attaching {
  attachListeners(stream: Duplex): void
}

export function guardedClient(pg: PgModule): new (config: ClientConfig) => Client {
  return class extends pg.Client {
    constructor(config: ClientConfig) {
      super(config)
      if ('connection' in this && isAttaching(this.connection)) guardReading(this.connection)
    }
  }
}

const isAttaching = (connection: unknown): connection is Attaching =>
  typeof connection === 'object' && connection !== null && 'attachListeners' in connection

function guardReading(connection: Attaching): void {
  const attach = connection.attachListeners.bind(connection)
  connection.attachListeners = (stream) => {
    attach(stream)
    for (const listener of stream.listeners('data')) {
      const read = listener as Reader // listeners of data take data
      stream.off('data', read)
      stream.on('data', guarded(read, stream))
    }
  }
}

type Reader = (data: Buffer) => void

const guarded =
  (read: Reader, stream: Duplex): Reader =>
  (data) => {
    try {
      read(data)
    } catch (cause) {
      stream.destroy(new Unreadable(cause))
    }
  }

/** The server sent what is no message of its protocol, or more than fits into a text of this process. */
export class Unreadable extends Error {
  readonly tooLong: boolean
  constructor(cause: unknown) {
    super('The server sent what cannot be read', { cause })
    this.tooLong = cause instanceof Error && 'code' in cause && cause.code === 'ERR_STRING_TOO_LONG'
  }
}
