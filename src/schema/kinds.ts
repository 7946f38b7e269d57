/**
 * Kinds: what the compiler knows of a column. Nothing of this file is left at run time.
 *
 * To add a type: its kind here, its maker in `column.ts`, its row in `value.ts`.
 */

/** A value that JSON can say: `const details: JsonValue = { origin: 'Japan', grades: ['A'] }`. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue }

/** An object type without members. */
export type Nothing = { readonly [Name in never]: never }

export interface Kind {
  readonly name: string
  /** Kinds of one group compare with each other. */
  readonly group: string
  /** What a client reads. */
  readonly wire: unknown
  /** What a client may send. */
  readonly sent: unknown
  /** What the file itself may say: in defaults, rules, the seed, and `db` in a function. */
  readonly given: unknown
  /** What `db` reads in a function. */
  readonly held: unknown
}

export interface Text extends Kind {
  readonly name: 'text'
  readonly group: 'text'
  readonly wire: string
  readonly sent: string
  readonly given: string
  readonly held: string
}
export interface Integer extends Kind {
  readonly name: 'integer'
  readonly group: 'exact'
  readonly wire: number
  readonly sent: number | `${bigint}`
  readonly given: number | bigint | `${bigint}`
  readonly held: number
}
export interface Decimal extends Kind {
  readonly name: 'decimal'
  readonly group: 'exact'
  readonly wire: number
  readonly sent: number | string
  readonly given: number | string
  readonly held: string
}
export interface Float extends Kind {
  readonly name: 'float'
  readonly group: 'float'
  readonly wire: number
  readonly sent: number
  readonly given: number
  readonly held: number
}
export interface Truth extends Kind {
  readonly name: 'boolean'
  readonly group: 'boolean'
  readonly wire: boolean
  readonly sent: boolean
  readonly given: boolean
  readonly held: boolean
}
export interface Timestamp extends Kind {
  readonly name: 'timestamp'
  readonly group: 'timestamp'
  readonly wire: string
  readonly sent: string | Date
  readonly given: string | Date
  readonly held: string
}
export interface CalendarDate extends Kind {
  readonly name: 'date'
  readonly group: 'date'
  readonly wire: string
  readonly sent: string
  readonly given: string
  readonly held: string
}
export interface TimeOfDay extends Kind {
  readonly name: 'time'
  readonly group: 'time'
  readonly wire: string
  readonly sent: string
  readonly given: string
  readonly held: string
}
export interface Uuid extends Kind {
  readonly name: 'uuid'
  readonly group: 'uuid'
  readonly wire: string
  readonly sent: string
  readonly given: string
  readonly held: string
}
export interface Bytes extends Kind {
  readonly name: 'bytes'
  readonly group: 'bytes'
  readonly wire: string
  readonly sent: string
  readonly given: string | Uint8Array
  readonly held: Uint8Array
}
export interface JsonOf<Shape> extends Kind {
  readonly name: 'json'
  readonly group: 'json'
  readonly wire: Shape
  readonly sent: Shape
  readonly given: Shape
  readonly held: Shape
}
export interface OneOf<Word extends string> extends Kind {
  readonly name: 'oneOf'
  readonly group: 'text'
  readonly wire: Word
  readonly sent: Word
  readonly given: Word
  readonly held: Word
}
export interface ArrayOf<K extends Kind> extends Kind {
  readonly name: 'array'
  readonly group: `${K['group']}[]`
  readonly wire: K['wire'][]
  readonly sent: readonly K['sent'][]
  readonly given: readonly K['given'][]
  readonly held: K['held'][]
  readonly element: K['given']
}

export interface RefOptions {
  /** The relation's name here, where the column's name does not end in `_id`. */
  readonly as?: string
  /** The relation's name as the other table sees it. */
  readonly back?: string
  /** What becomes of this row when the other one is deleted; it stands in the way unless this says otherwise. */
  readonly onDelete?: 'restrict' | 'cascade' | 'set null'
  /** The other table's column, where it is not its key. */
  readonly column?: string
}

/** Its values are those of the column it leads to. */
export interface Ref<To extends string, Options extends RefOptions> extends Kind {
  readonly name: 'ref'
  readonly group: 'any'
  readonly to: To
  readonly options: Options
  readonly given: string | number | bigint
  readonly held: unknown
}
/** A value whose type only the other side of a comparison tells: a claim. */
export interface Unknown extends Kind {
  readonly name: 'unknown'
  readonly group: 'any'
  readonly given: string | number | boolean
  readonly held: unknown
}

/** Kinds with a least and a most: of the value, or of the length for text, bytes and arrays. */
export type Measured = Text | Integer | Decimal | Float | Timestamp | CalendarDate | TimeOfDay | Bytes | ArrayOf<Kind>
export type Lengthy = Text | Bytes | ArrayOf<Kind>
export type Timely = Timestamp | CalendarDate | TimeOfDay
export type Scalar = Text | Integer | Decimal | Float | Truth | Timestamp | CalendarDate | TimeOfDay | Uuid | Bytes

/** What `.min()` and `.max()` of a kind take. */
export type BoundOf<K extends Kind> = K extends Lengthy ? number : K['given']
