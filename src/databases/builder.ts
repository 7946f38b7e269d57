/**
 * The contract between `migrate/`, which knows what has to change, and a database, which knows how: a schema as it
 * was last applied, the small steps from there to another, and what a database must offer to take them.
 *
 * 1. Steps are plain data and the same for every database.
 * 2. A step that could lose rows or values says so in `loses`; `offending` then counts what really would be lost, so
 *    that an empty column is no reason to stop.
 * 3. Everything inside `alone` is one transaction under a lock: all of it happens or nothing.
 *
 * To add a kind of step: the kind here, then `difference` in `migrate/`, and each builder stops compiling until it
 * has an answer.
 */
import type { LoadError } from '../errors.ts'
import type { ForeignKey, Schema, Table, Type } from '../schema/schema.ts'

// ── What was applied ──

/** All of a schema that reaches the database, as JSON. */
export interface Snapshot {
  readonly tables: Readonly<Record<string, TableSnapshot>>
}

export interface TableSnapshot {
  readonly columns: Readonly<Record<string, ColumnSnapshot>>
  readonly key: readonly string[]
  /** Name → columns. */
  readonly uniques: Readonly<Record<string, readonly string[]>>
  readonly indexes: Readonly<Record<string, readonly string[]>>
  /** Name → the condition as this database's SQL. */
  readonly checks: Readonly<Record<string, string>>
  readonly foreignKeys: Readonly<Record<string, Omit<ForeignKey, 'name'>>>
  readonly search: readonly string[]
  readonly comment: string | null
}

export interface ColumnSnapshot {
  readonly type: Type
  readonly optional: boolean
  readonly touched: boolean
  readonly collation: string | null
  readonly comment: string | null
  /** JSON text, only ever compared. */
  readonly default: string | null
  readonly generated: string | null
}

// ── What has to change ──

export type Step = TableStep | ColumnStep | PartStep

interface Common {
  readonly table: string
  /** What could be lost or might not fit, as a sentence; null where nothing can. */
  readonly loses: string | null
}

export interface TableStep extends Common {
  readonly kind: 'createTable' | 'dropTable' | 'dropSearch' | 'addSearch' | 'changeTouched' | 'comment' | 'dropKey' | 'addKey'
}

export interface ColumnStep extends Common {
  readonly kind: 'addColumn' | 'dropColumn' | 'changeType' | 'requireValues' | 'allowNull' | 'changeDefault' | 'keepComputed'
  readonly column: string
}

export interface PartStep extends Common {
  readonly kind: 'dropForeignKey' | 'addForeignKey' | 'dropCheck' | 'addCheck' | 'dropUnique' | 'addUnique' | 'dropIndex' | 'addIndex'
  readonly name: string
}

/** From what to what: names in steps are looked up here. */
export interface Change {
  readonly from: Snapshot
  readonly to: Schema
  readonly steps: readonly Step[]
}

// ── What a database offers ──

/** A named check and its condition as SQL. */
export interface NamedCheck {
  readonly name: string
  readonly sql: string
}

/** Rows that a step would lose, or that stand in its way. */
export interface Offending {
  readonly count: number
  /** Up to three of their keys, for people. */
  readonly keys: readonly string[]
}

export interface Builder {
  /** For people: `SQLite 3.53.4`. */
  readonly title: string
  /** Why this database cannot keep the schema; empty where it can. */
  refusals(schema: Schema): readonly LoadError[]
  /** Every check of a table: the declared ones and those of its columns. */
  checks(table: Table): readonly NamedCheck[]
  /** Whether values of one type become values of the other without loss, at least where `offending` finds none. */
  converts(from: Type, to: Type): boolean
  /** Changes whenever the functions in the database have to be made anew. */
  readonly functions: string
  /** Changes whenever the words of full-text search have to be taken anew. */
  readonly words: string
  /** Plinth's own notes in the database; empty where it has none yet. One question, without a lock. */
  notes(): Promise<ReadonlyMap<string, string>>
  alone<T>(work: (site: Site) => Promise<T>): Promise<T>
}

/** The database while nobody else changes it. */
export interface Site {
  notes(): Promise<ReadonlyMap<string, string>>
  /** Makes the table of notes where it is not there. */
  prepare(): Promise<void>
  note(key: string, value: string): Promise<void>
  installFunctions(): Promise<void>
  /** Tables that are there, Plinth's own left out. */
  tables(): Promise<readonly string[]>
  /** The rows in the way of a step, judged on the data as it will be. */
  offending(step: Step, change: Change): Promise<Offending>
  apply(change: Change): Promise<void>
}
