/** SQLite, opened for a backend: `sqlite:./data/plinth.db`, `sqlite::memory:`. */
import { checkText } from '../sql/check.ts'
import { emptyTables, type Store, type StoreOptions } from '../sql/store.ts'
import { sqliteBinding } from './binding.ts'
import { sqliteBuilder } from './builder.ts'
import { sqliteDialect } from './dialect.ts'
import { openSqlite } from './driver.ts'
import { lockForServing, type ServingLock } from './lock.ts'
import { sqliteDatabase } from './open.ts'

/** The definition of a table is read as a text, too. */
const LEAST = 1024 * 1024

const longestText = ({ maxAnswer, maxBody }: StoreOptions): number => Math.max(maxAnswer, LEAST) + maxBody

export async function openStore(url: string, options: StoreOptions): Promise<Store> {
  const driver = openSqlite(url.slice('sqlite:'.length), { statementTimeout: options.statementTimeout, longest: longestText(options) })
  let lock: ServingLock | undefined
  return {
    database: sqliteDatabase(driver, options),
    builder: (testOf) => sqliteBuilder(driver, (table, check) => checkText(table, testOf(table, check), sqliteDialect, sqliteBinding)),
    learn: (schema) => driver.learn(schema),
    arrived: driver.arrived,
    empty: (tables) => emptyTables(driver, tables),
    lock: async () => void (lock ??= lockForServing(driver.path)),
    async close() {
      await driver.close()
      lock?.release()
    },
  }
}
