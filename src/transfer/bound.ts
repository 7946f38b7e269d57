/** What a column asks of its values, in words, for the row that its own check has refused. */
import type { Problem } from '../errors.ts'
import { fitted } from '../schema/names.ts'
import type { Column, Table } from '../schema/schema.ts'

/** `price must be at least 0`; undefined where another check refused the row, whose name is then all there is to say. */
export function boundOf(table: Table, { code, message }: Problem): string | undefined {
  const name = code === '23514' ? /check constraint "(.+)"/.exec(message)?.[1] : undefined
  if (name === undefined || table.checks.some((check) => check.name === name)) return undefined
  const column = [...table.columns.values()].find((one) => fitted(`${table.name}_${one.name}`, '_check') === name)
  const asked = column && wanted(column)
  return column && asked && `${column.name} must ${asked}.`
}

function wanted(column: Column): string {
  const { values, pattern } = column
  if (values) return `be one of ${values.join(', ')}`
  const range = rangeOf(column)
  return [range === '' ? '' : `be ${range}`, pattern === undefined ? '' : `match ${pattern}`].filter(Boolean).join(' and ')
}

const UNITS: Readonly<Record<string, string>> = { text: ' characters long', bytes: ' bytes long', array: ' values long' }

/** Of the length, where values have one. */
function rangeOf({ type, min, max }: Column): string {
  const unit = UNITS[type.kind] ?? ''
  if (min !== undefined && max !== undefined) return `from ${min} to ${max}${unit}`
  if (min !== undefined) return `at least ${min}${unit}`
  return max === undefined ? '' : `at most ${max}${unit}`
}
