/**
 * Walks JSON as text, without making values of it: numbers keep their digits, and nothing is read that is not asked
 * for. What it is given is JSON that we or a database wrote, so it does not check it.
 *
 * 1. A slice is `[start, end)` of the text, without the blanks around it.
 */

/** The end of the value that starts at `start`. */
export function endOfValue(json: string, start: number): number {
  const first = json.charCodeAt(start)
  if (first === QUOTE) return endOfString(json, start)
  return first === OPEN_OBJECT || first === OPEN_ARRAY ? endOfNested(json, start) : endOfPlain(json, start)
}

/** The values of an array, each as its text. */
export function elementsOf(json: string): string[] {
  const elements: string[] = []
  let at = skipBlanks(json, skipBlanks(json, 0) + 1)
  while (at < json.length && json.charCodeAt(at) !== CLOSE_ARRAY) {
    const end = endOfValue(json, at)
    elements.push(json.slice(at, end))
    at = nextItem(json, end)
  }
  return elements
}

/** The members of an object in their order; names are decoded, values are texts. A name may come twice. */
export function membersOf(json: string): [name: string, value: string][] {
  const members: [string, string][] = []
  let at = skipBlanks(json, skipBlanks(json, 0) + 1)
  while (at < json.length && json.charCodeAt(at) !== CLOSE_OBJECT) {
    const endOfName = endOfString(json, at)
    const start = skipBlanks(json, skipBlanks(json, endOfName) + 1)
    const end = endOfValue(json, start)
    members.push([textOf(json.slice(at, endOfName)), json.slice(start, end)])
    at = nextItem(json, end)
  }
  return members
}

/** The text that a JSON string stands for. */
export function textOf(json: string): string {
  return json.includes('\\') ? String(JSON.parse(json)) : json.slice(1, -1)
}

/** The same without blanks and without the members that are null, in objects at any depth. Nulls in arrays stay. */
export function withoutNulls(json: string): string {
  /** For each object and array that is open: how many items of it are written. */
  const counts = [0]
  let written = ''
  let name = ''
  const put = (text: string): void => {
    const count = counts.pop() ?? 0
    counts.push(count + 1)
    written += count > 0 && counts.length > 1 ? `,${name}${text}` : name + text
    name = ''
  }
  for (let at = skipBlanks(json, 0); at < json.length; at = skipBlanks(json, at)) {
    const code = json.charCodeAt(at)
    if (code === COMMA) at++
    else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      counts.pop()
      written += json.charAt(at++)
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      put(json.charAt(at++))
      counts.push(0)
    } else {
      const end = endOfValue(json, at)
      const value = skipBlanks(json, end)
      const isName = json.charCodeAt(value) === COLON
      if (isName) name = `${json.slice(at, end)}:`
      else put(json.slice(at, end))
      at = isName ? skipBlanks(json, value + 1) : end
      if (isName && json.charCodeAt(at) === SMALL_N) [name, at] = ['', at + 4]
    }
  }
  return written
}

const QUOTE = 34
const COLON = 58
const SMALL_N = 110
const COMMA = 44
const BACKSLASH = 92
const OPEN_ARRAY = 91
const CLOSE_ARRAY = 93
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125

const isBlank = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9

function skipBlanks(json: string, at: number): number {
  while (isBlank(json.charCodeAt(at))) at++
  return at
}

function nextItem(json: string, end: number): number {
  const at = skipBlanks(json, end)
  return json.charCodeAt(at) === COMMA ? skipBlanks(json, at + 1) : at
}

function endOfString(json: string, start: number): number {
  let at = json.indexOf('"', start + 1)
  while (at !== -1 && isEscaped(json, at)) at = json.indexOf('"', at + 1)
  return at === -1 ? json.length : at + 1
}

function isEscaped(json: string, at: number): boolean {
  let backslashes = 0
  while (json.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++
  return backslashes % 2 === 1
}

/** Counts brackets outside of strings; depth needs no stack, so that deep JSON is no danger. */
function endOfNested(json: string, start: number): number {
  let depth = 0
  for (let at = start; at < json.length; at++) {
    const code = json.charCodeAt(at)
    if (code === QUOTE) at = endOfString(json, at) - 1
    else if (code === OPEN_OBJECT || code === OPEN_ARRAY) depth++
    else if ((code === CLOSE_OBJECT || code === CLOSE_ARRAY) && --depth === 0) return at + 1
  }
  return json.length
}

function endOfPlain(json: string, start: number): number {
  for (let at = start; at < json.length; at++) {
    const code = json.charCodeAt(at)
    if (code === COMMA || code === CLOSE_OBJECT || code === CLOSE_ARRAY || isBlank(code)) return at
  }
  return json.length
}
