/**
 * JSON text, without going through JavaScript values: numbers keep every digit.
 *
 * 1. What comes out is minified; members keep their order, and of members with one name the last wins.
 * 2. Strings are written in one way only, so that equal JSON text means equal values but for numbers.
 * 3. NUL, halves of characters and numbers beyond every database are refused, as PostgreSQL's `jsonb` does.
 */
import { badText, malformed, outOfRange } from './refuse.ts'

const MOST_DEPTH = 500
const MOST_EXPONENT = 1000
const SPACE = /[ \t\n\r]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE]([+-]?\d+))?/y
// oxlint-disable-next-line no-control-regex -- JSON forbids them in strings, so they are named here
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const WORD = /true|false|null/y

/** The value's JSON text. A string is taken as JSON text already; anything else is written as JSON. */
export function parseJson(given: unknown): string {
  return new Reader(typeof given === 'string' ? given : written(given)).whole()
}

/** The elements of a JSON array of scalars: numbers as their text, the rest as they are. `undefined` for another text. */
export function jsonElements(text: string): readonly unknown[] | undefined {
  try {
    return new Reader(text).elements()
  } catch {
    return undefined
  }
}

function written(given: unknown): string {
  try {
    const text = JSON.stringify(given)
    if (text !== undefined) return text
  } catch {
    // A circle or a bigint; refused below like everything else that is no JSON.
  }
  throw malformed('json', given)
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  whole(): string {
    const value = this.#value(0)
    this.#end()
    return value
  }

  elements(): readonly unknown[] | undefined {
    this.#space()
    if (this.#text[this.#at] !== '[') return undefined
    const items = this.#items(']', () => elementOf(this.#value(1)))
    this.#end()
    return items
  }

  #end(): void {
    this.#space()
    if (this.#at < this.#text.length) throw this.#wrong()
  }

  #value(depth: number): string {
    if (depth > MOST_DEPTH) throw malformed('json', this.#text, `It is nested more than ${MOST_DEPTH} deep.`)
    this.#space()
    switch (this.#text.charAt(this.#at)) {
      case '{':
        return this.#object(depth + 1)
      case '[':
        return `[${this.#items(']', () => this.#value(depth + 1)).join(',')}]`
      case '"':
        return JSON.stringify(this.#string())
      default:
        return this.#take(WORD) ?? this.#number()
    }
  }

  #object(depth: number): string {
    const members = new Map<string, string>()
    this.#items('}', () => {
      this.#space()
      const name = JSON.stringify(this.#string())
      this.#space()
      if (this.#text[this.#at++] !== ':') throw this.#wrong()
      members.set(name, this.#value(depth))
    })
    return `{${Array.from(members, ([name, value]) => `${name}:${value}`).join(',')}}`
  }

  /** From the opening bracket to behind the closing one. */
  #items<T>(close: string, item: () => T): T[] {
    const items: T[] = []
    this.#at++
    this.#space()
    if (this.#text[this.#at] === close) return (this.#at++, items)
    for (;;) {
      items.push(item())
      this.#space()
      const next = this.#text[this.#at++]
      if (next === close) return items
      if (next !== ',') throw this.#wrong()
    }
  }

  #string(): string {
    const token = this.#take(STRING)
    if (token === undefined) throw this.#wrong()
    const value = JSON.parse(token) as string // a JSON string, by the pattern
    if (value.includes('\0')) throw badText('0x00')
    if (!value.isWellFormed()) throw badText('half of a surrogate pair')
    return value
  }

  #number(): string {
    const token = this.#take(NUMBER)
    if (token === undefined) throw this.#wrong()
    const exponent = /[eE](.*)$/.exec(token)?.[1]
    if (token.length > MOST_EXPONENT || Math.abs(Number(exponent ?? 0)) > MOST_EXPONENT) throw outOfRange('json', token)
    return token
  }

  #space(): void {
    SPACE.lastIndex = this.#at
    SPACE.exec(this.#text)
    this.#at = SPACE.lastIndex
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const token = pattern.exec(this.#text)?.[0]
    if (token !== undefined) this.#at += token.length
    return token
  }

  #wrong(): Error {
    return malformed('json', this.#text, `It is no JSON from character ${Math.min(this.#at, this.#text.length) + 1} on.`)
  }
}

/** A number's text stays text, so that it is read exactly by the element's own type. */
function elementOf(json: string): unknown {
  if (json.startsWith('{') || json.startsWith('[')) throw malformed('array', json)
  return /^[-\d]/.test(json) ? json : JSON.parse(json)
}
