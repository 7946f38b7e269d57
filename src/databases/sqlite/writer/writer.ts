/**
 * The main thread's end of the writer thread.
 *
 * 1. The thread is started by the first write, so that what only reads does not pay for it.
 * 2. Jobs of one turn of the event loop go over together.
 * 3. A thread that dies fails what was under way, and the next job starts another.
 */
import { Worker } from 'node:worker_threads'
import { Problem } from '../../../errors.ts'
import type { Schema } from '../../../schema/schema.ts'
import type { Connection, Named, SqlRow, SqlValue } from '../../sql/driver.ts'
import type { Outcome, Program } from '../../sql/write/program.ts'
import type { Done, Job, Task, Trouble, WriterOptions } from './messages.ts'

/** A folder away in the source, beside it in the bundle. */
const THREAD = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './writer-thread.js', import.meta.url)

interface Waiting {
  readonly resolve: (value: never) => void
  readonly reject: (error: unknown) => void
}

export class Writer {
  readonly #options: WriterOptions
  /** Called before anything is told of what was committed. */
  readonly #committed: () => void
  readonly #waiting = new Map<number, Waiting>()
  #thread: Worker | undefined
  #outgoing: Job[] = []
  #schema: Schema | undefined
  #last = 0

  constructor(options: WriterOptions, committed: () => void) {
    this.#options = options
    this.#committed = committed
  }

  write(program: Program): Promise<Outcome> {
    return this.#ask({ do: 'write', program })
  }

  /** Tells it whose constraints it will meet. */
  learn(schema: Schema): void {
    this.#schema = factsOf(schema)
    if (this.#thread !== undefined) this.#ask({ do: 'learn', schema: this.#schema }).catch(() => undefined)
  }

  /** A transaction that has the connection to itself: commits when `work` is done, rolls back when it throws. */
  async transaction<T>(work: (connection: Connection) => T | Promise<T>): Promise<T> {
    await this.#ask({ do: 'begin' })
    const result = await this.#within(work)
    await this.#ask({ do: 'end', commit: true })
    return result
  }

  async #within<T>(work: (connection: Connection) => T | Promise<T>): Promise<T> {
    try {
      return await work(this.#connection())
    } catch (error) {
      await this.#ask({ do: 'end', commit: false }).catch(() => undefined)
      throw error
    }
  }

  #connection(): Connection {
    const run = <T>(text: string, values: readonly SqlValue[], wants: 'rows' | 'count' | 'named'): Promise<T> =>
      this.#ask({ do: 'run', text, values, wants })
    return {
      prepare: (text) => ({
        rows: (values) => run<readonly SqlRow[]>(text, values, 'rows'),
        count: (values) => run<number>(text, values, 'count'),
      }),
      query: (text, values) => run<Named>(text, values, 'named'),
      execute: async (text) => void (await run(text, [], 'count')),
    }
  }

  async close(): Promise<void> {
    const thread = this.#thread
    if (thread === undefined) return
    await this.#ask({ do: 'close' }).catch(() => undefined)
    this.#thread = undefined
    await thread.terminate()
  }

  // ── Jobs ──

  #ask<T>(task: Task): Promise<T> {
    const id = (this.#last += 1)
    const answer = new Promise<T>((resolve, reject) => this.#waiting.set(id, { resolve, reject }))
    if (this.#outgoing.length === 0) setImmediate(() => this.#send())
    this.#outgoing.push({ ...task, id })
    return answer
  }

  #send(): void {
    const jobs = this.#outgoing
    this.#outgoing = []
    this.#started().postMessage(jobs)
  }

  #started(): Worker {
    if (this.#thread !== undefined) return this.#thread
    // Flags of the process may be of a kind that a thread cannot have.
    const thread = new Worker(THREAD, { workerData: this.#options, execArgv: ['--disable-warning=ExperimentalWarning'] })
    this.#thread = thread
    thread.on('message', (done: readonly Done[]) => this.#take(done))
    thread.on('error', (error) => this.#lost(thread, error))
    thread.on('exit', () => this.#lost(thread, undefined))
    if (this.#schema !== undefined) thread.postMessage([{ id: 0, do: 'learn', schema: this.#schema }])
    return thread
  }

  #take(all: readonly Done[]): void {
    this.#committed()
    for (const done of all) {
      const waiting = this.#waiting.get(done.id)
      this.#waiting.delete(done.id)
      if ('trouble' in done) waiting?.reject(problemOf(done.trouble))
      // Whoever asked knows what its task gives.
      else waiting?.resolve(done.value as never)
    }
  }

  #lost(thread: Worker, cause: unknown): void {
    if (this.#thread !== thread) return
    this.#thread = undefined
    const lost = [...this.#waiting.values()]
    this.#waiting.clear()
    const problem = new Problem('08006', 'The writer of the database ended', { headers: { 'Retry-After': '1' }, cause })
    for (const { reject } of lost) reject(problem)
  }
}

function problemOf({ kind, message, details, hint, headers, cause }: Trouble): Problem {
  return new Problem(kind, message, {
    ...(details !== null && { details }),
    ...(hint !== null && { hint }),
    ...(headers && { headers }),
    ...(cause !== undefined && { cause: causeOf(cause) }),
  })
}

/** From the other thread's stack, which begins with what it says. */
function causeOf(stack: string): Error {
  const [first = ''] = stack.split('\n', 1)
  return Object.assign(new Error(first.replace(/^\w*Error: /, '')), { stack })
}

/** The tables without what cannot go over: rules and checks are functions. */
function factsOf({ tables }: Schema): Schema {
  const plain = [...tables.values()].map((table) => ({
    ...table,
    checks: table.checks.map(({ name }) => ({ name, rule: { verdict: 'anyone' } as const })),
  }))
  return { tables: new Map(plain.map((table) => [table.name, table])), access: new Map(), functions: new Map() }
}
