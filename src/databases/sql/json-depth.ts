/**
 * How deep JSON may be nested that comes in with a request or a row: looked at before it is read, in one pass over the
 * text that takes no memory. Reading, and the databases behind it, would pay for every level.
 */
import { Problem } from '../../errors.ts'
import type { ValueType } from '../../query/typed.ts'
import type { Codec } from './binder.ts'

/** The same codec, which refuses JSON that is nested deeper than `most`. */
export function withJsonDepth(codec: Codec, most: number): Codec {
  const look = (type: ValueType, given: unknown): void => {
    if (type.kind !== 'json') return
    for (const text of Array.isArray(given) ? given : [given]) if (typeof text === 'string' && isDeeper(text, most)) throw tooDeep(most)
  }
  return {
    ...codec,
    bind(given, binder) {
      look(binder.type, given)
      return codec.bind(given, binder)
    },
    store(given, type) {
      look(type, given)
      return codec.store(given, type)
    },
  }
}

/** Brackets outside of strings, of any kind: whether they fit together is for the reader to say. */
export function isDeeper(text: string, most: number): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === QUOTE) at = endOfString(text, at + 1)
    else if (character === OPEN_LIST || character === OPEN_OBJECT) {
      if (++depth > most) return true
    } else if (character === CLOSE_LIST || character === CLOSE_OBJECT) depth--
  }
  return false
}

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [34, 92, 91, 93, 123, 125]

function endOfString(text: string, from: number): number {
  let at = from
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1
  return at
}

const tooDeep = (most: number): Problem =>
  new Problem('too_deep', `JSON may be nested ${most} deep at most`, { hint: 'Nest less, or raise PLINTH_MAX_JSON_DEPTH.' })
