/**
 * The file as a whole: whether what `plinth()` was given is what a backend is made of. The compiler says the same; this
 * is for files that nobody compiles.
 */
import { didYouMean, nearest } from './names.ts'
import type { Tell } from './trouble.ts'

const PARTS = ['tables', 'access', 'functions', 'settings', 'seed'] as const
const MAKE_A_TABLE = 'Add one: tables: { notes: table({ words: text() }) }.'

/** An object that is no list. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function judgeFile(given: unknown, tell: Tell): void {
  if (!isRecord(given))
    return tell(['plinth'], 'plinth() is given no object.', 'Write plinth({ tables: { notes: table({ words: text() }) } }).')
  const strange = Object.keys(given).filter((name) => !PARTS.some((part) => part === name))
  for (const name of strange) tell([name], `"${name}" is no part of a backend.`, didYouMean(name, PARTS))
  judgeTables(given['tables'], strange, tell)
  judgeKinds(given, tell)
}

function judgeTables(tables: unknown, strange: readonly string[], tell: Tell): void {
  // Of tables under a misspelt name, the complaint is made already.
  if (tables === undefined && strange.some((name) => nearest(name, PARTS) === 'tables')) return
  if (tables !== undefined && !isRecord(tables))
    tell(['tables'], 'This is no set of tables.', 'Write tables: { notes: table({ words: text() }) }.')
  else if (tables === undefined || Object.keys(tables).length === 0) tell(['tables'], 'There is no table.', MAKE_A_TABLE)
}

function judgeKinds({ access = {}, functions = {}, settings = {}, seed }: Readonly<Record<string, unknown>>, tell: Tell): void {
  if (!isRecord(access)) tell(['access'], 'This is no set of rules.', 'Write access: { notes: { read: anyone } }.')
  if (!isRecord(functions)) tell(['functions'], 'This is no set of functions.', 'Write functions: { hello: fn({ … }) }.')
  if (!isRecord(settings)) tell(['settings'], 'This is no set of settings.', 'Write settings: { port: 4001 }.')
  if (seed !== undefined && typeof seed !== 'function')
    tell(['seed'], 'This is no function.', "Write seed: async ({ insert }) => { await insert('notes', [{ words: 'Hello' }]) }.")
}
