/**
 * Runs every rule and check of a schema once, with stand-ins, and gives what they say in the query language.
 *
 * 1. A rule that cannot be recorded stops the start, with its name, its line and the way out; all of them at once.
 * 2. Nothing of a rule runs again: what it read besides `row` and `who` is fixed from then on.
 */
import { Problem } from '../errors.ts'
import { parsePattern } from '../query/pattern.ts'
import type { Condition } from '../query/query.ts'
import type { Backend } from '../schema/backend.ts'
import { KeyPlaces } from '../schema/key-places.ts'
import { NO_DOUBTS, type Doubts } from '../schema/doubts.ts'
import { examine, type Examined } from '../schema/load.ts'
import { placeOf, sourceOf, type Place } from '../schema/place.ts'
import type { Check, FunctionEntry, Operation, RuleFunction, RuleSource, Schema, Table, Verdict } from '../schema/schema.ts'
import { Troubles } from '../schema/trouble.ts'
import { Misuse, Recording } from './recording.ts'
import { StandIns } from './stand-ins.ts'

export type TableConditions<Name extends string> = ReadonlyMap<string, ReadonlyMap<Name, Condition>>

export interface Recorded {
  /** Table → operation → the condition. */
  readonly rules: TableConditions<Operation>
  /** Table → column → operation → the condition. */
  readonly columns: ReadonlyMap<string, TableConditions<'read' | 'write'>>
  /** Table → the check's name → the condition. */
  readonly checks: TableConditions<string>
  /** Function → who may call it. */
  readonly functions: ReadonlyMap<string, Condition>
}

/** Throws a `LoadFailure` with every rule that cannot be recorded. */
export const record = (schema: Schema): Recorded => recordAll({ schema, troubles: new Troubles(), doubts: NO_DOUBTS })

/**
 * A backend's schema and rules; throws a `LoadFailure` with every mistake of both.
 * @example const { schema, recorded } = readBackend(plinth({ tables: { notes: table({ words: text() }) } }))
 */
export function readBackend(backend: Backend): { readonly schema: Schema; readonly recorded: Recorded } {
  const examined = examine(backend)
  return { schema: examined.schema, recorded: recordAll(examined) }
}

function recordAll({ schema, troubles, doubts }: Examined): Recorded {
  const recorder = new Recorder(schema, troubles, doubts)
  const rules = mapped(schema.access, (access, table) => recorder.rules(table, access.rules))
  const columns = mapped(schema.access, (access, table) => mapped(access.columns, (of, column) => recorder.columnRules(table, column, of)))
  const checks = mapped(schema.tables, (table) => recorder.checks(table))
  const functions = mapped(schema.functions, (entry) => recorder.allow(entry))
  for (const table of schema.tables.values()) judgePatterns(table, troubles)
  troubles.stop(recorder.unsure ? ['rules'] : [])
  return Object.freeze({ rules, columns, checks, functions })
}

const mapped = <A, B>(of: ReadonlyMap<string, A>, make: (value: A, name: string) => B): ReadonlyMap<string, B> =>
  new Map(Array.from(of, ([name, value]) => [name, make(value, name)]))

/** A rule's name for people; and where it stands, asked only of a rule that never touched its stand-ins. */
interface RulePlace {
  readonly name: string
  readonly where: () => Place | undefined
}

const CHANGES: readonly Operation[] = ['insert', 'update', 'delete']

class Recorder {
  readonly #schema: Schema
  readonly #troubles: Troubles
  readonly #places: KeyPlaces
  readonly #doubts: Doubts
  /** A complaint was left out, because it may come of another mistake. */
  unsure = false

  constructor(schema: Schema, troubles: Troubles, doubts: Doubts) {
    this.#schema = schema
    this.#troubles = troubles
    this.#doubts = doubts
    const [access] = schema.access.values()
    this.#places = new KeyPlaces(placeOf(access), () =>
      Array.from(schema.tables.values(), ({ columns }) => placeOf([...columns.values()][0])),
    )
  }

  rules(table: string, sources: ReadonlyMap<Operation, RuleSource>): ReadonlyMap<Operation, Condition> {
    const once = new Map<RuleSource, Condition>()
    for (const source of sources.values()) {
      const names = [...sources].filter(([, other]) => other === source).map(([name]) => name)
      if (!once.has(source)) once.set(source, this.#rule(['access', table, saidOnce(names)], this.#table(table), source))
    }
    return new Map(Array.from(sources, ([name, source]) => [name, once.get(source) ?? NEVER]))
  }

  columnRules(table: string, column: string, sources: ReadonlyMap<'read' | 'write', RuleSource>): ReadonlyMap<'read' | 'write', Condition> {
    return new Map(
      Array.from(sources, ([name, source]) => [name, this.#rule(['access', table, 'columns', column, name], this.#table(table), source)]),
    )
  }

  checks(table: Table): ReadonlyMap<string, Condition> {
    return new Map(table.checks.map((check) => [check.name, this.#check(table, check)]))
  }

  /** Who may call a function: a condition on who asks alone. */
  allow(entry: FunctionEntry): Condition {
    const { name, allow: source } = entry
    if (typeof source !== 'function') return verdict(source)
    const noRow = (recording: Recording): object =>
      recording.standIn('row', {}, () => {
        throw new Misuse('It asks about a row, and a function has none.', 'Ask about who alone: ({ who }) => who.has(…).')
      })
    const place: RulePlace = {
      name: `functions.${name}.allow`,
      where: () => this.#places.of(['functions', name, 'allow']) ?? placeOf(entry),
    }
    return this.#run(place, source, (stands, recording) => ({ row: noRow(recording), who: stands.who() }))
  }

  #table(name: string): Table {
    const table = this.#schema.tables.get(name)
    if (table === undefined) throw new Error(`there are rules for "${name}", which is no table`)
    return table
  }

  #rule(path: readonly string[], table: Table, source: RuleSource): Condition {
    if (typeof source !== 'function') return verdict(source)
    const place: RulePlace = { name: path.join('.'), where: () => this.#places.of(path) }
    return this.#run(place, source, (stands) => ({ row: stands.row(table), who: stands.who() }))
  }

  #check(table: Table, check: Check): Condition {
    const { name, rule: source } = check
    const said = `tables.${table.name}.check(${name.startsWith(`${table.name}_`) ? name.slice(table.name.length + 1) : name})`
    if (typeof source !== 'function') return verdict(source)
    const nobody = (recording: Recording): object =>
      recording.standIn('who', {}, () => {
        throw new Misuse('A check asks who asks.', 'A check is about the row alone; put this into an access rule.')
      })
    const place: RulePlace = { name: said, where: () => placeOf(check) }
    return this.#run(place, source, (stands, recording) => ({ row: stands.checkedRow(table), who: nobody(recording) }))
  }

  #run(place: RulePlace, source: RuleFunction, asked: (stands: StandIns, recording: Recording) => { row: object; who: object }): Condition {
    const recording = new Recording()
    try {
      // The types of a rule are for whoever writes it; a stand-in takes the place of each.
      const given = source(asked(new StandIns(this.#schema, recording), recording) as never)
      judgeSource(source, recording)
      return recording.finish(given)
    } catch (error) {
      if (this.#isDoubtful(error, recording)) this.unsure = true
      else this.#complain(place, error)
      return NEVER
    }
  }

  /** Of a name that is not there, what matters is whether it may be missing; of anything else, what the rule was given. */
  #isDoubtful(error: unknown, { met }: Recording): boolean {
    const { column, lacks } = this.#doubts
    if (met.some(({ table, name }) => lacks(table, name))) return true
    const isMissing = error instanceof Misuse && error.missing
    return !isMissing && met.some(({ table, name }) => column(table, name))
  }

  #complain({ name, where }: RulePlace, error: unknown): void {
    const at = error instanceof Misuse ? (error.place ?? undefined) : error instanceof Error ? { stack: error.stack ?? '' } : undefined
    const place = sourceOf(at) === undefined ? where() : at
    if (error instanceof Misuse) return this.#troubles.add(name, error.message, error.fix, place)
    this.#troubles.add(
      name,
      `The rule throws: ${error instanceof Error ? error.message : String(error)}.`,
      'A rule runs once, with stand-ins for the row and for who asks: compare their columns, and nothing else.',
      place,
    )
  }
}

/** In place of a rule that was complained of; the start is stopped, so nobody meets it. */
const NEVER: Condition = Object.freeze({ kind: 'constant', value: false })

const saidOnce = (operations: readonly Operation[]): string =>
  CHANGES.every((change) => operations.includes(change)) ? (operations.includes('read') ? 'read' : 'write') : (operations[0] ?? 'read')

function verdict(given: Verdict): Condition {
  switch (given.verdict) {
    case 'anyone':
      return Object.freeze({ kind: 'constant', value: true })
    case 'signedIn':
      return Object.freeze({ kind: 'signedIn' })
    case 'role':
      return Object.freeze({ kind: 'has', role: given.role })
  }
}

const NO_CODE = /\/\*[^]*?\*\/|\/\/[^\n]*|'(?:\\[^]|[^'\\])*'|"(?:\\[^]|[^"\\])*"|`(?:\\[^]|[^`\\])*`/g

/** `a || b` gives `a` and never makes `b`, so that nothing else could tell of it. */
function judgeSource(source: RuleFunction, recording: Recording): void {
  if (Function.prototype.toString.call(source).replace(NO_CODE, '').includes('||')) {
    throw new Misuse(
      'It uses ||, which takes the first condition and drops the second.',
      'Write a.or(b); for a default of a plain value, write ?? instead.',
      recording.last,
    )
  }
}

function judgePatterns(table: Table, troubles: Troubles): void {
  for (const column of table.columns.values()) {
    const { name, pattern } = column
    if (pattern === undefined) continue
    try {
      parsePattern(pattern)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      troubles.add(
        `tables.${table.name}.${name}`,
        `Its pattern "${pattern}" cannot be kept on every database: ${error.message}.`,
        error.hint ?? 'Write it in the subset of regular expressions that docs/ names.',
        placeOf(column),
      )
    }
  }
}
