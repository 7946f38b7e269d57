/**
 * What may not be as its author meant it, because of a mistake that is told already. A rule that meets it would tell of
 * the same mistake once more; every other complaint about a rule is told at once.
 *
 * Mistakes that change nothing of what a rule sees (bounds, defaults, indexes) make no doubts.
 */
import type { ColumnNotes } from './column.ts'
import { judgeType, targetColumn } from './column-types.ts'
import type { Draft, Drafts } from './draft.ts'
import type { Troubles } from './trouble.ts'

export interface Doubts {
  /** Whether what the column holds is not known. */
  column(table: string, name: string): boolean
  /** Whether the table may lack this name, a column's or a relation's, or may mean something else by it. */
  lacks(table: string, name: string): boolean
}

export const NO_DOUBTS: Doubts = { column: () => false, lacks: () => false }

/** A reference or a link that may not lead where it should. */
interface Edge {
  readonly from: string
  /** What its own table calls it; undefined where that is not known. */
  readonly name: string | undefined
  /** Undefined where it leads to no table. */
  readonly to: string | undefined
  readonly back: string | undefined
}

export function doubtsOf(drafts: Drafts, troubles: Troubles): Doubts {
  const edges = [...drafts.values()].flatMap((draft) => [
    ...doubtfulReferences(draft, drafts, troubles),
    ...doubtfulLinks(draft, drafts, troubles),
  ])
  return {
    column(table, name) {
      const notes = drafts.get(table)?.columns.get(name)
      return notes !== undefined && isUnknown(notes, drafts)
    },
    lacks: (table, name) =>
      edges.some((edge) => isForward(edge, table, name) || isBackward(edge, table, name) || isAcross(edge, name, drafts)) ||
      isBrokenColumn(table, name, drafts, troubles) ||
      [...drafts.broken].some((broken) => isOf(broken, name)),
  }
}

function doubtfulReferences({ name: from, columns }: Draft, drafts: Drafts, troubles: Troubles): Edge[] {
  return [...columns].flatMap(([column, { type }]): Edge[] => {
    if (type.kind !== 'ref') return []
    const { to, as, back } = type
    if (!drafts.broken.has(to) && !troubles.of(`tables.${from}.${column}`)) return []
    const name = as ?? (column.endsWith('_id') ? column.slice(0, -3) : undefined)
    return [{ from, name: typeof name === 'string' ? name : undefined, to: drafts.has(to) ? to : undefined, back }]
  })
}

function doubtfulLinks({ name: from, links }: Draft, drafts: Drafts, troubles: Troubles): Edge[] {
  return links
    .filter(({ name, to }) => drafts.broken.has(to) || troubles.of(`tables.${from}.link(${name})`))
    .map(({ name, to }) => ({ from, name, to: drafts.has(to) ? to : undefined, back: undefined }))
}

const isForward = (edge: Edge, table: string, name: string): boolean => edge.from === table && (edge.name ?? name) === name

const isBackward = ({ from, to, back }: Edge, table: string, name: string): boolean =>
  (to === undefined || to === table) && (name === back || isOf(from, name))

/** As the rows of a table are called from elsewhere: by its name, or with what leads to them. */
const isOf = (table: string, name: string): boolean =>
  name === table || name.startsWith(`${table}_by_`) || name.endsWith(`_through_${table}`)

/** Over a table with two references the name is that of the table beyond. */
function isAcross({ from, name: own }: Edge, name: string, drafts: Drafts): boolean {
  const draft = drafts.get(from)
  const references = [...(draft?.columns.values() ?? [])].filter(({ type }) => type.kind === 'ref')
  return references.length > 1 && (drafts.has(name) || name === own || name.endsWith(`_through_${from}`))
}

/** What stands there is no column, and was meant to be one. */
const isBrokenColumn = (table: string, name: string, drafts: Drafts, troubles: Troubles): boolean =>
  drafts.get(table)?.columns.has(name) === false && troubles.of(`tables.${table}.${name}`)

function isUnknown(notes: ColumnNotes, drafts: Drafts, seen: ReadonlySet<ColumnNotes> = new Set()): boolean {
  if (seen.has(notes)) return true
  let wrong = false
  judgeType(drafts, notes, () => (wrong = true))
  const { type } = notes
  if (wrong || type.kind !== 'ref') return wrong
  const target = drafts.get(type.to)?.columns.get(targetColumn(drafts, type) ?? '')
  return target === undefined || isUnknown(target, drafts, new Set([...seen, notes]))
}
