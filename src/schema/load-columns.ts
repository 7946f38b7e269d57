/** Columns, from drafts to what every other folder works from: types, bounds, defaults and formulas are judged here. */
import { Problem } from '../errors.ts'
import type { ColumnNotes } from './column.ts'
import { judgeType, referenceOf, typeOf } from './column-types.ts'
import type { Draft, Drafts } from './draft.ts'
import { canBeNull, FormulaError, parseFormula, type Ingredient } from './formula.ts'
import { didYouMean } from './names.ts'
import { remember } from './place.ts'
import type { Canonical, Column, Default, Formula, Type } from './schema.ts'
import type { Troubles } from './trouble.ts'
import { shown } from './values/refuse.ts'
import { describeType, parseDecimal, parseValue } from './value.ts'

type Tell = (message: string, fix: string) => void

/** A column being made, with where to say what is wrong with it. */
interface Making {
  readonly notes: ColumnNotes
  readonly type: Type
  readonly tell: Tell
}

export function loadColumns(drafts: Drafts, draft: Draft, troubles: Troubles): ReadonlyMap<string, Column> {
  const ingredients = ingredientsOf(drafts, draft)
  const columns = new Map<string, Column>()
  for (const [name, notes] of draft.columns) {
    const tell: Tell = (message, fix) => troubles.add(`tables.${draft.name}.${name}`, message, fix, notes.place)
    judgeType(drafts, notes, tell)
    judgeKey(draft, name, notes, tell)
    const type = typeOf(drafts, notes)
    // Of a type that cannot be known, the complaint is made already: what follows goes on with text.
    const making = { notes, type: type ?? { kind: 'text' as const }, tell: type === undefined ? () => {} : tell }
    columns.set(name, remember(columnOf(drafts, draft, name, making, ingredients), notes.place))
  }
  return columns
}

function columnOf(drafts: Drafts, draft: Draft, name: string, making: Making, ingredients: ReadonlyMap<string, Ingredient>): Column {
  const { notes, type } = making
  const references = referenceOf(drafts, notes)
  const byDefault = draft.ownId && name === 'id' ? { kind: 'uuid' as const } : defaultOf(making)
  const generated = generatedOf(making, ingredients)
  return Object.freeze({
    name,
    type: Object.freeze(type),
    optional: notes.optional ?? false,
    hidden: notes.hidden ?? false,
    unique: notes.unique === true || draft.uniques.some(({ columns }) => columns.length === 1 && columns[0] === name),
    touched: notes.touched ?? false,
    ...(byDefault && { default: byDefault }),
    ...(generated && { generated }),
    ...boundsOf(making),
    ...(notes.pattern !== undefined && { pattern: notes.pattern }),
    ...(notes.type.kind === 'oneOf' && { values: notes.type.values }),
    ...(notes.collation !== undefined && { collation: notes.collation }),
    ...(references && { references }),
    ...(notes.comment !== undefined && { comment: notes.comment }),
  })
}

function judgeKey(draft: Draft, name: string, notes: ColumnNotes, tell: Tell): void {
  if (!draft.key.columns.includes(name)) return
  if (notes.optional) tell('It is part of the key and may be missing.', 'Take .optional() away, or choose another key.')
  if (notes.hidden)
    tell('It is part of the key and hidden, so that no row could be told from another.', 'Take .hidden() away, or choose another key.')
  if (notes.generated !== undefined)
    tell('It is part of the key and computed.', 'Choose a key of stored columns; this one can be .unique().')
}

// ── Bounds ──

const COUNTED: ReadonlySet<Type['kind']> = new Set(['text', 'bytes', 'array'])

function boundsOf({ notes, type, tell }: Making): { min?: string; max?: string } {
  const min = boundOf('min', notes.min, type, tell)
  const max = boundOf('max', notes.max, type, tell)
  if (min !== undefined && max !== undefined && compare(type, min, max) > 0)
    tell(`Its least is ${min} and its most is ${max}, so that nothing fits.`, 'Swap them, or take one away.')
  return { ...(min !== undefined && { min }), ...(max !== undefined && { max }) }
}

function boundOf(which: 'min' | 'max', given: unknown, type: Type, tell: Tell): string | undefined {
  if (given === undefined) return undefined
  if (!COUNTED.has(type.kind)) return plain(parsed(`.${which}()`, given, type, tell))
  if (typeof given === 'number' && Number.isSafeInteger(given) && given >= 0) return String(given)
  tell(`.${which}(${shown(given)}) is no length.`, 'Say a whole number from 0 on.')
  return undefined
}

const plain = (value: Canonical | undefined): string | undefined => (value === undefined ? undefined : String(value))

/** The canonical form, or `undefined` once the complaint is made. */
function parsed(what: string, given: unknown, type: Type, tell: Tell): Canonical | undefined {
  try {
    // A string that the file gives for JSON is a value, not JSON text.
    return parseValue(type, type.kind === 'json' && typeof given === 'string' ? JSON.stringify(given) : given)
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    tell(`${what} does not fit ${describeType(type)}: ${problem.message}.`, problem.hint ?? `Give a value of type ${describeType(type)}.`)
    return undefined
  }
}

/** Below 0 where `a` is less; both are bounds of the type, or lengths. */
function compare(type: Type, a: string, b: string): number {
  if (type.kind === 'date' || type.kind === 'time' || type.kind === 'timestamp') return a < b ? -1 : a > b ? 1 : 0
  if (type.kind !== 'decimal' && type.kind !== 'integer') return Number(a) - Number(b)
  const [left, right] = [parseDecimal(a).digits, parseDecimal(b).digits]
  return left < right ? -1 : left > right ? 1 : 0
}

// ── Defaults ──

function defaultOf(making: Making): Default | undefined {
  const { notes, type, tell } = making
  if (notes.default === undefined) return undefined
  if (notes.generated !== undefined) tell('It is computed and has a default.', 'Take one of them away.')
  if ('now' in notes.default) return { kind: 'now' }
  const given = notes.default.value
  if (given === null || given === undefined) {
    tell('Its default is nothing.', 'A column without a value is .optional().')
    return undefined
  }
  const value = parsed('Its default', given, type, tell)
  if (value !== undefined) judgeDefault(making, value)
  return value === undefined ? undefined : { kind: 'value', value }
}

function judgeDefault({ notes, type, tell }: Making, value: Canonical): void {
  if (notes.type.kind === 'oneOf' && typeof value === 'string' && !notes.type.values.includes(value)) {
    tell(`Its default "${value}" is none of its words.`, didYouMean(value, notes.type.values))
  }
  const measure = measureOf(value, type)
  const [min, max] = [quietBound(notes.min, type), quietBound(notes.max, type)]
  const outside = (min !== undefined && compare(type, measure, min) < 0) || (max !== undefined && compare(type, measure, max) > 0)
  if (outside)
    tell(
      `Its default is outside its bounds: it is ${measure === String(value) ? measure : `${measure} long`}.`,
      'Change the default or the bounds.',
    )
}

const quietBound = (given: unknown, type: Type): string | undefined => boundOf('min', given, type, () => {})

/** What bounds are about: the value, or its length. */
function measureOf(value: Canonical, type: Type): string {
  if (type.kind === 'text') return String(Array.from(String(value)).length)
  return value instanceof Uint8Array || Array.isArray(value) ? String(value.length) : String(value)
}

// ── Formulas ──

function ingredientsOf(drafts: Drafts, draft: Draft): ReadonlyMap<string, Ingredient> {
  const entries = [...draft.columns].map(([name, notes]): [string, Ingredient] => [
    name,
    { type: typeOf(drafts, notes) ?? { kind: 'text' }, optional: notes.optional ?? false, generated: notes.generated !== undefined },
  ])
  return new Map(entries)
}

function generatedOf({ notes, type, tell }: Making, ingredients: ReadonlyMap<string, Ingredient>): Formula | undefined {
  if (notes.generated === undefined) return undefined
  try {
    const formula = parseFormula(notes.generated, ingredients)
    if (!fits(formula.type, type))
      tell(
        `"${notes.generated}" gives ${describeType(formula.type)}, which ${describeType(type)} cannot hold exactly.`,
        `Declare it as ${better(formula.type)}.`,
      )
    if (!notes.optional && canBeNull(formula, ingredients))
      tell(`"${notes.generated}" has no value where one of its columns has none.`, 'Add .optional(), or use coalesce(column, 0).')
    return formula
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error
    tell(`Its formula "${notes.generated}" is wrong: ${error.message}`, error.fix)
    return undefined
  }
}

/** Whether a formula's values keep every digit in the column. */
function fits(formula: Type, column: Type): boolean {
  if (formula.kind === 'integer') return column.kind === 'integer' || column.kind === 'decimal'
  if (formula.kind === 'decimal') return column.kind === 'decimal' && column.scale >= formula.scale
  return formula.kind === column.kind
}

const better = (type: Type): string => (type.kind === 'decimal' ? `decimal(…, ${type.scale})` : `${type.kind}()`)
