/** Calls of functions: the name becomes the function, where it is one that this asker may call. */
import { Problem } from '../errors.ts'
import type { Call } from '../query/query.ts'
import type { Who } from '../query/who.ts'
import type { Rules } from './rules.ts'

export function readCall(call: Call, rules: Rules, who: Who) {
  const { function: name, input, endpoint = false, textual = false, reads = false, rehearsal = false } = call
  const entry = rules.schema.functions.get(name)
  if (entry === undefined || (entry.what === 'endpoint') !== endpoint || !rules.mayCall(name, who)) throw noFunction(name, who)
  if (reads && !entry.reads)
    throw new Problem('PGRST101', `The function ${name} is called by POST alone`, {
      hint: 'One that writes nothing says so in the file: fn({ reads: true, … }).',
      headers: { Allow: 'OPTIONS,POST' },
    })
  return { function: entry, input: input.at, textual, rehearsal }
}

/** The same for one that is not there and one that this asker may not call. */
const noFunction = (name: string, { kind }: Who): Problem =>
  new Problem('PGRST202', `Could not find the function ${name} in the schema cache`, {
    hint: kind === 'anonymous' ? 'It may be there for those who are signed in.' : 'Look for its name, and for its line allow, in the file.',
  })
