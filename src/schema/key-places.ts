/**
 * Where a key of the file stands: `access.orders.read` in `plinth({ access: { orders: { read: … } } })`. A rule is a
 * function and remembers no place, so the file's text is looked through, and only once there is a mistake to tell.
 *
 * 1. It is a scan and no parser. It follows object literals, the names of constants, and calls with an object first,
 *    as `table({ … })`. Where it loses the way, the nearest key above is told, or the place of `plinth(`.
 * 2. A wrong line is worse than a rough one: a key that may be meant at two places is not told.
 */
import { readFileSync } from 'node:fs'
import { placeAt, spotOf, type Place } from './place.ts'

/** A text, and the same with blanks in place of what is in strings, comments and patterns. */
interface Source {
  readonly text: string
  readonly code: string
}

/** How far the way to a key was found, and where its last known key stands. */
interface Way {
  readonly at: number
  readonly depth: number
}

const DARK =
  /\/\*[^]*?\*\/|\/\/[^\n]*|'(?:\\[^]|[^'\\\n])*'|"(?:\\[^]|[^"\\\n])*"|`(?:\\[^]|[^`\\])*`|(?<=[(,=:[!&|?;]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\n\\])*\]|[^/\n\\[])+\//g
const OBJECT = /\s*(?:[\w$.]+\s*\(\s*)*\{/y
const NAME = /\s*([\w$]+)(?=\s*(?:[,})\n;]|as\b|satisfies\b))/y
const KEY = /\s*(?:async\s+)?(?:([\p{L}_$][\p{L}\p{N}_$]*)|(["'])\s*\2)\s*([:(,}])/uy
const SPACE = /\s*/y
const MOST_NAMES = 5

export class KeyPlaces {
  readonly #call: Place | undefined
  readonly #modules: () => readonly (Place | undefined)[]
  readonly #sources = new Map<string, Source | undefined>()

  /** `call` is where `plinth(` stands; `modules` are places in the files that it may be put together from. */
  constructor(call: Place | undefined, modules: () => readonly (Place | undefined)[]) {
    this.#call = call
    this.#modules = modules
  }

  of(path: readonly string[]): Place | undefined {
    const spot = spotOf(this.#call)
    const source = spot && this.#read(spot.file)
    if (!spot || !source) return this.#call
    const way = inCall(source, offsetOf(source.text, spot.line, spot.column), path)
    const rough = way && placeIn(spot.file, source, way.at)
    return way?.depth === path.length ? rough : (this.#anywhere(spot.file, path) ?? rough ?? this.#call)
  }

  /** The only place in all the files where the whole path is written. */
  #anywhere(first: string, path: readonly string[]): Place | undefined {
    const files = new Set([first, ...this.#modules().flatMap((place) => spotOf(place)?.file ?? [])])
    const found = Array.from(files).flatMap((file) => {
      const source = this.#read(file)
      return source ? waysIn(source, path).map(({ at }) => placeIn(file, source, at)) : []
    })
    return found.length === 1 ? found[0] : undefined
  }

  #read(file: string): Source | undefined {
    if (!this.#sources.has(file)) this.#sources.set(file, sourceIn(file))
    return this.#sources.get(file)
  }
}

function sourceIn(file: string): Source | undefined {
  try {
    const text = readFileSync(file, 'utf8')
    return { text, code: text.replace(DARK, blanked) }
  } catch {
    // A bundle, or a file that is gone: its keys have no place to tell.
    return undefined
  }
}

/** The quotes stay, since a key may stand in them. */
function blanked(dark: string): string {
  const blank = dark.replace(/[^\n]/g, ' ')
  return /^["'`]/.test(dark) ? dark.slice(0, 1) + blank.slice(1, -1) + dark.slice(-1) : blank
}

function offsetOf(text: string, line: number, column: number): number {
  let start = 0
  for (let at = 1; at < line; at++) start = text.indexOf('\n', start) + 1
  return start + column - 1
}

function placeIn(file: string, { text }: Source, at: number): Place {
  const before = text.slice(0, at).split('\n')
  return placeAt({ file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 })
}

// ── Ways through the text ──

function inCall(source: Source, at: number, path: readonly string[]): Way | undefined {
  const open = source.code.indexOf('(', at)
  // Where a loader has moved the lines, something else stands here.
  return open > at && /^[\w$.]+(?:<[^(]*>)?\s*$/.test(source.code.slice(at, open)) ? walk(source, open + 1, path) : undefined
}

/** Each whole way that begins at a key or a constant of the path's first name. */
function waysIn(source: Source, [first = '', ...rest]: readonly string[]): Way[] {
  if (!/^[\w$]+$/.test(first)) return []
  const begins = new RegExp(String.raw`(?<![\w$.])${literally(first)}(?:\s*:[^={}();,]*=|\s*[:=])(?![=>])`, 'g')
  return Array.from(source.code.matchAll(begins)).flatMap((found) => {
    if (rest.length === 0) return [{ at: found.index, depth: 1 }]
    const way = walk(source, found.index + found[0].length, rest)
    return way?.depth === rest.length ? [way] : []
  })
}

function walk(source: Source, start: number, path: readonly string[]): Way | undefined {
  let way: Way | undefined
  let at = start
  for (const [depth, name] of path.entries()) {
    const entry = entryOf(source, objectAt(source.code, at), name)
    if (entry === undefined) return way
    way = { at: entry.key, depth: depth + 1 }
    at = entry.value
  }
  return way
}

/** Behind the brace of the object that begins here, or of the constant that is named here. */
function objectAt(code: string, at: number, names = 0): number | undefined {
  OBJECT.lastIndex = NAME.lastIndex = at
  if (OBJECT.test(code)) return OBJECT.lastIndex
  const name = names < MOST_NAMES ? NAME.exec(code)?.[1] : undefined
  if (name === undefined) return undefined
  const made = new RegExp(String.raw`\b(?:const|let|var)\s+${literally(name)}(?![\w$])[^=;]*=(?![=>])`).exec(code)
  return made ? objectAt(code, made.index + made[0].length, names + 1) : undefined
}

const literally = (name: string): string => name.replaceAll('$', String.raw`\$`)

/** The last entry of this name, which is the one that counts. */
function entryOf({ text, code }: Source, open: number | undefined, name: string): { key: number; value: number } | undefined {
  let found: { key: number; value: number } | undefined
  for (let at = open; at !== undefined; at = nextEntry(code, at)) {
    KEY.lastIndex = at
    const [all, bare, quote, end] = KEY.exec(code) ?? []
    if (all === undefined) continue
    SPACE.lastIndex = at
    SPACE.test(code)
    const key = SPACE.lastIndex
    const written = bare ?? text.slice(key + 1, code.indexOf(quote ?? '', key + 1))
    if (written === name) found = { key, value: end === ':' ? at + all.length : key }
  }
  return found
}

/** Behind the comma that ends the entry here; `undefined` where the object ends. */
function nextEntry(code: string, from: number): number | undefined {
  let depth = 0
  for (let at = from; at < code.length; at++) {
    const mark = code.charAt(at)
    if ('([{'.includes(mark)) depth++
    else if (')]}'.includes(mark) && --depth < 0) return undefined
    else if (mark === ',' && depth === 0) return at + 1
  }
  return undefined
}
