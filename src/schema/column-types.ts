/**
 * What each column holds: references take the type of the column they lead to.
 *
 * Every complaint about a type or a reference is made once, by the column that says it; whoever asks for a type that
 * cannot be known gets `undefined` and stays silent.
 */
import type { ColumnNotes, Declared } from './column.ts'
import type { Draft, Drafts } from './draft.ts'
import { badName, didYouMean } from './names.ts'
import { parseValue } from './value.ts'
import type { Reference, ScalarType, Type } from './schema.ts'

const MOST_DIGITS = 38
const REF_OPTIONS = ['as', 'back', 'onDelete', 'column'] as const
const DELETIONS = ['restrict', 'cascade', 'set null'] as const

type Ref = Extract<Declared, { kind: 'ref' }>
type Tell = (message: string, fix: string) => void

/** The type a column has, following references; `undefined` where that leads nowhere or round in a circle. */
export function typeOf(drafts: Drafts, notes: ColumnNotes, seen: readonly ColumnNotes[] = []): Type | undefined {
  const declared = notes.type
  if (declared.kind === 'ref') {
    const target = seen.includes(notes) ? undefined : targetNotes(drafts, declared)
    return target && typeOf(drafts, target, [...seen, notes])
  }
  if (declared.kind === 'user') return { kind: 'uuid' }
  if (declared.kind === 'oneOf') return { kind: 'text' }
  if (declared.kind !== 'array') return declared
  const of = scalarOf(declared.of.type)
  return of && { kind: 'array', of }
}

const NO_SCALARS: ReadonlySet<Declared['kind']> = new Set(['json', 'array', 'oneOf', 'ref', 'user'])
const isScalar = (declared: Declared): declared is ScalarType => !NO_SCALARS.has(declared.kind)
const scalarOf = (declared: Declared): ScalarType | undefined => (isScalar(declared) ? declared : undefined)

/** The column a reference leads to: the one it names, else the key's only one. */
export function targetColumn(drafts: Drafts, ref: Ref): string | undefined {
  const key = drafts.get(ref.to)?.key.columns
  return ref.column ?? (key?.length === 1 ? key[0] : undefined)
}

function targetNotes(drafts: Drafts, ref: Ref): ColumnNotes | undefined {
  const name = targetColumn(drafts, ref)
  return name === undefined ? undefined : drafts.get(ref.to)?.columns.get(name)
}

/** Whether references lead from here back to where they were. */
function isRound(drafts: Drafts, notes: ColumnNotes): boolean {
  const seen = new Set<ColumnNotes>()
  let at: ColumnNotes | undefined = notes
  while (at?.type.kind === 'ref' && !seen.has(at)) {
    seen.add(at)
    at = targetNotes(drafts, at.type)
  }
  return at !== undefined && seen.has(at)
}

/** Says what is wrong with the type itself. */
export function judgeType(drafts: Drafts, notes: ColumnNotes, tell: Tell): void {
  const { type } = notes
  if (type.kind === 'decimal') judgeDigits(type, tell)
  if (type.kind === 'oneOf') judgeWords(type.values, tell)
  if (type.kind === 'array') judgeElement(type.of, tell)
  if (type.kind === 'ref') judgeReference(drafts, notes, type, tell)
  const collation = notes.collation === undefined ? undefined : badName(notes.collation)
  if (collation !== undefined) tell(`The name of the collation ${collation}.`, 'Name one that the database has.')
}

function judgeDigits({ digits, scale }: Extract<ScalarType, { kind: 'decimal' }>, tell: Tell): void {
  if (!Number.isInteger(digits) || digits < 1 || digits > MOST_DIGITS)
    tell(`decimal(${digits}, ${scale}) has no such number of digits.`, `Say 1 to ${MOST_DIGITS} digits in all: decimal(10, 2).`)
  else if (!Number.isInteger(scale) || scale < 0 || scale > digits)
    tell(`decimal(${digits}, ${scale}) has no such number of decimals.`, `Say 0 to ${digits} of them: decimal(${digits}, 2).`)
}

function judgeWords(values: readonly string[], tell: Tell): void {
  if (values.length === 0) tell('oneOf() has no words.', "Name them: oneOf('open', 'closed').")
  const twice = values.find((word, at) => values.indexOf(word) !== at)
  if (twice !== undefined) tell(`oneOf() has "${twice}" twice.`, 'Name each word once.')
  for (const word of values)
    if (!isText(word)) tell('oneOf() has a word that is no text.', 'Name words without NUL and without halves of characters.')
}

function isText(word: unknown): boolean {
  try {
    return typeof word === 'string' && parseValue({ kind: 'text' }, word) === word
  } catch {
    return false
  }
}

function judgeElement(of: ColumnNotes, tell: Tell): void {
  if (scalarOf(of.type) === undefined)
    tell(
      `An array of ${of.type.kind} is not kept.`,
      'Use an array of text, numbers, times, UUIDs, booleans or bytes; or a table of its own.',
    )
  const { type: _, place: __, ...more } = of
  const [extra] = Object.keys(more)
  if (extra !== undefined) tell(`Elements of an array have no .${extra}().`, 'Put it behind array(…), if it is meant for the column.')
  if (of.type.kind === 'decimal') judgeDigits(of.type, tell)
}

function judgeReference(drafts: Drafts, notes: ColumnNotes, ref: Ref, tell: Tell): void {
  judgeOptions(ref, tell)
  if (typeof ref.to !== 'string') return tell('It leads to something that is no name.', "Give the table's name: ref('customers').")
  const target = drafts.get(ref.to)
  if (target === undefined) {
    if (!drafts.broken.has(ref.to)) tell(`It leads to "${ref.to}", which is no table.`, didYouMean(ref.to, drafts.keys()))
    return
  }
  if (ref.onDelete !== undefined && !DELETIONS.includes(ref.onDelete))
    tell(`onDelete cannot be "${ref.onDelete}".`, `Say one of ${DELETIONS.join(', ')}.`)
  if (ref.onDelete === 'set null' && !notes.optional)
    tell('onDelete says "set null", but the column must have a value.', "Add .optional(), or say onDelete: 'cascade'.")
  const column = targetColumn(drafts, ref)
  if (column === undefined)
    return tell(
      `"${ref.to}" has a key of ${target.key.columns.length} columns, and a reference is one.`,
      `Use .link('name', '${ref.to}', …) with a column for each of ${target.key.columns.join(', ')}.`,
    )
  judgeTarget(drafts, notes, target, column, tell)
}

/** The compiler knows the options; a file that nobody compiles may still say any. */
function judgeOptions({ to, ...options }: Ref, tell: Tell): void {
  const names = Object.keys(options).filter((name) => name !== 'kind')
  // What a text spreads into is its letters.
  if (names.includes('0')) return tell('What follows the table is no set of options.', `Write ref('${to}', { onDelete: 'cascade' }).`)
  for (const name of names)
    if (!REF_OPTIONS.some((known) => known === name)) tell(`"${name}" is no option of ref().`, didYouMean(name, REF_OPTIONS))
  const { as, back } = options
  for (const [name, given] of Object.entries({ as, back }))
    if (given !== undefined && (typeof given !== 'string' || given === ''))
      tell(`${name} is no name.`, `Name the relation: ref('${to}', { ${name}: '…' }).`)
}

function judgeTarget(drafts: Drafts, notes: ColumnNotes, target: Draft, column: string, tell: Tell): void {
  const found = target.columns.get(column)
  if (found === undefined)
    return tell(`It leads to the column "${column}", which "${target.name}" does not have.`, didYouMean(column, target.columns.keys()))
  if (found.generated !== undefined)
    tell(`It leads to "${target.name}.${column}", which is computed.`, 'Lead it to a column that is stored.')
  if (!isUnique(target, column))
    tell(
      `It leads to "${target.name}.${column}", which is not unique.`,
      `Add .unique() to ${target.name}.${column}, or lead it to the key.`,
    )
  if (isRound(drafts, notes))
    tell(
      'References lead round in a circle, so that no column says what they hold.',
      'Let one of them be no reference, or give its table an id.',
    )
}

/** Whether no two rows of the table can share a value of the column. */
function isUnique(draft: Draft, column: string): boolean {
  return (
    draft.columns.get(column)?.unique === true ||
    [draft.key, ...draft.uniques].some(({ columns }) => columns.length === 1 && columns[0] === column)
  )
}

/** The reference of a column, resolved; `undefined` where there is none or it leads nowhere. */
export function referenceOf(drafts: Drafts, { type }: ColumnNotes): Reference | undefined {
  if (type.kind !== 'ref') return undefined
  const column = targetColumn(drafts, type)
  return column === undefined || !drafts.get(type.to)?.columns.has(column)
    ? undefined
    : { table: type.to, column, onDelete: type.onDelete ?? 'restrict' }
}
