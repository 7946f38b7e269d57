/** Functions: each was made by `fn` or its kind, and has what such a one needs. Their rules are run by `rules/record.ts`. */
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Backend } from './backend.ts'
import { notesOf, type FunctionNotes } from './function.ts'
import { isRule } from './load-access.ts'
import { isRecord } from './load-file.ts'
import { badName, didYouMean } from './names.ts'
import { remember } from './place.ts'
import type { FunctionEntry, RuleSource } from './schema.ts'
import type { Tell } from './trouble.ts'

type Path = readonly string[]

const PARTS: Readonly<Record<FunctionEntry['what'], readonly string[]>> = {
  fn: ['input', 'allow', 'reads', 'run'],
  action: ['input', 'allow', 'run'],
  endpoint: ['allow', 'run'],
}

export function loadFunctions({ functions }: Backend, tell: Tell): ReadonlyMap<string, FunctionEntry> {
  const entries = new Map<string, FunctionEntry>()
  for (const [name, made] of Object.entries(functions)) {
    const path = ['functions', name]
    const wrong = badName(name)
    if (wrong !== undefined || name.includes('/')) tell(path, `The name "${name}" ${wrong ?? 'holds a slash'}.`, 'Choose another name.')
    const notes = notesOf(made)
    if (notes === undefined) tell(path, 'This is no function of a backend.', 'Make it with fn({ … }), action({ … }) or endpoint({ … }).')
    else {
      const entry = entryOf(path, name, notes, tell)
      if (entry) entries.set(name, entry)
    }
  }
  return entries
}

function entryOf(path: Path, name: string, { what, spec, place }: FunctionNotes, tell: Tell): FunctionEntry | undefined {
  if (!isRecord(spec)) {
    tell(path, `${what}() is given no object.`, `Write ${what}({ allow: signedIn, run: async () => … }).`)
    return undefined
  }
  for (const part of Object.keys(spec))
    if (!PARTS[what].includes(part)) tell([...path, part], `"${part}" is no part of ${what}().`, didYouMean(part, PARTS[what]))
  const { reads = false } = spec
  if (typeof reads !== 'boolean')
    tell([...path, 'reads'], 'This is neither true nor false.', 'Say reads: true for a function that writes nothing.')
  const [allow, input, run] = [allowIn(path, spec, tell), inputIn(path, spec, tell), runIn(path, spec, tell)]
  if (allow === undefined || run === undefined) return undefined
  return remember(Object.freeze({ name, what, allow, input, run, reads: reads === true }), place)
}

/** No rule, no access: that must be said in the open. */
function allowIn(path: Path, { allow }: Readonly<Record<string, unknown>>, tell: Tell): RuleSource | undefined {
  if (isRule(allow)) return allow
  const [message, fix] =
    allow === undefined
      ? ['It does not say who may call it.', "Add allow: anyone, signedIn, or role('…')."]
      : ['This is no rule.', "Say anyone, signedIn, role('…'), or ({ who }) => a condition."]
  tell([...path, 'allow'], message, fix)
  return undefined
}

function runIn(path: Path, { run }: Readonly<Record<string, unknown>>, tell: Tell): FunctionEntry['run'] | undefined {
  if (typeof run === 'function') return run as FunctionEntry['run'] // whoever runs it gives it what its type asks
  tell([...path, 'run'], 'This is no function.', 'Write async run({ input, db }) { … }.')
  return undefined
}

function inputIn(path: Path, { input }: Readonly<Record<string, unknown>>, tell: Tell): StandardSchemaV1 | undefined {
  if (input === undefined || isStandard(input)) return input
  tell([...path, 'input'], 'This is no schema.', 'Give a Zod schema, or another that follows Standard Schema: input: z.object({ … }).')
  return undefined
}

const isStandard = (value: unknown): value is StandardSchemaV1 =>
  (typeof value === 'object' || typeof value === 'function') && value !== null && '~standard' in value
