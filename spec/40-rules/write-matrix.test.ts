/**
 * The rule matrix for writing: operation × asker × the row as it was × the row as it will be, and what the table then
 * holds. What may be done is written by hand in `write-matrix-world.ts`.
 *
 * Of what is decided about writes, here is that
 *
 * 1. changing and deleting also need reading: other rows are passed over, and neither counted nor told;
 * 2. a merge into a row that may not be read is `23505`, also where duplicates are ignored;
 * 3. a reference to a row that may not be read is `23503` (alike in every byte: `references.test.ts`);
 * 4. a row that may not be read after the write does not come back, and its address is not told;
 * 5. rules of columns hold of the row as it was and as it will be, and where one row is refused, none is written.
 */
import { expect } from 'vitest'
import { everyDatabaseOf, type Answered, type Here } from '../harness.ts'
import { askers, backend, deleted, inserted, may, merged, nested, notes, people, rows, updated } from './write-matrix-world.ts'
import type { Asker, Given, Note, Outcome } from './write-matrix-world.ts'

const notesAsRows = notes.map((note) => ({ ...note }))
const everyDatabase = everyDatabaseOf({ backend, people, rows: { ...rows, notes: notesAsRows } })
type Asking = Pick<Here<keyof typeof people>, 'ask' | 'sql' | 'insert'>

interface Write {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly prefer?: string
  /** What the answer has of a note; the note where left out. */
  readonly gives?: (note: Note) => object
}

const sent = ({ ask }: Asking, as: Asker, { method, path, body, prefer }: Write): Promise<Answered> =>
  ask(`/rest/v1/${path}`, {
    ...(as !== 'stranger' && { as }),
    method,
    headers: { prefer: [...(prefer === undefined ? [] : [prefer]), 'return=representation', 'count=exact'].join(', ') },
    ...(body !== undefined && { body }),
  })

/** Asks, and holds the answer and the table against what must come of it; then all is as it was. */
async function expectOutcome(here: Asking, as: Asker, write: Write, outcome: Outcome): Promise<void> {
  const answer = await sent(here, as, write)
  const says = `${as}: ${write.method} ${write.path} ${JSON.stringify(write.body)}`
  expect({ says, ...told(answer) }).toEqual({ says, ...wanted(as, write, outcome) })
  const { body: held } = await here.ask('/rest/v1/notes?order=id', { as: 'service' })
  expect({ says, held }).toEqual({ says, held: outcome.held })
  if (outcome.held === notes) return
  for (const table of ['notes', 'teams WHERE "id" = 5']) await here.sql(`DELETE FROM ${table}`)
  await here.insert('notes', notesAsRows)
}

function told({ status, headers, body }: Answered): object {
  if (status >= 400) return { status, code: (body as { code: string }).code } // every refusal has one
  return { status, count: headers['content-range']?.split('/')[1], body }
}

function wanted(as: Asker, { method, gives = (note) => note }: Write, { status, code, touched }: Outcome): object {
  if (code !== undefined) return { status, code }
  const body = touched.filter((note) => may(as, 'read', note)).map(gives)
  return { status, count: method === 'PUT' ? undefined : String(touched.length), body }
}

// ── What is written ──

const teams = [1, 2, 3] as const
const ids = notes.map(({ id }) => id)
/** A note's own members; a weight is given to open notes alone. */
const members: readonly Given[] = [{}, { weight: 7 }, { state: 'sealed' }, { state: 'sealed', weight: 7 }, { state: 'open', weight: 7 }]
const givens: readonly Given[] = teams.flatMap((team_id) => members.map((more) => ({ team_id, words: 'x', ...more })))
const changes: readonly Given[] = [{ words: 'x' }, ...members.slice(1), ...givens]

for (const as of askers) {
  everyDatabase(`${as} puts in the notes that are for ${as} to put in`, async (here) => {
    for (const given of givens) {
      const body = { id: 9, ...given }
      await expectOutcome(here, as, { method: 'POST', path: 'notes', body }, inserted(as, [body]))
    }
  })

  everyDatabase(`${as} puts in several notes, or none of them`, async (here) => {
    for (const team_id of teams)
      for (const other of teams) {
        const body = [
          { id: 8, team_id, words: 'x' },
          { id: 9, team_id: other, words: 'y' },
        ]
        await expectOutcome(here, as, { method: 'POST', path: 'notes', body }, inserted(as, body))
      }
  })

  everyDatabase(`${as} changes the notes that are for ${as} to change, as they were and as they will be`, async (here) => {
    for (const body of changes) {
      for (const id of [...ids, 99])
        await expectOutcome(here, as, { method: 'PATCH', path: `notes?id=eq.${id}`, body }, updated(as, [id], body))
      await expectOutcome(here, as, { method: 'PATCH', path: 'notes', body }, updated(as, ids, body))
    }
  })

  everyDatabase(`a note that ${as} may not change or take out is not found at its address`, async (here) => {
    const statusOf = async (method: string, id: number, body?: Given): Promise<number> =>
      (await sent(here, as, { method, path: `notes/${id}`, body, prefer: 'tx=rollback' })).status
    const found = ({ status, code, touched }: Outcome): number => {
      if (code !== undefined) return status
      return touched.length === 0 ? 404 : touched.some((note) => may(as, 'read', note)) ? 200 : 204
    }
    for (const id of [...ids, 99]) {
      for (const body of changes)
        expect({ id, body, status: await statusOf('PATCH', id, body) }).toEqual({ id, body, status: found(updated(as, [id], body)) })
      expect({ id, status: await statusOf('DELETE', id) }).toEqual({ id, status: found(deleted(as, [id])) })
    }
  })

  everyDatabase(`${as} merges notes where ${as} may read and change those that are there`, async (here) => {
    for (const given of givens)
      for (const id of [...ids, 9]) {
        const body = { id, ...given }
        const prefer = 'resolution=merge-duplicates'
        await expectOutcome(here, as, { method: 'POST', path: 'notes', body, prefer }, merged(as, body, 'merge'))
      }
  })

  everyDatabase(`${as} ignores duplicates where ${as} may read those that are there`, async (here) => {
    for (const given of givens)
      for (const id of [...ids, 9]) {
        const body = { id, ...given }
        const prefer = 'resolution=ignore-duplicates'
        await expectOutcome(here, as, { method: 'POST', path: 'notes', body, prefer }, merged(as, body, 'ignore'))
      }
  })

  everyDatabase(`${as} puts notes where ${as} may read and change those that are there`, async (here) => {
    for (const given of givens)
      for (const id of [...ids, 9]) {
        const body = { id, ...given }
        await expectOutcome(here, as, { method: 'PUT', path: `notes?id=eq.${id}`, body }, merged(as, body, 'put'))
      }
  })

  everyDatabase(`${as} takes out the notes that are for ${as} to take out`, async (here) => {
    for (const id of [...ids, 99]) await expectOutcome(here, as, { method: 'DELETE', path: `notes?id=eq.${id}` }, deleted(as, [id]))
    await expectOutcome(here, as, { method: 'DELETE', path: 'notes' }, deleted(as, ids))
  })

  everyDatabase(`${as} puts in teams with their notes, either way round, where both are for ${as} to put in`, async (here) => {
    for (const owner_id of [1, 2, 3, 4, 5])
      for (const more of members) {
        const note = { id: 9, words: 'x', ...more }
        const team = { id: 5, owner_id }
        const outcome = nested(as, owner_id, note)
        const under: Write = { method: 'POST', path: 'notes?select=id', body: { ...note, team }, gives: ({ id }) => ({ id }) }
        await expectOutcome(here, as, under, outcome)
        const body = { ...team, notes: [note] }
        const above: Write = { method: 'POST', path: 'teams?select=id,notes(id)', body, gives: ({ id }) => ({ id: 5, notes: [{ id }] }) }
        await expectOutcome(here, as, above, outcome)
      }
  })

  everyDatabase(`${as} is told where a new note is where ${as} may read it`, async (here) => {
    for (const team_id of teams) {
      const prefer = 'return=headers-only, tx=rollback'
      const { headers, status } = await sent(here, as, { method: 'POST', path: 'notes', body: { id: 9, team_id, words: 'x' }, prefer })
      const isTold = may(as, 'write', { team_id }) && may(as, 'read', { team_id })
      expect({ team_id, location: headers['location'], isIn: status === 201 }).toEqual({
        team_id,
        location: isTold ? '/rest/v1/notes?id=eq.9' : undefined,
        isIn: may(as, 'write', { team_id }),
      })
    }
  })
}
