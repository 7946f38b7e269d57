/**
 * Lists, from JavaScript arrays, JSON text (`[1,2]`) or PostgreSQL's literals (`{a,"b,c",NULL}`) to their elements.
 *
 * A literal is read in one go from left to right, so that a long one costs what its length says, whatever is in it.
 */
import { malformed } from './refuse.ts'
import { jsonElements } from './json.ts'

/** The elements as given, `null` among them; each is still to be read by the element's type. */
export function parseList(given: unknown): readonly unknown[] {
  const elements = Array.isArray(given) ? given : typeof given === 'string' ? elementsOf(given.trim()) : undefined
  if (elements === undefined) throw malformed('array', given, 'Send a JSON array, or a list like {a,b}.')
  return elements
}

function elementsOf(text: string): readonly unknown[] | undefined {
  return text.startsWith('{') ? new Literal(text).elements() : jsonElements(text)
}

/** What ends a bare element or may not stand in it. */
const SPECIAL: ReadonlySet<string> = new Set(['', ',', '}', '{', '"'])
const isBlank = (character: string): boolean => character !== '' && character.trim() === ''

class Literal {
  readonly #text: string
  /** Behind the opening brace. */
  #at = 1

  constructor(text: string) {
    this.#text = text
  }

  /** `undefined` where the text is no list. */
  elements(): readonly (string | null)[] | undefined {
    this.#blanks()
    if (this.#peek() === '}') return this.#isEnd() ? [] : undefined
    const elements: (string | null)[] = []
    for (;;) {
      const element = this.#element()
      if (element === undefined) return undefined
      elements.push(element)
      if (this.#peek() === '}') return this.#isEnd() ? elements : undefined
      if (this.#peek() !== ',') return undefined
      this.#at++
    }
  }

  #element(): string | null | undefined {
    this.#blanks()
    if (this.#peek() !== '"') return this.#bare()
    const inside = this.#quoted()
    this.#blanks()
    return inside
  }

  #quoted(): string | undefined {
    let inside = ''
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      if (this.#peek() === '"') return (this.#at++, inside)
      if (this.#peek() === '\\') this.#at++
      inside += this.#peek()
    }
    return undefined
  }

  /** Up to a comma or the end, without the blanks behind it but for those that a backslash keeps. */
  #bare(): string | null | undefined {
    const start = this.#at
    let inside = ''
    let kept = 0
    for (; !SPECIAL.has(this.#peek()); this.#at++) {
      const escaped = this.#peek() === '\\'
      if (escaped) this.#at++
      if (this.#peek() === '') return undefined
      inside += this.#peek()
      if (escaped || !isBlank(this.#peek())) kept = inside.length
    }
    if (kept === 0) return undefined
    return this.#text.slice(start, start + kept).toUpperCase() === 'NULL' ? null : inside.slice(0, kept)
  }

  #blanks(): void {
    while (isBlank(this.#peek())) this.#at++
  }

  #isEnd(): boolean {
    return this.#at === this.#text.length - 1
  }

  #peek(): string {
    return this.#text.charAt(this.#at)
  }
}
