/** One row as an HTML form sends it. */
import { Problem } from '../../errors.ts'
import type { Given, GivenOptions } from './given.ts'
import { repeated } from '../../util/repeated.ts'

export function readFormRow(text: string, { columns: wanted }: GivenOptions): Given {
  const fields = [...new URLSearchParams(text)]
  const names = fields.map(([name]) => name)
  const twice = repeated(names)
  if (twice !== undefined) throw new Problem('PGRST102', `The field "${twice}" is there twice`)
  const values = new Map(fields)
  const columns = wanted ?? names
  return { columns, rows: [columns.map((name) => values.get(name))], nested: [] }
}
