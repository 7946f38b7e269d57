/**
 * Brings a database to what the file says.
 *
 * 1. A database that is up to date costs one question, and is not locked.
 * 2. All steps are taken in one transaction under a lock, or none is: every reason not to is found before the first.
 * 3. Nothing is lost: a step that would lose a row or a value stops all of it. Tables of others are not touched.
 */
import type { Builder, Change, Site, Snapshot, Step } from '../databases/builder.ts'
import { LoadFailure, Problem, type LoadError } from '../errors.ts'
import { ownSchema } from '../schema/own.ts'
import type { Schema } from '../schema/schema.ts'
import { difference } from './difference.ts'
import { appliedSnapshot, expectKnownVersion, readNote, VERSION, type Notes } from './notes.ts'
import { inTheWay, notOurs, reason, refusedByDatabase, unapplied } from './sentences.ts'
import { snapshot } from './snapshot.ts'

export interface BringOptions {
  /** `create` fills an empty database and refuses another schema; `lossless` also changes one where that loses nothing. */
  readonly allow: 'create' | 'lossless'
}

/** A change that the database's rows are in the way of. */
export class WouldLose extends LoadFailure {}

export interface Brought {
  readonly applied: readonly Step[]
  /** The database was empty before. */
  readonly created: boolean
}

/** Throws a `LoadFailure` with every reason, and then nothing was changed. */
export async function bring(builder: Builder, schema: Schema, options: BringOptions): Promise<Brought> {
  expectNone(builder.refusals(schema))
  const target = { schema: snapshot(schema, builder.checks), own: snapshot(ownSchema, builder.checks) }
  if (isCurrent(await knownNotes(builder), target, builder)) return { applied: [], created: false }
  return builder.alone((site) => bringAlone(site, builder, schema, target, options))
}

/** What `bring` would do to a database that Plinth has made, without doing it; undefined where it has not made it yet. */
export async function pending(builder: Builder, schema: Schema): Promise<readonly Step[] | undefined> {
  expectNone(builder.refusals(schema))
  const target = snapshot(schema, builder.checks)
  const from = appliedSnapshot(await knownNotes(builder))
  return from && difference(from, target, builder.converts)
}

/** The tables of the file, and our own. */
interface Target {
  readonly schema: Snapshot
  readonly own: Snapshot
}

const EMPTY: Snapshot = { tables: {} }

async function knownNotes(of: { notes(): Promise<Notes> }): Promise<Notes> {
  const notes = await of.notes()
  expectKnownVersion(notes)
  return notes
}

function isCurrent(notes: Notes, target: Target, builder: Builder): boolean {
  return (
    readNote(notes, 'schema') === JSON.stringify(target.schema) &&
    readNote(notes, 'own') === JSON.stringify(target.own) &&
    readNote(notes, 'version') === String(VERSION) &&
    readNote(notes, 'functions') === builder.functions &&
    readNote(notes, 'words') === builder.words
  )
}

async function bringAlone(site: Site, builder: Builder, schema: Schema, target: Target, options: BringOptions): Promise<Brought> {
  const notes = await knownNotes(site)
  if (isCurrent(notes, target, builder)) return { applied: [], created: false }
  const from = appliedSnapshot(notes)
  const steps = difference(from ?? EMPTY, target.schema, builder.converts)
  await expectOurs(site, builder, from, steps)
  if (from !== undefined && options.allow === 'create') expectNone(steps.map(unapplied))
  const change: Change = { from: from ?? EMPTY, to: schema, steps }
  await upgrade(site, notes, builder)
  await bringOwn(site, notes, target.own, builder)
  await expectLossless(site, change)
  const taken = { ...change, steps: [...steps, ...newWords(notes, target.schema, steps, builder)] }
  await applied(site, taken)
  await writeNotes(site, target, builder)
  return { applied: taken.steps, created: Object.keys(from?.tables ?? {}).length === 0 }
}

/** What others built on a table (a view, a trigger) can still be in the way. */
async function applied(site: Site, change: Change): Promise<void> {
  try {
    await site.apply(change)
  } catch (error) {
    if (!(error instanceof Problem) || error.status === 503) throw error
    throw new LoadFailure([refusedByDatabase(error)])
  }
}

/** Nobody else writes to them, so that nothing is in the way. */
async function bringOwn(site: Site, notes: Notes, target: Snapshot, builder: Builder): Promise<void> {
  const from = appliedSnapshot(notes, 'own') ?? EMPTY
  await site.apply({ from, to: ownSchema, steps: difference(from, target, builder.converts) })
}

/** Plinth's own notes and functions come first: checks and computed columns call them. */
async function upgrade(site: Site, notes: Notes, builder: Builder): Promise<void> {
  await site.prepare()
  if (readNote(notes, 'functions') !== builder.functions) await site.installFunctions()
}

async function expectOurs(site: Site, builder: Builder, from: Snapshot | undefined, steps: readonly Step[]): Promise<void> {
  const there = await site.tables()
  if (from === undefined && there.length > 0) throw new LoadFailure([notOurs(there, builder.title)])
  const wanted = steps.flatMap((step) => (step.kind === 'createTable' && there.includes(step.table) ? [step.table] : []))
  expectNone(wanted.map(inTheWay))
}

async function expectLossless(site: Site, change: Change): Promise<void> {
  const reasons: LoadError[] = []
  for (const step of change.steps) {
    if (step.loses === null) continue
    const offending = await site.offending(step, change)
    if (offending.count > 0) reasons.push(reason(step, offending, change))
  }
  if (reasons.length > 0) throw new WouldLose(reasons)
}

/** Where words are taken in another way than before, search is made anew. */
function newWords(notes: Notes, target: Snapshot, steps: readonly Step[], builder: Builder): Step[] {
  const before = readNote(notes, 'words')
  if (before === undefined || before === builder.words) return []
  const made = new Set(steps.flatMap((step) => (step.kind === 'addSearch' || step.kind === 'createTable' ? [step.table] : [])))
  const searched = Object.entries(target.tables).filter(([name, { search }]) => search.length > 0 && !made.has(name))
  return searched.flatMap(([table]): Step[] => [
    { kind: 'dropSearch', table, loses: null },
    { kind: 'addSearch', table, loses: null },
  ])
}

async function writeNotes(site: Site, target: Target, builder: Builder): Promise<void> {
  await site.note('version', String(VERSION))
  await site.note('schema', JSON.stringify(target.schema))
  await site.note('own', JSON.stringify(target.own))
  await site.note('functions', builder.functions)
  await site.note('words', builder.words)
}

function expectNone(errors: readonly LoadError[]): void {
  if (errors.length > 0) throw new LoadFailure(errors)
}
