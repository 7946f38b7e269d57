/**
 * Columns as the file writes them: `text().unique()`, `decimal(10, 2).min(0)`, `ref('customers')`.
 *
 * 1. A column is notes: nothing is checked here, so that `load` can say everything that is wrong at once.
 * 2. A method is there only on kinds for which it means something; elsewhere it does not compile.
 * 3. Columns are values: each method gives a new one.
 */
import type {
  ArrayOf,
  BoundOf,
  Bytes,
  CalendarDate,
  Decimal,
  Float,
  Integer,
  JsonOf,
  JsonValue,
  Kind,
  Lengthy,
  Measured,
  Nothing,
  OneOf,
  Ref,
  RefOptions,
  Scalar,
  Text,
  Timely,
  TimeOfDay,
  Timestamp,
  Truth,
  Uuid,
} from './kinds.ts'
import { here, type Place } from './place.ts'
import type { ScalarType } from './schema.ts'

/** What a column was declared to hold, before references are followed. */
export type Declared =
  | ScalarType
  | { readonly kind: 'json' }
  | { readonly kind: 'array'; readonly of: ColumnNotes }
  | { readonly kind: 'oneOf'; readonly values: readonly string[] }
  | ({ readonly kind: 'ref'; readonly to: string } & RefOptions)
  | { readonly kind: 'user' }

export interface ColumnNotes {
  readonly type: Declared
  readonly place: Place
  readonly optional?: boolean
  readonly unique?: boolean
  readonly hidden?: boolean
  readonly touched?: boolean
  readonly generated?: string
  readonly default?: { readonly now: true } | { readonly value: unknown }
  readonly min?: unknown
  readonly max?: unknown
  readonly pattern?: string
  readonly collation?: string
  readonly comment?: string
}

/** What the compiler remembers of a column's methods. */
export type Flag = 'null' | 'default' | 'hidden' | 'generated' | 'unique'

/** Anything that looks like a column to the compiler. */
export interface ColumnLike {
  readonly $kind: Kind
  readonly $flags: Flag
}
interface Of<K extends Kind> {
  readonly $kind: K
}

/** What `text()`, `ref(…)` and their like give: `const sku: Column<Text, 'unique'> = text().unique()`. */
export class Column<K extends Kind, F extends Flag = never> {
  // For the compiler only; nothing is there at run time.
  declare readonly $kind: K
  declare readonly $flags: F
  readonly notes: ColumnNotes

  constructor(notes: ColumnNotes) {
    this.notes = notes
  }

  /** May be left out, and is then NULL. */
  optional(): Column<K, F | 'null'> {
    return noted(this, { optional: true })
  }

  /** No two rows have the same value. Rows without one do not count. */
  unique(): Column<K, F | 'unique'> {
    return noted(this, { unique: true })
  }

  /** No API shows it unless a column rule allows it: `access: { products: { columns: { cost: { read: role('staff') } } } }`. */
  hidden(): Column<K, F | 'hidden'> {
    return noted(this, { hidden: true })
  }

  /**
   * Computed from other columns of the row; nobody writes it. Columns, literals, `+`, `-`, `*`, `||`, `coalesce(…)`.
   * @example decimal(10, 2).generated('price - cost')
   */
  generated(this: Column<K, F> & Of<Text | Integer | Decimal>, formula: string): Column<K, F | 'generated'> {
    return noted(this, { generated: formula })
  }

  /** The value of a row that does not say one. */
  default(value: K['given']): Column<K, F | 'default'> {
    return noted(this, { default: { value } })
  }

  /** The moment of the insert, for a row that does not say one. */
  defaultNow(this: Column<K, F> & Of<Timely>): Column<K, F | 'default'> {
    return noted(this, { default: { now: true } })
  }

  /** The least value; for text (in code points), bytes and arrays the least length. */
  min(this: Column<K, F> & Of<Measured>, least: BoundOf<K>): Column<K, F> {
    return noted(this, { min: least })
  }

  /** The greatest value; for text (in code points), bytes and arrays the greatest length. */
  max(this: Column<K, F> & Of<Measured>, most: BoundOf<K>): Column<K, F> {
    return noted(this, { max: most })
  }

  /** Exactly this many code points, bytes or elements. */
  length(this: Column<K, F> & Of<Lengthy>, exactly: number): Column<K, F> {
    return noted(this, { min: exactly, max: exactly })
  }

  /**
   * A regular expression that the text matches somewhere; anchor it with `^` and `$`.
   * @example text().pattern('^[A-Z]{2}-[0-9]+$')
   */
  pattern(this: Column<K, F> & Of<Text>, expression: string): Column<K, F> {
    return noted(this, { pattern: expression })
  }

  /** Orders text by a collation of the database, where it has one. Without it, text is ordered by code point. */
  collate(this: Column<K, F> & Of<Text>, collation: string): Column<K, F> {
    return noted(this, { collation })
  }

  /** What the column is, for people: it reaches the API docs and the database. */
  comment(text: string): Column<K, F> {
    return noted(this, { comment: text })
  }
}

// A column's kind and flags exist for the compiler only, so this one is of any kind.
const noted = (column: { readonly notes: ColumnNotes }, more: Partial<ColumnNotes>): Column<never> =>
  new Column({ ...column.notes, ...more })

const made = <K extends Kind>(type: Declared): Column<K> => new Column({ type, place: here() })

/** Text of any length: code points, where case matters. `text().max(200)` */
export const text = (): Column<Text> => made({ kind: 'text' })

/** A whole number of 64 bits, exact. `integer().min(0)` */
export const integer = (): Column<Integer> => made({ kind: 'integer' })

/** An exact number with so many digits in all, and so many of them behind the point. `decimal(10, 2)` holds prices. */
export const decimal = (digits: number, scale: number): Column<Decimal> => made({ kind: 'decimal', digits, scale })

/** A double; not exact. Money is `decimal`. `weight: float().optional()` */
export const float = (): Column<Float> => made({ kind: 'float' })

/** True or false. `boolean().default(false)` */
export const boolean = (): Column<Truth> => made({ kind: 'boolean' })

/** An instant, to the microsecond. `timestamp().defaultNow()` */
export const timestamp = (): Column<Timestamp> => made({ kind: 'timestamp' })

/** A day of the calendar, without a time of day. `born: date().optional()` */
export const date = (): Column<CalendarDate> => made({ kind: 'date' })

/** A time of day, without a day. `opens: time().min('06:00')` */
export const time = (): Column<TimeOfDay> => made({ kind: 'time' })

/** A UUID. The column `id` is there without being written. `batch: uuid().optional()` */
export const uuid = (): Column<Uuid> => made({ kind: 'uuid' })

/** Any JSON value. `json<{ width: number }>()` tells the compiler its shape, which nobody checks at run time. */
export const json = <Shape = JsonValue>(): Column<JsonOf<Shape>> => made({ kind: 'json' })

/** Bytes; base64 on the wire. `bytes().max(1024)` */
export const bytes = (): Column<Bytes> => made({ kind: 'bytes' })

/** A list of values of one type, in order. `array(text())` */
export const array = <K extends Scalar>(of: Column<K>): Column<ArrayOf<K>> => made({ kind: 'array', of: of.notes })

/** One of these words. `oneOf('open', 'paid', 'shipped').default('open')` */
export const oneOf = <const Words extends readonly [string, ...string[]]>(...values: Words): Column<OneOf<Words[number]>> =>
  made({ kind: 'oneOf', values })

/** The account a row belongs to: compare it with `who.id` in a rule. `owner_id: user()` */
export const user = (): Column<Uuid> => made({ kind: 'user' })

/**
 * Leads to a row of another table. The column's name ends in `_id` and the relation is the name without it, or `as` names it.
 * @example customer_id: ref('customers')  // relation `customer` here, `orders` on customers
 */
export const ref = <const To extends string, const Options extends RefOptions = Nothing>(
  to: To,
  options?: Options,
): Column<Ref<To, Options>> => made({ ...options, kind: 'ref', to })

/** `created_at` and `updated_at`, kept by the database. `orders: table({ …, ...timestamps() })` */
export const timestamps = (): { created_at: Column<Timestamp, 'default'>; updated_at: Column<Timestamp, 'default'> } => ({
  created_at: timestamp().defaultNow(),
  updated_at: noted(timestamp().defaultNow(), { touched: true }),
})
