/**
 * The work of the writer thread: takes jobs, carries them out on the one connection that writes, and gives what came of
 * each once it is on disk.
 *
 * 1. Programs that wait while a commit runs share the next one, each in a savepoint of its own: whatever becomes of one
 *    is nothing to the others.
 * 2. A commit that fails is undone, and each of its programs is carried out again alone, so that none has another's
 *    failure.
 * 3. A transaction that was begun has the connection to itself; all others wait until it ends.
 * 4. After the disk failed in a write nothing more is written: what is on disk is not known.
 */
import type { DatabaseSync } from 'node:sqlite'
import { Problem } from '../../../errors.ts'
import type { Named, SqlRow } from '../../sql/driver.ts'
import { carryOut, drive, type Asked } from '../../sql/write/carry-out.ts'
import type { Outcome, Program } from '../../sql/write/program.ts'
import { sqliteBinding } from '../binding.ts'
import { isBusy, isDiskFailure, toProblem } from '../errors.ts'
import type { Statements } from '../statements.ts'
import type { Done, Job, Task, Trouble } from './messages.ts'

export interface GroupParts {
  readonly database: DatabaseSync
  readonly statements: Statements
  readonly lockTimeout: number
  /** Jobs that have come in meanwhile; undefined where there are none. */
  readonly more: () => readonly Job[] | undefined
  readonly give: (done: readonly Done[]) => void
  readonly learn: (schema: Extract<Task, { do: 'learn' }>['schema']) => void
  readonly close: () => void
}

type Write = Extract<Job, { do: 'write' }>

/** So long a commit waits for more programs at most, and so many share it. */
const LONGEST = 20
const MOST = 1000

export class Group {
  readonly #parts: GroupParts
  readonly #waiting: Job[] = []
  /** A transaction was begun and has not ended. */
  #open = false
  #diskFailed = false

  constructor(parts: GroupParts) {
    this.#parts = parts
  }

  /** Does all that can be done now. */
  take(jobs: readonly Job[]): void {
    this.#add(jobs)
    for (let job = this.#next(); job !== undefined; job = this.#next()) {
      if (job.do === 'write') this.#writeTogether(job)
      else this.#parts.give([this.#do(job)])
    }
  }

  /** What belongs to the open transaction does not wait in line. */
  #add(jobs: readonly Job[]): void {
    for (const job of jobs) {
      if (job.do === 'run' || job.do === 'end') this.#parts.give([this.#do(job)])
      else this.#waiting.push(job)
    }
  }

  #next(): Job | undefined {
    return this.#open ? undefined : this.#waiting.shift()
  }

  #do(job: Exclude<Job, Write>): Done {
    const { id } = job
    try {
      return { id, value: this.#value(job) }
    } catch (error) {
      return { id, trouble: this.#troubleOf(error) }
    }
  }

  #value(job: Exclude<Job, Write>): readonly SqlRow[] | Named | number | undefined {
    switch (job.do) {
      case 'begin':
        this.#begin()
        this.#open = true
        return undefined
      case 'run':
        return this.#run(job)
      case 'end':
        this.#end(job.commit)
        return undefined
      case 'learn':
        this.#parts.learn(job.schema)
        return undefined
      case 'close':
        this.#parts.close()
        return undefined
    }
  }

  #run({ text, values, wants }: Extract<Job, { do: 'run' }>): readonly SqlRow[] | Named | number {
    return wants === 'named' ? this.#parts.statements.query(text, values) : this.#send({ text, values, counted: wants === 'count' })
  }

  #end(commit: boolean): void {
    this.#open = false
    const { database } = this.#parts
    // An error may have ended it already.
    if (!database.isTransaction) {
      if (commit) throw new Problem('40001', 'The transaction has been undone')
      return
    }
    if (!commit) return database.exec('ROLLBACK')
    try {
      database.exec('COMMIT')
    } catch (error) {
      this.#undo()
      throw error
    }
  }

  // ── Programs ──

  #writeTogether(first: Write): void {
    const until = performance.now() + LONGEST
    const done: Done[] = []
    const written: Write[] = []
    try {
      this.#begin()
    } catch (error) {
      return this.#parts.give([{ id: first.id, trouble: this.#troubleOf(error) }])
    }
    try {
      for (let job: Write | undefined = first; job !== undefined; job = this.#nextWrite(written.length, until)) {
        written.push(job)
        done.push(this.#carryOut(job))
      }
      this.#parts.database.exec('COMMIT')
    } catch (error) {
      this.#undo()
      return this.#afterFailure(written, error)
    }
    this.#parts.give(done)
  }

  /** The next program, if one waits in front of all else. */
  #nextWrite(taken: number, until: number): Write | undefined {
    if (taken >= MOST || performance.now() > until) return undefined
    if (this.#waiting.length === 0) this.#add(this.#parts.more() ?? [])
    const [next] = this.#waiting
    if (next?.do !== 'write') return undefined
    this.#waiting.shift()
    return next
  }

  /** Throws where SQLite gave up the whole transaction, and with it what others have written in it. */
  #carryOut({ id, program }: Write): Done {
    const { database } = this.#parts
    database.exec('SAVEPOINT plinth_write')
    try {
      const value = this.#outcomeOf(program)
      database.exec(program.rehearsal ? 'ROLLBACK TO plinth_write; RELEASE plinth_write' : 'RELEASE plinth_write')
      return { id, value }
    } catch (error) {
      if (!database.isTransaction) throw error
      database.exec('ROLLBACK TO plinth_write; RELEASE plinth_write')
      return { id, trouble: this.#troubleOf(error) }
    }
  }

  #outcomeOf(program: Program): Outcome {
    return drive(carryOut(program, sqliteBinding.keys), (asked) => this.#send(asked))
  }

  #send({ text, values, counted }: Asked): readonly SqlRow[] | number {
    const prepared = this.#parts.statements.prepare(text)
    // Both answer at once on this thread.
    return (counted ? prepared.count(values) : prepared.rows(values)) as readonly SqlRow[] | number
  }

  /** One alone is told why; several are carried out again, each with a commit of its own. */
  #afterFailure(written: readonly Write[], error: unknown): void {
    const trouble = this.#troubleOf(error)
    if (written.length === 1 || this.#diskFailed) return this.#parts.give(written.map(({ id }) => ({ id, trouble })))
    for (const job of written) this.#parts.give([this.#writeAlone(job)])
  }

  #writeAlone(job: Write): Done {
    try {
      this.#begin()
      const done = this.#carryOut(job)
      this.#parts.database.exec('COMMIT')
      return done
    } catch (error) {
      this.#undo()
      return { id: job.id, trouble: this.#troubleOf(error) }
    }
  }

  // ── The connection ──

  /** Takes the write lock, and waits for another process that has it. */
  #begin(): void {
    if (this.#diskFailed)
      throw new Problem('08006', 'The disk failed in an earlier write', { hint: 'Look at the disk, then start the server again.' })
    const until = performance.now() + this.#parts.lockTimeout
    for (let pause = 2; ; pause = Math.min(pause * 2, 50)) {
      try {
        return this.#parts.database.exec('BEGIN IMMEDIATE')
      } catch (error) {
        if (!isBusy(error) || performance.now() > until) throw error
      }
      sleepHere(pause)
    }
  }

  #undo(): void {
    if (this.#parts.database.isTransaction) this.#parts.database.exec('ROLLBACK')
  }

  #troubleOf(error: unknown): Trouble {
    if (isDiskFailure(error)) this.#diskFailed = true
    const { kind, message, details, hint, headers, cause } = toProblem(error)
    return { kind, message, details, hint, headers, cause: cause instanceof Error ? (cause.stack ?? cause.message) : undefined }
  }
}

const nobody = new Int32Array(new SharedArrayBuffer(4))
/** This thread has nothing else to do. */
const sleepHere = (milliseconds: number): void => void Atomics.wait(nobody, 0, 0, milliseconds)
