/** The start of a statement: its dialect, no parameters yet, and the writers that expressions call each other by. */
import type { Dialect } from './dialect.ts'
import type { Writing } from './frame.ts'
import { groupedRows } from './grouped.ts'
import { testSql } from './test.ts'

const writers = { test: testSql, grouped: groupedRows }

export const startWriting = (dialect: Dialect): Writing => ({ dialect, writers, binders: [], known: new Map(), aliases: 0 })
