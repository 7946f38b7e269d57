/** Every bench by its name. */
import type { Bench } from './bench.ts'
import { listSqlite } from './list-sqlite.ts'
import { mixedSqlite } from './mixed-sqlite.ts'
import { nestedSqlite } from './nested-sqlite.ts'
import { pointSqlite } from './point-sqlite.ts'
import { writeSqlite } from './write-sqlite.ts'

const all: readonly Bench[] = [pointSqlite, listSqlite, nestedSqlite, writeSqlite, mixedSqlite]

export const benches: ReadonlyMap<string, Bench> = new Map(all.map((bench) => [bench.name, bench]))
