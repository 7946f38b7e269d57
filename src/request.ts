/**
 * The path. Every request of every protocol goes this way, and there is no other.
 *
 *   http                  socket        -> Request
 *   handle()
 *     auth/identify       Request       -> Who         identify
 *     protocols/<p>       Request       -> Question    decode
 *   answer()
 *     rules/weave         Query + Who   -> Woven       weave
 *     plan/plan           Woven         -> Plan        plan
 *     databases/<d>       Plan          -> Statement   compile
 *     databases/<d>       Statement     -> Answer      run      (functions/ for a call)
 *   protocols/<p>         Answer        -> Response    encode
 *
 * 1. Weave, plan and compile happen once per shape: per query object and per profile of the asker.
 * 2. Every failure leaves as a `Problem`; anything else that is thrown is one of ours, and is `XX000`.
 * 3. Nothing waits that need not: where the database is in this process, an answer comes without a promise.
 */
import type { Database, Statement } from './databases/database.ts'
import { Problem } from './errors.ts'
import { plan } from './plan/plan.ts'
import type { Decoded, Protocol, Request, Response, Together } from './protocols/protocol.ts'
import type { Answer, Ask, Replied, Returned } from './query/ask.ts'
import type { Call, Question, Read, Write } from './query/query.ts'
import { createRunning, keptOf, type Kept } from './query/once.ts'
import type { Within } from './query/transaction.ts'
import type { Who } from './query/who.ts'
import type { Rules } from './rules/rules.ts'
import { answerTogether } from './together.ts'
import { weave, weaveCall, type WeaveLimits } from './rules/weave.ts'
import type { FunctionEntry } from './schema/schema.ts'

/** Who asks, by the headers. The same object for the same credentials while they last. */
export type Identify = (headers: Request['headers']) => Who | Promise<Who>

/** The steps of the path, as they are timed. */
export type StepName = 'identify' | 'decode' | 'weave' | 'plan' | 'compile' | 'run' | 'encode'

/** What happened to one request; `times` are milliseconds. Weave, plan and compile are 0 for a known shape. */
export interface Outcome {
  readonly request: Request
  readonly response: Response
  readonly protocol: string
  readonly who: Who | undefined
  readonly problem: Problem | undefined
  readonly times: Readonly<Record<StepName, number>>
}

/** A function that may be called, and all about the call. */
export interface FunctionCall {
  readonly entry: FunctionEntry
  readonly given: unknown
  readonly textual: boolean
  readonly rehearsal: boolean
  readonly who: Who
  readonly within: Within | undefined
  /** Its answer is kept, and given again. */
  readonly once: Kept | undefined
  readonly gone?: AbortSignal
}

export interface PathParts {
  readonly identify: Identify
  readonly protocols: readonly Protocol[]
  readonly rules: Rules
  readonly database: Database
  /** Runs a function of the file. */
  readonly call: (call: FunctionCall) => Promise<Returned | Replied>
  readonly limits: WeaveLimits & { readonly functionTimeout: number }
  readonly observe: (outcome: Outcome) => void
  /** Milliseconds that only go up. */
  readonly now: () => number
}

export interface Path {
  /** The answer to a request, or undefined where no protocol has its path. */
  handle(request: Request): Response | Promise<Response> | undefined
  /** The same for somebody who is known already: nothing is observed, and `within` a transaction it is a part of that. */
  send(request: Request, who: Who, within?: Within): Promise<Response>
  readonly ask: Ask
}

type Times = Record<StepName, number>

/** One request on its way. */
interface Passage {
  readonly request: Request
  readonly protocol: Protocol
  readonly times: Times
  who: Who | undefined
  problem: Problem | undefined
  readonly within?: Within | undefined
  readonly kept?: Kept | undefined
}

export function createPath(parts: PathParts): Path {
  const statements = createStatements(parts)
  const running = createRunning()
  const answer: Answering = ({ query, values, once }, who, { times, within, kept: part, request }) => {
    const ask = (kept: Kept | undefined): Answer | Promise<Answer> =>
      query.kind === 'call'
        ? call({ query, values }, who, { within, once: kept, ...(request?.gone && { gone: request.gone }) }, parts)
        : statements(query, who, times).run(values, who, { within, once: kept })
    return once === undefined ? ask(part) : running(keptOf(once, who), ask)
  }
  const inside: Inside = { answer, running, parts }
  const protocolOf = ({ path }: Request): Protocol | undefined => parts.protocols.find(({ prefix }) => isUnder(path, prefix))
  return {
    handle(request) {
      const protocol = protocolOf(request)
      if (protocol === undefined) return undefined
      return handle({ request, protocol, times: noTimes(), who: undefined, problem: undefined }, inside)
    },
    async send(request, who, within) {
      const protocol = protocolOf(request)
      if (protocol === undefined) throw new Error(`no protocol has the path ${request.path}`)
      const passage: Passage = { request, protocol, times: noTimes(), who, problem: undefined, within }
      try {
        return await decodeAndAnswer(passage, who, parts.now(), inside)
      } catch (error) {
        return failure(error, passage)
      }
    },
    ask: (question, who, within) => answer(question, who, { times: noTimes(), within }),
  }
}

interface Calling {
  readonly query: Call
  readonly values: readonly unknown[]
}

function call(
  { query, values }: Calling,
  who: Who,
  around: Pick<FunctionCall, 'within' | 'once' | 'gone'>,
  { rules, call: run }: PathParts,
): Promise<Returned | Replied> {
  const { function: entry, input, ...how } = weaveCall(query, rules, who)
  return run({ entry, given: values[input], ...how, who, ...around })
}

const noTimes = (): Times => ({ identify: 0, decode: 0, weave: 0, plan: 0, compile: 0, run: 0, encode: 0 })

const isUnder = (path: string, prefix: string): boolean =>
  path.startsWith(prefix) && (path.length === prefix.length || path.charCodeAt(prefix.length) === 47)

// ── From request to response ──

type Answering = (
  question: Question,
  who: Who,
  on: { readonly times: Times; readonly within?: Within | undefined; readonly kept?: Kept | undefined; readonly request?: Request },
) => Answer | Promise<Answer>

/** What a request meets on its way. */
interface Inside {
  readonly answer: Answering
  readonly running: ReturnType<typeof createRunning>
  readonly parts: PathParts
}

function handle(passage: Passage, inside: Inside): Response | Promise<Response> {
  const { parts } = inside
  try {
    const start = parts.now()
    const who = parts.identify(passage.request.headers)
    if (who instanceof Promise)
      return settle(
        who.then((known) => decodeAndAnswer(passage, known, start, inside)),
        passage,
        parts,
      )
    const response = decodeAndAnswer(passage, who, start, inside)
    return response instanceof Promise ? settle(response, passage, parts) : finish(response, passage, parts)
  } catch (error) {
    return finish(failure(error, passage), passage, parts)
  }
}

async function settle(response: Promise<Response>, passage: Passage, parts: PathParts): Promise<Response> {
  try {
    return finish(await response, passage, parts)
  } catch (error) {
    return finish(failure(error, passage), passage, parts)
  }
}

function decodeAndAnswer(passage: Passage, who: Who, start: number, inside: Inside): Response | Promise<Response> {
  const { parts, answer } = inside
  const { request, protocol, times } = passage
  passage.who = who
  const identified = parts.now()
  times.identify = identified - start
  const decoded = protocol.decode(request)
  const begun = parts.now()
  times.decode = begun - identified
  if ('parts' in decoded) return all(decoded, passage, who, inside)
  if (!isQuestion(decoded)) return decoded
  const answered = answer(decoded.question, who, passage)
  if (answered instanceof Promise) return answered.then((arrived) => encode(arrived, decoded, passage, begun, parts))
  return encode(answered, decoded, passage, begun, parts)
}

/** Several that are one; each is counted by whoever counts requests. */
async function all(together: Together, { request, protocol }: Passage, who: Who, inside: Inside): Promise<Response> {
  const { parts, running } = inside
  for (const _ of together.parts.slice(1)) await parts.identify(request.headers)
  const one = async (part: Request, { within, kept }: Pick<Passage, 'within' | 'kept'>): Promise<Response> =>
    decodeAndAnswer({ request: part, protocol, times: noTimes(), who, problem: undefined, within, kept }, who, parts.now(), inside)
  const ask = (kept: Kept | undefined): Promise<Response> =>
    answerTogether(together, kept, { one, transact: parts.database.transaction, timeout: parts.limits.functionTimeout })
  return together.once === undefined ? ask(undefined) : running(keptOf(together.once, who), ask)
}

const isQuestion = (decoded: Decoded<unknown> | Response): decoded is Decoded<unknown> => 'question' in decoded

function encode(
  answer: Answer,
  decoded: Decoded<unknown>,
  { request, protocol, times }: Passage,
  begun: number,
  parts: PathParts,
): Response {
  const arrived = parts.now()
  times.run = arrived - begun - times.weave - times.plan - times.compile
  const response = protocol.encode(answer, decoded.format, request)
  times.encode = parts.now() - arrived
  return response
}

function finish(response: Response, { request, protocol, who, problem, times }: Passage, parts: PathParts): Response {
  parts.observe({ request, response, protocol: protocol.name, who, problem, times })
  return response
}

function failure(error: unknown, passage: Passage): Response {
  passage.problem = error instanceof Problem ? error : new Problem('XX000', 'Something went wrong inside', { cause: error })
  return passage.protocol.fail(passage.problem, passage.request)
}

// ── Statements by shape ──

/** So many shapes are kept for one query object: one for each profile of askers. */
const MOST_PROFILES = 1000

/** Query and asker → the statement, made once per query object and profile. */
function createStatements({ rules, database, limits, now }: PathParts): (query: Read | Write, who: Who, times: Times) => Statement {
  const known = new WeakMap<Read | Write, Map<string, Statement>>()
  return (query, who, times) => {
    const profile = rules.profile(who)
    let ofQuery = known.get(query)
    if (ofQuery === undefined) known.set(query, (ofQuery = new Map()))
    const statement = ofQuery.get(profile)
    if (statement !== undefined) return statement
    const made = makeStatement(query, who, times)
    if (ofQuery.size >= MOST_PROFILES) ofQuery.clear()
    ofQuery.set(profile, made)
    return made
  }

  function makeStatement(query: Read | Write, who: Who, times: Times): Statement {
    const start = now()
    const woven = weave(query, rules, who, limits)
    const wovenAt = now()
    const planned = plan(woven)
    const plannedAt = now()
    const statement = database.compile(planned)
    times.weave = wovenAt - start
    times.plan = plannedAt - wovenAt
    times.compile = now() - plannedAt
    return statement
  }
}
