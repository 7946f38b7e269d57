/**
 * The declared gaps: what a database cannot keep, by capability, each with its reason. A sentence that needs such a
 * capability is not asked there; with `PLINTH_FORCE_GAPS=1` it is, and must fail.
 */
import type { Capabilities } from '../src/plan/capabilities.ts'

export type Capability = keyof Capabilities
export type DatabaseName = 'SQLite' | 'PostgreSQL'

export const gaps: Readonly<Record<DatabaseName, Readonly<Partial<Record<Capability, string>>>>> = {
  SQLite: {
    decimalDigits: 'SQLite has no exact decimals of its own; they are kept as 64-bit integers, which hold 18 digits',
    collations: 'SQLite has no collations of languages',
  },
  PostgreSQL: {},
}
