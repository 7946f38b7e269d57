/**
 * The recording of one rule: conditions that remember whether they were used, and misuse told with its line.
 *
 * 1. A condition that is made and neither returned nor used was lost to `&&`, `!` or an `if`: the rule is refused. What
 *    is lost that way would otherwise let in more than was written.
 * 2. A condition about one row never reaches a question about another.
 */
import type { Condition } from '../query/query.ts'
import { here, type Place } from '../schema/place.ts'

/** What was done that cannot be recorded, and the way out. */
export class Misuse extends Error {
  readonly fix: string
  /** Null where the rule never touched a stand-in, so that no line is known. */
  readonly place: Place | null
  /** The rule asked for what is no column and no relation. */
  readonly missing: boolean
  constructor(message: string, fix: string, place: Place | null = here(), missing = false) {
    super(message)
    this.fix = fix
    this.place = place
    this.missing = missing
  }
}

/** A member of a table, by its name. */
export interface Met {
  readonly table: string
  readonly name: string
}

/** The row a column was taken from; two of them in one comparison cannot be asked. */
export interface RowMark {
  readonly table: string
}

interface Made {
  readonly node: Condition
  readonly rows: ReadonlySet<RowMark>
  readonly place: Place
}

export const together = (a: ReadonlySet<RowMark>, b: ReadonlySet<RowMark>): ReadonlySet<RowMark> => new Set([...a, ...b])

const OPERATORS =
  'Rules are recorded: write a.and(b), a.or(b) and a.not() for &&, || and !, and compare with .is(), .above() and their like.'

export class Recording {
  readonly #made = new WeakMap<object, Made>()
  readonly #unused = new Set<Made>()
  /** What of tables the rule has met. */
  readonly met: Met[] = []
  /** Where the rule last touched a stand-in: the nearest we know to a mistake that leaves no trace. */
  last: Place | null = null

  /** A condition as the rule sees it. */
  condition(node: Condition, rows: ReadonlySet<RowMark>): object {
    const place = this.touch()
    const made: Made = { node: Object.freeze(node), rows, place }
    const join = (kind: 'and' | 'or', other: unknown): object =>
      this.#join(kind, made, this.take(other, `.${kind}() takes a condition, and got`))
    const seen = this.standIn('A condition', {
      and: (other: unknown) => join('and', other),
      or: (other: unknown) => join('or', other),
      not: () => this.#not(made),
    })
    this.#made.set(seen, made)
    this.#unused.add(made)
    return seen
  }

  /** Whether this is a condition that the rule made. */
  made(given: object): boolean {
    return this.#made.has(given)
  }

  #join(kind: 'and' | 'or', left: Made, right: Made): object {
    this.#unused.delete(left)
    const of = [left, right].flatMap(({ node }) => (node.kind === kind ? node.of : [node]))
    return this.condition({ kind, of }, together(left.rows, right.rows))
  }

  #not(made: Made): object {
    this.#unused.delete(made)
    return this.condition({ kind: 'not', of: made.node }, made.rows)
  }

  /** The condition behind what was given, which counts as used; `complaint` begins the sentence where it is none. */
  take(given: unknown, complaint: string, place: Place | null = here()): Made {
    const made = typeof given === 'object' && given !== null ? this.#made.get(given) : undefined
    if (made === undefined) throw notCondition(given, complaint, place)
    this.#unused.delete(made)
    return made
  }

  /** The rule's whole answer. */
  finish(given: unknown): Condition {
    if (given instanceof Promise) given.catch(() => {})
    const { node } = this.take(given, 'The rule gives, instead of a condition,', this.last)
    const [lost] = this.#unused
    if (lost) throw new Misuse('A condition is made and then lost.', OPERATORS, lost.place)
    return node
  }

  touch(): Place {
    this.last = here()
    return this.last
  }

  /** An object with these members alone; any other name, and any operator of JavaScript, is told as misuse. */
  standIn(what: string, members: Readonly<Record<string, unknown>>, unknown?: (name: string) => never): object {
    return new Proxy(Object.freeze(Object.create(null)), {
      get: (_, name) => {
        this.touch()
        if (typeof name === 'symbol') return symbolOf(name, what)
        if (Object.hasOwn(members, name)) return members[name]
        return unknown ? unknown(name) : refuse(what, name, members)
      },
      set: (_, name) => {
        throw new Misuse(`${what} is given a new ${String(name)}.`, 'A rule asks and changes nothing.')
      },
    })
  }
}

function symbolOf(name: symbol, what: string): undefined {
  if (name === Symbol.toPrimitive || name === Symbol.iterator) throw new Misuse(`${what} is used like a plain value.`, OPERATORS)
  return undefined
}

function refuse(what: string, name: string, members: Readonly<Record<string, unknown>>): never {
  throw new Misuse(`${what} has no "${name}".`, `Use one of ${Object.keys(members).join(', ')}.`)
}

function notCondition(given: unknown, complaint: string, place: Place | null): Misuse {
  const { fix, got } = explain(given)
  return new Misuse(`${complaint} ${got}.`, fix, place)
}

function explain(given: unknown): { got: string; fix: string } {
  if (given === undefined || given === null)
    return { got: 'nothing', fix: 'Return the condition: ({ row, who }) => row.owner_id.is(who.id), or write return before it.' }
  if (typeof given === 'boolean') return { got: String(given), fix: OPERATORS }
  if (given instanceof Promise) return { got: 'a promise', fix: 'A rule runs once, when the file is loaded: take async away.' }
  if (typeof given === 'object' && Object.hasOwn(given, 'verdict'))
    return { got: 'a verdict', fix: "Give the verdict itself (read: signedIn); inside a condition ask who.has('…')." }
  if (typeof given === 'object') return { got: 'a value', fix: 'Compare it: row.published.is(true).' }
  return { got: `a ${typeof given}`, fix: 'Return what a comparison gives: row.status.is(…).' }
}
