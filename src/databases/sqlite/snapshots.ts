/**
 * Transactions that only read: each on a connection of its own, so that it sees one state of the database from its first
 * statement to its last, whatever is written meanwhile. Connections are opened when they are wanted and kept.
 */
import type { DatabaseSync } from 'node:sqlite'
import type { Connection } from '../sql/driver.ts'
import { Problem } from '../../errors.ts'
import { isNative, toProblem } from './errors.ts'
import { createStatements, type Statements, type StatementsOptions } from './statements.ts'

interface Snapshot {
  readonly database: DatabaseSync
  readonly statements: Statements
  readonly connection: Connection
}

const explain = (error: unknown): unknown => (isNative(error) && (error.errcode & 0xff) === 8 ? noWrites(error) : toProblem(error))

const noWrites = (cause: unknown): Problem => new Problem('25006', 'Nothing may be written in a transaction that only reads', { cause })

export class Snapshots {
  readonly #open: () => DatabaseSync
  readonly #options: StatementsOptions
  readonly #idle: Snapshot[] = []
  readonly #busy = new Set<Snapshot>()

  constructor(open: () => DatabaseSync, options: StatementsOptions) {
    this.#open = open
    this.#options = options
  }

  async run<T>(work: (connection: Connection) => T | Promise<T>): Promise<T> {
    const snapshot = this.#idle.pop() ?? this.#make()
    this.#busy.add(snapshot)
    try {
      snapshot.database.exec('BEGIN')
      return await work(snapshot.connection)
    } finally {
      this.#busy.delete(snapshot)
      if (snapshot.database.isOpen) this.#giveBack(snapshot)
    }
  }

  #giveBack(snapshot: Snapshot): void {
    if (snapshot.database.isTransaction) snapshot.database.exec('ROLLBACK')
    this.#idle.push(snapshot)
  }

  #make(): Snapshot {
    const database = this.#open()
    const statements = createStatements(database, { ...this.#options, explain })
    const connection: Connection = { prepare: statements.prepare, query: statements.query, execute: (text) => database.exec(text) }
    return { database, statements, connection }
  }

  close(): void {
    for (const { database, statements } of [...this.#idle.splice(0), ...this.#busy]) {
      statements.clear()
      database.close()
    }
  }
}
