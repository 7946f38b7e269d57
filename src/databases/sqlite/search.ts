/**
 * Full-text search on SQLite: beside a searched table, an FTS5 table with the words of its columns and a table that
 * gives each key its row number there. FTS5 finds candidates; the exact decision is `plinth_search`'s.
 *
 * 1. Triggers keep both, so that whatever writes to the table is found: cascades and `REPLACE` too.
 * 2. The FTS5 table keeps no copy of the text (`content=''`).
 */
import type { Table } from '../../schema/schema.ts'
import { quote, quoteAll, searchRows, searchTable } from '../sql/names.ts'
import { columnType } from './codec.ts'

/** The tables, the rows that are there already, and the triggers. Empty for a table without search. */
export function searchSql(table: Table): string[] {
  if (table.search.length === 0) return []
  return [rowsSql(table), wordsSql(table), ...filled(table), ...triggers(table)]
}

export function dropSearchSql(table: string): string[] {
  const names = ['insert', 'update', 'delete'].map((event) => `DROP TRIGGER IF EXISTS ${quote(triggerName(table, event))}`)
  return [...names, `DROP TABLE IF EXISTS ${quote(searchTable(table))}`, `DROP TABLE IF EXISTS ${quote(searchRows(table))}`]
}

const triggerName = (table: string, event: string): string => `${searchTable(table)}_${event}`

function rowsSql(table: Table): string {
  const columns = table.key.map((name) => `${quote(name)} ${keyType(table, name)} NOT NULL`)
  return `CREATE TABLE ${quote(searchRows(table.name))} ("row" INTEGER PRIMARY KEY, ${columns.join(', ')}, UNIQUE (${quoteAll(table.key)})) STRICT`
}

function keyType(table: Table, name: string): string {
  const column = table.columns.get(name)
  return column === undefined ? 'TEXT' : columnType(column.type)
}

function wordsSql(table: Table): string {
  return `CREATE VIRTUAL TABLE ${quote(searchTable(table.name))} USING fts5(${wordColumns(table)}, content='', contentless_delete=1, tokenize='ascii')`
}

/** FTS5 keeps some names for itself (`rank`), so its columns have none of the table's. */
const wordColumns = (table: Table): string => table.search.map((_, at) => `w${at + 1}`).join(', ')

function filled(table: Table): string[] {
  const rows = quote(searchRows(table.name))
  const joined = table.key.map((name) => `k.${quote(name)} = t.${quote(name)}`).join(' AND ')
  const words = table.search.map((name) => `plinth_words(t.${quote(name)})`).join(', ')
  return [
    `INSERT INTO ${rows} (${quoteAll(table.key)}) SELECT ${quoteAll(table.key)} FROM ${quote(table.name)}`,
    `INSERT INTO ${quote(searchTable(table.name))} (rowid, ${wordColumns(table)}) SELECT k."row", ${words} FROM ${quote(table.name)} AS t JOIN ${rows} AS k ON ${joined}`,
  ]
}

function triggers(table: Table): string[] {
  const on = quote(table.name)
  const watched = [...new Set([...table.key, ...table.search])]
  const changed = watched.map((name) => `NEW.${quote(name)} IS NOT OLD.${quote(name)}`).join(' OR ')
  const trigger = (event: string, when: string, body: readonly string[]): string =>
    `CREATE TRIGGER ${quote(triggerName(table.name, event))} AFTER ${event.toUpperCase()} ON ${on}${when}\nBEGIN\n  ${body.join(';\n  ')};\nEND`
  return [
    trigger('insert', '', addBody(table)),
    trigger('update', ` WHEN ${changed}`, [...removeBody(table), ...addBody(table)]),
    trigger('delete', '', removeBody(table)),
  ]
}

function addBody(table: Table): string[] {
  const rows = quote(searchRows(table.name))
  const keys = table.key.map((name) => `NEW.${quote(name)}`)
  const own = table.key.map((name, at) => `${quote(name)} = ${keys[at]}`).join(' AND ')
  const words = table.search.map((name) => `plinth_words(NEW.${quote(name)})`).join(', ')
  return [
    `INSERT INTO ${rows} (${quoteAll(table.key)}) VALUES (${keys.join(', ')})`,
    `INSERT INTO ${quote(searchTable(table.name))} (rowid, ${wordColumns(table)}) SELECT "row", ${words} FROM ${rows} WHERE ${own}`,
  ]
}

function removeBody(table: Table): string[] {
  const rows = quote(searchRows(table.name))
  const own = table.key.map((name) => `${quote(name)} = OLD.${quote(name)}`).join(' AND ')
  return [
    `DELETE FROM ${quote(searchTable(table.name))} WHERE rowid = (SELECT "row" FROM ${rows} WHERE ${own})`,
    `DELETE FROM ${rows} WHERE ${own}`,
  ]
}
