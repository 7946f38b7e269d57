/** Lists, from JavaScript arrays, JSON text (`[1,2]`) or PostgreSQL's literals (`{a,"b,c",NULL}`) to their elements. */
import { malformed } from './refuse.ts'
import { jsonElements } from './json.ts'

// A bare item begins with no blank and takes all that follow: so there is one way only to read a text, and to refuse it.
const ITEM = /\s*(?:"((?:[^"\\]|\\[^])*)"\s*|((?:[^"\\{},\s]|\\[^])(?:[^"\\{},]|\\[^])*))([,}])/y

/** The elements as given, `null` among them; each is still to be read by the element's type. */
export function parseList(given: unknown): readonly unknown[] {
  const elements = Array.isArray(given) ? given : typeof given === 'string' ? elementsOf(given.trim()) : undefined
  if (elements === undefined) throw malformed('array', given, 'Send a JSON array, or a list like {a,b}.')
  return elements
}

function elementsOf(text: string): readonly unknown[] | undefined {
  return text.startsWith('{') ? literal(text) : jsonElements(text)
}

function literal(text: string): readonly unknown[] | undefined {
  if (/^\{\s*\}$/.test(text)) return []
  const elements: (string | null)[] = []
  ITEM.lastIndex = 1
  for (let found = ITEM.exec(text); found !== null; found = ITEM.exec(text)) {
    elements.push(elementOf(found[1], found[2]))
    if (found[3] === '}') return ITEM.lastIndex === text.length ? elements : undefined
  }
  return undefined
}

function elementOf(quoted: string | undefined, bare = ''): string | null {
  const text = quoted ?? trimmed(bare)
  if (quoted === undefined && text.toUpperCase() === 'NULL') return null
  return text.replace(/\\([^])/g, '$1')
}

/** Without the blanks at its end, but for one that a backslash keeps. */
function trimmed(bare: string): string {
  const text = bare.trimEnd()
  let backslashes = 0
  while (text.at(-1 - backslashes) === '\\') backslashes++
  return backslashes % 2 === 1 ? bare.slice(0, text.length + 1) : text
}
