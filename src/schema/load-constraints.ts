/**
 * Uniques, indexes, foreign keys and checks of each table, with the names that the database gets.
 *
 * 1. A name is given once in the whole database, whatever its case: PostgreSQL keeps tables and indexes in one place.
 * 2. References, links and `user()` columns have an index that begins with them, whatever makes it.
 */
import type { Draft, Drafts, NotedLink } from './draft.ts'
import { checkName, constraintName, didYouMean, fitted, type ConstraintKind } from './names.ts'
import { remember } from './place.ts'
import type { Check, Column, ForeignKey, Index, Unique } from './schema.ts'
import type { Troubles } from './trouble.ts'
import { describeType } from './value.ts'

export interface Constraints {
  readonly uniques: readonly Unique[]
  readonly indexes: readonly Index[]
  readonly foreignKeys: readonly ForeignKey[]
  readonly checks: readonly Check[]
  readonly search: readonly string[]
}

export type ColumnsByTable = ReadonlyMap<string, ReadonlyMap<string, Column>>

/** Gives out names; a second claim to one gets a number, as PostgreSQL does it. */
export class Names {
  readonly #used = new Set<string>()

  constructor(drafts: Drafts) {
    for (const name of drafts.keys()) this.#used.add(name.toLowerCase()).add(constraintName(name, [], 'pkey').toLowerCase())
  }

  constraint(table: string, columns: readonly string[], kind: ConstraintKind): string {
    for (let number = 0; ; number++) {
      const name = number === 0 ? constraintName(table, columns, kind) : fitted([table, ...columns].join('_'), `_${kind}${number}`)
      if (!this.#used.has(name.toLowerCase())) return this.#take(name)
    }
  }

  #take(name: string): string {
    this.#used.add(name.toLowerCase())
    return name
  }
}

export function loadConstraints(drafts: Drafts, draft: Draft, columns: ColumnsByTable, names: Names, troubles: Troubles): Constraints {
  const own = columns.get(draft.name) ?? new Map<string, Column>()
  judgeComparable(draft, own, troubles)
  const uniques = uniquesOf(draft, own, names)
  const foreignKeys = foreignKeysOf(drafts, draft, columns, names, troubles)
  return {
    uniques,
    foreignKeys,
    indexes: indexesOf(draft, own, uniques, foreignKeys, names),
    checks: draft.checks.map(({ name, rule, place }) => remember(Object.freeze({ name: checkName(draft.name, name), rule }), place)),
    search: searchOf(draft, own, troubles),
  }
}

const sameColumns = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((name, at) => name === b[at])
const beginsWith = (list: readonly string[], start: readonly string[]): boolean => start.every((name, at) => list[at] === name)

/** JSON has no order and no one spelling, so it cannot be what tells rows apart. */
function judgeComparable(draft: Draft, columns: ReadonlyMap<string, Column>, troubles: Troubles): void {
  const lists = [
    { ...draft.key, what: 'key' },
    ...draft.uniques.map((list) => ({ ...list, what: 'unique' })),
    ...draft.indexes.map((list) => ({ ...list, what: 'index' })),
  ]
  for (const { columns: names, what, place } of lists) {
    const name = names.find((one) => columns.get(one)?.type.kind === 'json')
    if (name !== undefined)
      troubles.add(
        `tables.${draft.name}.${what}`,
        `"${name}" is JSON, which has no order.`,
        'Choose another column, or keep the part you need in a column of its own.',
        place,
      )
  }
  for (const [name, notes] of draft.columns) {
    if (notes.unique && notes.type.kind === 'json')
      troubles.add(
        `tables.${draft.name}.${name}`,
        'It is JSON and unique, and JSON has no one spelling.',
        'Take .unique() away.',
        notes.place,
      )
  }
}

function uniquesOf(draft: Draft, columns: ReadonlyMap<string, Column>, names: Names): Unique[] {
  const single = [...columns.keys()].filter((name) => draft.columns.get(name)?.unique === true).map((name) => [name])
  const lists = distinct([...single, ...draft.uniques.map((list) => list.columns)])
  return lists
    .filter((list) => !sameColumns(list, draft.key.columns))
    .map((list) => Object.freeze({ name: names.constraint(draft.name, list, 'key'), columns: Object.freeze(list) }))
}

const distinct = (lists: readonly (readonly string[])[]): (readonly string[])[] =>
  lists.filter((list, at) => list.length > 0 && lists.findIndex((other) => sameColumns(list, other)) === at)

function indexesOf(
  draft: Draft,
  columns: ReadonlyMap<string, Column>,
  uniques: readonly Unique[],
  foreignKeys: readonly ForeignKey[],
  names: Names,
): Index[] {
  const already = [draft.key.columns, ...uniques.map((unique) => unique.columns)]
  const asked = distinct(draft.indexes.map((list) => list.columns)).filter((list) => !already.some((other) => sameColumns(other, list)))
  const users = [...columns.keys()].filter((name) => draft.columns.get(name)?.type.kind === 'user').map((name) => [name])
  // The longest first: an index by two columns also serves the first of them.
  const needed = distinct([...foreignKeys.map((key) => key.columns), ...users]).toSorted((a, b) => b.length - a.length)
  const lists = [...asked]
  for (const list of needed) if (![...already, ...lists].some((other) => beginsWith(other, list))) lists.push(list)
  return lists.map((list) => Object.freeze({ name: names.constraint(draft.name, list, 'idx'), columns: Object.freeze(list) }))
}

// ── Foreign keys ──

function foreignKeysOf(drafts: Drafts, draft: Draft, columns: ColumnsByTable, names: Names, troubles: Troubles): ForeignKey[] {
  const single = [...(columns.get(draft.name)?.values() ?? [])].flatMap(({ name, references }): Omit<ForeignKey, 'name'>[] =>
    references ? [{ columns: [name], table: references.table, target: [references.column], onDelete: references.onDelete }] : [],
  )
  const links = draft.links.flatMap((link) => linkKey(drafts, draft, link, columns, troubles) ?? [])
  return [...single, ...links].map((key) => Object.freeze({ name: names.constraint(draft.name, key.columns, 'fkey'), ...key }))
}

/** A link's foreign key, or `undefined` once the complaint is made. */
function linkKey(
  drafts: Drafts,
  draft: Draft,
  link: NotedLink,
  columns: ColumnsByTable,
  troubles: Troubles,
): Omit<ForeignKey, 'name'> | undefined {
  const tell = (message: string, fix: string): undefined => {
    troubles.add(`tables.${draft.name}.link(${link.name})`, message, fix, link.place)
  }
  const target = drafts.get(link.to)
  if (target === undefined) {
    if (drafts.broken.has(link.to)) return undefined
    return tell(`It leads to "${link.to}", which is no table.`, didYouMean(link.to, drafts.keys()))
  }
  const key = target.key.columns
  if (key.length !== link.columns.length)
    return tell(
      `It has ${link.columns.length} columns, and the key of "${link.to}" has ${key.length}.`,
      `Name a column for each of ${key.join(', ')}, in this order.`,
    )
  for (const [at, name] of link.columns.entries()) {
    const [own, other] = [columns.get(draft.name)?.get(name), columns.get(link.to)?.get(key[at] ?? '')]
    if (own && other && describeType(own.type) !== describeType(other.type)) {
      return tell(
        `"${name}" is ${describeType(own.type)}, and "${link.to}.${other.name}" is ${describeType(other.type)}.`,
        'Give both one type; the columns stand in the order of the key.',
      )
    }
  }
  return { columns: link.columns, table: link.to, target: key, onDelete: 'restrict' }
}

function searchOf(draft: Draft, columns: ReadonlyMap<string, Column>, troubles: Troubles): readonly string[] {
  const names = draft.search?.columns ?? []
  for (const name of names) {
    const type = columns.get(name)?.type
    if (type && type.kind !== 'text')
      troubles.add(
        `tables.${draft.name}.search`,
        `"${name}" is ${describeType(type)}, and words are in text.`,
        'Search in text columns.',
        draft.search?.place,
      )
  }
  return Object.freeze(names.filter((name) => columns.get(name)?.type.kind === 'text'))
}
