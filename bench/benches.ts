/** Every bench by its name. */
import type { Bench } from './bench.ts'
import { listSqlite } from './list-sqlite.ts'
import { nestedSqlite } from './nested-sqlite.ts'
import { pointSqlite } from './point-sqlite.ts'

export const benches: ReadonlyMap<string, Bench> = new Map([pointSqlite, listSqlite, nestedSqlite].map((bench) => [bench.name, bench]))
