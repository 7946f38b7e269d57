/**
 * Query + Who → Woven: names become things, within what this asker may see, and the rules go in.
 *
 * 1. Nobody else makes a `Woven`; a query without its rules has no way on.
 * 2. What the asker may not see is answered exactly as what does not exist.
 * 3. A woven read or write depends on the asker through `rules.profile(who)` only, so that it can be kept for all askers of
 *    one profile.
 */
import type { Call, Read, Write } from '../query/query.ts'
import type { Who } from '../query/who.ts'
import type { Rules } from './rules.ts'
import { readCall } from './weave-call.ts'
import { weaveRead, type WeaveLimits } from './weave-read.ts'
import { weaveWrite } from './weave-write.ts'
import type { CallShape, Woven } from './woven.ts'

export type { WeaveLimits }

export function weave(query: Read | Write, rules: Rules, who: Who, limits: WeaveLimits): Woven {
  const shape = query.kind === 'read' ? weaveRead(query, rules, who, limits) : weaveWrite(query, rules, who, limits)
  return shape as Woven // the one place that marks a query as woven
}

/** The same for a call, which costs nothing and is woven each time: who may call may depend on all that is known of them. */
export const weaveCall = (call: Call, rules: Rules, who: Who): CallShape => readCall(call, rules, who) as CallShape // as above
