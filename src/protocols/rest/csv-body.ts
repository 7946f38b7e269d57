/**
 * Rows as CSV (RFC 4180): a line of names, then a line for each row.
 *
 * An empty field is no value, and so is `NULL`; in quotes both are what they say. That is how answers in CSV write
 * them, so that what was read can be sent back.
 */
import { parse } from 'csv-parse/sync'
import { Problem } from '../../errors.ts'
import type { Given, GivenOptions } from './given.ts'
import { repeated } from '../../util/repeated.ts'

type Field = string | null

export function readCsvRows(text: string, { columns: wanted }: GivenOptions): Given {
  const [header = [], ...lines] = linesOf(text)
  const names = header.map((name) => name ?? '')
  const twice = repeated(names)
  if (twice !== undefined) throw new Problem('PGRST102', `The first line names the column "${twice}" twice`)
  if (lines.some((line) => line.length !== names.length)) throw new Problem('PGRST102', 'All lines must have same number of fields')
  const columns = wanted ?? names
  const places = columns.map((name) => names.indexOf(name))
  return { columns, rows: lines.map((line) => places.map((at) => (at === -1 ? undefined : line[at]))), nested: [] }
}

function linesOf(text: string): readonly (readonly Field[])[] {
  try {
    return parse(text, {
      bom: true,
      skip_empty_lines: true,
      relax_column_count: true,
      record_delimiter: ['\r\n', '\n'],
      cast: (value, { quoting }): Field => (!quoting && (value === '' || value === 'NULL') ? null : value),
    })
  } catch (cause) {
    throw new Problem('PGRST102', 'The body is not CSV', { details: cause instanceof Error ? cause.message : undefined, cause })
  }
}
