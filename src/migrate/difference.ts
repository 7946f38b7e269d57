/**
 * From one snapshot to another in small steps, in an order that a database can take them: constraints off, columns
 * and tables away, new ones in, constraints on.
 *
 * 1. Nothing is guessed: a rename is a removal and an addition, and `loses` says so.
 * 2. A part (key, index, check, reference, search) that rests on a column which is made anew is made anew as well.
 */
import type { ColumnSnapshot, ColumnStep, PartStep, Snapshot, Step, TableSnapshot, TableStep } from '../databases/builder.ts'
import type { Type } from '../schema/schema.ts'
import { isSame } from './snapshot.ts'

type Converts = (from: Type, to: Type) => boolean

/** The steps; `converts` says which changes of type keep the values. */
export function difference(from: Snapshot, to: Snapshot, converts: Converts): Step[] {
  const kept = Object.keys(to.tables).filter((name) => from.tables[name] !== undefined)
  const changes = kept.map((name) => changeOf(name, from, to, converts))
  const steps = [
    ...removedTables(from, to),
    ...createdTables(from, to),
    ...changes.flatMap((change) => columnSteps(change)),
    ...changes.flatMap((change) => partSteps(change)),
    ...foreignKeySteps(from, to, changes),
  ]
  return order.flatMap((kinds) => steps.filter((step) => kinds(step)))
}

/** The order in which steps are taken. */
const order: readonly ((step: Step) => boolean)[] = [
  'dropForeignKey',
  'dropSearch',
  'dropCheck',
  'dropIndex',
  'dropUnique',
  'dropKey',
  'dropColumn',
  'dropTable',
  'createTable',
  'keepComputed',
  'changeType',
  'addColumn',
  'changeDefault',
  'requireValues',
  'allowNull',
  'addKey',
  'addUnique',
  'addCheck',
  'addIndex',
  'addSearch',
  'changeTouched',
  'addForeignKey',
  'comment',
].map((kind) => (step) => step.kind === kind)

/** A table that is in both. */
interface TableChange {
  readonly table: string
  readonly was: TableSnapshot
  readonly is: TableSnapshot
  readonly converts: Converts
  /** Columns that go, come or change their type: whatever rests on them is made anew. */
  readonly disturbed: ReadonlySet<string>
}

function changeOf(table: string, from: Snapshot, to: Snapshot, converts: Converts): TableChange {
  const was = from.tables[table] ?? nothing
  const is = to.tables[table] ?? nothing
  const names = new Set([...Object.keys(was.columns), ...Object.keys(is.columns)])
  const disturbed = new Set([...names].filter((name) => isDisturbed(was.columns[name], is.columns[name])))
  // A computed column rests on the columns that its formula names.
  for (const name of names) {
    const formula = was.columns[name]?.generated ?? is.columns[name]?.generated
    if (formula != null && [...disturbed].some((other) => formula.includes(`"name":${JSON.stringify(other)}`))) disturbed.add(name)
  }
  return { table, was, is, converts, disturbed }
}

const nothing: TableSnapshot = { columns: {}, key: [], uniques: {}, indexes: {}, checks: {}, foreignKeys: {}, search: [], comment: null }

function isDisturbed(was: ColumnSnapshot | undefined, is: ColumnSnapshot | undefined): boolean {
  if (was === undefined || is === undefined) return true
  return !isSame(was.type, is.type) || was.collation !== is.collation || (was.generated !== is.generated && is.generated !== null)
}

// ── Tables ──

function removedTables(from: Snapshot, to: Snapshot): Step[] {
  const gone = Object.entries(from.tables).filter(([name]) => to.tables[name] === undefined)
  return gone.map(([table]) => ({ kind: 'dropTable', table, loses: `the rows of ${table}` }))
}

function createdTables(from: Snapshot, to: Snapshot): Step[] {
  const made = Object.entries(to.tables).filter(([name]) => from.tables[name] === undefined)
  return made.flatMap(([table, { foreignKeys }]): Step[] => [
    { kind: 'createTable', table, loses: null },
    ...Object.keys(foreignKeys).map((name): Step => ({ kind: 'addForeignKey', table, name, loses: null })),
  ])
}

// ── Columns ──

function columnSteps(change: TableChange): Step[] {
  const { was, is, table } = change
  const plain = (name: string): boolean => (is.columns[name] ?? was.columns[name])?.generated === null
  // A computed column goes before, and comes after, the columns it is computed from.
  const gone = Object.keys(was.columns).filter((name) => is.columns[name] === undefined || isAnew(name, change))
  const come = Object.keys(is.columns).filter((name) => was.columns[name] === undefined || isAnew(name, change))
  const wasPlain = (name: string): boolean => was.columns[name]?.generated === null
  const kept = Object.keys(is.columns).filter((name) => was.columns[name] !== undefined && !isAnew(name, change))
  return [
    ...[...gone.filter((name) => !wasPlain(name)), ...gone.filter(wasPlain)].map((name) => dropColumn(table, name, was)),
    ...[...come.filter(plain), ...come.filter((name) => !plain(name))].map((name) => addColumn(table, name, is)),
    ...kept.flatMap((name) => keptColumn(name, change)),
  ]
}

/** There before and after, but with nothing in common: dropped and added. */
function isAnew(name: string, { was, is, converts, disturbed }: TableChange): boolean {
  const [before, after] = [was.columns[name], is.columns[name]]
  if (before === undefined || after === undefined) return false
  if (after.generated !== null) return disturbed.has(name)
  return !isSame(before.type, after.type) && !converts(before.type, after.type)
}

function dropColumn(table: string, column: string, was: TableSnapshot): ColumnStep {
  const computed = was.columns[column]?.generated !== null
  return { kind: 'dropColumn', table, column, loses: computed ? null : `the values of ${table}.${column}` }
}

function addColumn(table: string, column: string, is: TableSnapshot): ColumnStep {
  const added = is.columns[column]
  const filled = added === undefined || added.optional || added.default !== null || added.generated !== null
  return { kind: 'addColumn', table, column, loses: filled ? null : `${table}.${column} has no value for the rows there are` }
}

function keptColumn(column: string, { table, was, is }: TableChange): Step[] {
  const [before, after] = [was.columns[column], is.columns[column]]
  if (before === undefined || after === undefined) return []
  const step = (kind: ColumnStep['kind'], loses: string | null = null): ColumnStep => ({ kind, table, column, loses })
  const retyped = !isSame(before.type, after.type)
  return [
    ...(before.generated !== null && after.generated === null ? [step('keepComputed')] : []),
    ...(retyped || before.collation !== after.collation
      ? [step('changeType', retyped ? `values of ${table}.${column} might not fit` : null)]
      : []),
    ...(before.default === after.default ? [] : [step('changeDefault')]),
    ...(before.optional && !after.optional ? [step('requireValues', `rows without ${table}.${column}`)] : []),
    ...(!before.optional && after.optional ? [step('allowNull')] : []),
  ]
}

// ── Keys, indexes, checks, search ──

function partSteps(change: TableChange): Step[] {
  const { table, was, is, disturbed } = change
  const fresh = [...disturbed].length > 0
  return [
    ...keySteps(change),
    ...parts(change, was.uniques, is.uniques, 'dropUnique', 'addUnique', (columns) => touches(columns, disturbed)),
    ...parts(change, was.indexes, is.indexes, 'dropIndex', 'addIndex', (columns) => touches(columns, disturbed)),
    ...parts(change, was.checks, is.checks, 'dropCheck', 'addCheck', () => isStirred(change)),
    ...searchSteps(change),
    ...(touchedOf(was).join() === touchedOf(is).join() && !(fresh && touches(touchedOf(is), disturbed))
      ? []
      : [tableStep('changeTouched', table)]),
    ...(isSame(commentsOf(was), commentsOf(is)) ? [] : [tableStep('comment', table)]),
  ]
}

const touches = (columns: readonly string[], disturbed: ReadonlySet<string>): boolean => columns.some((column) => disturbed.has(column))

/** A check may name any column, so a column that was there and is made anew takes all checks of its table with it. */
const isStirred = ({ was, is, disturbed }: TableChange): boolean =>
  [...disturbed].some((name) => was.columns[name] !== undefined && is.columns[name] !== undefined)

const tableStep = (kind: TableStep['kind'], table: string, loses: string | null = null): TableStep => ({ kind, table, loses })

function keySteps({ table, was, is, disturbed }: TableChange): Step[] {
  if (isSame(was.key, is.key) && !touches(is.key, disturbed)) return []
  return [tableStep('dropKey', table), tableStep('addKey', table, `rows of ${table} with the same key`)]
}

const losses: Readonly<Record<'addUnique' | 'addCheck' | 'addForeignKey' | 'addIndex', string | null>> = {
  addUnique: 'rows with the same values',
  addCheck: 'rows that do not pass',
  addForeignKey: 'rows that refer to nothing',
  addIndex: null,
}

function parts<P>(
  { table }: { readonly table: string },
  was: Readonly<Record<string, P>>,
  is: Readonly<Record<string, P>>,
  drop: PartStep['kind'],
  add: 'addUnique' | 'addCheck' | 'addForeignKey' | 'addIndex',
  rests: (part: P) => boolean,
): Step[] {
  const stays = (name: string): boolean => {
    const part = is[name]
    return part !== undefined && isSame(was[name], part) && !rests(part)
  }
  return [
    ...Object.keys(was)
      .filter((name) => !stays(name))
      .map((name): Step => ({ kind: drop, table, name, loses: null })),
    ...Object.keys(is)
      .filter((name) => !stays(name))
      .map((name): Step => ({ kind: add, table, name, loses: losses[add] })),
  ]
}

function searchSteps({ table, was, is, disturbed }: TableChange): Step[] {
  const rests = touches([...was.search, ...is.search, ...is.key], disturbed)
  if (isSame(was.search, is.search) && (is.search.length === 0 || (isSame(was.key, is.key) && !rests))) return []
  return [
    ...(was.search.length === 0 ? [] : [tableStep('dropSearch', table)]),
    ...(is.search.length === 0 ? [] : [tableStep('addSearch', table)]),
  ]
}

const touchedOf = ({ columns }: TableSnapshot): string[] => Object.keys(columns).filter((name) => columns[name]?.touched)

const commentsOf = ({ columns, comment }: TableSnapshot): unknown => [
  comment,
  Object.entries(columns).flatMap(([name, column]) => (column.comment === null ? [] : [[name, column.comment]])),
]

// ── References ──

function foreignKeySteps(from: Snapshot, to: Snapshot, changes: readonly TableChange[]): Step[] {
  const gone = Object.entries(from.tables).filter(([name]) => to.tables[name] === undefined)
  return [
    // Tables that refer to each other cannot go one by one.
    ...gone.flatMap(([table, { foreignKeys }]) =>
      Object.keys(foreignKeys).map((name): Step => ({ kind: 'dropForeignKey', table, name, loses: null })),
    ),
    ...changes.flatMap((change) =>
      parts(change, change.was.foreignKeys, change.is.foreignKeys, 'dropForeignKey', 'addForeignKey', ({ columns, table, target }) => {
        const parent = changes.find((other) => other.table === table)
        return touches(columns, change.disturbed) || parent === undefined || isTargetAnew(target, parent)
      }),
    ),
  ]
}

/** Whether what the reference leads to (the key, or something unique) is made anew. */
function isTargetAnew(target: readonly string[], { was, is, disturbed }: TableChange): boolean {
  if (touches(target, disturbed)) return true
  if (isSame(was.key, target) || isSame(is.key, target)) return !isSame(was.key, is.key)
  return !Object.entries(is.uniques).some(([name, columns]) => isSame(columns, target) && isSame(was.uniques[name], columns))
}
