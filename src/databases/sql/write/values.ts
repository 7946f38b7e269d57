/** Values on their way into a row: each by its column's codec, and defaults where they are asked for in the open. */
import { randomUUIDv7 } from 'node:crypto'
import { Problem } from '../../../errors.ts'
import type { Column, Default, Type } from '../../../schema/schema.ts'
import type { Codec } from '../binder.ts'
import type { SqlValue } from '../driver.ts'

/** A value passes its column's codec; a complaint says which column it is about. */
export function storedValue(given: unknown, column: Column, textual: boolean, codec: Codec): SqlValue {
  if (given === null) return null
  try {
    return codec.store(textual ? given : asJson(given, column), column.type)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw new Problem(error.kind, error.message, {
      details: `Column "${column.name}".`,
      ...(error.hint === null ? {} : { hint: error.hint }),
    })
  }
}

/** A JSON column's value is itself, not its text, unless all values are texts. */
const asJson = (given: unknown, column: Column): unknown => (column.type.kind === 'json' ? JSON.stringify(given) : given)

/** What a column holds of which a row says nothing; `now` is milliseconds since 1970. */
export function defaultOf({ default: given, type }: Column, now: number, codec: Codec): SqlValue {
  return given === undefined ? null : codec.store(made[given.kind](given, type, now), type)
}

const made: { readonly [K in Default['kind']]: (given: Default, type: Type, now: number) => unknown } = {
  value: (given) => (given.kind === 'value' ? given.value : null),
  now: (_, type, now) => momentOf(type, new Date(now).toISOString()),
  uuid: () => randomUUIDv7(),
}

function momentOf(type: Type, iso: string): string {
  if (type.kind === 'date') return iso.slice(0, 10)
  return type.kind === 'time' ? iso.slice(11, 23) : iso
}
