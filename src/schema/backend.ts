/**
 * The backend: what a file exports. `plinth()` only gathers; `load` reads it, so that a mistake never stops the file
 * itself from being imported.
 */
import type { BackendSettings } from '../settings.ts'
import type { AccessOf } from './access.ts'
import type { ColumnLike } from './column.ts'
import type { FunctionsLike, FunctionsOf } from './function-types.ts'
import type { Nothing } from './kinds.ts'
import { isRecord } from './load-file.ts'
import { here, type Place } from './place.ts'
import type { ColumnsOf, Has, KindOf, RelationName, TargetOf, ToOne } from './shape.ts'
import type { Tables, TableLike } from './table.ts'

const MARK = Symbol.for('plinth.backend')

/** What `plinth()` returns; the default export of a file. `const backend: Backend = plinth({ … })` */
export interface Backend<T extends Tables = Tables, F extends FunctionsLike = FunctionsLike> {
  readonly tables: T
  readonly access: Readonly<Record<string, unknown>>
  readonly functions: F
  readonly settings: BackendSettings
  readonly seed?: (tools: SeedTools) => Promise<void>
  /** What `plinth()` was given, as it was. What is of no use in it is left out above, and `load` complains of it. */
  readonly given: unknown
  readonly place: Place
}

/** What a seed is given, to whoever runs one. */
export interface SeedTools {
  readonly insert: (table: string, rows: Iterable<object> | AsyncIterable<object>) => Promise<number>
  readonly progress?: (sentence: string) => void
}

/**
 * What a seed sees: the same, with the tables it knows.
 * @example seed: async ({ insert }) => { await insert('products', [{ name: 'Tea', price: '9.90' }]) }
 */
export interface SeedToolsOf<T extends Tables> {
  /** Inserts rows in the order they come, and answers how many they were. */
  readonly insert: <N extends keyof T & string>(table: N, rows: Iterable<SeedRow<T, N>> | AsyncIterable<SeedRow<T, N>>) => Promise<number>
  /** Tells whoever waits what is being done. */
  readonly progress?: (sentence: string) => void
}

type GivenIn<T extends Tables, C> = KindOf<T, C>['given'] | Has<C, 'null', null>

/**
 * A row as a seed may write it; what has a default may be left out.
 * @example const first: SeedRow<Shop, 'products'> = { name: 'Tea', price: '9.90' }
 */
export type SeedRow<T extends Tables, N extends keyof T> = {
  [C in keyof ColumnsOf<T[N]> as Has<ColumnsOf<T[N]>[C], 'null' | 'default' | 'generated', never, C>]: GivenIn<T, ColumnsOf<T[N]>[C]>
} & {
  [C in keyof ColumnsOf<T[N]> as Has<ColumnsOf<T[N]>[C], 'generated', never, Has<ColumnsOf<T[N]>[C], 'null' | 'default', C>>]?: GivenIn<
    T,
    ColumnsOf<T[N]>[C]
  >
} extends infer All
  ? { [Name in keyof All]: All[Name] }
  : never

/** Nothing more to ask of a table that is well, or that is made while the program runs; otherwise a sentence no table can be, which the compiler shows. */
type Sound<T extends Tables> = string extends keyof T
  ? unknown
  : { readonly [N in keyof T & string]: [Trouble<T, N>] extends [never] ? unknown : Trouble<T, N> }
type Trouble<T extends Tables, N extends keyof T & string> = NowhereIn<T, N> | NamelessIn<T[N], N> | TwiceIn<T[N], N>
type NowhereIn<T extends Tables, N extends keyof T & string> = {
  [R in keyof ToOne<T[N]> & string]: ToOne<T[N]>[R]['to'] extends keyof T
    ? never
    : `${N}.${R} leads to '${ToOne<T[N]>[R]['to']}', which is no table`
}[keyof ToOne<T[N]> & string]
type NamelessIn<X extends TableLike, N extends string> = {
  [C in keyof X['columns'] & string]: IsNameless<C, X['columns'][C]> extends true
    ? `${N}.${C} is a reference: end its name in _id, or say ref('${TargetOf<X['columns'][C]>}', { as: '…' })`
    : never
}[keyof X['columns'] & string]
type IsNameless<Name extends string, C extends ColumnLike> = [TargetOf<C>] extends [never]
  ? false
  : [RelationName<Name, C>] extends [never]
    ? true
    : false
type TwiceIn<
  X extends TableLike,
  N extends string,
> = `${N}.${keyof ToOne<X> & keyof X['columns'] & string} is a column and a relation: rename one of them`

/** What a file says. The compiler learns the tables from `tables` alone, so that a slip elsewhere is reported where it is. */
export interface BackendFile<T extends Tables, F extends FunctionsLike = FunctionsLike> {
  readonly tables: T & NoInfer<Sound<T>>
  readonly access?: NoInfer<AccessOf<T>>
  readonly functions?: F
  readonly settings?: BackendSettings
  /** Fills a fresh database, once. */
  readonly seed?: (tools: SeedToolsOf<NoInfer<T>>) => Promise<void>
}

/**
 * The whole back end: tables, who may do what, functions, settings, and the first rows.
 * @example
 * export default plinth({
 *   tables: { notes: table({ owner_id: user(), text: text().max(2000) }) },
 *   access: { notes: { read: ({ row, who }) => row.owner_id.is(who.id) } },
 * })
 */
export function plinth<T extends Tables, F extends FunctionsOf<NoInfer<T>> = Nothing>(file: BackendFile<T, F>): Backend<T, F> {
  // A file in plain JavaScript may give nothing at all, or anything.
  const given: Partial<BackendFile<T, F>> = isRecord(file) ? file : {}
  const { tables, access, functions, settings, seed } = given
  return Object.freeze({
    [MARK]: true,
    tables: (isRecord(tables) ? tables : {}) as T, // where there are none, `load` stops whoever asks for one
    access: isRecord(access) ? access : {},
    functions: (isRecord(functions) ? functions : {}) as F, // as above
    settings: isRecord(settings) ? settings : {},
    ...(typeof seed === 'function' && { seed }),
    given: file,
    place: here(),
  })
}

/**
 * Whether a value is what `plinth()` returned, even where two copies of Plinth are loaded.
 * @example if (!isBackend(file.default)) throw new Error('export default plinth({ … })')
 */
export const isBackend = (value: unknown): value is Backend => typeof value === 'object' && value !== null && MARK in value

type Together<U> = (U extends U ? (part: U) => void : never) extends (all: infer All) => void
  ? { readonly [N in keyof All]: All[N] }
  : never

/**
 * All tables of a backend that is written in several files. A module may name the whole in its own rules, since its
 * tables do not depend on them.
 * @example export type Shop = TablesOf<typeof customers | typeof orders>
 */
export type TablesOf<M extends { readonly tables: Tables }> = Together<M['tables']> extends infer T extends Tables ? T : never
