/**
 * The public names: what a backend file imports.
 * @example
 * import { plinth, table, text, user } from 'plinth'
 *
 * export default plinth({
 *   tables: { notes: table({ owner_id: user(), words: text().max(2000) }) },
 *   access: { notes: { read: ({ row, who }) => row.owner_id.is(who.id) } },
 * })
 */
export { anyone, role, signedIn, type AccessOf, type Rule } from './schema/access.ts'
export { isBackend, plinth, type Backend, type BackendFile, type SeedRow, type SeedToolsOf, type TablesOf } from './schema/backend.ts'
export {
  array,
  boolean,
  bytes,
  date,
  decimal,
  float,
  integer,
  json,
  oneOf,
  ref,
  text,
  time,
  timestamp,
  timestamps,
  user,
  uuid,
  type Column,
} from './schema/column.ts'
export type { DatabaseOf } from './schema/database-of.ts'
export { action, endpoint, fail, fn, type FailOptions } from './schema/function.ts'
export type { Caller, ClientOf, FunctionsOf, KyselyOf } from './schema/function-types.ts'
export type { Condition, Expr, Many, Row, Who } from './schema/expression.ts'
export type { JsonValue } from './schema/kinds.ts'
export { table, type Table, type Tables } from './schema/table.ts'
