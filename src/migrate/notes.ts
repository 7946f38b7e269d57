/**
 * Plinth's own notes in a database, in the table `plinth_meta`: what was applied, and by which version.
 *
 * To change the shape of Plinth's own tables: raise `VERSION`, and add what leads from the version before to `upgrade`
 * in `bring.ts`, with a test that starts from a database of that version.
 */
import type { Builder, Snapshot } from '../databases/builder.ts'
import { LoadFailure } from '../errors.ts'
import { tooNew } from './sentences.ts'

/** The version of Plinth's own tables. */
export const VERSION = 1

export type Notes = ReadonlyMap<string, string>
export type NoteName = 'version' | 'schema' | 'own' | 'functions' | 'words' | 'seeded'

export function readNote(notes: Notes, name: NoteName): string | undefined {
  return notes.get(name)
}

/** An older Plinth keeps its hands off what a newer one has made. */
export function expectKnownVersion(notes: Notes): void {
  const version = readNote(notes, 'version')
  if (version !== undefined && Number(version) > VERSION) throw new LoadFailure([tooNew(version, VERSION)])
}

export function appliedSnapshot(notes: Notes, of: 'schema' | 'own' = 'schema'): Snapshot | undefined {
  const text = readNote(notes, of)
  return text === undefined ? undefined : (JSON.parse(text) as Snapshot) // our own text, of a version that we know
}

/** When the data of `seed` went in, as the caller wrote it; undefined before. */
export async function readSeeded(builder: Builder): Promise<string | undefined> {
  return readNote(await builder.notes(), 'seeded')
}

export async function writeSeeded(builder: Builder, value: string): Promise<void> {
  await builder.alone(async (site) => {
    await site.prepare()
    await site.note('seeded', value)
  })
}
