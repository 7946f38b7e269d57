/** What comes of a write, worked out in plain TypeScript: who may do it, what the constraints say, what is there then. */
import { brokenBy, deletedFrom, type Codes } from './constraints.ts'
import { hasColumn, type Filter, type Given, type Write } from './requests.ts'
import { allows, asksForId, saysByWho, type Access, type Asker, type Cell, type Data, type Row, type TableName } from './rules.ts'
import type { ColumnSpec, Schema } from './schema.ts'

export type Outcome =
  /** One of these codes. */
  | { readonly refused: Codes }
  | {
      readonly status: number
      readonly count: number
      readonly body: readonly Row[]
      readonly data: Data
      /** Somebody without an id may be told at once that a rule which asks for it lets them do nothing. */
      readonly orRefused?: Codes
    }

interface Eye {
  readonly schema: Schema
  readonly data: Data
  readonly who: Asker
}

const refused = (...codes: readonly string[]): Outcome => ({ refused: new Set(codes) })

export function outcomeOf(write: Write, schema: Schema, data: Data): Outcome {
  const eye: Eye = { schema, data, who: write.asker }
  const lenient = lenience(write, eye)
  const known = namesRefused(write, eye)
  if (known.length > 0) return refused(...known, ...lenient)
  const outcome = comesOf[write.op](write, eye)
  if (lenient.length === 0) return outcome
  const isTold = write.op === 'merge' || write.op === 'put' || ('count' in outcome && outcome.count === 0)
  return 'refused' in outcome ? refused(...outcome.refused, ...lenient) : { ...outcome, ...(isTold && { orRefused: new Set(lenient) }) }
}

const comesOf: Readonly<Record<Write['op'], (write: Write, eye: Eye) => Outcome>> = {
  insert: inserted,
  merge: inserted,
  ignore: inserted,
  put: inserted,
  update: updated,
  delete: deleted,
}

// ── Names ──

const isThere = (table: TableName, { schema, who }: Eye): boolean => saysByWho(schema[table].rules.read, who) !== false

const specOf = (table: TableName, column: string, { schema }: Eye): ColumnSpec => {
  const spec = schema[table].columns[column]
  if (spec === undefined) throw new Error(`${table} has no ${column}`)
  return spec
}

/** Whether somebody may write a column in some row at least. */
function mayWrite(table: TableName, column: string, eye: Eye): boolean {
  const { hidden, write } = specOf(table, column, eye)
  return eye.who.above || (write === undefined ? !hidden : saysByWho(write, eye.who) !== false)
}

const refusalOfTable = (table: TableName, eye: Eye): string => (isThere(table, eye) ? '42501' : 'PGRST205')

function namesRefused(write: Write, eye: Eye): readonly string[] {
  const { op, table, columns, by, where, select, nested } = write
  const { rules, key } = eye.schema[table]
  const isInsert = op !== 'update' && op !== 'delete'
  if (!isInsert && !isThere(table, eye)) return ['PGRST205']
  const operations: readonly (keyof typeof rules)[] =
    op === 'merge' || op === 'put' ? ['insert', 'update'] : isInsert ? ['insert'] : [op === 'update' ? 'update' : 'delete']
  const written = [...columns, ...(op === 'insert' ? [] : isInsert ? (by ?? key) : [])]
  return [
    // Whoever may put rows in knows of the table.
    ...operations
      .filter((operation) => saysByWho(rules[operation], eye.who) === false)
      .map((operation) => (operation === 'update' && isInsert ? '42501' : refusalOfTable(table, eye))),
    ...written.filter((name) => !mayWrite(table, name, eye)).flatMap(() => ['42501', 'PGRST204']),
    ...where.filter(({ column }) => !hasColumn(specOf(table, column, eye), eye.who)).map(() => '42703'),
    ...(isThere(table, eye) ? select.filter((name) => !hasColumn(specOf(table, name, eye), eye.who)).map(() => '42703') : []),
    ...(nested ? nestedRefused(write, eye) : []),
  ]
}

function nestedRefused({ table, nested }: Write, eye: Eye): readonly string[] {
  if (nested === undefined) return []
  const holder = nested.below ? nested.table : table
  const names = [...new Set(nested.rows.flat().flatMap((row) => Object.keys(row)))]
  const isLinked = isThere(nested.table, eye) && hasColumn(specOf(holder, nested.column, eye), eye.who)
  return [
    ...(isLinked ? [] : ['PGRST200']),
    ...(saysByWho(eye.schema[nested.table].rules.insert, eye.who) === false ? [refusalOfTable(nested.table, eye)] : []),
    ...names.filter((name) => !mayWrite(nested.table, name, eye)).flatMap(() => ['42501', 'PGRST204']),
    ...(mayWrite(holder, nested.column, eye) ? [] : ['42501', 'PGRST204']),
  ]
}

// ── Rules ──

const passes = (access: Access | undefined, table: TableName, row: Row, { who, data }: Eye): boolean =>
  allows(access, table, row, who, data)
const isSeen = (table: TableName, row: Row, eye: Eye): boolean => passes(eye.schema[table].rules.read, table, row, eye)

const mayPutIn = (table: TableName, row: Row, columns: readonly string[], eye: Eye): boolean =>
  passes(eye.schema[table].rules.insert, table, row, eye) && mayFill(table, row, columns, eye)
const mayChange = (table: TableName, row: Row, columns: readonly string[], eye: Eye): boolean =>
  passes(eye.schema[table].rules.update, table, row, eye) && mayFill(table, row, columns, eye)

const mayFill = (table: TableName, row: Row, columns: readonly string[], eye: Eye): boolean =>
  columns.every((name) => {
    const { write } = specOf(table, name, eye)
    return write === undefined || passes(write, table, row, eye)
  })

function cellOf(table: TableName, column: string, row: Row, eye: Eye): Cell {
  const { read } = specOf(table, column, eye)
  return read === undefined || passes(read, table, row, eye) ? (row[column] ?? null) : null
}

const shown = (table: TableName, rows: readonly Row[], select: readonly string[], eye: Eye): readonly Row[] =>
  rows
    .filter((row) => isSeen(table, row, eye))
    .map((row) => Object.fromEntries(select.map((name) => [name, cellOf(table, name, row, eye)])))

/** Whether a row refers to one that is not there for the asker; rows of the same request are. */
function refersToUnseen(table: TableName, row: Given, made: (table: TableName) => readonly Given[], eye: Eye): boolean {
  return Object.entries(eye.schema[table].columns).some(([name, { references }]) => {
    const value = row[name] ?? null
    if (references === undefined || value === null || saysByWho(eye.schema[references.table].rules.read, eye.who) === true) return false
    if (made(references.table).some(({ id }) => id === value)) return false
    const end = eye.data[references.table].find(({ id }) => id === value)
    return end === undefined || !isSeen(references.table, end, eye)
  })
}

const sorted = (table: TableName, rows: readonly Row[], { schema }: Eye): readonly Row[] =>
  rows.toSorted((one, other) => {
    const [first] = schema[table].key.filter((name) => one[name] !== other[name])
    return first === undefined ? 0 : Number(one[first]) - Number(other[first])
  })

// ── Rows that go in ──

interface Made {
  readonly table: TableName
  readonly row: Row
  readonly columns: readonly string[]
  /** What is given, and not what hangs it on another. */
  readonly given: Given
}

/** Every cell has its value: what is given, NULL or the default. */
function complete(table: TableName, given: Given, columns: readonly string[], defaults: boolean, eye: Eye): Row {
  const cells = Object.entries(eye.schema[table].columns).map(([name, spec]): [string, Cell] => {
    const isDefault = defaults || !columns.includes(name)
    return [name, given[name] !== undefined ? given[name] : isDefault ? (spec.default ?? null) : null]
  })
  return Object.fromEntries(cells)
}

function madeBy(write: Write, eye: Eye): readonly Made[] {
  const { table, rows, columns, defaults, nested } = write
  const made = (name: TableName, given: Given, own: readonly string[], hung: Given = {}): Made => {
    const all = [...own, ...Object.keys(hung)]
    return { table: name, given, columns: all, row: complete(name, { ...given, ...hung }, all, defaults, eye) }
  }
  if (nested === undefined) return rows.map((row) => made(table, row, columns))
  const lists = rows.map((_, at) => nested.rows[at] ?? [])
  if (nested.below) {
    const below = lists.flatMap((list, at) =>
      list.map((one) => made(nested.table, one, Object.keys(one), { [nested.column]: rows[at]?.['id'] ?? null })),
    )
    return [...rows.map((row) => made(table, row, columns)), ...below]
  }
  const above = rows.map((row, at) => made(table, row, columns, { [nested.column]: lists[at]?.[0]?.['id'] ?? null }))
  return [...lists.flat().map((one) => made(nested.table, one, Object.keys(one))), ...above]
}

function inserted(write: Write, eye: Eye): Outcome {
  const { op, table } = write
  const made = madeBy(write, eye)
  const by = op === 'insert' ? undefined : (write.by ?? eye.schema[table].key)
  const identities = by === undefined ? [] : made.map(({ row }) => by.map((name) => row[name] ?? null)).filter((one) => !one.includes(null))
  if (op !== 'ignore' && new Set(identities.map((one) => JSON.stringify(one))).size < identities.length) return refused('21000')
  const others = (name: TableName): readonly Given[] => made.filter((one) => one.table === name).map(({ row }) => row)
  if (made.some((one) => refersToUnseen(one.table, one.given, others, eye))) return refused('23503')
  const there =
    by === undefined ? [] : eye.data[table].filter((row) => identities.some((one) => by.every((name, at) => row[name] === one[at])))
  const set = setOf(write, by ?? [], eye)
  const met = there.flatMap((row) =>
    !isSeen(table, row, eye) ? ['23505'] : op !== 'ignore' && !mayChange(table, row, set, eye) ? ['42501'] : [],
  )
  if (met.length > 0) return refused(...met)
  return putIn(write, made, by, set, eye)
}

/** Columns that a row which is there gets from the one that is given. */
function setOf({ op, table, columns }: Write, by: readonly string[], eye: Eye): readonly string[] {
  const given = columns.filter((name) => !by.includes(name))
  if (op !== 'put') return given
  const reset = Object.entries(eye.schema[table].columns).filter(
    ([name, { write, hidden }]) =>
      !columns.includes(name) &&
      !by.includes(name) &&
      (eye.who.above || (write === undefined ? !hidden : saysByWho(write, eye.who) === true)),
  )
  return [...given, ...reset.map(([name]) => name)]
}

interface Written {
  readonly table: TableName
  readonly row: Row
  readonly isNew: boolean
  readonly columns: readonly string[]
}

function putIn(write: Write, made: readonly Made[], by: readonly string[] | undefined, set: readonly string[], eye: Eye): Outcome {
  let data = eye.data
  const written: Written[] = []
  const broken: string[] = []
  for (const [at, { table, row, columns }] of made.entries()) {
    // Rows that others hang on are put in before these, and their references are looked at then.
    if (write.nested && at === firstAfter(write, made)) broken.push(...brokenBy.all(eye.schema, data))
    broken.push(...brokenBy.row(eye.schema[table], row))
    const twin =
      by && !by.some((name) => row[name] === null) ? data[table].find((one) => by.every((name) => one[name] === row[name])) : undefined
    if (twin !== undefined && write.op === 'ignore') continue
    const now = twin === undefined ? row : { ...twin, ...Object.fromEntries(set.map((name) => [name, row[name] ?? null])) }
    broken.push(...brokenBy.row(eye.schema[table], now))
    data = { ...data, [table]: [...data[table].filter((one) => one !== twin), now] }
    // What is unique is so after each row.
    broken.push(...brokenBy.table(eye.schema[table], data[table]))
    written.push({ table, row: now, isNew: twin === undefined, columns: twin === undefined ? columns : set })
  }
  broken.push(...brokenBy.all(eye.schema, data))
  const after: Eye = { ...eye, data }
  const isAllowed = ({ table, row, isNew, columns }: Written): boolean => (isNew ? mayPutIn : mayChange)(table, row, columns, after)
  const codes = [...broken, ...(written.every(isAllowed) ? [] : ['42501'])]
  if (codes.length > 0) return refused(...codes)
  const own = written.filter(({ table }, at) => table === write.table && isOfRequest(write, made, at))
  const body = shown(
    write.table,
    own.map(({ row }) => row),
    write.select,
    after,
  )
  const news = own.filter(({ isNew }) => isNew).length
  return { status: write.op === 'insert' || write.op === 'ignore' || news > 0 ? 201 : 200, count: own.length, body, data }
}

/** The place of the first row that hangs on others. */
const firstAfter = ({ rows, nested }: Write, made: readonly Made[]): number => (nested?.below ? rows.length : made.length - rows.length)

/** A row may hang on one of its own table; only those above come back. */
function isOfRequest({ nested, table, rows }: Write, made: readonly Made[], at: number): boolean {
  if (nested === undefined || nested.table !== table) return true
  return rows.some((row) => row === made[at]?.given)
}

/** What a stranger may be told because a rule asks for an id. */
function lenience({ op, table, nested, asker }: Write, eye: Eye): readonly string[] {
  if (asker.id !== null || asker.above) return []
  const { insert, update, delete: takeOut } = eye.schema[table].rules
  const below = nested && eye.schema[nested.table].rules.insert
  const asked = op === 'update' ? [update] : op === 'delete' ? [takeOut] : [insert, update, below]
  return asked.some(asksForId) ? ['42501', ...[table, ...(nested ? [nested.table] : [])].map((name) => refusalOfTable(name, eye))] : []
}

// ── Rows that change or go ──

const matches = (where: readonly Filter[], table: TableName, row: Row, eye: Eye): boolean =>
  where.every(({ column, op, value }) => {
    const cell = cellOf(table, column, row, eye)
    if (op === 'is.null') return cell === null
    return cell !== null && value !== null && (op === 'eq' ? cell === value : cell >= value)
  })

function updated(write: Write, eye: Eye): Outcome {
  const { table, columns, where, most, select } = write
  const [given = {}] = write.rows
  const old = eye.data[table].filter(
    (row) => isSeen(table, row, eye) && mayChange(table, row, columns, eye) && matches(where, table, row, eye),
  )
  if (old.length > 0 && refersToUnseen(table, given, () => [], eye)) return refused('23503')
  const changed = old.map((row) => ({ ...row, ...(given as Row) })) // all that is given has a value
  const data = { ...eye.data, [table]: [...eye.data[table].filter((row) => !old.includes(row)), ...changed] }
  const after: Eye = { ...eye, data }
  const codes = [
    ...changed.flatMap((row) => brokenBy.row(eye.schema[table], row)),
    ...brokenBy.all(eye.schema, data),
    ...(changed.every((row) => mayChange(table, row, columns, after)) ? [] : ['42501']),
    ...(most !== undefined && changed.length > most ? ['PGRST124'] : []),
  ]
  if (codes.length > 0) return refused(...codes)
  return { status: 200, count: changed.length, body: shown(table, sorted(table, changed, eye), select, after), data }
}

function deleted(write: Write, eye: Eye): Outcome {
  const { table, where, most, select } = write
  const rule = eye.schema[table].rules.delete
  const gone = eye.data[table].filter((row) => isSeen(table, row, eye) && passes(rule, table, row, eye) && matches(where, table, row, eye))
  const data = deletedFrom(eye.schema, eye.data, table, gone)
  const codes = [...brokenBy.all(eye.schema, data), ...(most !== undefined && gone.length > most ? ['PGRST124'] : [])]
  if (codes.length > 0) return refused(...codes)
  return { status: 200, count: gone.length, body: shown(table, sorted(table, gone, eye), select, eye), data }
}
