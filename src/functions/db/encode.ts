/**
 * Puts values into a Kysely query as the database keeps them: each by the column that it is written to, compared with,
 * or added to. Loaded with Kysely itself, which is a part of no request that calls no function.
 */
import {
  OperationNodeTransformer,
  PrimitiveValueListNode,
  ValueListNode,
  ValueNode,
  ValuesNode,
  type AggregateFunctionNode,
  type BinaryOperationNode,
  type CaseNode,
  type CastNode,
  type ColumnUpdateNode,
  type DeleteQueryNode,
  type FunctionNode,
  type InsertQueryNode,
  type OperationNode,
  type RootOperationNode,
  type SelectQueryNode,
  type UpdateQueryNode,
} from 'kysely'
import type { Schema } from '../../schema/schema.ts'
import { is } from './nodes.ts'
import { Scope, comparisons, isWhole, keeping, resultsOf, type Known } from './outputs.ts'
import { toBare, toStored, type Codec } from './values.ts'

/** Signs beside which a value is kept as the column keeps it: patterns and paths are no values of the column. */
const alike: ReadonlySet<string> = new Set([...comparisons].filter((sign) => !/like|regexp|~/.test(sign)).concat(['+', '-']))

const totals: ReadonlySet<string> = new Set(['count', 'sum', 'avg', 'min', 'max'])

export function encodeValues(node: RootOperationNode, schema: Schema, codec: Codec): RootOperationNode {
  return new Encoder(schema, codec).transformNode(node)
}

class Encoder extends OperationNodeTransformer {
  readonly #codec: Codec
  readonly #scopes: Scope[]
  /** Nodes that are made of stored values already. */
  readonly #stored = new WeakSet<OperationNode>()

  constructor(schema: Schema, codec: Codec) {
    super()
    this.#codec = codec
    this.#scopes = [new Scope(schema)]
  }

  // ── Queries: what names mean in them ──

  protected override transformSelectQuery(node: SelectQueryNode): SelectQueryNode {
    return this.#inside(node, () => super.transformSelectQuery(node))
  }

  protected override transformDeleteQuery(node: DeleteQueryNode): DeleteQueryNode {
    return this.#inside(node, () => super.transformDeleteQuery(node))
  }

  protected override transformUpdateQuery(node: UpdateQueryNode): UpdateQueryNode {
    return this.#inside(node, () => super.transformUpdateQuery(node))
  }

  protected override transformInsertQuery(node: InsertQueryNode): InsertQueryNode {
    return this.#inside(node, () => {
      const types = (node.columns ?? []).map(({ column }) => this.#scope.column(column.name, undefined))
      const values = node.values && is(node.values, 'ValuesNode') ? this.#rows(node.values, types) : node.values
      return super.transformInsertQuery(values === undefined ? node : { ...node, values })
    })
  }

  #inside<T extends OperationNode>(node: T, work: () => T): T {
    this.#scopes.push(this.#scope.inner(node))
    try {
      return work()
    } finally {
      this.#scopes.pop()
    }
  }

  get #scope(): Scope {
    const scope = this.#scopes.at(-1)
    if (scope === undefined) throw new Error('a query ended before it began')
    return scope
  }

  // ── Values by what stands beside them ──

  #rows({ values }: ValuesNode, types: readonly (Known | undefined)[]): ValuesNode {
    return ValuesNode.create(
      values.map((row) => {
        if (is(row, 'PrimitiveValueListNode'))
          return this.#mark(PrimitiveValueListNode.create(row.values.map((value, at) => this.#value(value, types[at]))))
        if (row.values.some((one) => is(one, 'DefaultInsertValueNode')))
          throw new TypeError('Rows that are put in together must all name the same columns.')
        return ValueListNode.create(row.values.map((one, at) => this.#like(one, types[at])))
      }),
    )
  }

  protected override transformColumnUpdate(node: ColumnUpdateNode): ColumnUpdateNode {
    return super.transformColumnUpdate({ ...node, value: this.#like(node.value, this.#scope.typeOf(node.column)) })
  }

  protected override transformBinaryOperation(node: BinaryOperationNode): BinaryOperationNode {
    const { leftOperand: left, rightOperand: right } = node
    const sign = is(node.operator, 'OperatorNode') ? node.operator.operator : ''
    if (['*', '/', '%'].includes(sign)) this.#judgeFactors(sign, [left, right])
    if (!alike.has(sign)) return super.transformBinaryOperation(node)
    if (is(left, 'TupleNode')) return super.transformBinaryOperation({ ...node, rightOperand: this.#tuples(right, left.values) })
    const known = this.#scope.typeOf(left) ?? this.#scope.typeOf(right)
    const other = isList(known) && !sign.endsWith('in') ? asOne(right) : right
    return super.transformBinaryOperation({ ...node, leftOperand: this.#like(left, known), rightOperand: this.#like(other, known) })
  }

  protected override transformFunction(node: FunctionNode): FunctionNode {
    if (!keeping.has(node.func)) {
      this.#judgeExact(`${node.func}()`, node.arguments)
      return super.transformFunction(node)
    }
    const known = this.#scope.typeOf(node)
    return super.transformFunction({ ...node, arguments: node.arguments.map((one) => this.#like(one, known)) })
  }

  protected override transformAggregateFunction(node: AggregateFunctionNode): AggregateFunctionNode {
    if (!totals.has(node.func)) this.#judgeExact(`${node.func}()`, node.aggregated)
    return super.transformAggregateFunction(node)
  }

  protected override transformCast(node: CastNode): CastNode {
    this.#judgeExact('cast()', [node.expression])
    return super.transformCast(node)
  }

  protected override transformCase(node: CaseNode): CaseNode {
    const known = resultsOf(node).length === 0 ? undefined : this.#scope.typeOf(node)
    const when = node.when?.map((one) => (one.result ? { ...one, result: this.#like(one.result, known) } : one))
    return super.transformCase({ ...node, ...(when && { when }), ...(node.else && { else: this.#like(node.else, known) }) })
  }

  #tuples(node: OperationNode, columns: readonly OperationNode[]): OperationNode {
    if (is(node, 'ValueListNode')) return ValueListNode.create(node.values.map((one) => this.#tuples(one, columns)))
    if (!is(node, 'TupleNode')) return node
    const values = node.values.map((one, at) => this.#like(one, columns[at] && this.#scope.typeOf(columns[at])))
    return { kind: 'TupleNode', values } as OperationNode // its factory is no part of what Kysely exports
  }

  /** The same, with its values kept as those of this type are. */
  #like(node: OperationNode, known: Known | undefined): OperationNode {
    if (known === undefined) return node
    if (is(node, 'ValueNode')) return node.immediate === true ? node : this.#mark(ValueNode.create(this.#value(node.value, known)))
    if (is(node, 'PrimitiveValueListNode'))
      return this.#mark(PrimitiveValueListNode.create(node.values.map((value) => this.#value(value, known))))
    if (is(node, 'ValueListNode')) return ValueListNode.create(node.values.map((one) => this.#like(one, known)))
    if (is(node, 'AndNode')) return { ...node, left: this.#like(node.left, known), right: this.#like(node.right, known) } as OperationNode // of `between`
    if (is(node, 'ParensNode')) return { ...node, node: this.#like(node.node, known) } as OperationNode // a copy of its own kind
    return node
  }

  #value(given: unknown, known: Known | undefined): unknown {
    return known?.kind === 'column' ? toStored(this.#codec, known.type, given) : toBare(given)
  }

  // ── Exact numbers, which databases keep in forms of their own ──

  #isExact(node: OperationNode): boolean {
    const known = this.#scope.typeOf(node)
    return known?.kind === 'column' && known.type.kind === 'decimal'
  }

  #judgeFactors(sign: string, factors: readonly OperationNode[]): void {
    const whole = sign === '*' && factors.every((factor) => !is(factor, 'ValueNode') || isWhole(factor.value))
    if (!whole) this.#judgeExact(`The sign ${sign}`, factors)
  }

  #judgeExact(what: string, given: readonly OperationNode[]): void {
    if (given.some((one) => this.#isExact(one)))
      throw new TypeError(
        `${what} of a decimal is not the same on every database: add, subtract, multiply by whole numbers, and do the rest in code.`,
      )
  }

  // ── Values that nobody could tell more of ──

  #mark<T extends OperationNode>(node: T): T {
    this.#stored.add(node)
    return node
  }

  protected override transformValue(node: ValueNode): ValueNode {
    if (node.immediate === true || this.#stored.has(node)) return node
    return ValueNode.create(toBare(node.value))
  }

  protected override transformPrimitiveValueList(node: PrimitiveValueListNode): PrimitiveValueListNode {
    return this.#stored.has(node) ? node : PrimitiveValueListNode.create(node.values.map(toBare))
  }
}

const isList = (known: Known | undefined): boolean => known?.kind === 'column' && known.type.kind === 'array'

/** Kysely takes every list for several values. */
function asOne(node: OperationNode): OperationNode {
  if (is(node, 'PrimitiveValueListNode')) return ValueNode.create(node.values)
  if (!is(node, 'ValueListNode')) return node
  return ValueNode.create(node.values.map((one) => (is(one, 'ValueNode') ? one.value : undefined)))
}
