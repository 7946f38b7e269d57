/**
 * Writes the events of `events.ts`: as JSON lines for programs, or as sentences on a terminal.
 *
 * 1. Only the fields that the catalogue names are written, so that nothing gets in by being part of something larger.
 * 2. Writing never holds up an answer: `out.ts` gathers lines and writes them in the background, the rest on exit.
 */
import { events, levels, type Emit, type EventName, type EventValue, type Level } from '../events.ts'
import { Out, type LogDestination } from './out.ts'
import { prettyLine } from './pretty.ts'

export type { LogDestination }

export interface LogOptions {
  readonly level: Level | 'silent'
  readonly form: 'json' | 'pretty'
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Where lines go: standard output where left out. */
  readonly destination?: LogDestination
  readonly colour?: boolean
  /** Events that are not written. */
  readonly unsaid?: readonly EventName[]
}

export interface Log {
  readonly emit: Emit
  /** Whether events of this level are written, for what would cost something to gather. */
  readonly wants: (level: Level) => boolean
  /**
   * For what is logged with every request: takes the fields of an event as JSON text, `,"id":"r1","status":200`.
   * Undefined where lines are not JSON.
   */
  readonly emitText: ((name: EventName, fields: string) => void) | undefined
  /** Writes out all there is. */
  flush(): void
}

export type Fields = Readonly<Record<string, EventValue>>

export function createLog(options: LogOptions): Log {
  const { now, form, colour = false } = options
  const least = options.level === 'silent' ? -1 : levels.indexOf(options.level)
  const wanted = new Set(levels.filter((_, at) => at <= least))
  let destination: LogDestination | undefined
  const out = (): LogDestination => (destination ??= options.destination ?? standardOutput())
  const emitText = (name: EventName, fields: string): void => {
    if (wanted.has(events[name].level)) out().write(`${headOf(name, now())}${fields}}\n`)
  }
  return {
    wants: (level) => wanted.has(level),
    emit(name, fields) {
      if (!wanted.has(events[name].level) || options.unsaid?.includes(name)) return
      out().write(form === 'json' ? jsonLine(name, fields, now()) : prettyLine(name, fields, now(), colour))
    },
    emitText: form === 'pretty' ? undefined : emitText,
    flush: () => destination?.flushSync?.(),
  }
}

let shared: Out | undefined
/** One for the process: two would cut each other's lines. */
const standardOutput = (): Out => (shared ??= new Out(1))

/** The beginning of an event's lines, and its fields as they stand in one. */
interface Form {
  readonly head: string
  readonly fields: readonly { readonly name: string; readonly key: string }[]
}
const forms = new Map<EventName, Form>()

function formOf(name: EventName): Form {
  const known = forms.get(name)
  if (known) return known
  const { level, fields } = events[name]
  const names = fields.map((field) => field.replace('?', ''))
  const form = {
    head: `{"level":"${level}","event":"${name}","time":"`,
    fields: names.map((field) => ({ name: field, key: `,"${field}":` })),
  }
  forms.set(name, form)
  return form
}

export function jsonLine(name: EventName, fields: Fields, time: number): string {
  const form = formOf(name)
  let line = headOf(name, time)
  for (const field of form.fields) {
    const value = fields[field.name]
    if (value === undefined) continue
    line += field.key + (typeof value === 'string' ? JSON.stringify(value) : String(value))
  }
  return `${line}}\n`
}

const headOf = (name: EventName, time: number): string => `${formOf(name).head}${isoTime(time)}"`

const endings: readonly string[] = Array.from({ length: 1000 }, (_, ms) => `${String(ms).padStart(3, '0')}Z`)
let second = Number.NaN
let prefix = ''
/** As `toISOString`, with the part before the milliseconds made once a second. */
function isoTime(time: number): string {
  const whole = Math.floor(time / 1000)
  if (whole !== second) {
    second = whole
    prefix = new Date(whole * 1000).toISOString().slice(0, 20)
  }
  return `${prefix}${endings[Math.floor(time) - whole * 1000] ?? ''}`
}
