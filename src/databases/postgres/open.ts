/** PostgreSQL, put together: dialect, driver, codec, capabilities. */
import type { Capabilities } from '../../plan/capabilities.ts'
import type { Database } from '../database.ts'
import { sqlDatabase } from '../sql/database.ts'
import type { Driver } from '../sql/driver.ts'
import { withJsonDepth } from '../sql/json-depth.ts'
import type { StoreOptions } from '../sql/store.ts'
import { postgresBinding } from './binding.ts'
import { postgresDialect } from './dialect.ts'

export const postgresCapabilities: Capabilities = { syntax: 'postgres', decimalDigits: 1000, collations: true, explain: true }

export const postgresDatabase = (driver: Driver & { readonly title: string }, { maxJsonDepth, maxAnswer, clock }: StoreOptions): Database =>
  sqlDatabase({
    title: driver.title,
    capabilities: postgresCapabilities,
    dialect: { ...postgresDialect, most: maxAnswer },
    driver,
    codec: withJsonDepth(postgresBinding, maxJsonDepth),
    clock,
    maxValues: 60_000,
  })
