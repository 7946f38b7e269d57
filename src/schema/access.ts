/** Access as the file writes it: a table, what is done, and for whom. What is not said is nobody's. */
import type { Condition, Row, Who } from './expression.ts'
import type { Verdict } from './schema.ts'
import type { ColumnsOf } from './shape.ts'
import type { Tables } from './table.ts'

/** Everybody, signed in or not. `products: { read: anyone }` */
export const anyone: Verdict = Object.freeze({ verdict: 'anyone' })

/** Everybody who is signed in. `products: { read: signedIn }` */
export const signedIn: Verdict = Object.freeze({ verdict: 'signedIn' })

/** Whoever has the role. `products: { write: role('staff') }` */
export const role = (name: string): Verdict => Object.freeze({ verdict: 'role', role: name })

/**
 * A verdict, or a condition on the row and on who asks.
 * @example const own: Rule<Row<Shop, 'orders'>> = ({ row, who }) => row.customer.account_id.is(who.id)
 */
export type Rule<R> = Verdict | ((asked: { readonly row: R; readonly who: Who }) => Condition)
type Rules<R, Operation extends string> = { readonly [O in Operation]?: Rule<R> }

export interface TableRules<R, C extends PropertyKey> extends Rules<R, 'read' | 'write' | 'insert' | 'update' | 'delete'> {
  /** Rules of single columns; the table's rule holds besides. */
  readonly columns?: { readonly [Name in C]?: Rules<R, 'read' | 'write'> }
}

/**
 * The access rules of a file, or of one module of it.
 * @example export const access = { orders: { read: signedIn } } satisfies AccessOf<Shop>
 */
export type AccessOf<T extends Tables> = { readonly [N in keyof T]?: TableRules<Row<T, N>, keyof ColumnsOf<T[N]>> }
