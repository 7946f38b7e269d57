/**
 * A transaction that stays open between statements, for those who ask and write in it.
 *
 * 1. A write of the query language is undone alone where it is refused, and the transaction goes on.
 * 2. A read that fails, and SQL that somebody else wrote, lose the transaction, on every database alike. What lost it is
 *    thrown again at the end, whoever caught it: a lost transaction never passes for a committed one.
 * 3. One thing at a time: what belongs together is not torn apart by what is asked beside it.
 */
import { Problem } from '../../errors.ts'
import type { Kept } from '../../query/once.ts'
import type { Within } from '../../query/transaction.ts'
import type { SqlDatabase } from './database.ts'
import type { Connection, SqlRow, SqlValue } from './driver.ts'
import { carryOut, driveLater, type Asked } from './write/carry-out.ts'
import { judgeClaim, onceSent, recalled } from './write/once.ts'
import type { Outcome, Program } from './write/program.ts'

interface Open {
  readonly connection: Connection
  /** Ends when all that was asked so far is done. */
  busy: Promise<unknown>
  /** The failure that lost it. */
  lost: { readonly error: unknown } | undefined
}

type Parts = Pick<SqlDatabase, 'codec' | 'dialect' | 'clock'>

const opened = new WeakMap<Within, Open>()

/** Runs `work` in a transaction that is begun already; throws what lost it. */
export async function inTransaction<T>(connection: Connection, parts: Parts, work: (within: Within) => Promise<T>): Promise<T> {
  const open: Open = { connection, busy: Promise.resolve(), lost: undefined }
  const result = await work(openWithin(open, parts))
  // What was asked and not waited for is a part of it too.
  await open.busy
  if (open.lost) throw open.lost.error
  return result
}

function openWithin(open: Open, parts: Parts): Within {
  const { codec } = parts
  const within: Within = {
    // What comes in was made by `store`, or is a number or a text of somebody's own SQL.
    query: (text, values) => inTurn(open, () => losing(open, (connection) => connection.query(text, values as readonly SqlValue[]))),
    part: (work) => inTurn(open, () => undoneAlone(open, (connection) => inTransaction(connection, parts, work))),
    recall: (kept) => inTurn(open, () => losing(open, (connection) => recall(kept, connection, parts))),
    keep: (kept, answer) => inTurn(open, () => losing(open, (connection) => keep(kept, answer, connection, parts))),
    store: (type, given) => (given === null ? null : codec.store(given, type)),
    load: (type, stored) => codec.load(stored, type),
  }
  opened.set(within, open)
  return within
}

async function recall(kept: Kept, connection: Connection, parts: Parts): Promise<string | undefined> {
  const { claim, recall: look, body } = onceSent(kept, parts)
  if (claim !== undefined) judgeClaim(await connection.prepare(claim.text).rows(claim.values))
  return recalled(await connection.prepare(look.text).rows(look.values), { body })
}

async function keep(kept: Kept, answer: string, connection: Connection, parts: Parts): Promise<void> {
  const sent = onceSent(kept, parts).keep
  await connection.prepare(sent.text).count([...sent.values, answer])
}

function openOf(within: Within): Open {
  const open = opened.get(within)
  if (open === undefined) throw new Error('a transaction of another database')
  return open
}

/** When all is done that was asked before. */
function inTurn<T>(open: Open, work: () => T | Promise<T>): Promise<T> {
  const done = open.busy.then(work)
  open.busy = done.catch(() => undefined)
  return done
}

/** Its connection; `25P02` where the transaction is lost. */
function connectionIn({ connection, lost }: Open): Connection {
  if (!lost) return connection
  throw new Problem('25P02', 'The transaction is lost: a statement in it has failed', {
    hint: 'Let the failure end the function, or ask by client, whose failures are undone alone.',
    cause: lost.error,
  })
}

async function losing<T>(open: Open, work: (connection: Connection) => T | Promise<T>): Promise<T> {
  const connection = connectionIn(open)
  try {
    return await work(connection)
  } catch (error) {
    open.lost = { error }
    throw error
  }
}

/** The rows of a question that is asked in the transaction. */
export function readWithin(within: Within, text: string, values: readonly SqlValue[]): Promise<readonly SqlRow[]> {
  const open = openOf(within)
  return inTurn(open, () => losing(open, (connection) => connection.prepare(text).rows(values)))
}

/** A program as a part of the transaction. */
export function writeWithin(program: Program, within: Within, { codec }: Parts): Promise<Outcome> {
  const open = openOf(within)
  const carry = (connection: Connection): Promise<Outcome> => {
    const send = async ({ text, values, counted }: Asked): Promise<readonly SqlRow[] | number> => {
      const statement = connection.prepare(text)
      return counted ? statement.count(values) : statement.rows(values)
    }
    return driveLater(carryOut(program, codec.keys), send)
  }
  return inTurn(open, () => undoneAlone(open, carry, program.rehearsal))
}

/** A savepoint: what is done in it is undone where it throws, or where it was only to be seen. */
async function undoneAlone<T>(open: Open, work: (connection: Connection) => Promise<T>, rehearsal = false): Promise<T> {
  const connection = connectionIn(open)
  await connection.execute('SAVEPOINT plinth_part')
  try {
    const outcome = await work(connection)
    await leave(connection, rehearsal)
    return outcome
  } catch (error) {
    if (isEnd(error)) open.lost = { error }
    else await leave(connection, true).catch(() => void (open.lost = { error }))
    throw error
  }
}

async function leave(connection: Connection, undo: boolean): Promise<void> {
  if (undo) await connection.execute('ROLLBACK TO SAVEPOINT plinth_part')
  await connection.execute('RELEASE SAVEPOINT plinth_part')
}

/** It is over for the whole of the transaction: another one got in its way, or the connection is gone. */
const isEnd = (error: unknown): boolean => error instanceof Problem && (error.code === '40001' || error.code === '08006')
