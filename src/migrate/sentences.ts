/** Steps in words: what was done, what stands in the way, and the way out. */
import type { Change, ColumnStep, Offending, Step } from '../databases/builder.ts'
import type { LoadError, Problem } from '../errors.ts'
import { describeType } from '../schema/value.ts'

const verbs: Readonly<Record<Step['kind'], string>> = {
  createTable: 'create table',
  dropTable: 'drop table',
  addColumn: 'add column',
  dropColumn: 'drop column',
  changeType: 'change the type of',
  requireValues: 'require a value in',
  allowNull: 'allow no value in',
  changeDefault: 'change the default of',
  keepComputed: 'keep as plain values the computed column',
  addKey: 'set the key of',
  dropKey: 'take away the key of',
  addUnique: 'add unique constraint',
  dropUnique: 'drop unique constraint',
  addCheck: 'add check',
  dropCheck: 'drop check',
  addForeignKey: 'add reference',
  dropForeignKey: 'drop reference',
  addIndex: 'add index',
  dropIndex: 'drop index',
  addSearch: 'add search to',
  dropSearch: 'drop search from',
  changeTouched: 'change what an update touches in',
  comment: 'change comments of',
}

const subject = (step: Step): string => ('column' in step ? `${step.table}.${step.column}` : 'name' in step ? step.name : step.table)

/** `add column products.color` */
export const describeStep = (step: Step): string => `${verbs[step.kind]} ${subject(step)}`

// ── What stands in the way ──

/** Why a step is not taken: how many rows it is about, up to three of them by key, and what to do. */
export function reason(step: Step, { count, keys }: Offending, change: Change): LoadError {
  const place = 'column' in step ? `tables.${step.table}.${step.column}` : `tables.${step.table}`
  const shown = `${keys.join('; ')}${count > keys.length ? '; …' : ''}`
  const rows = (what: string): string => `${count} ${count === 1 ? what : `${what}s`}`
  const [are, have, those] = count === 1 ? ['is', 'has', 'row'] : ['are', 'have', 'rows']
  const about = (message: string, fix: string): LoadError => ({ place, message, fix })
  switch (step.kind) {
    case 'dropTable':
      return about(
        `The table is gone from the file, and ${rows('row')} in the database would be lost.`,
        `${renamedTable(step, change)}Put it back, or empty it first: DELETE FROM "${step.table}".`,
      )
    case 'dropColumn':
      return about(
        `The column is gone from the file or is another one now, and ${rows('value')} would be lost (${those} ${shown}).`,
        dropFix(step, change),
      )
    case 'addColumn':
      return about(
        `The new column must have a value, and ${rows('row')} would have none (${shown}).`,
        'Give it a .default(…), or make it .optional() and fill it first.',
      )
    case 'requireValues':
      return about(
        `The column must have a value now, and ${rows('row')} ${have} none (${shown}).`,
        'Fill them first, or keep the column .optional().',
      )
    case 'changeType':
      return about(
        `${typeChange(step, change)}, and ${rows('value')} would not fit (${those} ${shown}).`,
        'Change these values first, or keep the type.',
      )
    case 'addKey':
      return about(
        `The key is other columns now, and ${rows('key')} would be there more than once (${shown}).`,
        'Change or delete these rows first.',
      )
    case 'addUnique':
      return about(
        `${step.name} is new, and ${rows('value')} ${are} there more than once (${shown}).`,
        'Change or delete these rows first.',
      )
    case 'addForeignKey':
      return about(
        `${step.name} is new, and ${rows('row')} would refer to nothing (${shown}).`,
        'Change or delete these rows first, or add the rows they refer to.',
      )
    case 'addCheck':
      return about(
        `${step.name} is new or stricter, and ${rows('row')} would not pass (${shown}).`,
        'Change or delete these rows first, or loosen the check.',
      )
    default:
      return about(`It cannot ${describeStep(step)}: ${rows('row')} in the way (${shown}).`, 'Change or delete these rows first.')
  }
}

function typeChange(step: ColumnStep, { from, to }: Change): string {
  const was = from.tables[step.table]?.columns[step.column]?.type
  const is = to.tables.get(step.table)?.columns.get(step.column)?.type
  return was === undefined || is === undefined
    ? 'The type is another one now'
    : `The type was ${describeType(was)} and is ${describeType(is)} now`
}

/** A rename cannot be told from a removal and an addition; if one of the same type came, say so. */
function dropFix(step: ColumnStep, { from, to, steps }: Change): string {
  const was = from.tables[step.table]?.columns[step.column]
  const columns = to.tables.get(step.table)?.columns
  if (columns?.has(step.column))
    return `Values are not turned from one type into the other: keep the type, or add a column of another name, copy the values over, and then remove this one.`
  const added = steps.flatMap((other) => (other.kind === 'addColumn' && other.table === step.table ? [columns?.get(other.column)] : []))
  const renamed = added.find((column) => JSON.stringify(column?.type) === JSON.stringify(was?.type))
  const empty = `empty it first: UPDATE "${step.table}" SET "${step.column}" = NULL (it must be .optional() for that).`
  if (renamed === undefined) return `Put it back, or ${empty}`
  return `If "${renamed.name}" is its new name: keep both columns for one start, copy the values (UPDATE "${step.table}" SET "${renamed.name}" = "${step.column}"), then empty the old one and remove it. Otherwise put it back, or ${empty}`
}

function renamedTable(step: Step, { from, to, steps }: Change): string {
  const columns = Object.keys(from.tables[step.table]?.columns ?? {})
    .toSorted()
    .join()
  const renamed = steps.find(
    (other) => other.kind === 'createTable' && [...(to.tables.get(other.table)?.columns.keys() ?? [])].toSorted().join() === columns,
  )
  if (renamed === undefined) return ''
  return `If "${renamed.table}" is its new name: keep both tables for one start and copy the rows over. `
}

// ── Refusals of the whole ──

export function notOurs(tables: readonly string[], title: string): LoadError {
  return {
    place: 'DATABASE_URL',
    message: `The ${title} database holds tables that Plinth did not make: ${tables.slice(0, 10).join(', ')}${tables.length > 10 ? ', …' : ''}.`,
    fix: 'Name an empty database. What is there was not touched.',
  }
}

export const inTheWay = (table: string): LoadError => ({
  place: `tables.${table}`,
  message: 'The database holds a table of this name that Plinth did not make.',
  fix: 'Give one of the two another name. What is there was not touched.',
})

export const tooNew = (theirs: string, ours: number): LoadError => ({
  place: 'DATABASE_URL',
  message: `A newer Plinth has used this database (its tables have version ${theirs}; this one knows ${ours}).`,
  fix: 'Start with that Plinth or a newer one. Nothing was changed.',
})

/** The database's own words are for the operator, who owns it. */
export const refusedByDatabase = ({ message, cause }: Problem): LoadError => ({
  place: 'DATABASE_URL',
  message: `The database refused the change: ${cause instanceof Error ? cause.message : message}.`,
  fix: 'Take away what is in the way (a view, a trigger, rows) first. Nothing was changed.',
})

export const unapplied = (step: Step): LoadError => ({
  place: 'column' in step ? `tables.${step.table}.${step.column}` : `tables.${step.table}`,
  message: `The database is not as the file says: it would have to ${describeStep(step)}.`,
  fix: 'Apply the change with `plinth dev` or `plinth start --apply`; both stop where rows or values would be lost.',
})
