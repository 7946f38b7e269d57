/**
 * Names: which ones may stand in a file, what the database's own things are called, and which name was meant.
 *
 * 1. A name that PostgreSQL would cut is never used: what we make is at most 63 bytes, with a hash where it was cut.
 * 2. The names of constraints are those PostgreSQL would give, on every database.
 */
import { hash } from 'node:crypto'

const MOST_BYTES = 63

/** Parameters of the wire. A column of such a name could not be filtered by. */
const PARAMETERS: ReadonlySet<string> = new Set([
  'select',
  'order',
  'limit',
  'offset',
  'and',
  'or',
  'not',
  'columns',
  'on_conflict',
  'having',
  'after',
  'apikey',
])
/** Columns that PostgreSQL keeps in every table for itself. */
const SYSTEM_COLUMNS: ReadonlySet<string> = new Set(['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid'])

const bytesOf = (text: string): number => Buffer.byteLength(text)

/** Why this cannot be any name at all, as half a sentence; `undefined` when it can. */
export function badName(name: string): string | undefined {
  if (name === '') return 'is empty'
  if (name.trim() !== name) return 'begins or ends with a space'
  if (/\p{Cc}/u.test(name)) return 'holds a control character'
  if (!name.isWellFormed()) return 'holds half a character'
  if (bytesOf(name) > MOST_BYTES) return `is ${bytesOf(name)} bytes long, and databases keep ${MOST_BYTES}`
  return undefined
}

export function badTableName(name: string): string | undefined {
  if (name === 'rpc') return 'is reserved: /rest/v1/rpc is where functions are called'
  if (/^plinth_/i.test(name)) return 'is reserved: Plinth keeps its own tables under plinth_'
  if (/^(sqlite_|pg_)/i.test(name)) return 'is reserved: the database keeps tables of its own under this beginning'
  return badName(name)
}

export function badColumnName(name: string): string | undefined {
  if (PARAMETERS.has(name)) return `is reserved: ${name}= is a parameter of the wire`
  if (SYSTEM_COLUMNS.has(name)) return 'is reserved: PostgreSQL has a column of this name in every table'
  if (/^plinth_/i.test(name)) return 'is reserved: Plinth keeps columns of its own under plinth_'
  return badName(name)
}

export type ConstraintKind = 'pkey' | 'fkey' | 'key' | 'check' | 'idx'

/**
 * What PostgreSQL would call a constraint or an index, such as `orders_customer_id_fkey`.
 * @example constraintName('orders', ['customer_id'], 'fkey') // 'orders_customer_id_fkey'
 */
export function constraintName(table: string, columns: readonly string[], kind: ConstraintKind): string {
  return fitted([table, ...columns].join('_'), `_${kind}`)
}

/** The name of a check that the user named: `orders_paid_in_full`. */
export const checkName = (table: string, check: string): string => fitted(`${table}_${check}`, '')

/** `stem` and `ending` in 63 bytes; a stem that was cut carries a hash of the whole. */
export function fitted(stem: string, ending: string): string {
  if (bytesOf(stem) + bytesOf(ending) <= MOST_BYTES) return stem + ending
  const mark = `_${hash('sha256', stem).slice(0, 8)}`
  return cut(stem, MOST_BYTES - bytesOf(mark) - bytesOf(ending)) + mark + ending
}

function cut(text: string, most: number): string {
  let kept = ''
  for (const point of text) {
    if (bytesOf(kept) + bytesOf(point) > most) break
    kept += point
  }
  return kept
}

/**
 * A sentence that helps: the nearest name, or the names there are.
 * @example didYouMean('custmer', ['customer', 'lines']) // 'Did you mean "customer"?'
 */
export function didYouMean(name: string, among: Iterable<string>): string {
  const all = [...among]
  const near = nearest(name, all)
  if (near !== undefined) return `Did you mean "${near}"?`
  if (all.length === 0) return 'There is none.'
  return `Known: ${all.slice(0, 12).join(', ')}${all.length > 12 ? ` and ${all.length - 12} more` : ''}.`
}

/** The name that was probably meant; `undefined` when none is near. */
export function nearest(name: string, among: Iterable<string>): string | undefined {
  const given = name.toLowerCase()
  let best: string | undefined
  let least = Math.min(Math.max(1, Math.floor(name.length / 3)), name.length - 1) + 1
  for (const one of among) {
    const steps = distance(given, one.toLowerCase(), least)
    if (steps < least) [best, least] = [one, steps]
  }
  return best
}

/** How many single changes (a swap of neighbours is one) lead from `a` to `b`; gives up at `enough`. */
function distance(a: string, b: string, enough: number): number {
  if (Math.abs(a.length - b.length) >= enough) return enough
  let older: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) row.push(oneStep(a, b, i, j, row, above, older))
    ;[older, above] = [above, row]
  }
  return above[b.length] ?? enough
}

function oneStep(
  a: string,
  b: string,
  i: number,
  j: number,
  row: readonly number[],
  above: readonly number[],
  older: readonly number[],
): number {
  const same = a[i - 1] === b[j - 1]
  const least = Math.min((row[j - 1] ?? 0) + 1, (above[j] ?? 0) + 1, (above[j - 1] ?? 0) + (same ? 0 : 1))
  const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
  return swapped ? Math.min(least, (older[j - 2] ?? 0) + 1) : least
}
