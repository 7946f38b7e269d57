/**
 * Reads a search as people write it, never refusing: all words, `"a phrase"`, `-not`, `or`, and `word*` for a prefix.
 * `or` binds less close than what stands side by side; where nothing stands on one side of it, it is a word.
 */
import { joined, negated, sequence } from './search.ts'
import type { Search } from './search.ts'
import { words } from './split.ts'

interface Chunk {
  readonly search: Search
  /** The bare word `or`, before it is known which of the two it is. */
  readonly or: boolean
}

const CHUNK = /(?<minus>[\s-]*)(?:"(?<quoted>[^"]*)(?<closed>"\*?|$)|(?<bare>[^\s"]+))/gu

function chunk({ minus = '', quoted, closed = '', bare = '' }: Readonly<Record<string, string | undefined>>): Chunk {
  const found = words(quoted ?? bare)
  const prefix = (quoted === undefined ? bare : closed).endsWith('*')
  const phrase = sequence(found.map((word, index) => ({ word, prefix: prefix && index === found.length - 1, distance: 1 })))
  const minuses = minus.replaceAll(/\s/gu, '').length
  const or = minuses === 0 && quoted === undefined && bare.toLowerCase() === 'or'
  return { search: minuses % 2 === 1 ? negated(phrase) : phrase, or }
}

/** An `or` between two others parts them; at either end, or right after another, it is a word. */
function choicesOf(chunks: readonly Chunk[]): Search[][] {
  const choices: Search[][] = [[]]
  let mayPart = false
  for (const [index, { search, or }] of chunks.entries()) {
    const parts: boolean = or && mayPart && index < chunks.length - 1
    if (parts) choices.push([])
    else choices.at(-1)?.push(search)
    mayPart = !parts
  }
  return choices
}

export function webSearch(text: string): Search {
  // Without the blanks at the end, no part of the expression is ever tried at length in vain.
  const chunks = [...text.trimEnd().matchAll(CHUNK)].map((match) => chunk(match.groups ?? {}))
  return joined(
    'or',
    choicesOf(chunks).map((choice) => joined('and', choice)),
  )
}
