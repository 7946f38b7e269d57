/** Where a mistake is told to stand: on the line of the rule or the key that is wrong, in whichever file that is. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { LoadFailure } from '../../src/errors.ts'
import { record } from '../../src/rules/record.ts'
import { isBackend } from '../../src/schema/backend.ts'
import { load } from '../../src/schema/load.ts'

const INDEX = JSON.stringify(join(import.meta.dirname, '../../src/index.ts'))
const IMPORT = `import { anyone, plinth, ref, signedIn, table, text } from ${INDEX}`

/** The mistakes of a file, or of several of which the first is the backend: `plinth.ts:5:7 access.notes.read`. */
async function placesOf(...files: readonly (readonly [name: string, text: string])[]): Promise<string[]> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'plinth-places-')))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of files) writeFileSync(join(folder, name), text)
  const module: { default: unknown } = await import(pathToFileURL(join(folder, files[0]?.[0] ?? '')).href)
  try {
    if (isBackend(module.default)) record(load(module.default))
  } catch (error) {
    if (!(error instanceof LoadFailure)) throw error
    return error.errors.map(({ place, source }) => `${source?.replace(`${folder}/`, '')} ${place}`)
  }
  return []
}

const single = (text: string): Promise<string[]> => placesOf(['plinth.ts', `${IMPORT}\n${text}`])

test('a mistake in access is told on its own line', async () => {
  const file = `export default plinth({
  tables: { notes: table({ words: text() }), 'Old Notes': table({ words: text() }) },
  // access: { notes: { read: true } }
  access: {
    nots: { read: anyone },
    notes: {
      read: true,
      insert: signedIn, columns: {
        wrods: { read: anyone },
      },
    },
    'Old Notes': { raed: anyone },
  },
})`
  expect(await single(file)).toStrictEqual([
    'plinth.ts:6:5 access.nots',
    'plinth.ts:8:7 access.notes.read',
    'plinth.ts:10:9 access.notes.columns.wrods',
    'plinth.ts:13:20 access.Old Notes.raed',
  ])
})

test('a rule that gives nothing, and touches nothing, is told on its own line', async () => {
  const file = `const nothing = () => {}
export default plinth({
  tables: { notes: table({ words: text() }) },
  access: {
    notes: { read: () => {}, write() {}, update: nothing },
  },
})`
  expect(await single(file)).toStrictEqual([
    'plinth.ts:6:14 access.notes.read',
    // Its own name is `write`; what is left of it is told, by the table's rules.
    'plinth.ts:6:5 access.notes.insert',
    'plinth.ts:6:42 access.notes.update',
  ])
})

test('a part of the file that is spelt or made wrong is told on its own line', async () => {
  expect(
    await single(`export default plinth({
  tables: { notes: table({ words: text() }), more: {}, less: table({
    words: text }) },
  acces: {},
  seed: 5,
})`),
  ).toStrictEqual(['plinth.ts:5:3 acces', 'plinth.ts:6:3 seed', 'plinth.ts:3:46 tables.more', 'plinth.ts:4:5 tables.less.words'])
})

test('rules in a constant are found, whatever stands around them', async () => {
  expect(
    await single(`const mine = /[{(]/.test('x') ? \`{\` : "}" // {
/* const rules = { */
const notes = { read: () => {} }
const rules: object = { more: { read: anyone }, notes }
const tables = { notes: table({ words: text() }), more: table({}) }
export default plinth<typeof tables>({ tables, access: rules } as never)`),
  ).toStrictEqual(['plinth.ts:4:17 access.notes.read'])
})

test('rules of a module are told in the module', async () => {
  const backend = `import { plinth } from ${INDEX}
import * as notes from './notes.ts'
import * as tags from './tags.ts'
export default plinth({ tables: { ...notes.tables, ...tags.tables }, access: { ...notes.access, ...tags.access } } as never)`
  const notes = `${IMPORT}
export const tables = { notes: table({ words: text() }) }
export const access = {
  notes: { read: 5 },
}`
  const tags = `${IMPORT}
export const tables = { tags: table({ word: text() }) }
export const access: object = { tags: { read: anyone, delete: 'nobody' } }`
  expect(await placesOf(['plinth.ts', backend], ['notes.ts', notes], ['tags.ts', tags])).toStrictEqual([
    'notes.ts:4:12 access.notes.read',
    'tags.ts:3:55 access.tags.delete',
  ])
})

test('what may be meant at two places is told where the rules, or the file, begin', async () => {
  expect(
    await single(`const one = { access: { notes: { read: 1 } } }
const two = { access: { notes: { read: 1 } } }
export default plinth({
  tables: { notes: table({ words: text() }) },
  access: [one, two][1]?.access,
} as never)`),
  ).toStrictEqual(['plinth.ts:6:3 access.notes.read'])
  expect(
    await single(`const made = () => ({ tables: { notes: table({ words: text() }) }, ['acc' + 'ess']: { notes: { read: 1 } } })
export default plinth(made() as never)`),
  ).toStrictEqual(['plinth.ts:3:16 access.notes.read'])
})

test('a check that gives nothing is told where it is said', async () => {
  expect(
    await single(`const notes = table({ words: text() })
  .check('odd', (() => {}) as never)
export default plinth({ tables: { notes } })`),
  ).toStrictEqual(['plinth.ts:3:4 tables.notes.check(odd)'])
})
