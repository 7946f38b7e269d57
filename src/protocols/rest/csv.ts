/**
 * Rows as CSV (RFC 4180): a line of names, then a line for each row.
 *
 * 1. NULL is an empty field, an empty text a quoted one, and so is the text `NULL`, which stands for no value in bodies; numbers keep their digits; objects and arrays are JSON text.
 * 2. Lines are joined by a line feed, without one at the end, as PostgREST has it.
 * 3. Without a row, the line of names is all there is, and it ends.
 */
import { elementsOf, membersOf, textOf } from '../../util/json-slices.ts'

export function toCsv(json: string, names: readonly string[] | undefined): string {
  const rows = elementsOf(json).map(membersOf)
  const [first] = rows
  if (first === undefined) return `${(names ?? []).map(field).join(',')}\n`
  const header = first.map(([name]) => field(name)).join(',')
  const lines = rows.map((row) => row.map(([, value]) => cell(value)).join(','))
  return [header, ...lines].join('\n')
}

function cell(json: string): string {
  if (json === 'null') return ''
  return json.startsWith('"') ? field(textOf(json)) : field(json)
}

function field(text: string): string {
  return text === '' || text === 'NULL' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
