/**
 * Tables as the file writes them: `table({ … }).key('a', 'b').index('c')`.
 *
 * 1. Like a column, a table is notes; `load` finds all that is wrong with them.
 * 2. To the compiler a table is its columns, its key, its links and what is unique in it. Nothing more is kept, so
 *    that a hundred tables are still checked quickly.
 */
import type { ColumnLike, ColumnNotes } from './column.ts'
import type { CheckRow, Condition } from './expression.ts'
import type { Nothing } from './kinds.ts'
import { here, type Place } from './place.ts'
import type { RuleFunction } from './schema.ts'

export type TableNote =
  | { readonly kind: 'key' | 'unique' | 'index' | 'search'; readonly columns: readonly string[]; readonly place: Place }
  | { readonly kind: 'check'; readonly name: string; readonly rule: RuleFunction; readonly place: Place }
  | { readonly kind: 'link'; readonly name: string; readonly to: string; readonly columns: readonly string[]; readonly place: Place }
  | { readonly kind: 'comment'; readonly text: string; readonly place: Place }

export interface LinkTo {
  readonly to: string
  readonly columns: readonly string[]
}
export type Columns = Readonly<Record<string, ColumnLike & { readonly notes: ColumnNotes }>>

/** Anything that looks like a table to the compiler. */
export interface TableLike {
  readonly $key: readonly string[]
  readonly $links: Readonly<Record<string, LinkTo>>
  readonly $uniques: readonly string[]
  readonly columns: Columns
  readonly notes: readonly TableNote[]
  readonly place: Place
}
/** Tables by name, as in `plinth({ tables })`. `function count(tables: Tables)` takes those of any backend. */
export type Tables = Readonly<Record<string, TableLike>>

type NameIn<C> = (keyof C & string) | 'id'

/** What `table({ … })` gives. Its type parameters are worked out; nobody writes them. `const notes: Table<…> = table({ words: text() })` */
export class Table<
  C extends Columns,
  Key extends readonly string[] = ['id'],
  Links extends Readonly<Record<string, LinkTo>> = Nothing,
  Uniques extends readonly string[] = never,
> {
  // For the compiler only; nothing is there at run time.
  declare readonly $key: Key
  declare readonly $links: Links
  declare readonly $uniques: Uniques
  readonly columns: C
  readonly notes: readonly TableNote[]
  readonly place: Place

  constructor(columns: C, notes: readonly TableNote[], place: Place) {
    this.columns = columns
    this.notes = notes
    this.place = place
  }

  /** The primary key. Without it, the table has a column `id`. */
  key<const By extends readonly NameIn<C>[]>(...columns: By): Table<C, By, Links, Uniques> {
    return noted(this, { kind: 'key', columns, place: here() })
  }

  /** No two rows agree in all of these. Rows where one is missing do not count. */
  unique<const By extends readonly NameIn<C>[]>(...columns: By): Table<C, Key, Links, Uniques | By> {
    return noted(this, { kind: 'unique', columns, place: here() })
  }

  /** Makes filtering and ordering by these quick, in this order. References and `user()` columns have one already. */
  index(...columns: NameIn<C>[]): Table<C, Key, Links, Uniques> {
    return noted(this, { kind: 'index', columns, place: here() })
  }

  /** Full-text search in these text columns. */
  search(...columns: NameIn<C>[]): Table<C, Key, Links, Uniques> {
    return noted(this, { kind: 'search', columns, place: here() })
  }

  /**
   * A condition that every row keeps.
   * @example table({ starts: date(), ends: date() }).check('order', ({ row }) => row.ends.atLeast(row.starts))
   */
  check(name: string, condition: (asked: { readonly row: CheckRow<C> }) => Condition): Table<C, Key, Links, Uniques> {
    return noted(this, { kind: 'check', name, rule: condition, place: here() })
  }

  /**
   * A relation by several columns, to a table whose key has as many.
   * @example table({ order_id: ref('orders'), product_id: ref('products') }).link('line', 'lines', 'order_id', 'product_id')
   */
  link<const Name extends string, const To extends string, const By extends readonly NameIn<C>[]>(
    name: Name,
    to: To,
    ...columns: By
  ): Table<C, Key, Links & Readonly<Record<Name, { to: To; columns: By }>>, Uniques> {
    return noted(this, { kind: 'link', name, to, columns, place: here() })
  }

  /** What the table is, for people: it reaches the API docs and the database. */
  comment(text: string): Table<C, Key, Links, Uniques> {
    return noted(this, { kind: 'comment', text, place: here() })
  }
}

interface Noted<C> {
  readonly columns: C
  readonly notes: readonly TableNote[]
  readonly place: Place
}

// A table's key, links and uniques exist for the compiler only, so this one has any.
const noted = <C extends Columns>(table: Noted<C>, note: TableNote): Table<C, never, never> =>
  new Table(table.columns, [...table.notes, note], table.place)

/**
 * A table and its columns. Its name is the one it has in `plinth({ tables })`; a column `id` is there unless the table says otherwise.
 * @example table({ sku: text().unique(), price: decimal(10, 2).min(0) }).index('price')
 */
export const table = <C extends Columns>(columns: C): Table<C> => new Table(columns, [], here())
