/**
 * From what the user wrote to the one Schema that every other folder works from, in named steps. Each step goes on
 * after a mistake, so that all of them are told at once.
 */
import type { Backend } from './backend.ts'
import { doubtsOf, type Doubts } from './doubts.ts'
import { isTable, readDrafts, type Draft, type Drafts } from './draft.ts'
import { KeyPlaces } from './key-places.ts'
import { loadAccess } from './load-access.ts'
import { loadColumns } from './load-columns.ts'
import { loadConstraints, Names, type ColumnsByTable, type Constraints } from './load-constraints.ts'
import { loadFunctions } from './load-functions.ts'
import { judgeFile } from './load-file.ts'
import { badName, badTableName } from './names.ts'
import { makeRelations } from './relations.ts'
import type { Schema, Table } from './schema.ts'
import { Troubles, type Tell } from './trouble.ts'

/** A backend as far as it can be read, with what is wrong in it. */
export interface Examined {
  readonly schema: Schema
  readonly troubles: Troubles
  /** What may not be as its author meant it, so that a rule that meets it would tell of the same mistake again. */
  readonly doubts: Doubts
}

/**
 * Reads a backend; throws a `LoadFailure` with every mistake that was found. Rules are not run here: `record` does that.
 * @example const schema = load(plinth({ tables: { notes: table({ words: text() }) } }))
 */
export function load(backend: Backend): Schema {
  const { schema, troubles } = examine(backend)
  troubles.stop()
  return schema
}

/** The schema of Plinth's own tables, whose names no file can use. */
export function loadOwn(backend: Backend): Schema {
  const { schema, troubles } = examine(backend, badName)
  troubles.stop()
  return schema
}

/** Reads all that can be read, for `record` to go on with; whoever calls it stops where there are troubles. */
export function examine(backend: Backend, badTable: (name: string) => string | undefined = badTableName): Examined {
  const troubles = new Troubles()
  const places = new KeyPlaces(backend.place, () =>
    Object.values(backend.tables).map((table) => (isTable(table) ? table.place : undefined)),
  )
  const tell: Tell = (path, message, fix) => troubles.add(path.join('.'), message, fix, places.of(path))
  judgeFile(backend.given, tell)
  const drafts = readDrafts(backend, troubles, tell, badTable)
  const columns: ColumnsByTable = byTable(drafts, (draft) => loadColumns(drafts, draft, troubles))
  const names = new Names(drafts)
  const constraints = byTable(drafts, (draft) => loadConstraints(drafts, draft, columns, names, troubles))
  const foreignKeys = new Map([...constraints].map(([name, of]) => [name, of.foreignKeys]))
  const relations = makeRelations(drafts, foreignKeys, troubles)
  const keys = byTable(drafts, (draft) => draft.key.columns)
  const access = loadAccess(backend, columns, keys, drafts.broken, tell)
  const functions = loadFunctions(backend, tell)
  const tables = byTable(drafts, (draft) => tableOf(draft, columns, constraints, relations))
  return { schema: Object.freeze({ tables, access, functions }), troubles, doubts: doubtsOf(drafts, troubles) }
}

const byTable = <T>(drafts: Drafts, make: (draft: Draft) => T): ReadonlyMap<string, T> =>
  new Map(Array.from(drafts, ([name, draft]) => [name, make(draft)]))

function tableOf(
  draft: Draft,
  columns: ColumnsByTable,
  constraints: ReadonlyMap<string, Constraints>,
  relations: ReadonlyMap<string, Table['relations']>,
): Table {
  const own = constraints.get(draft.name)
  const its = relations.get(draft.name)
  const fields = columns.get(draft.name)
  if (!own || !its || !fields) throw new Error(`table "${draft.name}" was lost while it was loaded`)
  return Object.freeze({
    name: draft.name,
    columns: fields,
    key: Object.freeze(draft.key.columns),
    relations: its,
    ...own,
    ...(draft.comment !== undefined && { comment: draft.comment }),
  })
}
