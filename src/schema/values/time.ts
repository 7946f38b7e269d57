/**
 * Instants, dates and times of day, from PostgreSQL's common spellings to the one canonical text of each.
 *
 * 1. Microseconds are exact: nothing goes through the milliseconds of `Date`, except a `Date` itself.
 * 2. Canonical texts of a type have one length and order (a time's fraction aside), so that they sort as what they mean.
 * 3. Years are 0001 to 9999. Without an offset a timestamp is UTC.
 */
import { badTime, timeOutOfRange } from './refuse.ts'

const DATE = String.raw`(\d{4,})-(\d{1,2})-(\d{1,2})`
const CLOCK = String.raw`(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d*))?)?`
const OFFSET = String.raw`(Z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?(?::?\d{2})?)`
const TIMESTAMP = new RegExp(`^${DATE}(?:(?:T|\\s+)${CLOCK})?\\s*${OFFSET}?$`, 'i')
const TIME = new RegExp(`^T?${CLOCK}$`, 'i')
/** `20261121T011529Z`, the basic form of ISO 8601. */
const BASIC = /^(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2})(\d{2})(\d{2})?(.*))?$/i

/** No spelling of a time comes near it, and patterns with blanks in them are not tried on more. */
const MOST_CHARACTERS = 100
const DAY = 86_400
const FIRST_DAY = daysTo(1, 1, 1)
const LAST_DAY = daysTo(9999, 12, 31)

/** A moment as whole seconds and microseconds beyond them. */
interface Moment {
  readonly seconds: number
  readonly micros: number
}

/** `2026-11-21T01:15:29.123456+00:00` */
export function parseTimestamp(given: unknown): string {
  const [, year, month, day, hour, minute, second, fraction, offset] = match(TIMESTAMP, 'timestamp', given)
  const clock = secondsOf(given, hour, minute, second, fraction)
  const seconds = dayOf(given, year, month, day) * DAY + clock.seconds - offsetOf(given, offset)
  const at = Math.floor(seconds / DAY)
  if (at < FIRST_DAY || at > LAST_DAY) throw timeOutOfRange(given, 'Years go from 0001 to 9999.')
  return `${printDay(at)}T${printClock(seconds - at * DAY)}.${padded(clock.micros, 6)}+00:00`
}

/** `2026-11-21`; of a whole timestamp, its date as written. */
export function parseDate(given: unknown): string {
  const [, year, month, day, hour, minute, second, fraction] = match(TIMESTAMP, 'date', given)
  secondsOf(given, hour, minute, second, fraction)
  return printDay(dayOf(given, year, month, day))
}

/** `23:59:59` or `23:59:59.5`, up to `24:00:00`. */
export function parseTime(given: unknown): string {
  const found = typeof given === 'string' ? TIME.exec(trimmed('time', given)) : null
  if (found === null) throw badTime('time', given)
  const { seconds, micros } = secondsOf(given, found[1], found[2], found[3], found[4])
  return printClock(seconds) + (micros === 0 ? '' : `.${padded(micros, 6).replace(/0+$/, '')}`)
}

function match(pattern: RegExp, type: string, given: unknown): (string | undefined)[] {
  const text = given instanceof Date ? textOfDate(type, given) : typeof given === 'string' ? trimmed(type, given) : given
  const found = typeof text === 'string' ? (pattern.exec(text) ?? pattern.exec(unfolded(text))) : null
  if (found !== null) return found
  const kept = typeof text === 'string' && /^[+-]?infinity$/i.test(text)
  throw kept
    ? timeOutOfRange(given, 'Infinite times are not kept.')
    : badTime(type, given, 'Write it as 2026-11-21T01:15:29Z or 2026-11-21.')
}

function trimmed(type: string, given: string): string {
  const text = given.trim()
  if (text.length > MOST_CHARACTERS) throw badTime(type, given, `It is longer than ${MOST_CHARACTERS} characters.`)
  return text
}

function textOfDate(type: string, given: Date): string {
  if (Number.isNaN(given.getTime())) throw badTime(type, 'Invalid Date')
  return given.toISOString().replace(/^[+-]/, '')
}

/** The basic form in the extended one; other text as it is. */
function unfolded(text: string): string {
  const found = BASIC.exec(text)
  if (found === null) return text
  const [, year, month, day, hour, minute, second = '00', rest = ''] = found
  return hour === undefined ? `${year}-${month}-${day}` : `${year}-${month}-${day}T${hour}:${minute}:${second}${rest}`
}

function dayOf(given: unknown, year = '', month = '', day = ''): number {
  const [y, m, d] = [Number(year), Number(month), Number(day)]
  if (y < 1 || y > 9999) throw timeOutOfRange(given, 'Years go from 0001 to 9999.')
  if (m < 1 || m > 12 || d < 1 || d > daysIn(y, m)) throw timeOutOfRange(given)
  return daysTo(y, m, d)
}

/** Seconds since midnight. `24:00:00` and a second of 60 are taken, as long as the day is not overrun. */
function secondsOf(given: unknown, hour = '0', minute = '0', second = '0', fraction = ''): Moment {
  const [h, m, s] = [Number(hour), Number(minute), Number(second)]
  if (h > 24 || m > 59 || s > 60) throw timeOutOfRange(given)
  const micros = microsOf(fraction)
  const seconds = h * 3600 + m * 60 + s + Math.floor(micros / 1_000_000)
  if (seconds > DAY || (seconds === DAY && micros % 1_000_000 > 0)) throw timeOutOfRange(given)
  return { seconds, micros: micros % 1_000_000 }
}

/** Six digits; what is beyond is rounded, half away from zero. */
function microsOf(fraction: string): number {
  const micros = Number(fraction.slice(0, 6).padEnd(6, '0'))
  return fraction.charCodeAt(6) >= 0x35 ? micros + 1 : micros
}

/** In seconds, to be taken away. */
function offsetOf(given: unknown, offset = 'Z'): number {
  const found = /^([+-])(\d{1,2}):?(\d{2})?:?(\d{2})?$/.exec(offset)
  if (found === null) return 0
  const [hours, minutes, seconds] = [Number(found[2]), Number(found[3] ?? 0), Number(found[4] ?? 0)]
  if (hours > 15 || minutes > 59 || seconds > 59) throw timeOutOfRange(given)
  return (found[1] === '-' ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds)
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
const daysIn = (year: number, month: number): number => (month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31)

/** Days since 1970-01-01 in the Gregorian calendar, counted in years that begin in March. */
function daysTo(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const ofEra = shifted - era * 400
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468
}

function printDay(days: number): string {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const ofEra = shifted - era * 146_097
  const year = Math.floor((ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365)
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100))
  const fromMarch = Math.floor((5 * ofYear + 2) / 153)
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
  const day = ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1
  return `${padded(year + era * 400 + (month <= 2 ? 1 : 0), 4)}-${padded(month, 2)}-${padded(day, 2)}`
}

const printClock = (seconds: number): string =>
  `${padded(Math.floor(seconds / 3600), 2)}:${padded(Math.floor(seconds / 60) % 60, 2)}:${padded(seconds % 60, 2)}`

const padded = (value: number, length: number): string => String(value).padStart(length, '0')
