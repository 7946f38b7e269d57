/** Checks as SQL for a `CREATE TABLE`: the same tests as everywhere, with their constants written out. */
import type { Test } from '../../query/typed.ts'
import type { Table } from '../../schema/schema.ts'
import type { Codec } from './binder.ts'
import type { Dialect } from './dialect.ts'
import type { SqlValue } from './driver.ts'
import { startWriting } from './writing.ts'
import { literal } from './names.ts'
import { testSql } from './test.ts'

/** The condition of a declared check, which looks at the row alone. */
export function checkText(table: Table, test: Test, dialect: Dialect, codec: Codec): string {
  const marked: Dialect = {
    ...dialect,
    placeholder: (number, type, list) => dialect.placeholder(number, type, list).replace(/^[?$]\d+/, mark(number)),
  }
  const writing = startWriting(marked)
  const text = testSql(test, { writing, table, alias: '', joins: undefined }, false)
  return writing.binders.reduce(
    (at, binder, index) =>
      at.replaceAll(mark(index + 1), () => (binder.kind === 'fixed' ? constant(codec.fixed(binder)) : forbidden(table))),
    text,
  )
}

/** Stands for a constant until the text is whole; no name or literal holds a NUL. */
const mark = (number: number): string => `\0${number}\0`

function constant(value: SqlValue): string {
  if (value === null) return 'NULL'
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`
  return typeof value === 'string' ? literal(value) : String(value).toUpperCase()
}

function forbidden(table: Table): never {
  throw new Error(`a check of ${table.name} asks for something besides the row`)
}
