/** A log line for people, on a terminal: time, level, the sentence of the event. */
import { events, type EventName, type EventValue, type Level } from '../events.ts'

const colours: Readonly<Record<Level, string>> = { error: '\u001B[31m', warn: '\u001B[33m', info: '', debug: '\u001B[2m' }
const reset = '\u001B[0m'

export function prettyLine(name: EventName, fields: Readonly<Record<string, EventValue>>, time: number, colour: boolean): string {
  const { level, sentence } = events[name]
  const text = sentence.replaceAll(/\{(\w+)\}/g, (_, field: string) => printable(fields[field]))
  const code = fields['code'] === undefined ? '' : ` (${printable(fields['code'])}, request ${printable(fields['id'])})`
  const line = `${new Date(time).toISOString().slice(11, 19)} ${level === 'info' ? '' : `${level} `}${text}${code}`
  return colour && colours[level] !== '' ? `${colours[level]}${line}${reset}\n` : `${line}\n`
}

/** Control characters could move the cursor or change the colours of a terminal. */
function printable(value: EventValue): string {
  return String(value ?? '').replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?')
}
