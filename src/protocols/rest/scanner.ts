/**
 * Reads one piece of a query string from left to right, and says where and why it cannot go on.
 *
 * 1. Failures are `PGRST100` in PostgREST's words: the message holds the piece and the column, the details what was
 *    met and what would have done.
 * 2. Columns count from one, in UTF-16 units.
 */
import { Problem } from '../../errors.ts'

export class Scanner {
  readonly text: string
  at: number
  private readonly what: string

  /** `what` is told in messages: `select parameter (id,,name)`. */
  constructor(text: string, what: string, at = 0) {
    this.text = text
    this.what = what
    this.at = at
  }

  get done(): boolean {
    return this.at >= this.text.length
  }

  peek(ahead = 0): string {
    return this.text.charAt(this.at + ahead)
  }

  startsWith(token: string): boolean {
    return this.text.startsWith(token, this.at)
  }

  skip(token: string): boolean {
    if (!this.startsWith(token)) return false
    this.at += token.length
    return true
  }

  blanks(): void {
    while (this.peek() === ' ' || this.peek() === '\t') this.at++
  }

  /** What a sticky pattern matches here, if it does. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0]
    this.at += found?.length ?? 0
    return found
  }

  rest(): string {
    const rest = this.text.slice(this.at)
    this.at = this.text.length
    return rest
  }

  need(token: string, expecting = `"${token}"`): void {
    if (!this.skip(token)) this.fail(expecting)
  }

  needEnd(expecting = 'end of input'): void {
    if (!this.done) this.fail(expecting)
  }

  fail(expecting: string): never {
    const met = this.done ? 'end of input' : `"${String.fromCodePoint(this.text.codePointAt(this.at) ?? 0)}"`
    throw cannotRead(this.what, this.at + 1, `unexpected ${met} expecting ${expecting}`)
  }
}

export function cannotRead(what: string, column: number, details: string, hint?: string): Problem {
  const message = `"failed to parse ${what}" (line 1, column ${column})`
  return new Problem('PGRST100', message, hint === undefined ? { details } : { details, hint })
}
