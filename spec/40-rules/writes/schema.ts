/**
 * A random schema with random rules: always teams, items and the links between them, and everything else about them
 * drawn. It is data, of which both the backend file and the model are made.
 */
import fc from 'fast-check'
import { boolean, integer, plinth, ref, table, text, user } from '../../../src/index.ts'
import type { ColumnLike, ColumnNotes } from '../../../src/schema/column.ts'
import type { World } from '../../harness.ts'
import { accessOf, ruleOf, said, type Access, type Asker, type Cell, type Data, type Row, type TableName } from './rules.ts'

export interface ColumnSpec {
  readonly type: 'integer' | 'text' | 'boolean' | 'user'
  readonly optional: boolean
  readonly default?: Cell
  readonly hidden: boolean
  /** The most that an integer may be. */
  readonly most?: number
  readonly references?: { readonly table: TableName; readonly onDelete: 'restrict' | 'cascade' | 'set null' }
  readonly read?: Access
  readonly write?: Access
}

export interface TableSpec {
  readonly key: readonly string[]
  readonly columns: Readonly<Record<string, ColumnSpec>>
  readonly unique: readonly string[] | undefined
  readonly rules: Readonly<Partial<Record<'read' | 'insert' | 'update' | 'delete', Access>>>
}

export type Schema = Readonly<Record<TableName, TableSpec>>
/** In an order in which they can be filled. */
export const tables: readonly TableName[] = ['teams', 'items', 'links']

export const account = (number: number): string => `0197a000-0000-7000-8000-00000000000${number}`

export const askers: readonly Asker[] = [
  { name: 'stranger', id: null, boss: false, city: null, above: false },
  ...[1, 2, 3].flatMap((number) =>
    [false, true].map((boss): Asker => ({
      name: `${number}${boss ? ' boss' : ''}`,
      id: account(number),
      boss,
      city: number === 1 ? 'a' : null,
      above: false,
    })),
  ),
  { name: 'service', id: null, boss: false, city: null, above: true },
]
export const people: World['people'] = Object.fromEntries(
  askers
    .filter(({ id }) => id !== null)
    .map(({ name, id, boss, city }) => [name, { sub: id ?? '', roles: boss ? ['boss'] : [], claims: city === null ? {} : { city } }]),
)

// ── Random ──

const plain = (type: ColumnSpec['type'], optional = false): ColumnSpec => ({ type, optional, hidden: false })
/** A column with rules of its own now and then. */
function ruled(name: TableName, column: ColumnSpec): fc.Arbitrary<ColumnSpec> {
  const rule = fc.oneof(ruleOf(name, 1), fc.constant<Access>({ kind: 'role' }))
  return fc.record({ read: rare(rule), write: rare(rule) }).map((rules) => ({ ...column, ...defined(rules) }))
}

/** One time in four. */
const rare = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.integer({ min: 0, max: 3 }).chain((dice) => (dice === 0 ? one : fc.constant(undefined)))

function defined<T extends object>(from: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  } // those that are left
}

const level = fc.constantFrom<ColumnSpec>(
  { type: 'integer', optional: true, hidden: false, most: 4 },
  { type: 'integer', optional: false, hidden: false, default: 1 },
  { type: 'integer', optional: true, hidden: false, default: 2 },
  { type: 'integer', optional: false, hidden: false },
)

const reference = (to: TableName, optional: boolean): fc.Arbitrary<ColumnSpec> =>
  fc
    .constantFrom('restrict' as const, 'cascade' as const, ...(optional ? ['set null' as const] : []))
    .map((onDelete) => ({ ...plain('integer', optional), references: { table: to, onDelete } }))

const rulesOf = (name: TableName): fc.Arbitrary<TableSpec['rules']> =>
  fc
    .record({
      read: accessOf(name),
      insert: accessOf(name),
      update: accessOf(name),
      delete: accessOf(name),
      absent: fc.constantFrom('read', 'insert', 'update', 'delete', '', '', '', ''),
    })
    .map(({ absent, ...rules }) => Object.fromEntries(Object.entries(rules).filter(([operation]) => operation !== absent)))

const teams: fc.Arbitrary<TableSpec> = fc
  .record({ level: level.chain((one) => ruled('teams', one)), rules: rulesOf('teams') })
  .map(({ level: one, rules }) => ({
    key: ['id'],
    columns: { id: plain('integer'), owner_id: plain('user'), open: plain('boolean', true), level: one },
    unique: undefined,
    rules,
  }))

const items: fc.Arbitrary<TableSpec> = fc
  .record({
    team_id: fc
      .boolean()
      .chain((optional) => reference('teams', optional))
      .chain((one) => ruled('items', one)),
    parent_id: reference('items', true),
    label: ruled('items', plain('text', true)),
    level: level.chain((one) => ruled('items', one)),
    note: ruled('items', { ...plain('text', true), hidden: true }),
    unique: fc.constantFrom(undefined, ['label'], ['team_id', 'label'], ['label']),
    rules: rulesOf('items'),
  })
  .map(({ unique, rules, ...own }) => ({
    key: ['id'],
    columns: { id: plain('integer'), owner_id: plain('user', true), open: { ...plain('boolean'), default: false }, ...own },
    unique,
    rules,
  }))

const links: fc.Arbitrary<TableSpec> = fc
  .record({
    item_id: reference('items', false),
    team_id: reference('teams', false),
    level: level.chain((one) => ruled('links', one)),
    rules: rulesOf('links'),
  })
  .map(({ rules, ...columns }) => ({ key: ['item_id', 'team_id'], columns, unique: undefined, rules }))

export const schemas: fc.Arbitrary<Schema> = fc.record({ teams, items, links })

// ── Rows ──

const words = ['a', 'b', 'c', 'd']

/** A value for a column, good or bad. */
export function valueOf({ type, optional, references }: ColumnSpec): fc.Arbitrary<Cell> {
  const some: fc.Arbitrary<Cell> = references
    ? fc.integer({ min: 1, max: 6 })
    : {
        integer: fc.integer({ min: 0, max: 5 }),
        text: fc.constantFrom(...words),
        boolean: fc.boolean(),
        user: fc.integer({ min: 1, max: 3 }).map(account),
      }[type]
  return optional ? fc.option(some, { freq: 4, nil: null }) : some
}

/** A row that breaks no constraint of its own columns; `refers` are the rows that it may refer to. */
function rowOf({ columns }: TableSpec, fixed: Row, refers: Partial<Record<TableName, number>>): fc.Arbitrary<Row> {
  const cells = Object.entries(columns).map(([name, spec]): [string, fc.Arbitrary<Cell>] => {
    if (name in fixed) return [name, fc.constant(fixed[name] ?? null)]
    if (spec.references === undefined)
      return [name, valueOf(spec).map((value) => (spec.most !== undefined && Number(value) > spec.most ? spec.most : value))]
    const most = refers[spec.references.table] ?? 0
    const some: fc.Arbitrary<Cell> = most === 0 ? fc.constant(null) : fc.integer({ min: 1, max: most })
    return [name, spec.optional ? fc.option(some, { freq: 3, nil: null }) : some]
  })
  return fc.record(Object.fromEntries(cells))
}

const pairs = [1, 2, 3, 4].flatMap((item_id) => [1, 2, 3].map((team_id) => ({ item_id, team_id })))

export const dataOf = (schema: Schema): fc.Arbitrary<Data> =>
  fc
    .record({
      teams: fc.tuple(...[1, 2, 3].map((id) => rowOf(schema.teams, { id }, {}))),
      items: fc.tuple(...[1, 2, 3, 4].map((id) => rowOf(schema.items, { id }, { teams: 3, items: id - 1 }))),
      links: fc.subarray(pairs, { maxLength: 5 }).chain((chosen) => fc.tuple(...chosen.map((pair) => rowOf(schema.links, pair, {})))),
    })
    .map((data) => ({ ...data, items: withoutTwins(data.items, schema.items.unique ?? []) }))

/** What would be there twice is taken away. */
function withoutTwins(rows: readonly Row[], unique: readonly string[]): readonly Row[] {
  const seen = new Set<string>()
  return rows.map((row) => {
    const values = unique.map((name) => row[name])
    const isTwin = values.length > 0 && !values.includes(null) && seen.has(JSON.stringify(values))
    seen.add(JSON.stringify(values))
    return isTwin ? { ...row, label: null } : row
  })
}

// ── As a backend file ──

type Noted = ColumnLike & { readonly notes: ColumnNotes }

/** A column that is being described, whatever its kind. */
interface Described {
  optional(): Described
  hidden(): Described
  default(value: unknown): Described
  max(value: unknown): Described
}

function columnOf({ type, references, most, default: given, hidden, optional }: ColumnSpec, back: string | undefined): Noted {
  const start: unknown = references ? ref(references.table, { onDelete: references.onDelete, ...(back && { back }) }) : kinds[type]()
  let column = start as Described // each kind that is drawn has what is asked of it below
  if (most !== undefined) column = column.max(most)
  if (given !== undefined) column = column.default(given)
  if (hidden) column = column.hidden()
  if (optional) column = column.optional()
  return column as unknown as Noted // what it was all along
}

const kinds: Readonly<Record<ColumnSpec['type'], () => unknown>> = { integer, text, boolean, user }

function tableOf({ columns, key, unique }: TableSpec) {
  const described = table(
    Object.fromEntries(Object.entries(columns).map(([name, spec]) => [name, columnOf(spec, name === 'parent_id' ? 'parts' : undefined)])),
  ).key(...key)
  return unique ? described.unique(...unique) : described
}

function accessTo({ rules, columns }: TableSpec): Readonly<Record<string, unknown>> {
  const own = Object.entries(rules).map(([operation, access]) => [operation, said(access)])
  const ruledColumns = Object.entries(columns).map(([name, { read, write }]) => [
    name,
    { ...(read && { read: said(read) }), ...(write && { write: said(write) }) },
  ])
  return {
    ...Object.fromEntries(own),
    columns: Object.fromEntries(ruledColumns.filter(([, given]) => Object.keys(given ?? {}).length > 0)),
  }
}

export function backendOf(schema: Schema): World['backend'] {
  const described = Object.fromEntries(tables.map((name) => [name, tableOf(schema[name])]))
  const access = Object.fromEntries(tables.map((name) => [name, accessTo(schema[name])]))
  return plinth({ tables: described, access })
}
