/**
 * Integers, decimals and floats, from what was sent to the canonical form.
 *
 * 1. An integer or a decimal never goes through a double, except where it was sent as one: then its shortest text counts.
 * 2. Spaces around a number are passed over and a sign is taken, as PostgreSQL does.
 */
import { malformed, outOfRange } from './refuse.ts'

/** An exact number: `digits` × 10^-`scale`. */
export interface Exact {
  readonly digits: bigint
  readonly scale: number
}

const SPACE = '[ \\t\\n\\r\\v\\f]*'
const INTEGER = new RegExp(`^${SPACE}([+-]?\\d+)${SPACE}$`)
const NUMBER = new RegExp(`^${SPACE}([+-]?)(?:(\\d+)(?:\\.(\\d*))?|\\.(\\d+))(?:[eE]([+-]?\\d+))?${SPACE}$`)

const LEAST = -(2n ** 63n)
const MOST = 2n ** 63n - 1n
/** Far beyond any column; keeps `1e999999999` from filling the memory. */
const MOST_DIGITS = 2000

/** 64 bits, exact. */
export function parseInteger(given: unknown): bigint {
  if (typeof given === 'number') return integerOfNumber(given)
  const found = typeof given === 'string' ? INTEGER.exec(given)?.[1] : undefined
  if (found === undefined && typeof given !== 'bigint') throw malformed('integer', given)
  if (found !== undefined && found.length > MOST_DIGITS) throw outOfRange('integer', given)
  const value = typeof given === 'bigint' ? given : BigInt(found?.replace('+', '') ?? 0)
  if (value < LEAST || value > MOST) throw outOfRange('integer', given)
  return value
}

function integerOfNumber(given: number): bigint {
  if (Number.isSafeInteger(given)) return BigInt(given)
  if (Number.isFinite(given) && !Number.isInteger(given)) throw malformed('integer', given)
  throw outOfRange('integer', given, 'Send a number this large as a string, so that no digit is lost.')
}

/**
 * An exact number of any scale, as filters need it.
 * @example parseDecimal('1.50') // { digits: 150n, scale: 2 }
 */
export function parseDecimal(given: unknown): Exact {
  const found = NUMBER.exec(textOf(given) ?? '')
  if (found === null) throw malformed('decimal', given)
  const [, sign = '', whole = '', fraction = '', bare = '', exponent = '0'] = found
  const behind = fraction + bare
  const scale = behind.length - Number(exponent)
  if (Math.abs(scale) > MOST_DIGITS || whole.length + behind.length > MOST_DIGITS) throw outOfRange('decimal', given)
  const digits = BigInt(`${sign === '-' ? '-' : ''}${whole}${behind}`)
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 }
}

/** A number's shortest text; strings as they are; `undefined` for what is no number. */
function textOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given
  return typeof given === 'number' || typeof given === 'bigint' ? String(given) : undefined
}

/** `1234.50`: `digits` and `scale` as declared. Digits that would be lost are refused, zeros at the end are not digits. */
export function parseScaled(given: unknown, digits: number, scale: number): string {
  const type = `decimal(${digits},${scale})`
  const exact = atScale(parseDecimal(given), scale)
  if (exact === undefined) throw outOfRange(type, given, `It has more than ${scale} decimals; round it first.`)
  if (exact.digits >= 10n ** BigInt(digits) || -exact.digits >= 10n ** BigInt(digits)) throw outOfRange(type, given)
  return printExact(exact)
}

/** The same number with another scale; `undefined` where that would lose a digit. */
export function atScale(exact: Exact, scale: number): Exact | undefined {
  if (exact.scale <= scale) return { digits: exact.digits * 10n ** BigInt(scale - exact.scale), scale }
  const unit = 10n ** BigInt(exact.scale - scale)
  return exact.digits % unit === 0n ? { digits: exact.digits / unit, scale } : undefined
}

/** `-0.05`, `12`, without zeros in front; nothing is `-0`. */
export function printExact({ digits, scale }: Exact): string {
  if (scale === 0) return String(digits)
  const all = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0')
  return `${digits < 0n ? '-' : ''}${all.slice(0, -scale)}.${all.slice(-scale)}`
}

/** A finite double. Negative zero is zero. */
export function parseFloat64(given: unknown): number {
  const value = typeof given === 'number' ? given : floatOfText(given)
  if (Number.isNaN(value)) throw malformed('float', given, 'NaN is not kept.')
  if (!Number.isFinite(value)) throw outOfRange('float', given)
  return value === 0 ? 0 : value
}

function floatOfText(given: unknown): number {
  const text = textOf(given) ?? ''
  if (!NUMBER.test(text)) throw malformed('float', given)
  const value = Number(text.trim())
  const vanished = value === 0 && /[1-9]/.test(text.replace(/[eE].*/, ''))
  if (vanished) throw outOfRange('float', given)
  return value
}
