/** The work of `plinth import`: which files go into which tables, in which order, and what is said about it. */
import { createReadStream, createWriteStream, readdirSync, statSync, type WriteStream } from 'node:fs'
import { once } from 'node:events'
import { basename, extname, join } from 'node:path'
import { Problem } from '../errors.ts'
import { open } from '../server.ts'
import { boundOf } from '../transfer/bound.ts'
import { findTable, importRows, type Imported, type ImportProgress, type Reject } from '../transfer/import.ts'
import { inFillingOrder } from '../transfer/order.ts'
import type { Format, Source } from '../transfer/rows.ts'
import { somebody } from '../transfer/somebody.ts'
import type { ImportArguments } from './commands/import.ts'
import { CommandFailure, endOnInterrupt, Exit, FAILED, MISUSED } from './exit.ts'
import { createLoader, findBackendFile } from './load-file.ts'
import { shortPath } from './paths.ts'
import { settingsOf } from './settings-for.ts'
import type { Progress, Terminal } from './terminal.ts'

interface Pair {
  readonly table: string
  readonly file: string
}
type Running = Awaited<ReturnType<typeof open>>

/** Rejects that are shown one by one; the rest are counted. */
const SHOWN = 20

export async function importFiles(what: readonly string[], options: ImportArguments, terminal: Terminal): Promise<void> {
  const pairs = pairsOf(what, options)
  pairs.forEach(({ file }) => file === '-' || statSync(file))
  endOnInterrupt(() => terminal.warn('Stopped. What was counted as inserted is in.'))
  const file = findBackendFile(options.backend)
  const backend = await createLoader(file).load()
  const running = await open(backend, { settings: settingsOf(backend, file, { ...process.env, PLINTH_LOG: 'off' }), allow: 'create' })
  try {
    await new Work(running, options, terminal).all(pairs)
  } finally {
    await running.stop()
  }
}

function pairsOf(what: readonly string[], options: ImportArguments): readonly Pair[] {
  if (what.every((one) => /^[^=]+=./.test(one))) return what.map(splitPair)
  const [first = '', second] = what
  if (second !== undefined && what.length === 2) return [{ table: first, file: second }]
  if (second === undefined && statSync(first, { throwIfNoEntry: false })?.isDirectory()) return inFolder(first, options.format)
  throw new CommandFailure(
    'It is not clear which file goes into which table.',
    'Write plinth import <table> <file>, several table=file, or a folder.',
    MISUSED,
  )
}

function splitPair(one: string): Pair {
  const at = one.indexOf('=')
  return { table: one.slice(0, at), file: one.slice(at + 1) }
}

const FORMATS: Readonly<Record<string, Format>> = { '.csv': 'csv', '.ndjson': 'ndjson', '.jsonl': 'ndjson' }

function inFolder(folder: string, format: Format | undefined): readonly Pair[] {
  const fits = (name: string): boolean => (format ? FORMATS[extname(name)] === format : extname(name) in FORMATS)
  const pairs = readdirSync(folder)
    .filter(fits)
    .map((name) => ({ table: basename(name, extname(name)), file: join(folder, name) }))
  if (pairs.length === 0) throw new CommandFailure(`There is no .csv or .ndjson file in ${shortPath(folder)}.`)
  return pairs
}

class Work {
  readonly #running: Running
  readonly #options: ImportArguments
  readonly #terminal: Terminal
  readonly #progress: Progress
  readonly #rejects: WriteStream | undefined
  #shown = 0
  #counts: Imported = { read: 0, inserted: 0, rejected: 0 }

  constructor(running: Running, options: ImportArguments, terminal: Terminal) {
    this.#running = running
    this.#options = options
    this.#terminal = terminal
    this.#progress = terminal.progress()
    this.#rejects = options.rejects === undefined ? undefined : createWriteStream(options.rejects)
  }

  async all(pairs: readonly Pair[]): Promise<void> {
    // Every name is looked at before the first row goes in.
    for (const { table } of pairs) findTable(this.#running.schema, table)
    const began = performance.now()
    const names = pairs.map(({ table }) => table)
    let event = 'stopped'
    try {
      for (const name of inFillingOrder(this.#running.schema, names)) {
        for (const pair of pairs.filter(({ table }) => table === name)) await this.#one(pair)
      }
      event = 'done'
    } finally {
      await this.#closeRejects()
      this.#sum(event, pairs, performance.now() - began)
    }
    if (this.#counts.rejected > 0) throw new Exit(FAILED)
  }

  async #one(pair: Pair): Promise<void> {
    const { as: id = null, asRole: roles = [], claims, batch } = this.#options
    const size = pair.file === '-' ? undefined : statSync(pair.file).size
    const who = id === null && roles.length === 0 ? undefined : somebody({ id, roles, claims })
    const began = performance.now()
    try {
      await importRows({
        ask: this.#running.ask,
        schema: this.#running.schema,
        table: pair.table,
        source: sourceOf(pair.file),
        format: this.#formatOf(pair.file),
        who,
        batch,
        onProgress: (progress) => this.#show(pair, progress, size, began),
        onReject: (reject) => this.#reject(pair, reject),
        onEnd: (counts) => this.#ended(pair, counts),
      })
    } catch (error) {
      throw error instanceof Problem ? inFile(pair, error) : error
    }
  }

  #ended(pair: Pair, counts: Imported): void {
    this.#progress.end()
    this.#add(counts)
    this.#terminal.say(`${pair.table}: ${rows(counts.inserted)}${counts.rejected > 0 ? `, ${number(counts.rejected)} rejected` : ''}`)
    this.#terminal.tell({ event: 'table', table: pair.table, file: pair.file, ...counts })
  }

  #formatOf(file: string): Format {
    const format = this.#options.format ?? (file === '-' ? 'csv' : FORMATS[extname(file)])
    if (format !== undefined) return format
    throw new CommandFailure(`The format of ${file} is not clear from its name.`, 'Say --format csv or --format ndjson.', MISUSED)
  }

  #show({ table, file }: Pair, progress: ImportProgress, size: number | undefined, began: number): void {
    const perSecond = Math.round(progress.inserted / Math.max((performance.now() - began) / 1000, 0.001))
    this.#progress.show(`${table}: ${rows(progress.inserted)}, ${number(perSecond)} a second`, size ? progress.bytes / size : undefined, {
      table,
      file,
      ...progress,
    })
  }

  async #reject({ file }: Pair, { table, line, problem, row }: Reject): Promise<void> {
    const details = problem.details ?? boundOf(findTable(this.#running.schema, table), problem)
    const said = { file, table, line, code: problem.code, message: problem.message, details, row }
    this.#terminal.tell({ event: 'reject', ...said })
    if (++this.#shown <= SHOWN) {
      this.#progress.end()
      this.#terminal.warn(
        `${file}:${line}  ${problem.code}  ${problem.message}${details ? `${/[.!?]$/.test(problem.message) ? '' : '.'} ${details}` : ''}`,
      )
    }
    if (this.#rejects?.write(`${JSON.stringify(said)}\n`) === false) await once(this.#rejects, 'drain')
  }

  #add({ read, inserted, rejected }: Imported): void {
    const before = this.#counts
    this.#counts = { read: before.read + read, inserted: before.inserted + inserted, rejected: before.rejected + rejected }
  }

  async #closeRejects(): Promise<void> {
    if (this.#rejects === undefined) return
    this.#rejects.end()
    await once(this.#rejects, 'finish')
  }

  #sum(event: string, pairs: readonly Pair[], milliseconds: number): void {
    const { inserted, rejected, read } = this.#counts
    const seconds = milliseconds / 1000
    this.#terminal.tell({ event, read, inserted, rejected, seconds })
    if (pairs.length > 1) this.#terminal.say(`All: ${rows(inserted)} of ${number(read)} in ${seconds.toFixed(1)} s`)
    if (rejected > SHOWN)
      this.#terminal.warn(`… and ${number(rejected - SHOWN)} more${this.#rejects ? '' : '; --rejects <file> keeps them all'}.`)
    if (rejected > 0)
      this.#terminal.warn(
        `${rejected === 1 ? 'One row was' : `${number(rejected)} rows were`} rejected${this.#options.rejects ? ` and written to ${this.#options.rejects}` : ''}.`,
      )
  }
}

/** Several files may be read, and this one's lines are meant. */
const inFile = ({ file }: Pair, { kind, message, details, hint, cause }: Problem): Problem =>
  new Problem(kind, `${file}: ${message}`, { details: details ?? undefined, hint: hint ?? undefined, cause })

const number = (count: number): string => count.toLocaleString('en-US')
const rows = (count: number): string => (count === 1 ? '1 row' : `${number(count)} rows`)

const sourceOf = (file: string): Source => (file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 256 * 1024 }))
