/** Random writes, as data and as requests. Most of their values are good ones; some break a constraint, a rule or a name. */
import fc from 'fast-check'
import type { Asker, Cell, Row, TableName } from './rules.ts'
import { saysByWho } from './rules.ts'
import { askers, tables, valueOf, type ColumnSpec, type Schema, type TableSpec } from './schema.ts'

export type Given = Partial<Row>

export interface Filter {
  readonly column: string
  readonly op: 'eq' | 'gte' | 'is.null'
  readonly value: Cell
}

/** Rows that are put in with those of the request, which they refer to or are referred to by. */
export interface Nested {
  readonly relation: string
  readonly table: TableName
  /** The column that refers, and whether it is the nested row's. */
  readonly column: string
  readonly below: boolean
  /** One list for each row above. */
  readonly rows: readonly (readonly Given[])[]
}

export interface Write {
  readonly op: 'insert' | 'merge' | 'ignore' | 'put' | 'update' | 'delete'
  readonly table: TableName
  readonly asker: Asker
  readonly columns: readonly string[]
  readonly rows: readonly Given[]
  readonly nested: Nested | undefined
  /** Whether what a row lacks is its default, and not NULL. */
  readonly defaults: boolean
  /** The columns that tell rows apart. */
  readonly by: readonly string[] | undefined
  readonly where: readonly Filter[]
  readonly most: number | undefined
  readonly select: readonly string[]
}

// ── Random ──

const isNeeded = ({ optional, default: given }: ColumnSpec): boolean => !optional && given === undefined

/** All that must be given and some of the others; now and then one that must be is forgotten. */
function columnsOf({ columns, key }: TableSpec): fc.Arbitrary<readonly string[]> {
  const names = Object.keys(columns)
  const needed = names.filter((name) => isNeeded(columns[name] ?? missing()))
  return fc.tuple(fc.subarray(names), fc.integer({ min: 0, max: 19 })).map(([some, dice]) => {
    const forgotten = dice === 0 ? needed.find((name) => !key.includes(name)) : undefined
    return names.filter((name) => (needed.includes(name) || some.includes(name)) && name !== forgotten)
  })
}

const missing = (): never => {
  throw new Error('a name that the table does not have')
}

function givenOf({ columns }: TableSpec, names: readonly string[], complete: boolean): fc.Arbitrary<Given> {
  const cells = names.map((name) => [name, valueOf(columns[name] ?? missing())] as const)
  const left = names.filter((name) => complete || isNeeded(columns[name] ?? missing()))
  return fc.record(Object.fromEntries(cells), complete ? {} : { requiredKeys: left })
}

const filterOf = ({ columns }: TableSpec): fc.Arbitrary<Filter> =>
  fc.constantFrom(...Object.keys(columns)).chain((column) => {
    const spec = columns[column] ?? missing()
    const ops = spec.type === 'boolean' || spec.type === 'user' ? (['eq', 'is.null'] as const) : (['eq', 'gte', 'gte', 'is.null'] as const)
    return fc.record({
      column: fc.constant(column),
      op: fc.constantFrom<Filter['op']>(...ops),
      value: valueOf({ ...spec, optional: false }),
    })
  })

/** Whether somebody may know of a column: by its rule, or because it is not hidden. */
export const hasColumn = ({ hidden, read }: ColumnSpec, who: Asker): boolean =>
  who.above || (read === undefined ? !hidden : saysByWho(read, who) !== false)

/** Mostly columns that are there for the asker. */
function selectOf({ columns, key }: TableSpec, asker: Asker): fc.Arbitrary<readonly string[]> {
  const names = Object.keys(columns)
  const seen = names.filter((name) => hasColumn(columns[name] ?? missing(), asker))
  return fc.tuple(fc.subarray(seen), fc.subarray(names), fc.integer({ min: 0, max: 19 })).map(([some, any, dice]) => {
    const chosen = dice === 0 && asker.id !== null ? any : some
    return [...key, ...chosen.filter((name) => !key.includes(name))]
  })
}

type Op = Write['op']
const ops: readonly Op[] = [
  'insert',
  'insert',
  'insert',
  'merge',
  'merge',
  'ignore',
  'put',
  'update',
  'update',
  'update',
  'delete',
  'delete',
]

export const writesTo = (schema: Schema): fc.Arbitrary<Write> =>
  fc
    .record({ op: fc.constantFrom(...ops), table: fc.constantFrom(...tables, 'items' as const), asker: fc.constantFrom(...askers) })
    .chain(({ op, table, asker }) => writeOf(schema, op, table, asker))

function writeOf(schema: Schema, op: Op, table: TableName, asker: Asker): fc.Arbitrary<Write> {
  const spec = schema[table]
  const always = { op, table, asker, columns: [], rows: [], nested: undefined, defaults: false, by: undefined, where: [], most: undefined }
  const select = selectOf(spec, asker)
  if (op === 'insert') return fc.oneof(insertOf(schema, table, asker), nestedOf(schema, asker))
  if (op === 'merge' || op === 'ignore')
    return fc
      .tuple(insertOf(schema, table, asker), spec.unique ? fc.option(fc.constant(spec.unique), { nil: undefined }) : fc.constant(undefined))
      .map(([write, by]) => ({ ...write, op, by }))
  if (op === 'put')
    return columnsOf(spec)
      .chain((names) => fc.record({ row: givenOf(spec, [...new Set([...names, ...spec.key])], true), select }))
      .map(({ row, select: chosen }) => ({ ...always, rows: [row], columns: Object.keys(row), select: chosen }))
  const aimed = {
    where: fc.array(filterOf(spec), { maxLength: 2 }),
    most: fc.option(fc.integer({ min: 0, max: 2 }), { freq: 4, nil: undefined }),
    select,
  }
  if (op === 'delete') return fc.record(aimed).map((rest) => ({ ...always, ...rest }))
  return fc
    .subarray(Object.keys(spec.columns), { minLength: 1, maxLength: 3 })
    .chain((names) => fc.record({ ...aimed, row: givenOf(spec, names, true) }))
    .map(({ row, ...rest }) => ({ ...always, ...rest, rows: [row], columns: Object.keys(row) }))
}

function insertOf(schema: Schema, table: TableName, asker: Asker): fc.Arbitrary<Write> {
  const spec = schema[table]
  return columnsOf(spec)
    .chain((columns) =>
      fc.record({
        columns: fc.constant(columns),
        rows: fc.array(givenOf(spec, columns, false), { minLength: 1, maxLength: 3 }),
        defaults: fc.boolean(),
        select: selectOf(spec, asker),
      }),
    )
    .map((some) => ({ ...some, op: 'insert' as const, table, asker, nested: undefined, by: undefined, where: [], most: undefined }))
}

type Hanging = Omit<Nested, 'rows'> & { readonly above: TableName }
const hangings: readonly Hanging[] = [
  { above: 'teams', relation: 'items', table: 'items', column: 'team_id', below: true },
  { above: 'items', relation: 'parts', table: 'items', column: 'parent_id', below: true },
  { above: 'items', relation: 'team', table: 'teams', column: 'team_id', below: false },
  { above: 'items', relation: 'links', table: 'links', column: 'item_id', below: true },
  { above: 'links', relation: 'item', table: 'items', column: 'item_id', below: false },
]

/** Rows that are all alike, with others that hang on them. */
function nestedOf(schema: Schema, asker: Asker): fc.Arbitrary<Write> {
  return fc.constantFrom(...hangings).chain(({ above, ...hanging }) => {
    const [spec, other] = [schema[above], schema[hanging.table]]
    return fc.tuple(columnsOf(spec), columnsOf(other)).chain(([columns, below]) => {
      const own = columns.filter((name) => hanging.below || name !== hanging.column)
      const theirs = below.filter((name) => !hanging.below || name !== hanging.column)
      const some = hanging.below ? { maxLength: 2 } : { minLength: 1, maxLength: 1 }
      return fc
        .record({
          rows: fc.array(fc.tuple(givenOf(spec, own, true), fc.array(givenOf(other, theirs, true), some)), { minLength: 1, maxLength: 2 }),
          select: selectOf(spec, asker),
        })
        .map(({ rows, select }) => ({
          op: 'insert' as const,
          table: above,
          asker,
          columns: own,
          rows: rows.map(([row]) => row),
          nested: { ...hanging, rows: rows.map(([, list]) => list) },
          defaults: false,
          by: undefined,
          where: [],
          most: undefined,
          select,
        }))
    })
  })
}

// ── As a request ──

export interface Request {
  readonly method: string
  readonly path: string
  readonly prefer: string
  readonly body?: unknown
}

const methods: Readonly<Record<Op, string>> = {
  insert: 'POST',
  merge: 'POST',
  ignore: 'POST',
  put: 'PUT',
  update: 'PATCH',
  delete: 'DELETE',
}

export function requestOf(write: Write, schema: Schema): Request {
  const { op, table, columns, rows, nested, defaults, by, where, most, select } = write
  const isPost = methods[op] === 'POST'
  const parameters = [
    `select=${select.join(',')}`,
    ...(isPost && nested === undefined ? [`columns=${columns.join(',')}`] : []),
    ...(by ? [`on_conflict=${by.join(',')}`] : []),
    ...where.map(({ column, op: is, value }) => `${column}=${is === 'is.null' ? is : `${is}.${value}`}`),
    ...(op === 'put' ? schema[table].key.map((name) => `${name}=eq.${rows[0]?.[name]}`) : []),
  ]
  const prefer = [
    'return=representation',
    'count=exact',
    ...(op === 'merge' || op === 'ignore' ? [`resolution=${op}-duplicates`] : []),
    ...(defaults ? ['missing=default'] : []),
    ...(most === undefined ? [] : ['handling=strict', `max-affected=${most}`]),
  ]
  const body = nested ? rows.map((row, at) => ({ ...row, [nested.relation]: nestedBody(nested, at) })) : isPost ? rows : rows[0]
  return { method: methods[op], path: `${table}?${parameters.join('&')}`, prefer: prefer.join(', '), ...(op !== 'delete' && { body }) }
}

const nestedBody = ({ below, rows }: Nested, at: number): unknown => (below ? rows[at] : rows[at]?.[0])
