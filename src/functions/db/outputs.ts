/**
 * What the columns and expressions of a Kysely query are, found by walking its tree, so that values go in and come out
 * as the columns' types say.
 *
 * 1. What cannot be told (somebody's own SQL, a function of the database) is left as the database gives it.
 * 2. Sums, differences and products of exact numbers stay exact, whatever form the database keeps them in.
 */
import type {
  AggregateFunctionNode,
  BinaryOperationNode,
  CaseNode,
  FunctionNode,
  OperationNode,
  ReferenceNode,
  SelectQueryNode,
  SelectionNode,
} from 'kysely'
import type { Schema, Type } from '../../schema/schema.ts'
import { is } from './nodes.ts'

/** A type of a column, or a number of its own kind: a count, or an average over a column. */
export type Known =
  | { readonly kind: 'column'; readonly type: Type }
  | { readonly kind: 'count' }
  | { readonly kind: 'average'; readonly of: Type }
type MaybeKnown = Known | undefined
export type Columns = ReadonlyMap<string, MaybeKnown>

/** What names mean at one place of a query: its own sources, then those of the query around it. */
export class Scope {
  readonly #schema: Schema
  readonly #around: Scope | undefined
  readonly #sources = new Map<string, Columns>()
  /** Sources that are only there by name, until something reads from them. */
  readonly #named = new Map<string, Columns>()

  constructor(schema: Schema, around?: Scope) {
    this.#schema = schema
    this.#around = around
  }

  /** The scope of a query that stands inside of this one's. */
  inner(node: OperationNode): Scope {
    const scope = new Scope(this.#schema, this)
    if (is(node, 'SelectQueryNode') || is(node, 'UpdateQueryNode') || is(node, 'DeleteQueryNode') || is(node, 'InsertQueryNode')) {
      for (const { name, expression } of node.with?.expressions ?? [])
        scope.#named.set(name.table.table.identifier.name, new Map(scope.outputs(expression)))
    }
    for (const source of sourcesOf(node)) scope.#add(source)
    return scope
  }

  #add(node: OperationNode): void {
    if (is(node, 'AliasNode') && is(node.alias, 'IdentifierNode')) this.#sources.set(node.alias.name, this.#columnsOf(node.node))
    else if (is(node, 'TableNode')) this.#sources.set(node.table.identifier.name, this.#columnsOf(node))
  }

  #columnsOf(node: OperationNode): Columns {
    if (!is(node, 'TableNode')) return new Map(this.outputs(node))
    const { name } = node.table.identifier
    return this.#byName(name) ?? tableColumns(this.#schema, name)
  }

  #byName(name: string): Columns | undefined {
    return this.#named.get(name) ?? (this.#around === undefined ? undefined : this.#around.#byName(name))
  }

  column(name: string, source: string | undefined): MaybeKnown {
    for (const [called, columns] of this.#sources) {
      if (source === undefined ? columns.has(name) : called === source) return columns.get(name)
    }
    return this.#around?.column(name, source)
  }

  // ── Outputs ──

  /** The outputs of a query in their order. */
  outputs(node: OperationNode): readonly (readonly [string, MaybeKnown])[] {
    const scope = this.inner(node)
    return selectionsOf(node).flatMap((one) => scope.#output(one))
  }

  #output({ selection }: SelectionNode): readonly (readonly [string, MaybeKnown])[] {
    if (is(selection, 'SelectAllNode')) return [...this.#sources.values()].flatMap((columns) => [...columns])
    if (is(selection, 'AliasNode'))
      return is(selection.alias, 'IdentifierNode') ? [[selection.alias.name, this.typeOf(selection.node)]] : []
    if (is(selection, 'ReferenceNode') && is(selection.column, 'SelectAllNode'))
      return [...(this.#sources.get(sourceOf(selection) ?? '') ?? [])]
    const name = columnName(selection)
    return name === undefined ? [] : [[name, this.typeOf(selection)]]
  }

  // ── Expressions ──

  typeOf(node: OperationNode): MaybeKnown {
    if (is(node, 'ReferenceNode')) return this.column(columnName(node) ?? '', sourceOf(node))
    if (is(node, 'ColumnNode')) return this.column(node.column.name, undefined)
    if (is(node, 'ParensNode')) return this.typeOf(node.node)
    if (is(node, 'BinaryOperationNode')) return this.#calculated(node)
    if (is(node, 'AggregateFunctionNode')) return this.#aggregate(node)
    if (is(node, 'FunctionNode')) return this.#function(node)
    if (is(node, 'CaseNode')) return this.#case(node)
    if (is(node, 'AndNode') || is(node, 'OrNode')) return TRUTH
    if (is(node, 'UnaryOperationNode'))
      return is(node.operator, 'OperatorNode') && node.operator.operator !== '-' ? TRUTH : this.typeOf(node.operand)
    if (is(node, 'SelectQueryNode')) return this.#only(node)
    return undefined
  }

  #calculated({ operator, leftOperand, rightOperand }: BinaryOperationNode): MaybeKnown {
    const sign = is(operator, 'OperatorNode') ? operator.operator : ''
    if (comparisons.has(sign)) return TRUTH
    const [left, right] = [this.typeOf(leftOperand), this.typeOf(rightOperand)]
    if (sign === '+' || sign === '-') return left ?? right
    if (sign !== '*') return undefined
    if (left?.kind === 'column' && right?.kind === 'column') return { kind: 'column', type: productOf(left.type, right.type) }
    const [known, other] = left === undefined ? [right, leftOperand] : [left, rightOperand]
    return is(other, 'ValueNode') && isWhole(other.value) ? known : undefined
  }

  #aggregate({ func, aggregated }: AggregateFunctionNode): MaybeKnown {
    if (func === 'count') return { kind: 'count' }
    const [of] = aggregated
    const known = of && this.typeOf(of)
    if (func !== 'avg') return ['sum', 'min', 'max'].includes(func) ? known : undefined
    return known?.kind === 'column' ? { kind: 'average', of: known.type } : undefined
  }

  #function({ func, arguments: given }: FunctionNode): MaybeKnown {
    return keeping.has(func) ? given.map((one) => this.typeOf(one)).find((known) => known !== undefined) : undefined
  }

  #case(node: CaseNode): MaybeKnown {
    return resultsOf(node)
      .map((one) => this.typeOf(one))
      .find((known) => known !== undefined)
  }

  #only(node: SelectQueryNode): MaybeKnown {
    const [first, ...others] = this.outputs(node)
    return others.length === 0 ? first?.[1] : undefined
  }
}

const TRUTH: Known = { kind: 'column', type: { kind: 'boolean' } }

export const comparisons: ReadonlySet<string> = new Set(
  '=,==,!=,<>,>,>=,<,<=,<=>,@>,<@,&&,~,~*,!~,!~*,in,not in,is,is not,is distinct from,is not distinct from,between,between symmetric,like,not like,ilike,not ilike,regexp'.split(
    ',',
  ),
)

/** Functions that give a value of what they are given, on every database. */
export const keeping: ReadonlySet<string> = new Set(['coalesce', 'nullif', 'abs', 'greatest', 'least'])

/** What a `case` may give. */
export const resultsOf = ({ when = [], else: otherwise }: CaseNode): readonly OperationNode[] => [
  ...when.flatMap(({ result }) => result ?? []),
  ...(otherwise ? [otherwise] : []),
]

function tableColumns(schema: Schema, name: string): Columns {
  return new Map(
    Array.from(schema.tables.get(name)?.columns.values() ?? [], ({ name: column, type }) => [column, { kind: 'column', type }]),
  )
}

function sourcesOf(node: OperationNode): readonly OperationNode[] {
  const joined = 'joins' in node ? ((node as SelectQueryNode).joins ?? []).map(({ table }) => table) : [] // every query has the same joins
  if (is(node, 'SelectQueryNode')) return [...(node.from?.froms ?? []), ...joined]
  if (is(node, 'UpdateQueryNode')) return [...(node.table ? listed(node.table) : []), ...(node.from?.froms ?? []), ...joined]
  if (is(node, 'DeleteQueryNode')) return [...node.from.froms, ...joined]
  return is(node, 'InsertQueryNode') && node.into ? [node.into] : []
}

const listed = (node: OperationNode): readonly OperationNode[] => (is(node, 'ListNode') ? node.items : [node])

function selectionsOf(node: OperationNode): readonly SelectionNode[] {
  if (is(node, 'SelectQueryNode')) return node.selections ?? []
  if (is(node, 'UpdateQueryNode') || is(node, 'DeleteQueryNode') || is(node, 'InsertQueryNode')) return node.returning?.selections ?? []
  return []
}

const sourceOf = (node: ReferenceNode): string | undefined => node.table?.table.identifier.name

function columnName(node: OperationNode): string | undefined {
  if (is(node, 'ColumnNode')) return node.column.name
  return is(node, 'ReferenceNode') && is(node.column, 'ColumnNode') ? node.column.column.name : undefined
}

function productOf(left: Type, right: Type): Type {
  if (left.kind === 'float' || right.kind === 'float') return { kind: 'float' }
  const scale = scaleOf(left) + scaleOf(right)
  return scale === 0 ? { kind: 'integer' } : { kind: 'decimal', digits: 38, scale }
}

const scaleOf = (type: Type): number => (type.kind === 'decimal' ? type.scale : 0)

export const isWhole = (value: unknown): boolean =>
  typeof value === 'bigint' || Number.isInteger(value) || (typeof value === 'string' && /^-?\d+$/.test(value))
