/** What a database can do. Code asks these, never a database's name; the list of gaps in the docs is made of it. */
export interface Capabilities {
  /** The most digits an exact decimal may have. */
  readonly decimalDigits: number
  /** Columns may name a collation. */
  readonly collations: boolean
  /** `EXPLAIN` gives text that the plan media type can answer. */
  readonly explain: boolean
}
