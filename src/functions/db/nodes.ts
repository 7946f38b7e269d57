/** Kysely's nodes, told apart by their kind. */
import type * as kysely from 'kysely'
import type { OperationNode } from 'kysely'

interface Nodes {
  AggregateFunctionNode: kysely.AggregateFunctionNode
  AliasNode: kysely.AliasNode
  AndNode: kysely.AndNode
  BinaryOperationNode: kysely.BinaryOperationNode
  CaseNode: kysely.CaseNode
  CastNode: kysely.CastNode
  ColumnNode: kysely.ColumnNode
  DefaultInsertValueNode: kysely.DefaultInsertValueNode
  DeleteQueryNode: kysely.DeleteQueryNode
  FunctionNode: kysely.FunctionNode
  IdentifierNode: kysely.IdentifierNode
  InsertQueryNode: kysely.InsertQueryNode
  ListNode: kysely.ListNode
  OperatorNode: kysely.OperatorNode
  OrNode: kysely.OrNode
  ParensNode: kysely.ParensNode
  PrimitiveValueListNode: kysely.PrimitiveValueListNode
  ReferenceNode: kysely.ReferenceNode
  SelectAllNode: kysely.SelectAllNode
  SelectQueryNode: kysely.SelectQueryNode
  TableNode: kysely.TableNode
  TupleNode: kysely.TupleNode
  UnaryOperationNode: kysely.UnaryOperationNode
  UpdateQueryNode: kysely.UpdateQueryNode
  ValueListNode: kysely.ValueListNode
  ValueNode: kysely.ValueNode
  ValuesNode: kysely.ValuesNode
}

export const is = <Kind extends keyof Nodes>(node: OperationNode, kind: Kind): node is Nodes[Kind] => node.kind === kind
