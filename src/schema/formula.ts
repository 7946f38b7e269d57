/**
 * Computed columns: from `price - cost` to a typed tree. Columns and literals, `+`, `-`, `*` on exact numbers, `||` on
 * text, parentheses and `coalesce(…)`.
 *
 * 1. Everything in it is exact and gives the same on every database: no floats, no division, no functions of one database.
 * 2. `||` binds loosest, then `+` and `-`, then `*`, as in SQL.
 */
import { didYouMean } from './names.ts'
import type { Canonical, Formula, Type } from './schema.ts'

/** A column as a formula may use it. */
export interface Ingredient {
  readonly type: Type
  readonly optional: boolean
  readonly generated: boolean
}

/** What is wrong with a formula, and the way out. */
export class FormulaError extends Error {
  readonly fix: string
  constructor(message: string, fix: string) {
    super(message)
    this.fix = fix
  }
}

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|'((?:[^']|'')*)'|"((?:[^"]|"")+)"|([\p{L}_][\p{L}\p{N}_]*)|(\|\||[-+*(),]))/uy
const MOST_DEPTH = 50

type Token = { readonly kind: 'number' | 'text' | 'name' | 'mark'; readonly text: string; readonly quoted: boolean }

/**
 * The formula, typed; throws a `FormulaError`.
 * @example parseFormula('price - cost', columns) // { kind: 'difference', left: …, right: …, type: … }
 */
export function parseFormula(text: string, columns: ReadonlyMap<string, Ingredient>): Formula {
  const parser = new Parser(tokensOf(text), columns)
  return parser.whole()
}

/** Whether a row can have no value here. */
export function canBeNull(formula: Formula, columns: ReadonlyMap<string, Ingredient>): boolean {
  switch (formula.kind) {
    case 'column':
      return columns.get(formula.name)?.optional ?? false
    case 'literal':
      return false
    case 'first':
      return formula.of.every((part) => canBeNull(part, columns))
    case 'sum':
    case 'difference':
    case 'product':
    case 'joined':
      return canBeNull(formula.left, columns) || canBeNull(formula.right, columns)
  }
}

/** The columns that it is computed from. */
export function columnsOf(formula: Formula): ReadonlySet<string> {
  switch (formula.kind) {
    case 'column':
      return new Set([formula.name])
    case 'literal':
      return new Set()
    case 'first':
      return new Set(formula.of.flatMap((part) => [...columnsOf(part)]))
    case 'sum':
    case 'difference':
    case 'product':
    case 'joined':
      return new Set([formula.left, formula.right].flatMap((part) => [...columnsOf(part)]))
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  const end = text.trimEnd().length
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex
    const found = TOKEN.exec(text)
    if (found === null)
      throw new FormulaError(
        `It cannot be read from "${text.slice(at).trim()}" on.`,
        "Use columns, numbers, 'text', +, -, *, ||, coalesce(…) and parentheses.",
      )
    tokens.push(tokenOf(found))
  }
  return tokens
}

function tokenOf([, number, text, quotedName, name, mark]: RegExpExecArray): Token {
  if (number !== undefined) return { kind: 'number', text: number, quoted: false }
  if (text !== undefined) return { kind: 'text', text: text.replaceAll("''", "'"), quoted: true }
  if (quotedName !== undefined) return { kind: 'name', text: quotedName.replaceAll('""', '"'), quoted: true }
  return name === undefined ? { kind: 'mark', text: mark ?? '', quoted: false } : { kind: 'name', text: name, quoted: false }
}

class Parser {
  readonly #tokens: readonly Token[]
  readonly #columns: ReadonlyMap<string, Ingredient>
  #at = 0
  #depth = 0

  constructor(tokens: readonly Token[], columns: ReadonlyMap<string, Ingredient>) {
    this.#tokens = tokens
    this.#columns = columns
  }

  whole(): Formula {
    const formula = this.#joined()
    const rest = this.#tokens[this.#at]
    if (rest !== undefined)
      throw new FormulaError(`"${rest.text}" stands where the formula should end.`, 'Put an operator before it, or take it away.')
    return formula
  }

  #joined(): Formula {
    let left = this.#sum()
    while (this.#takes('||')) left = joined(left, this.#sum())
    return left
  }

  #sum(): Formula {
    let left = this.#product()
    for (;;) {
      if (this.#takes('+')) left = added('sum', left, this.#product())
      else if (this.#takes('-')) left = added('difference', left, this.#product())
      else return left
    }
  }

  #product(): Formula {
    let left = this.#atom()
    while (this.#takes('*')) left = multiplied(left, this.#atom())
    return left
  }

  #atom(): Formula {
    if (++this.#depth > MOST_DEPTH) throw new FormulaError('It is nested too deeply.', 'Make it simpler, or compute it in two columns.')
    const formula = this.#takes('(') ? this.#inside() : this.#takes('-') ? this.#negative() : this.#single()
    this.#depth--
    return formula
  }

  #inside(): Formula {
    const formula = this.#joined()
    this.#expect(')')
    return formula
  }

  #negative(): Formula {
    const token = this.#next()
    if (token.kind !== 'number') throw new FormulaError('A minus sign stands before something that is no number.', 'Write 0 - … instead.')
    return numeral(`-${token.text}`)
  }

  #single(): Formula {
    const token = this.#next()
    if (token.kind === 'number') return numeral(token.text)
    if (token.kind === 'text') return { kind: 'literal', value: token.text, type: { kind: 'text' } }
    if (token.kind === 'mark') throw new FormulaError(`"${token.text}" stands where a column or a value should be.`, 'Put one there.')
    if (!token.quoted && token.text.toLowerCase() === 'coalesce' && this.#takes('(')) return this.#first()
    return this.#column(token.text)
  }

  #first(): Formula {
    const of = [this.#joined()]
    while (this.#takes(',')) of.push(this.#joined())
    this.#expect(')')
    return { kind: 'first', of, type: of.map((part) => part.type).reduce(common) }
  }

  #column(name: string): Formula {
    const column = this.#columns.get(name)
    if (column === undefined) throw new FormulaError(`There is no column "${name}".`, didYouMean(name, this.#columns.keys()))
    if (column.generated)
      throw new FormulaError(`"${name}" is computed itself.`, 'Databases compute from stored columns only: write out its formula here.')
    return { kind: 'column', name, type: column.type }
  }

  #next(): Token {
    const token = this.#tokens[this.#at++]
    if (token === undefined) throw new FormulaError('It ends too early.', 'Put a column or a value at its end.')
    return token
  }

  #takes(mark: string): boolean {
    const token = this.#tokens[this.#at]
    if (token?.kind !== 'mark' || token.text !== mark) return false
    this.#at++
    return true
  }

  #expect(mark: string): void {
    if (!this.#takes(mark)) throw new FormulaError(`A "${mark}" is missing.`, 'Close every parenthesis.')
  }
}

function numeral(text: string): Formula {
  const scale = text.split('.')[1]?.length ?? 0
  const value: Canonical = scale === 0 ? BigInt(text) : text
  return {
    kind: 'literal',
    value,
    type: scale === 0 ? { kind: 'integer' } : { kind: 'decimal', digits: text.replace(/\D/g, '').length, scale },
  }
}

type Exact = Extract<Type, { kind: 'integer' | 'decimal' }>
const INTEGER_DIGITS = 19

function exact(formula: Formula, operator: string): Exact {
  if (formula.type.kind === 'integer' || formula.type.kind === 'decimal') return formula.type
  throw new FormulaError(
    `${operator} is for integers and decimals, and this is ${formula.type.kind}.`,
    formula.type.kind === 'text' ? 'Join text with ||.' : 'Use exact numbers, or compute it where it is read.',
  )
}

const scaleOf = (type: Exact): number => (type.kind === 'integer' ? 0 : type.scale)
const wholeOf = (type: Exact): number => (type.kind === 'integer' ? INTEGER_DIGITS : type.digits - type.scale)

function exactType(whole: number, scale: number, from: readonly Exact[]): Exact {
  return from.every((type) => type.kind === 'integer') ? { kind: 'integer' } : { kind: 'decimal', digits: whole + scale, scale }
}

function added(kind: 'sum' | 'difference', left: Formula, right: Formula): Formula {
  const [a, b] = [exact(left, '+ and -'), exact(right, '+ and -')]
  return { kind, left, right, type: exactType(Math.max(wholeOf(a), wholeOf(b)) + 1, Math.max(scaleOf(a), scaleOf(b)), [a, b]) }
}

function multiplied(left: Formula, right: Formula): Formula {
  const [a, b] = [exact(left, '*'), exact(right, '*')]
  return { kind: 'product', left, right, type: exactType(wholeOf(a) + wholeOf(b), scaleOf(a) + scaleOf(b), [a, b]) }
}

function joined(left: Formula, right: Formula): Formula {
  for (const { type } of [left, right]) {
    if (type.kind !== 'text') throw new FormulaError(`|| joins text, and this is ${type.kind}.`, "Join text columns and 'literals' only.")
  }
  return { kind: 'joined', left, right, type: { kind: 'text' } }
}

/** The type that holds both, for `coalesce`. */
function common(a: Type, b: Type): Type {
  const isNumber = (type: Type): type is Exact => type.kind === 'integer' || type.kind === 'decimal'
  if (isNumber(a) && isNumber(b)) return exactType(Math.max(wholeOf(a), wholeOf(b)), Math.max(scaleOf(a), scaleOf(b)), [a, b])
  if (a.kind === 'text' && b.kind === 'text') return a
  throw new FormulaError(`coalesce has ${a.kind} and ${b.kind} in it.`, 'Give it values of one type: text, or exact numbers.')
}
