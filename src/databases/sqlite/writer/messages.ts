/** What the main thread and the writer thread say to each other: plain data alone. */
import type { OwnError } from '../../../errors.ts'
import type { Schema } from '../../../schema/schema.ts'
import type { Named, SqlRow, SqlValue } from '../../sql/driver.ts'
import type { Outcome, Program } from '../../sql/write/program.ts'

export interface WriterOptions {
  readonly path: string
  /** Milliseconds. */
  readonly statementTimeout: number
  readonly lockTimeout: number
  /** How many prepared statements are kept. */
  readonly statements: number
  readonly longest: number | undefined
}

/** What is to be done. Programs share a commit; a transaction that was begun has the connection until it ends. */
export type Task =
  | { readonly do: 'write'; readonly program: Program }
  | { readonly do: 'begin' }
  | { readonly do: 'run'; readonly text: string; readonly values: readonly SqlValue[]; readonly wants: 'rows' | 'count' | 'named' }
  | { readonly do: 'end'; readonly commit: boolean }
  | { readonly do: 'learn'; readonly schema: Schema }
  | { readonly do: 'close' }

export type Job = Task & { readonly id: number }

/** A `Problem`, which does not come through as one. */
export interface Trouble {
  readonly kind: OwnError
  readonly message: string
  readonly details: string | null
  readonly hint: string | null
  readonly headers: Readonly<Record<string, string>> | undefined
  /** For the log. */
  readonly cause: string | undefined
}

export type Done = { readonly id: number } & (
  | { readonly value: Outcome | Named | readonly SqlRow[] | number | undefined }
  | { readonly trouble: Trouble }
)
