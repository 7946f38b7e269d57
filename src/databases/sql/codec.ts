/**
 * Values on their way into a statement: checked and brought to canonical form by type, shaped by what the operator
 * wants (a pattern, a list, words to search for), and handed to the database's own `encode`.
 */
import { Problem } from '../../errors.ts'
import { checkLike } from '../../query/like.ts'
import { parsePattern } from '../../query/pattern.ts'
import { parseSearch, type Search } from '../../query/words.ts'
import type { Form, ValueType } from '../../query/typed.ts'
import type { Canonical, Type } from '../../schema/schema.ts'
import { parseValue } from '../../schema/value.ts'
import { fold } from '../../util/fold.ts'
import type { Binder, Codec, Rounding } from './binder.ts'
import type { SqlValue } from './driver.ts'

/** What a database does in its own way. */
export interface Encoding {
  encode(type: Type, value: Canonical): SqlValue
  /** An exact number of any scale, to be held against a value of `type`. */
  number(text: string, type: ValueType, rounding: Rounding): SqlValue
  list(type: ValueType, members: readonly SqlValue[]): SqlValue
  keys: Codec['keys']
  decode(type: Type, stored: unknown): Canonical
  /** A regular expression, checked. `insensitive` ones meet folded text. */
  pattern(pattern: string, insensitive: boolean): string
  /** The words to search for; of `candidates`, null where every row is one. */
  search(search: Search, part: 'candidates' | undefined): SqlValue
}

/** Each is carried out by itself for every row, and only so many are kept compiled. */
const MOST_PATTERNS = 20

type Given = Extract<Binder, { kind: 'value' | 'fixed' }>
interface Wanted {
  readonly type: ValueType
  readonly rounding: Rounding
  readonly fold: boolean
}

export function makeCodec(encoding: Encoding): Codec {
  const one = (given: unknown, form: Form, wanted: Wanted): SqlValue => (given === null ? null : shapes[form](given, wanted, encoding))
  const bind = (given: unknown, binder: Given): SqlValue => {
    if (binder.form === 'list')
      return encoding.list(
        binder.type,
        listOf(given, binder.element).map((member) => one(member, binder.element, binder)),
      )
    if (binder.form === 'search') return encoding.search(parseSearch(binder.search ?? 'plain', textOf(given)), binder.part)
    return one(given, binder.form, binder)
  }
  return {
    bind,
    fixed: (binder) => bind(binder.value, binder),
    claim: (text, binder) => ifOfType(() => one(text, 'value', { ...binder, fold: false })),
    store: (given, type) =>
      type.kind === 'numeric'
        ? one(given, 'value', { type, rounding: 'never', fold: false })
        : encoding.encode(type, parseValue(type, given)),
    load: (stored, type) => encoding.decode(type, stored),
    keys: encoding.keys,
  }
}

type Shaping = (given: unknown, wanted: Wanted, encoding: Encoding) => SqlValue

const shapes: Record<Exclude<Form, 'list' | 'search'>, Shaping> & Record<'list' | 'search', Shaping> = {
  value: plainValue,
  like: (given, wanted) => {
    const pattern = String(parseValue({ kind: 'text' }, textOf(given)))
    checkLike(pattern)
    return wanted.fold ? fold(pattern) : pattern
  },
  match: (given, _, encoding) => encoding.pattern(checkedPattern(given), false),
  imatch: (given, _, encoding) => encoding.pattern(checkedPattern(given), true),
  list: () => unexpected(),
  search: () => unexpected(),
}

const unexpected = (): never => {
  throw new Error('a list or a search inside of a value')
}

function plainValue(given: unknown, { type, rounding }: Wanted, encoding: Encoding): SqlValue {
  if (type.kind === 'decimal' || type.kind === 'numeric')
    return encoding.number(String(parseValue({ kind: 'numeric' }, given)), type, rounding)
  return encoding.encode(type, parseValue(type, given))
}

function checkedPattern(given: unknown): string {
  const text = textOf(given)
  parsePattern(text)
  return text
}

function textOf(given: unknown): string {
  if (typeof given === 'string') return given
  throw new Problem('22P02', 'a text is wanted here')
}

function listOf(given: unknown, element: Form): readonly unknown[] {
  if (!Array.isArray(given)) throw new Problem('22P02', 'a list is wanted here')
  if (element !== 'value' && given.length > MOST_PATTERNS) throw tooManyPatterns()
  return given
}

const tooManyPatterns = (): Problem =>
  new Problem('too_complex', `A list of patterns may have ${MOST_PATTERNS} at most`, {
    hint: 'Ask in several requests, or write one regular expression with choices: match.(one|other).',
  })

/** A claim that is not of the column's type equals nothing. */
function ifOfType(make: () => SqlValue): SqlValue {
  try {
    return make()
  } catch (error) {
    if (error instanceof Problem) return null
    throw error
  }
}
