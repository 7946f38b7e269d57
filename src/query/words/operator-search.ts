/**
 * Reads a search in the grammar of PostgreSQL's `to_tsquery`: `&`, `|`, `!`, `<->` and `<2>`, parentheses, `'quoted
 * words'` and `:*` for a prefix. `!` binds closest, then `<->`, then `&`, then `|`.
 *
 * Beside `<->` stand words, or choices of words; what PostgreSQL makes of `!` and `&` there is refused.
 */
import { Problem } from '../../errors.ts'
import { LIMITS } from './separators.ts'
import { joined, negated, nothing, sequence } from './search.ts'
import type { PhraseTerm, Search } from './search.ts'
import { words } from './split.ts'

const DEEPEST = 50
/** Into how many phrases choices may spread: `(a | b) <-> (c | d)` is four. */
const MOST_PHRASES = 64

const TOKEN = /\s+|<->|<\d{1,5}>|[&|!()]|'(?:[^'\\]|''|\\.)*'|:[*\w]*|(?:[^\s&|!()':<\\]|<(?!->|\d{1,5}>)|\\.)+|./gsu

interface Token {
  readonly text: string
  readonly at: number
}

function refuse(reason: string, at: number, hint = 'Join words with &, |, ! or <->, or use plfts, phfts or wfts for plain text.'): never {
  throw new Problem('22P02', `syntax error in tsquery: ${reason}, at character ${at + 1}`, { hint })
}

function tokenize(text: string): Token[] {
  return [...text.matchAll(TOKEN)].map((match) => ({ text: match[0], at: match.index })).filter(({ text }) => text.trim() !== '')
}

/** Every sequence of terms that the search stands for: one of a word or phrase, several of a choice. */
function phrases(search: Search, at: number): (readonly PhraseTerm[])[] {
  switch (search.kind) {
    case 'word':
      return [[{ ...search.term, distance: 1 }]]
    case 'phrase':
      return [search.of]
    case 'or':
      return search.of.flatMap((part) => phrases(part, at))
    case 'nothing':
      return []
    case 'and':
    case 'not':
      return refuse('only words and choices of words can stand beside <->', at, 'Move ! and & out of the phrase.')
  }
}

function followed(left: Search, distance: number, right: Search, at: number): Search {
  const [before, after] = [phrases(left, at), phrases(right, at)]
  if (before.length === 0 || after.length === 0) return before.length === 0 ? right : left
  if (before.length * after.length > MOST_PHRASES) throw new Problem('too_complex', `a phrase has more than ${MOST_PHRASES} choices`)
  const all = before.flatMap((head) =>
    after.map((tail) => sequence([...head, ...tail.map((term, index) => (index === 0 ? { ...term, distance } : term))])),
  )
  return joined('or', all)
}

class OperatorSearch {
  readonly #tokens: readonly Token[]
  readonly #end: number
  #at = 0

  constructor(text: string) {
    this.#tokens = tokenize(text)
    this.#end = text.length
  }

  read(): Search {
    if (this.#tokens.length === 0) return nothing
    const search = this.#or(0)
    if (this.#peek() !== '') refuse(`an operator is missing before ${this.#peek()}`, this.#position())
    return search
  }

  #peek(): string {
    return this.#tokens[this.#at]?.text ?? ''
  }

  #position(): number {
    return this.#tokens[this.#at]?.at ?? this.#end
  }

  #take(text: string): boolean {
    if (this.#peek() !== text) return false
    this.#at++
    return true
  }

  #or(depth: number): Search {
    const parts = [this.#and(depth)]
    while (this.#take('|')) parts.push(this.#and(depth))
    return joined('or', parts)
  }

  #and(depth: number): Search {
    const parts = [this.#phrase(depth)]
    while (this.#take('&')) parts.push(this.#phrase(depth))
    return joined('and', parts)
  }

  #phrase(depth: number): Search {
    let left = this.#not(depth)
    for (let step = this.#step(); step !== undefined; step = this.#step()) left = followed(left, step.distance, this.#not(depth), step.at)
    return left
  }

  /** `<->` or `<N>`, if that is next. */
  #step(): { readonly distance: number; readonly at: number } | undefined {
    const written = /^<(-|\d+)>$/.exec(this.#peek())?.[1]
    if (written === undefined) return undefined
    const at = this.#position()
    const distance = written === '-' ? 1 : Number(written)
    if (distance < 1 || distance > LIMITS.distance)
      refuse(`the distance must be from 1 to ${LIMITS.distance}`, at, 'Use <-> for words that follow each other.')
    this.#at++
    return { distance, at }
  }

  #not(depth: number): Search {
    if (depth > DEEPEST) throw new Problem('too_deep', `the search is nested more than ${DEEPEST} deep`)
    if (this.#take('!')) return negated(this.#not(depth + 1))
    const at = this.#position()
    if (!this.#take('(')) return this.#operand()
    const inside = this.#or(depth + 1)
    if (!this.#take(')')) refuse('the parenthesis is not closed', at, 'Add ) at its end.')
    return inside
  }

  #operand(): Search {
    const text = this.#peek()
    const at = this.#position()
    if (text === '' || /^([&|!()']|:.*|<(-|\d+)>)$/su.test(text))
      refuse(text === '' ? 'a word is missing at the end' : `a word is missing before ${text}`, at)
    this.#at++
    const prefix = this.#flags()
    const plain = text.startsWith("'") ? text.slice(1, -1).replaceAll("''", "'") : text
    // A word that we see as several is a phrase of these; as in PostgreSQL, each of them is then a prefix.
    return sequence(words(plain.replaceAll(/\\(.)/gsu, '$1')).map((word) => ({ word, prefix, distance: 1 })))
  }

  /** `:*`, if that is next. */
  #flags(): boolean {
    const flags = this.#peek()
    if (!flags.startsWith(':')) return false
    if (flags !== ':*')
      refuse(`${flags} is no prefix mark`, this.#position(), 'Write :* after a word for all that begin so; weights are not supported.')
    this.#at++
    return true
  }
}

export function operatorSearch(text: string): Search {
  return new OperatorSearch(text).read()
}
