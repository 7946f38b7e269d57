/** Values between the code of a function and the database: what `given` and `held` of a kind say (`schema/kinds.ts`). */
import { Problem } from '../../errors.ts'
import type { Within } from '../../query/transaction.ts'
import type { Canonical, Type } from '../../schema/schema.ts'

export type Codec = Pick<Within, 'store' | 'load'>

/** As the database keeps it. JSON is any value; everything else is judged as what a client sends. */
export const toStored = ({ store }: Codec, type: Type, given: unknown): unknown =>
  given === null ? null : store(type, type.kind === 'json' ? jsonText(given) : given)

function jsonText(given: unknown): string {
  const text: unknown = JSON.stringify(given)
  if (typeof text === 'string') return text
  throw new Problem('22P02', `JSON has no way to write a ${typeof given}`)
}

/** As the function's code sees it. */
export const toHeld = ({ load }: Codec, type: Type, stored: unknown): unknown => held(type, load(type, stored))

function held(type: Type, value: Canonical): unknown {
  if (value === null) return null
  if (type.kind === 'array' && Array.isArray(value)) return value.map((one: Canonical) => held(type.of, one))
  if (type.kind === 'integer') return safeNumber(value)
  return type.kind === 'json' ? JSON.parse(String(value)) : value
}

function safeNumber(value: Canonical): number {
  const number = Number(value)
  if (Number.isSafeInteger(number)) return number
  throw new Problem('22003', 'An integer is too large for a number of JavaScript', {
    hint: 'Read it as text in the function: sql<string>`cast(${ref} as text)`.',
  })
}

/** A value whose type nobody knows: a part of somebody's own SQL. */
export function toBare(given: unknown): unknown {
  if (given instanceof Date) return given.toISOString()
  if (given === null || given instanceof Uint8Array || bare.has(typeof given)) return given
  throw new TypeError(
    `A ${Array.isArray(given) ? 'list' : typeof given} was put into SQL where no column tells what it is. Compare it with a column, or write it as text.`,
  )
}

const bare: ReadonlySet<string> = new Set(['string', 'number', 'bigint', 'boolean'])
