/** Constants of a rule: held against the column's type, and put in wire form. */
import { Problem } from '../errors.ts'
import type { Json, Literal } from '../query/query.ts'
import { didYouMean } from '../schema/names.ts'
import type { Canonical, Type } from '../schema/schema.ts'
import { describeType, parseValue } from '../schema/value.ts'
import { Misuse } from './recording.ts'

/** What a constant stands against. `type` is undefined for a claim, which is of any. */
export interface Against {
  readonly what: string
  readonly type: Type | undefined
  readonly words?: readonly string[] | undefined
}

export function literalOf(against: Against, given: unknown): Literal {
  return Object.freeze({ kind: 'literal', value: valueOf(against, given) })
}

export function literalList(against: Against, given: unknown): Literal {
  if (!Array.isArray(given))
    throw new Misuse(`${against.what} is asked for one of something that is no list.`, "Give a list: .in(['open', 'paid']).")
  return Object.freeze({ kind: 'literal', value: Object.freeze(given.map((one) => valueOf(against, one))) })
}

function valueOf(against: Against, given: unknown): Json {
  if (given === null || given === undefined)
    throw new Misuse(`${against.what} is compared with ${String(given)}.`, 'Ask .isNull() for a missing value.')
  return against.type === undefined ? ofClaim(against, given) : wireForm(checked(against, against.type, given))
}

function ofClaim({ what }: Against, given: unknown): Json {
  if (typeof given === 'bigint') return wireForm(given)
  if (typeof given === 'string' || typeof given === 'number' || typeof given === 'boolean') return given
  throw new Misuse(`${what} is compared with a ${typeof given}.`, 'Compare a claim with text, a number, a boolean or a column.')
}

/** A client's 5 is taken for the text "5"; in a rule it is a slip, and the column never meant a number. */
function judgeText(what: string, type: Type, given: unknown): void {
  const texts: readonly unknown[] = type.kind === 'text' ? [given] : isTexts(type) && Array.isArray(given) ? given : []
  if (texts.every((one) => typeof one === 'string')) return
  const odd = texts.find((one) => typeof one !== 'string')
  const isPlain = typeof odd === 'number' || typeof odd === 'boolean' || typeof odd === 'bigint'
  throw new Misuse(
    `${what} is ${describeType(type)}, and is compared with ${isPlain ? `the ${typeof odd} ${odd}` : `a value of type ${typeof odd}`}.`,
    isPlain ? `Write it as text: '${odd}'.` : "Compare it with text: 'open'.",
  )
}

const isTexts = (type: Type): boolean => type.kind === 'array' && type.of.kind === 'text'

function checked({ what, words }: Against, type: Type, given: unknown): Canonical {
  judgeText(what, type, given)
  try {
    const value = parseValue(type, given)
    if (words && typeof value === 'string' && !words.includes(value))
      throw new Misuse(`${what} is never "${value}".`, didYouMean(value, words))
    return value
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw new Misuse(`${what} is ${describeType(type)}: ${error.message}.`, error.hint ?? `Give a value of type ${describeType(type)}.`)
  }
}

/** JSON that `parseValue` reads back as the very same value: no digit goes through a double. */
function wireForm(value: Canonical): Json {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  // What is neither of these is a list or JSON already.
  return Array.isArray(value) ? value.map(wireForm) : (value as Json)
}
