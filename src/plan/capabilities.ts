/** What a database can do. Code asks these, never a database's name; the list of gaps in the docs is made of it. */
import type { SqlSyntax } from '../query/transaction.ts'

export interface Capabilities {
  /** For whoever writes SQL for it. */
  readonly syntax: SqlSyntax
  /** The most digits an exact decimal may have. */
  readonly decimalDigits: number
  /** Columns may name a collation. */
  readonly collations: boolean
  /** `EXPLAIN` gives text that the plan media type can answer. */
  readonly explain: boolean
}
