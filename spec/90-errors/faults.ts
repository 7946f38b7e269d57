/**
 * Errors of a database that is broken, busy or full: code → what happens to it, and what is asked meanwhile. Each has a
 * fresh database of its own, which it harms from outside, past everything of ours.
 *
 * To add one: a row here.
 */
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import type { ErrorCode } from '../../src/errors.ts'
import type { FreshDatabase } from '../databases.ts'
import type { DatabaseName } from '../gaps.ts'

/** A running server with one table, `notes`, and one row in it. */
export interface Target {
  readonly fresh: FreshDatabase
  /** Asks for the notes. */
  readonly read: () => Promise<Response>
  /** Puts a note in, as the system. */
  readonly write: () => Promise<unknown>
}

export interface Fault {
  readonly when: string
  /** Where it can come about; anywhere where left out. */
  readonly on?: DatabaseName
  readonly settings?: Readonly<Record<string, string>>
  /** Another way to open the database than by its URL alone. */
  readonly url?: (fresh: FreshDatabase) => string
  /** Harm that is done before the server opens the database. */
  readonly before?: (fresh: FreshDatabase) => Promise<unknown>
  /** Gives the answer, or rejects with the `Problem` where it is no request that fails. */
  readonly ask: (target: Target) => Promise<Response>
}

/** Holds the whole table while `work` is done; on a connection of its own. */
async function whileLocked<T>({ url }: FreshDatabase, work: () => Promise<T>): Promise<T> {
  const other = new Client({ connectionString: url })
  await other.connect()
  await other.query('BEGIN; LOCK TABLE notes IN ACCESS EXCLUSIVE MODE')
  try {
    return await work()
  } finally {
    await other.end()
  }
}

/** What waits for a lock is ended, as an administrator would; not at once, or the statement is only tried again. */
async function endTheWaiting({ sql }: FreshDatabase): Promise<void> {
  for (let ended = 0; ended === 0;) {
    await sleep(150)
    const rows = await sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    )
    ended = rows.length
  }
}

/** Another process writes, and does not come to an end. */
async function whileAnotherWrites({ url }: FreshDatabase, work: () => Promise<unknown>): Promise<never> {
  const other = new DatabaseSync(url.slice('sqlite:'.length))
  other.exec('BEGIN IMMEDIATE')
  try {
    await work()
    throw new Error('it was written all the same')
  } finally {
    other.close()
  }
}

const limitLocks = ({ sql, url }: FreshDatabase): Promise<unknown> =>
  sql(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET lock_timeout = '50ms'`)

/** A disk that is full, as PostgreSQL tells of it. */
async function fillTheDisk({ sql }: FreshDatabase): Promise<void> {
  await sql(
    `CREATE FUNCTION public.filled() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'could not extend file "base/16384/canary"' USING ERRCODE = 'disk_full'; END $$`,
  )
  await sql('CREATE TRIGGER filled BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION public.filled()')
}

export const faults: Partial<Record<ErrorCode, readonly Fault[]>> = {
  '08006': [
    {
      when: 'the connection is ended under a request',
      on: 'PostgreSQL',
      ask: ({ fresh, read }) =>
        whileLocked(fresh, async () => {
          const answer = read()
          await endTheWaiting(fresh)
          return answer
        }),
    },
    { when: 'another process does not let go of the file', on: 'SQLite', ask: ({ fresh, write }) => whileAnotherWrites(fresh, write) },
  ],
  '40001': [
    {
      when: 'rows stay locked for longer than the database lets anybody wait',
      on: 'PostgreSQL',
      before: limitLocks,
      ask: ({ fresh, read }) => whileLocked(fresh, read),
    },
  ],
  '57014': [
    {
      when: 'a statement waits for longer than it may run',
      on: 'PostgreSQL',
      settings: { PLINTH_STATEMENT_TIMEOUT: '100ms' },
      ask: ({ fresh, read }) => whileLocked(fresh, read),
    },
  ],
  // On SQLite, spec/75-databases/sqlite.test.ts fills a database up to the page.
  '53100': [
    {
      when: 'nothing more goes onto the disk',
      on: 'PostgreSQL',
      ask: async ({ fresh, write }) => {
        await fillTheDisk(fresh)
        await write()
        throw new Error('it was written all the same')
      },
    },
  ],
  '53300': [
    {
      when: 'a request has waited for a connection for as long as it may, because others have them all',
      on: 'PostgreSQL',
      url: ({ url }) => `${url}?pool=1`,
      ask: ({ fresh, read }) =>
        // The one waits for the lock and has the only connection; the other waits for that.
        whileLocked(fresh, () => Promise.race([read(), read()])),
    },
  ],
  XX000: [
    {
      when: 'the database is not as it was left',
      ask: async ({ fresh, read }) => {
        await fresh.sql('ALTER TABLE notes RENAME TO canary')
        return read()
      },
    },
  ],
}
