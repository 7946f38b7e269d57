/** Parameters: what of the question or the asker goes into which placeholder, and in which form. */
import { Problem } from '../../errors.ts'
import { claimOf } from '../../query/claim.ts'
import type { SearchMode } from '../../query/query.ts'
import type { Form, ValueType } from '../../query/typed.ts'
import type { Who } from '../../query/who.ts'
import type { Canonical, Type } from '../../schema/schema.ts'
import type { SqlValue } from './driver.ts'

/** For numbers that fall between two values a column can hold: the nearest below, above, or one that nothing equals. */
export type Rounding = 'down' | 'up' | 'never'

export type Binder =
  | {
      readonly kind: 'value'
      readonly at: number
      readonly type: ValueType
      readonly form: Form
      readonly rounding: Rounding
      readonly fold: boolean
      readonly element: Form
      readonly search?: SearchMode
      readonly part?: 'candidates'
    }
  | {
      readonly kind: 'fixed'
      readonly value: Canonical | readonly Canonical[]
      readonly type: ValueType
      readonly form: Form
      readonly rounding: Rounding
      readonly fold: boolean
      readonly element: Form
      readonly search?: SearchMode
      readonly part?: 'candidates'
    }
  | { readonly kind: 'who'; readonly claim: readonly string[]; readonly type: ValueType; readonly rounding: Rounding }
  | { readonly kind: 'limit'; readonly at: number; readonly cap: number }
  | { readonly kind: 'offset'; readonly at: number }
  /** A sort value out of the token of keyset paging. */
  | { readonly kind: 'after'; readonly at: number; readonly index: number; readonly count: number; readonly type: ValueType }

/** How a database wants values. */
export interface Codec {
  /** A value given by a client (text or JSON), as the binder says. */
  bind(given: unknown, binder: Extract<Binder, { kind: 'value' }>): SqlValue
  /** A value that is in canonical form already. */
  fixed(binder: Extract<Binder, { kind: 'fixed' }>): SqlValue
  /** A claim's text; null where it is not of the type. */
  claim(text: string, binder: Extract<Binder, { kind: 'who' }>): SqlValue
  /** A value for a column. */
  store(given: unknown, type: ValueType): SqlValue
  /** A value of a column, as the database gave it, in canonical form. */
  load(stored: unknown, type: Type): Canonical
  /** Keys of rows, as the database gave them, for the placeholders of `Dialect.keys`. */
  keys(types: readonly Type[], keys: readonly (readonly SqlValue[])[]): readonly SqlValue[]
}

export function bindAll(binders: readonly Binder[], values: readonly unknown[], who: Who, codec: Codec): SqlValue[] {
  const bound = new Array<SqlValue>(binders.length)
  for (let at = 0; at < binders.length; at++) {
    const binder = binders[at]
    if (binder !== undefined) bound[at] = bindOne(binder, values, who, codec)
  }
  return bound
}

function bindOne(binder: Binder, values: readonly unknown[], who: Who, codec: Codec): SqlValue {
  switch (binder.kind) {
    case 'value':
      return codec.bind(values[binder.at], binder)
    case 'fixed':
      return codec.fixed(binder)
    case 'who': {
      const text = claimOf(who, binder.claim)
      return text === null ? null : codec.claim(text, binder)
    }
    case 'limit':
      return Math.min(count(values[binder.at]), binder.cap)
    case 'offset':
      return count(values[binder.at])
    case 'after':
      return afterValue(binder, values[binder.at], codec)
  }
}

function count(given: unknown): number {
  const number = typeof given === 'number' ? given : Number(given)
  if (!Number.isSafeInteger(number) || number < 0) throw new Problem('22P02', 'limit and offset are whole numbers, zero or more')
  return number
}

function afterValue(binder: Extract<Binder, { kind: 'after' }>, token: unknown, codec: Codec): SqlValue {
  if (token === '' || token === undefined) return null
  const parts = readToken(String(token))
  if (parts.length !== binder.count) throw badToken()
  const given = parts[binder.index]
  return given === null
    ? null
    : codec.bind(given, { kind: 'value', at: 0, type: binder.type, form: 'value', rounding: 'never', fold: false, element: 'value' })
}

const badToken = (): Problem =>
  new Problem('22P02', 'after is not a token of this list', { hint: 'Send the token that the page before gave, with the same order.' })

/** The sort values of a row as JSON texts, in a form that goes into a URL. */
export const writeToken = (parts: string): string => Buffer.from(parts, 'utf8').toString('base64url')

function readToken(token: string): readonly (string | null)[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))
    if (Array.isArray(parts) && parts.every((part) => part === null || typeof part === 'string')) return parts
  } catch {
    // falls through: whatever it was, it is no token
  }
  throw badToken()
}
