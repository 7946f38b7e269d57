/** PostgreSQL, opened for a backend: `postgres://…`. */
import { checkText } from '../sql/check.ts'
import { emptyTables, type Store, type StoreOptions } from '../sql/store.ts'
import { postgresBinding } from './binding.ts'
import { postgresBuilder } from './builder.ts'
import { postgresDialect } from './dialect.ts'
import { openPostgres } from './driver.ts'
import { postgresDatabase } from './open.ts'

export async function openStore(url: string, options: StoreOptions): Promise<Store> {
  const driver = await openPostgres(url, options)
  return {
    database: postgresDatabase(driver, options),
    builder: (testOf) =>
      postgresBuilder(driver, (table, check) => checkText(table, testOf(table, check), postgresDialect, postgresBinding)),
    // Its errors name constraints by themselves, and several servers may share one database.
    learn: () => undefined,
    lock: async () => undefined,
    empty: (tables) => emptyTables(driver, tables),
    close: () => driver.close(),
  }
}
