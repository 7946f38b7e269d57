/**
 * Stand-ins for `row` and `who`: a rule is called once with them, and every comparison becomes a condition of the
 * query language. Their types, for whoever writes a rule, are in `schema/expression.ts`.
 *
 * To add a comparison: its signature there, its line in `comparisons` here.
 */
import { Problem } from '../errors.ts'
import { checkLike } from '../query/like.ts'
import type { Comparison, Condition, Field, Operand, WhoField } from '../query/query.ts'
import { didYouMean } from '../schema/names.ts'
import { here } from '../schema/place.ts'
import type { Column, Relation, Schema, Table, Type } from '../schema/schema.ts'
import { describeType } from '../schema/value.ts'
import { literalList, literalOf, type Against } from './literal.ts'
import { Misuse, together, type Recording, type RowMark } from './recording.ts'

/** A column or a claim behind its stand-in. */
interface Subject extends Against {
  readonly operand: Field | WhoField
  readonly rows: ReadonlySet<RowMark>
}

/** A row being looked at: its table, the walk that leads to it, and whose row it is. */
interface Spot {
  readonly table: Table
  readonly path: readonly Relation[]
  readonly mark: RowMark
  readonly said: string
}

/** What stands for no value, when it is compared with one: what it is, and what to compare in its place. */
interface Other {
  readonly is: string
  readonly fix: (left: Subject) => string
}

const ORDERED: ReadonlySet<string> = new Set(['text', 'exact', 'float', 'timestamp', 'date', 'time', 'any'])
const NOWHERE: ReadonlySet<RowMark> = new Set()

/** Types of one group compare with each other; `any` is a claim's. */
function groupOf(type: Type | undefined): string {
  if (type === undefined) return 'any'
  if (type.kind === 'array') return `${groupOf(type.of)}[]`
  return type.kind === 'integer' || type.kind === 'decimal' ? 'exact' : type.kind
}

const named = (relation: Relation): { name: string } => ({ name: relation.name })

export class StandIns {
  readonly #schema: Schema
  readonly #recording: Recording
  readonly #subjects = new WeakMap<object, Subject>()
  /** What stands for no value: `who`, and rows. */
  readonly #others = new WeakMap<object, Other>()

  constructor(schema: Schema, recording: Recording) {
    this.#schema = schema
    this.#recording = recording
  }

  /** The row that a rule is about. */
  row(table: Table): object {
    return this.#row({ table, path: [], mark: { table: table.name }, said: 'row' })
  }

  /** The row in a check: its own columns alone. */
  checkedRow(table: Table): object {
    return this.row({ ...table, relations: new Map() })
  }

  who(): object {
    const seen = this.#recording.standIn('who', {
      id: this.#subject({ what: 'who.id', type: { kind: 'uuid' }, operand: { kind: 'who', claim: ['id'] }, rows: NOWHERE }),
      has: (role: unknown) => this.#has(role),
      claim: (...path: unknown[]) => this.#claim(path),
    })
    return this.#other(seen, { is: 'who, which is no value', fix: () => 'Compare with who.id, or with a claim.' })
  }

  #other(seen: object, other: Other): object {
    this.#others.set(seen, other)
    return seen
  }

  #has(role: unknown): object {
    if (typeof role !== 'string' || role === '') throw new Misuse('who.has() is asked about no role.', "Name it: who.has('staff').")
    return this.#recording.condition({ kind: 'has', role }, NOWHERE)
  }

  #claim(path: readonly unknown[]): object {
    const names = path.filter((name) => typeof name === 'string' && name !== '').map(String)
    if (names.length === 0 || names.length < path.length)
      throw new Misuse('who.claim() is asked for no claim.', "Name it, by its path: who.claim('app_metadata', 'team').")
    if (names.join() === 'id') throw new Misuse("who.claim('id') is asked for.", 'The id of who asks is who.id.')
    return this.#subject({
      what: `who.claim(${names.map((name) => `'${name}'`).join(', ')})`,
      type: undefined,
      operand: { kind: 'who', claim: names },
      rows: NOWHERE,
    })
  }

  // ── Rows ──

  #row(spot: Spot): object {
    const { table, said } = spot
    const seen = this.#recording.standIn(said, {}, (name) => {
      const found = this.#member(spot, name)
      if (found === undefined)
        throw new Misuse(
          `"${table.name}" has no column and no relation "${name}".`,
          didYouMean(name, [...table.columns.keys(), ...table.relations.keys()]),
          here(),
          true,
        )
      // The trap gives what this gives; a stand-in that answers is not the `never` that a refusal is.
      return found as never
    })
    return this.#other(seen, {
      is: `${said}, which is a row of "${table.name}"`,
      fix: ({ type }) => `Compare with a column of it: ${said}.${alike(table, type)}.`,
    })
  }

  #member(spot: Spot, name: string): unknown {
    this.#recording.met.push({ table: spot.table.name, name })
    const column = spot.table.columns.get(name)
    if (column) return this.#column(spot, column)
    const relation = spot.table.relations.get(name)
    if (relation) return this.#related(spot, relation)
    return name === 'exists' && spot.path.length > 0 ? () => this.#exists(spot) : undefined
  }

  #related(spot: Spot, relation: Relation): object {
    const table = this.#schema.tables.get(relation.to)
    if (table === undefined) throw new Error(`relation ${relation.name} leads to no table`)
    const said = `${spot.said}.${relation.name}`
    return relation.many ? this.#many(spot, relation, table, said) : this.#row({ ...spot, table, path: [...spot.path, relation], said })
  }

  #exists({ path, mark }: Spot): object {
    const [last, ...before] = path.toReversed()
    if (last === undefined) throw new Error('a walk of no steps')
    return this.#recording.condition(
      walked(before.toReversed(), { kind: 'related', quantifier: 'some', relation: named(last) }),
      new Set([mark]),
    )
  }

  #many(spot: Spot, relation: Relation, table: Table, said: string): object {
    const ask = (quantifier: 'some' | 'every' | 'none') => (test: unknown) => this.#quantified(spot, relation, table, quantifier, test)
    const unknown = (name: string): never => {
      throw new Misuse(`${said} is several rows, and has no "${name}".`, `Ask ${said}.some((one) => …), .every(…) or .none(…).`)
    }
    const seen = this.#recording.standIn(said, { some: ask('some'), every: ask('every'), none: ask('none') }, unknown)
    return this.#other(seen, {
      is: `${said}, which is several rows of "${table.name}"`,
      fix: ({ type }) => `Ask about the rows instead: ${said}.some((one) => one.${alike(table, type)}.is(…)).`,
    })
  }

  #quantified(spot: Spot, relation: Relation, table: Table, quantifier: 'some' | 'every' | 'none', test: unknown): object {
    if (typeof test !== 'function')
      throw new Misuse(
        `.${quantifier}() takes a function of the related row.`,
        `Write .${quantifier}((one) => one.${[...table.columns.keys()][0] ?? 'id'}.is(…)).`,
      )
    const mark = { table: table.name }
    const { node, rows } = this.#recording.take(
      test(this.#row({ table, path: [], mark, said: 'it' })),
      `.${quantifier}() wants a condition of its function, and got`,
    )
    if ([...rows].some((other) => other !== mark))
      throw new Misuse(
        `.${quantifier}() asks about another row than the related one.`,
        'Ask about that row outside, with .and(); or walk to it from the related row.',
      )
    return this.#recording.condition(
      walked(spot.path, { kind: 'related', quantifier, relation: named(relation), where: node }),
      new Set([spot.mark]),
    )
  }

  // ── Comparisons ──

  #column(spot: Spot, column: Column): object {
    const operand: Field = { kind: 'field', path: spot.path.map(named), name: column.name }
    return this.#subject({
      what: `${spot.said}.${column.name}`,
      type: column.type,
      words: column.values,
      operand,
      rows: new Set([spot.mark]),
    })
  }

  #subject(subject: Subject): object {
    const { what, type } = subject
    const unknown = (name: string): never => {
      throw new Misuse(`${what} is ${type ? describeType(type) : 'a claim'}, and has no "${name}".`, didYouMean(name, Object.keys(members)))
    }
    const members = this.#comparisons(subject)
    const seen = this.#recording.standIn(what, members, unknown)
    this.#subjects.set(seen, subject)
    return seen
  }

  #comparisons(subject: Subject): Readonly<Record<string, unknown>> {
    const group = groupOf(subject.type)
    const isNull = (): object => this.#made(subject, { kind: 'is', left: subject.operand, is: 'null' })
    if (group === 'json') return { isNull, at: (...path: unknown[]) => this.#at(subject, path) }
    const compare = (op: Comparison) => (given: unknown) => this.#compare(subject, op, given)
    const within = (values: unknown): Condition => {
      this.#judgePlain(subject, values)
      return { kind: 'in', left: subject.operand, right: literalList(subject, values) }
    }
    return {
      is: compare('eq'),
      isNot: compare('neq'),
      in: (values: unknown) => this.#made(subject, within(values)),
      notIn: (values: unknown) => this.#made(subject, { kind: 'not', of: within(values) }),
      isNull,
      ...(ORDERED.has(group) && { above: compare('gt'), atLeast: compare('gte'), below: compare('lt'), atMost: compare('lte') }),
      ...((group === 'text' || group === 'any') && { like: this.#like(subject, 'like'), ilike: this.#like(subject, 'ilike') }),
      ...(subject.type?.kind === 'array' && { contains: (given: unknown) => this.#contains(subject, given) }),
    }
  }

  #made(subject: Subject, node: Condition): object {
    return this.#recording.condition(node, subject.rows)
  }

  #judgePlain(subject: Subject, values: unknown): void {
    for (const one of Array.isArray(values) ? values : [values]) {
      this.#judgeOther(subject, one)
      const column = isObject(one) ? this.#subjects.get(one) : undefined
      if (column)
        throw new Misuse(
          `A list for ${subject.what} holds ${column.what}.`,
          `Lists hold plain values: write .is(${column.what}), and join it with .or().`,
        )
    }
  }

  #judgeOther(left: Subject, given: unknown): void {
    if (!isObject(given)) return
    const other = this.#others.get(given)
    if (other) throw new Misuse(`${left.what} is compared with ${other.is}.`, other.fix(left))
    if (this.#recording.made(given))
      throw new Misuse(
        `${left.what} is compared with a condition.`,
        'Compare it with a value or a column, and join conditions with .and() and .or().',
      )
  }

  #compare(left: Subject, op: Comparison, given: unknown): object {
    this.#judgeOther(left, given)
    const right = isObject(given) ? this.#subjects.get(given) : undefined
    if (right === undefined) return this.#made(left, { kind: 'compare', op, left: left.operand, right: literalOf(left, given) })
    judgePair(left, right)
    return this.#recording.condition(
      { kind: 'compare', op, left: left.operand, right: right.operand satisfies Operand },
      together(left.rows, right.rows),
    )
  }

  #like(subject: Subject, op: 'like' | 'ilike') {
    return (pattern: unknown): object => {
      if (typeof pattern !== 'string') throw new Misuse(`${subject.what}.${op}() takes a pattern.`, `Write .${op}('%word%').`)
      judgeLike(subject, pattern)
      return this.#made(subject, {
        kind: 'compare',
        op,
        left: subject.operand,
        right: literalOf({ what: subject.what, type: { kind: 'text' } }, pattern),
      })
    }
  }

  #contains(subject: Subject, given: unknown): object {
    this.#judgePlain(subject, given)
    const right = literalOf(subject, Array.isArray(given) ? given : [given])
    return this.#made(subject, { kind: 'compare', op: 'contains', left: subject.operand, right })
  }

  #at(subject: Subject, path: readonly unknown[]): object {
    const steps = path.filter((step): step is string | number => typeof step === 'string' || (Number.isInteger(step) && Number(step) >= 0))
    if (steps.length === 0 || steps.length < path.length || subject.operand.kind !== 'field')
      throw new Misuse(`${subject.what}.at() takes names and positions from 0 on.`, "Write .at('address', 'city') or .at('list', 0).")
    const what = `${subject.what}.at(${steps.map((step) => JSON.stringify(step)).join(', ')})`
    return this.#subject({
      what,
      type: { kind: 'text' },
      operand: { ...subject.operand, json: { path: steps, text: true } },
      rows: subject.rows,
    })
  }
}

/** The condition at the end of a walk; false where the walk finds no row. */
function walked(path: readonly Relation[], node: Condition): Condition {
  return path.reduceRight<Condition>((inner, step) => ({ kind: 'related', quantifier: 'some', relation: named(step), where: inner }), node)
}

function judgePair(left: Subject, right: Subject): void {
  const [a, b] = [groupOf(left.type), groupOf(right.type)]
  if (a !== b && a !== 'any' && b !== 'any') {
    throw new Misuse(
      `${left.what} is ${describe(left)}, and ${right.what} is ${describe(right)}.`,
      a === 'float' || b === 'float'
        ? 'Floats and exact numbers do not compare exactly: declare both alike.'
        : 'Compare values of one type.',
    )
  }
  if (together(left.rows, right.rows).size > 1)
    throw new Misuse(
      `${left.what} and ${right.what} are of different rows.`,
      'Walk from the related row: line.order.limit instead of row.limit.',
    )
}

const isObject = (given: unknown): given is object => typeof given === 'object' && given !== null

/** The column that was probably meant: the first that compares with this, else the key. */
function alike(table: Table, type: Type | undefined): string {
  const found = [...table.columns.values()].find((column) => groupOf(column.type) === groupOf(type))
  return found?.name ?? table.key[0] ?? 'id'
}

const describe = ({ type }: Subject): string => (type ? describeType(type) : 'a claim')

function judgeLike({ what }: Subject, pattern: string): void {
  try {
    checkLike(pattern)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw new Misuse(`${what} is asked for "${pattern}": ${error.message}.`, 'Double the backslash at its end.')
  }
}
