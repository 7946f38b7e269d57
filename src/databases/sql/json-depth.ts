/** How deep JSON may be nested that comes in as a value: reading it, and the database behind it, would pay for every level. */
import { Problem } from '../../errors.ts'
import type { ValueType } from '../../query/typed.ts'
import { isDeeper } from '../../util/json-depth.ts'
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

const tooDeep = (most: number): Problem =>
  new Problem('too_deep', `JSON may be nested ${most} deep at most`, { hint: 'Nest less, or raise PLINTH_MAX_JSON_DEPTH.' })
