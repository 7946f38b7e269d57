/**
 * What a command says. For people: sentences on stdout, troubles and progress on stderr. For programs (`--json`):
 * one JSON object a line on stdout, errors too, and nothing else.
 *
 * 1. Colour only on a terminal, and never with NO_COLOR.
 * 2. A bar only on a terminal; elsewhere a plain line every few seconds. A line takes the bar away first.
 */
import { styleText } from 'node:util'

type Format = Parameters<typeof styleText>[0]

export interface Terminal {
  readonly json: boolean
  /** For people. */
  say(text?: string): void
  /** For people, about something that went wrong or deserves a look. */
  warn(text: string): void
  /** For programs. */
  tell(object: Readonly<Record<string, unknown>>): void
  style(format: Format, text: string): string
  progress(): Progress
  /** Takes a bar away for good: the command ends, even if its work goes on for a moment. */
  close(): void
}

export interface Progress {
  /** `part` is from 0 to 1 where the end is known. `fields` is the same for programs. */
  show(text: string, part: number | undefined, fields: Readonly<Record<string, unknown>>): void
  /** Takes the bar away. */
  end(): void
}

export interface Streams {
  readonly out: NodeJS.WriteStream
  readonly err: NodeJS.WriteStream
}

export function createTerminal(json: boolean, { out, err }: Streams = { out: process.stdout, err: process.stderr }): Terminal {
  const tell = (object: Readonly<Record<string, unknown>>): void => void (json && out.write(`${JSON.stringify(object, exact)}\n`))
  let closed = false
  let bar: Progress | undefined
  const line = (stream: NodeJS.WriteStream, text: string): void => {
    if (json) return
    bar?.end()
    stream.write(`${text}\n`)
  }
  const newBar = (): Progress => (bar = progressBar(err, () => !closed))
  return {
    json,
    tell,
    say: (text = '') => line(out, text),
    warn: (text) => line(err, text),
    style: (format, text) => (json ? text : styleText(format, text, { stream: out })),
    progress: () => (json ? progressEvents(tell) : err.isTTY ? newBar() : progressLines(err)),
    close() {
      closed = true
      bar?.end()
    },
  }
}

const exact = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value)

const WIDTH = 30

function progressBar(stream: NodeJS.WriteStream, mayShow: () => boolean): Progress {
  const due = every(50)
  let shown = false
  const clear = (): void => {
    if (shown) stream.write('\r\u001b[2K')
    shown = false
  }
  return {
    show(text, part) {
      if (!mayShow() || !due()) return
      clear()
      shown = true
      stream.write(`${part === undefined ? '' : `${bar(part)} `}${text}`.slice(0, Math.max((stream.columns || 80) - 1, 20)))
    },
    end: clear,
  }
}

function bar(part: number): string {
  const full = Math.round(Math.min(Math.max(part, 0), 1) * WIDTH)
  return `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${String(Math.floor(part * 100)).padStart(3)}%`
}

function progressLines(stream: NodeJS.WriteStream): Progress {
  const due = every(3000)
  return {
    show: (text, part) => void (due() && stream.write(`${part === undefined ? '' : `${Math.floor(part * 100)}% `}${text}\n`)),
    end: () => undefined,
  }
}

function progressEvents(tell: Terminal['tell']): Progress {
  const due = every(1000)
  return {
    show: (_, part, fields) => void (due() && tell({ event: 'progress', ...fields, ...(part !== undefined && { part }) })),
    end: () => undefined,
  }
}

/** True at most once in so many milliseconds, and not at once: what is done quickly needs no progress. */
function every(milliseconds: number): () => boolean {
  let next = performance.now() + milliseconds
  return () => {
    const now = performance.now()
    if (now < next) return false
    next = now + milliseconds
    return true
  }
}
