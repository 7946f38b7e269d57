/**
 * Drafts: the tables of a file with their notes sorted, before references are followed. Names are judged here.
 *
 * 1. What a draft names is there: names of no column are reported and left out, so that later steps need not ask.
 * 2. A draft is made of whatever the file holds; later steps go on, and find what else is wrong.
 */
import type { Backend } from './backend.ts'
import type { ColumnNotes } from './column.ts'
import { isRecord } from './load-file.ts'
import { badColumnName, badName, didYouMean } from './names.ts'
import type { Place } from './place.ts'
import type { RuleFunction } from './schema.ts'
import type { TableLike, TableNote } from './table.ts'
import type { Tell, Troubles } from './trouble.ts'

export interface NotedColumns {
  readonly columns: readonly string[]
  readonly place: Place
}
export interface NotedLink extends NotedColumns {
  readonly name: string
  readonly to: string
}
export interface NotedCheck {
  readonly name: string
  readonly rule: RuleFunction
  readonly place: Place
}

export interface Draft {
  readonly name: string
  readonly place: Place
  readonly columns: ReadonlyMap<string, ColumnNotes>
  /** The file says nothing of `id`: it is a UUID that we make. */
  readonly ownId: boolean
  readonly key: NotedColumns
  readonly uniques: readonly NotedColumns[]
  readonly indexes: readonly NotedColumns[]
  readonly search: NotedColumns | undefined
  readonly links: readonly NotedLink[]
  readonly checks: readonly NotedCheck[]
  readonly comment: string | undefined
}

/** `broken` are the names under which something stands that is no table: what leads there is not wrong for it. */
export interface Drafts extends ReadonlyMap<string, Draft> {
  readonly broken: ReadonlySet<string>
}

/** `badTable` says why a table cannot have a name, as half a sentence. */
export function readDrafts(
  backend: Pick<Backend, 'tables'>,
  troubles: Troubles,
  tell: Tell,
  badTable: (name: string) => string | undefined,
): Drafts {
  const drafts = new Map<string, Draft>()
  const broken = new Set<string>()
  const folded = new Map<string, string>()
  for (const [name, table] of Object.entries(backend.tables)) {
    if (!isTable(table)) {
      broken.add(name)
      tell(['tables', name], 'This is no table.', 'Make it with table({ … }).')
      continue
    }
    judgeName(name, badTable(name), `tables.${name}`, folded, troubles, table.place)
    drafts.set(name, draftOf(name, table, troubles, tell))
  }
  return Object.assign(drafts, { broken })
}

/** The types say so; a file in plain JavaScript may still hold anything. */
export const isTable = (value: unknown): value is TableLike =>
  isRecord(value) && isRecord(value['columns']) && Array.isArray(value['notes']) && isRecord(value['place'])
const isColumn = (value: unknown): value is { readonly notes: ColumnNotes } =>
  isRecord(value) && isRecord(value['notes']) && isRecord(value['notes']['type'])

/** SQLite minds no case in names, so two that differ by case alone are one. */
function judgeName(
  name: string,
  wrong: string | undefined,
  place: string,
  folded: Map<string, string>,
  troubles: Troubles,
  where: Place,
): void {
  if (wrong !== undefined) troubles.add(place, `The name "${name}" ${wrong}.`, 'Choose another name.', where)
  const twin = folded.get(name.toLowerCase())
  if (twin !== undefined)
    troubles.add(place, `"${twin}" and "${name}" differ by case alone, which SQLite does not tell apart.`, 'Rename one of them.', where)
  folded.set(name.toLowerCase(), name)
}

function draftOf(name: string, table: TableLike, troubles: Troubles, tell: Tell): Draft {
  const keyNotes = listed(table.notes, 'key')
  const ownId = (keyNotes[0]?.columns ?? ['id']).join() === 'id' && !Object.hasOwn(table.columns, 'id')
  const columns = columnsOf(name, table, ownId, troubles, tell)
  const known =
    (what: string) =>
    (noted: NotedColumns): NotedColumns =>
      knownColumns(name, what, columns, noted, troubles)
  warnTwice(name, 'key', keyNotes, troubles)
  warnTwice(name, 'search', listed(table.notes, 'search'), troubles)
  return {
    name,
    place: table.place,
    columns,
    ownId,
    key: keyNotes.map(known('key'))[0] ?? { columns: ['id'], place: table.place },
    uniques: listed(table.notes, 'unique').map(known('unique')),
    indexes: listed(table.notes, 'index').map(known('index')),
    search: listed(table.notes, 'search').map(known('search'))[0],
    links: table.notes.filter((note) => note.kind === 'link').map((note) => ({ ...note, ...known(`link(${note.name})`)(note) })),
    checks: checksOf(name, table, columns, troubles),
    comment: table.notes.findLast((note) => note.kind === 'comment')?.text,
  }
}

type ListKind = 'key' | 'unique' | 'index' | 'search'
const listed = (notes: readonly TableNote[], kind: ListKind): NotedColumns[] =>
  notes.filter((note): note is Extract<TableNote, { kind: ListKind }> => note.kind === kind)

function warnTwice(table: string, what: string, notes: readonly NotedColumns[], troubles: Troubles): void {
  if (notes.length > 1)
    troubles.add(
      `tables.${table}.${what}`,
      `.${what}() is called ${notes.length} times.`,
      'Name all its columns in one call.',
      notes[1]?.place,
    )
}

function columnsOf(
  table: string,
  { columns, place }: TableLike,
  ownId: boolean,
  troubles: Troubles,
  tell: Tell,
): ReadonlyMap<string, ColumnNotes> {
  const found = new Map<string, ColumnNotes>(ownId ? [['id', { type: { kind: 'uuid' }, place }]] : [])
  const folded = new Map<string, string>(ownId ? [['id', 'id']] : [])
  for (const [name, column] of Object.entries(columns)) {
    if (!isColumn(column)) {
      const fix =
        typeof column === 'function' ? 'Call it: text() instead of text.' : 'Make it with text(), integer(), ref(…) or another type.'
      tell(['tables', table, name], 'This is no column.', fix)
      continue
    }
    judgeName(name, badColumnName(name), `tables.${table}.${name}`, folded, troubles, column.notes.place)
    found.set(name, column.notes)
  }
  return found
}

function knownColumns(
  table: string,
  what: string,
  columns: ReadonlyMap<string, unknown>,
  noted: NotedColumns,
  troubles: Troubles,
): NotedColumns {
  const place = `tables.${table}.${what}`
  if (noted.columns.length === 0) troubles.add(place, 'It names no column.', 'Name at least one.', noted.place)
  for (const name of noted.columns) {
    if (!columns.has(name))
      troubles.add(place, `There is no column "${name}" in "${table}".`, didYouMean(name, columns.keys()), noted.place)
  }
  const twice = noted.columns.find((name, at) => noted.columns.indexOf(name) !== at)
  if (twice !== undefined) troubles.add(place, `"${twice}" is named twice.`, 'Name each column once.', noted.place)
  return { columns: [...new Set(noted.columns)].filter((name) => columns.has(name)), place: noted.place }
}

function checksOf(table: string, { notes }: TableLike, columns: ReadonlyMap<string, unknown>, troubles: Troubles): NotedCheck[] {
  const checks = notes.filter((note) => note.kind === 'check')
  const seen = new Set<string>()
  for (const { name, place } of checks) {
    const wrong = badName(name)
    if (wrong !== undefined) troubles.add(`tables.${table}.check`, `The name "${name}" ${wrong}.`, 'Choose another name.', place)
    if (seen.has(name)) troubles.add(`tables.${table}.check(${name})`, 'Two checks have this name.', 'Rename one of them.', place)
    if (columns.has(name.replace(/_check\d*$/, '')) && /_check\d*$/.test(name))
      troubles.add(
        `tables.${table}.check(${name})`,
        'The checks of single columns have names like this.',
        'Choose a name that says what is checked.',
        place,
      )
    seen.add(name)
  }
  return checks
}
