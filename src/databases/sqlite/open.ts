/** SQLite, put together: dialect, driver, codec, capabilities. */
import type { Capabilities } from '../../plan/capabilities.ts'
import type { Database } from '../database.ts'
import { sqlDatabase } from '../sql/database.ts'
import { withJsonDepth } from '../sql/json-depth.ts'
import type { StoreOptions } from '../sql/store.ts'
import { sqliteBinding } from './binding.ts'
import { sqliteDialect } from './dialect.ts'
import type { SqliteDriver } from './driver.ts'

export const sqliteCapabilities: Capabilities = { syntax: 'sqlite', decimalDigits: 18, collations: false, explain: true }

export const sqliteDatabase = (driver: SqliteDriver, { maxJsonDepth, maxAnswer, clock }: StoreOptions): Database =>
  sqlDatabase({
    title: driver.title,
    capabilities: sqliteCapabilities,
    dialect: { ...sqliteDialect, most: maxAnswer },
    driver,
    codec: withJsonDepth(sqliteBinding, maxJsonDepth),
    clock,
    maxValues: 30_000,
  })
