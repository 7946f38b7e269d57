/**
 * Takes away all that Plinth has made in a database, rows included, for a fresh start in development.
 *
 * 1. Only what our own notes name is taken; tables of others stay.
 * 2. It is one transaction, like every change of a schema.
 */
import type { Builder, Change, Snapshot } from '../databases/builder.ts'
import type { Schema } from '../schema/schema.ts'
import { difference } from './difference.ts'
import { appliedSnapshot, expectKnownVersion, type Notes } from './notes.ts'

export interface TableRows {
  readonly table: string
  readonly rows: number
}

const NOTHING: Snapshot = { tables: {} }
const NO_SCHEMA: Schema = { tables: new Map(), access: new Map(), functions: new Map() }

/** Is told what goes, before it goes; throws to keep it. */
export type Agree = (tables: readonly TableRows[]) => Promise<void>

/** `unseeded` is the mark of a seed that has to run. */
export async function reset(builder: Builder, unseeded: string, agree: Agree): Promise<void> {
  const tables = await contents(builder)
  if (tables.length === 0) return
  await agree(tables)
  await builder.alone(async (site) => {
    const notes = await site.notes()
    await site.apply(removal(notes, builder))
    await site.apply(removal(notes, builder, 'own'))
    await site.note('schema', JSON.stringify(NOTHING))
    await site.note('own', JSON.stringify(NOTHING))
    await site.note('seeded', unseeded)
  })
}

function contents(builder: Builder): Promise<readonly TableRows[]> {
  return builder.alone(async (site) => {
    const change = removal(await site.notes(), builder)
    const found: TableRows[] = []
    for (const step of change.steps) {
      if (step.kind === 'dropTable') found.push({ table: step.table, rows: (await site.offending(step, change)).count })
    }
    return found
  })
}

function removal(notes: Notes, builder: Builder, of: 'schema' | 'own' = 'schema'): Change {
  expectKnownVersion(notes)
  const from = appliedSnapshot(notes, of) ?? NOTHING
  return { from, to: NO_SCHEMA, steps: difference(from, NOTHING, builder.converts) }
}
