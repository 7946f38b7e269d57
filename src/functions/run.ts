/**
 * Runs the functions of the file.
 *
 * 1. A `fn` is one transaction: it commits when its code is done and its result can be told, and not otherwise. Where
 *    another transaction got in its way it is run again, from its beginning.
 * 2. A function that is called by a `fn` is a part of the same transaction, undone alone where it fails.
 * 3. Every function has a deadline. What its code does after the end is refused.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '../errors.ts'
import type { Returned } from '../query/ask.ts'
import type { SqlSyntax, Transact, Within } from '../query/transaction.ts'
import type { Who } from '../query/who.ts'
import type { FunctionEntry, Schema } from '../schema/schema.ts'
import { ended, openEnv, type Libraries, type Send } from './env.ts'
import { readInput } from './input.ts'
import { outsideCall, placeNow, standing } from './outside.ts'
import { toJson } from './result.ts'

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
  /** Ends when nobody waits for the answer any more. */
  readonly gone?: AbortSignal
}

export type CallFunction = (call: FunctionCall) => Promise<Returned>

/** How often a `fn` is begun anew that another transaction got in the way of. */
const TRIES = 8
const DEEPEST = 10

export function createFunctions(parts: FunctionParts): CallFunction {
  let libraries: Promise<Libraries> | undefined
  return async (call) => {
    const { entry, given, textual } = call
    const place = placeNow()
    if ((place?.depth ?? 0) >= DEEPEST) throw new Problem('too_deep', `Functions may call each other ${DEEPEST} deep at most`)
    if (entry.what === 'action' && (place?.inTransaction === true || call.within !== undefined))
      throw outsideCall(`The action ${entry.name}`)
    const input = await readInput(entry, given, textual)
    libraries ??= loadLibraries(parts)
    const running: Running = { ...call, input, parts, libraries: await libraries, depth: (place?.depth ?? 0) + 1 }
    return entry.what === 'fn' ? runTransaction(running) : runAction(running)
  }
}

async function loadLibraries({ schema, syntax }: FunctionParts): Promise<Libraries> {
  const [{ createClient }, { openDb }] = await Promise.all([import('./client.ts'), import('./db/open.ts')])
  return { createClient, openDb: (within) => openDb(schema, syntax, within) }
}

interface Running extends FunctionCall {
  readonly input: unknown
  readonly parts: FunctionParts
  readonly libraries: Libraries
  readonly depth: number
}

// ── Transactions ──

/** Thrown to undo what was only to be seen. */
class Rehearsed {
  readonly returned: Returned
  constructor(returned: Returned) {
    this.returned = returned
  }
}

async function runTransaction(running: Running): Promise<Returned> {
  const { parts, within, entry } = running
  const until = performance.now() + parts.transactionTimeout
  const body = (inner: Within): Promise<Returned> => rehearsed(running, runCode(running, inner, until))
  try {
    if (within !== undefined) return await within.part(body)
    return await tryAgain(() => parts.transact(body, { reads: entry.reads, timeout: parts.transactionTimeout }), until)
  } catch (error) {
    if (error instanceof Rehearsed) return error.returned
    throw error
  }
}

async function rehearsed({ rehearsal }: Running, done: Promise<Returned>): Promise<Returned> {
  const returned = await done
  if (rehearsal) throw new Rehearsed(returned)
  return returned
}

async function tryAgain<T>(work: () => Promise<T>, until: number): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await work()
    } catch (error) {
      const pause = Math.random() * 5 * 2 ** tried
      if (!isConflict(error) || tried === TRIES || performance.now() + pause > until) throw error
      await sleep(pause)
    }
  }
}

const isConflict = (error: unknown): boolean => error instanceof Problem && error.code === '40001'

// ── Actions ──

function runAction(running: Running): Promise<Returned> {
  if (running.rehearsal)
    throw new Problem('0A000', `The action ${running.entry.name} cannot be undone`, { hint: 'Leave out Prefer: tx=rollback.' })
  return runCode(running, undefined, performance.now() + running.parts.actionTimeout)
}

// ── The code ──

async function runCode(
  { entry, who, input, parts, libraries, depth, gone }: Running,
  within: Within | undefined,
  until: number,
): Promise<Returned> {
  const { env, close, meaning } = openEnv({ who, within, ...(gone && { gone }) }, parts.send, libraries)
  const late = deadline(entry, until)
  late.reached.catch(close)
  // Whoever wrote it typed it by what it is given.
  const run = entry.run as (call: object) => unknown
  try {
    const work = async (): Promise<unknown> => run({ ...env, input })
    const out = await Promise.race([standing({ depth, inTransaction: within !== undefined }, work), late.reached])
    return { kind: 'returned', json: toJson(entry.name, out) }
  } catch (error) {
    throw meaning(error)
  } finally {
    late.clear()
    close(ended())
  }
}

interface Deadline {
  readonly reached: Promise<never>
  readonly clear: () => void
}

function deadline({ name, what }: FunctionEntry, until: number): Deadline {
  const { promise: reached, reject } = Promise.withResolvers<never>()
  const hint = `Let it do less, or raise PLINTH_${what === 'fn' ? 'FUNCTION' : 'ACTION'}_TIMEOUT.`
  const late = (): void => reject(new Problem('57014', `The function ${name} took too long and was stopped`, { hint }))
  const timer = setTimeout(late, Math.max(0, until - performance.now()))
  reached.catch(() => undefined)
  return { reached, clear: () => clearTimeout(timer) }
}
