/** The start of a statement: its dialect, no parameters yet, and the writers that expressions call each other by. */
import type { Dialect } from './dialect.ts'
import type { Writing } from './frame.ts'
import { groupedRows } from './grouped.ts'
import { testSql } from './test.ts'

const writers = { test: testSql, grouped: groupedRows }

/** `before`: so many placeholders of the statement come before those that are written here. */
export function startWriting(dialect: Dialect, before = 0): Writing {
  return { dialect: before === 0 ? dialect : shifted(dialect, before), writers, binders: [], known: new Map(), aliases: 0 }
}

const shifted = (dialect: Dialect, by: number): Dialect => ({
  ...dialect,
  placeholder: (at, type, list) => dialect.placeholder(at + by, type, list),
  countPlaceholder: (at) => dialect.countPlaceholder(at + by),
})
