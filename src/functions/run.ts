/**
 * Runs the functions of the file.
 *
 * 1. A `fn` is one transaction: it commits when its code is done and its result can be told, and not otherwise. Where
 *    another transaction got in its way it is run again, from its beginning.
 * 2. A function that is called by a `fn` is a part of the same transaction, undone alone where it fails.
 * 3. Every function has a deadline. What its code does after the end is refused.
 */
import { Problem } from '../errors.ts'
import type { Message, Replied, Returned } from '../query/ask.ts'
import type { Kept } from '../query/once.ts'
import type { SqlSyntax, Transact, Within } from '../query/transaction.ts'
import type { Who } from '../query/who.ts'
import type { FunctionEntry, Schema } from '../schema/schema.ts'
import { runCode, type Running } from './code.ts'
import { repliedBy, requestOf } from './endpoint.ts'
import type { Libraries, Send } from './env.ts'
import { readInput } from './input.ts'
import { outsideCall, placeNow } from './outside.ts'
import { toJson } from './result.ts'
import { tryAgain } from '../util/again.ts'

export interface FunctionParts {
  readonly schema: Schema
  readonly syntax: SqlSyntax
  readonly transact: Transact
  readonly send: Send
  /** Milliseconds that a function may take. */
  readonly transactionTimeout: number
  readonly actionTimeout: number
}

export interface FunctionCall {
  readonly entry: FunctionEntry
  readonly given: unknown
  /** What is given comes from a URL: its values are texts. */
  readonly textual: boolean
  /** All is done and told as ever, and then undone. */
  readonly rehearsal: boolean
  readonly who: Who
  readonly within: Within | undefined
  /** Its answer is kept, and given again. */
  readonly once: Kept | undefined
  /** Ends when nobody waits for the answer any more. */
  readonly gone?: AbortSignal
}

export type CallFunction = (call: FunctionCall) => Promise<Returned | Replied>

const DEEPEST = 10

export function createFunctions(parts: FunctionParts): CallFunction {
  let libraries: Promise<Libraries> | undefined
  return async (call) => {
    const { entry, given, textual, who, within, gone } = call
    const depth = (placeNow()?.depth ?? 0) + 1
    judgePlace(entry, within, depth)
    const input = entry.what === 'endpoint' ? undefined : await readInput(entry, given, textual)
    libraries ??= loadLibraries(parts)
    const until = performance.now() + (entry.what === 'fn' ? parts.transactionTimeout : parts.actionTimeout)
    const running: Running = { entry, who, within, send: parts.send, libraries: await libraries, depth, until, gone }
    if (entry.what === 'endpoint') return runEndpoint(running, given as Message) // what `endpoint` of a call says
    return entry.what === 'fn' ? runTransaction(running, input, call, parts) : runAction(running, input, call)
  }
}

function judgePlace({ what, name }: FunctionEntry, within: Within | undefined, depth: number): void {
  if (depth > DEEPEST) throw new Problem('too_deep', `Functions may call each other ${DEEPEST} deep at most`)
  if (what === 'action' && (placeNow()?.inTransaction === true || within !== undefined)) throw outsideCall(`The action ${name}`)
}

async function loadLibraries({ schema, syntax }: FunctionParts): Promise<Libraries> {
  const [{ createClient }, { openDb }] = await Promise.all([import('./client.ts'), import('./db/open.ts')])
  return { createClient, openDb: (within) => openDb(schema, syntax, within) }
}

const jsonOf = (running: Running, input: unknown): Promise<Returned> =>
  runCode(running, {
    given: () => ({ input }),
    tell(out, close) {
      close()
      return { kind: 'returned', json: toJson(running.entry.name, out) }
    },
  })

// ── Transactions ──

/** Thrown to undo what was only to be seen. */
class Rehearsed {
  readonly returned: Returned
  constructor(returned: Returned) {
    this.returned = returned
  }
}

type How = Pick<FunctionCall, 'rehearsal' | 'once'>

async function runTransaction(running: Running, input: unknown, { rehearsal, once }: How, parts: FunctionParts): Promise<Returned> {
  const { within, entry, until } = running
  const body = async (inner: Within): Promise<Returned> => {
    const run = (): Promise<Returned> => jsonOf({ ...running, within: inner }, input)
    const returned = once === undefined || rehearsal || entry.reads ? await run() : await runOnce(once, inner, run)
    if (rehearsal) throw new Rehearsed(returned)
    return returned
  }
  try {
    if (within !== undefined) return await within.part(body)
    return await tryAgain(() => parts.transact(body, { reads: entry.reads, timeout: parts.transactionTimeout }), isConflict, until)
  } catch (error) {
    if (error instanceof Rehearsed) return error.returned
    throw error
  }
}

/** An answer of nothing is kept as no JSON at all. */
async function runOnce(once: Kept, within: Within, run: () => Promise<Returned>): Promise<Returned> {
  const kept = await within.recall(once)
  if (kept !== undefined) return { kind: 'returned', json: kept === '' ? undefined : kept, replayed: true }
  const returned = await run()
  await within.keep(once, returned.json ?? '')
  return returned
}

const isConflict = (error: unknown): boolean => error instanceof Problem && error.code === '40001'

// ── Without a transaction ──

function runAction(running: Running, input: unknown, { rehearsal, once }: How): Promise<Returned> {
  if (once !== undefined) throw notOnce(running.entry.name)
  if (rehearsal) throw new Problem('0A000', `The action ${running.entry.name} cannot be undone`, { hint: 'Leave out Prefer: tx=rollback.' })
  return jsonOf(running, input)
}

const notOnce = (name: string): Problem =>
  new Problem('0A000', `The action ${name} is no transaction, so that nobody can promise to do it only once`, {
    hint: 'Leave out Idempotency-Key, and let the action send one with each fn that it calls.',
  })

const runEndpoint = (running: Running, message: Message): Promise<Replied> =>
  runCode(running, {
    given: ({ signal }) => ({ request: requestOf(message, signal) }),
    tell: (out, close) => repliedBy(running.entry.name, out, close),
  })
