/**
 * The access rules of a backend, ready to be asked: each resolved once with the system's eye, and the questions about
 * the asker alone ("has the role staff") gathered, so that an asker is a short profile of answers. Two askers with
 * one profile get one plan; what else a rule needs of them (their id, a claim) is a parameter.
 */
import type { Condition } from '../query/query.ts'
import { all, any, not, type Test, type TypedOperand } from '../query/typed.ts'
import type { Who } from '../query/who.ts'
import type { Operation, Schema, Table } from '../schema/schema.ts'
import type { Recorded } from './record.ts'
import { resolve, type Place } from './resolve.ts'
import { everything } from './scope.ts'
import { evaluate } from '../query/evaluate.ts'

export interface Rules {
  readonly schema: Schema
  rule(table: string, operation: Operation): Test | undefined
  columnRule(table: string, column: string, operation: 'read' | 'write'): Test | undefined
  check(table: string, name: string): Test | undefined
  /** Whether they may call the function. */
  mayCall(name: string, who: Who): boolean
  /** The asker's answers to every question about the asker alone, as text. */
  profile(who: Who): string
}

type Named = ReadonlyMap<string, Test>

export function prepareRules(schema: Schema, recorded: Recorded): Rules {
  const resolveAll = (of: ReadonlyMap<string, Condition> | undefined, table: Table): Named =>
    new Map([...(of ?? [])].map(([name, condition]) => [name, resolve(condition, { scope: everything(schema), table })]))
  const tables = [...schema.tables.values()]
  const rules = new Map(tables.map((table) => [table.name, resolveAll(recorded.rules.get(table.name), table)]))
  const checks = new Map(tables.map((table) => [table.name, resolveAll(recorded.checks.get(table.name), table)]))
  const columns = new Map(tables.map((table) => [table.name, columnRules(recorded, table, resolveAll)]))
  const functions = new Map([...recorded.functions].map(([name, condition]) => [name, resolve(condition, nowhere(schema))]))
  const questions = questionsOf([...rules.values(), ...[...columns.values()].flatMap((of) => [...of.values()])])
  const profiles = new WeakMap<Who, string>()
  return {
    schema,
    rule: (table, operation) => rules.get(table)?.get(operation),
    columnRule: (table, column, operation) => columns.get(table)?.get(column)?.get(operation),
    check: (table, name) => checks.get(table)?.get(name),
    mayCall(name, who) {
      const test = functions.get(name)
      return test !== undefined && (who.kind === 'service' || who.kind === 'system' || evaluate(test, { who }) === true)
    },
    profile(who) {
      const known = profiles.get(who)
      if (known !== undefined) return known
      const made = answers(questions, who)
      profiles.set(who, made)
      return made
    },
  }
}

/** Where a condition stands that is about who asks alone. */
function nowhere(schema: Schema): Place {
  const none = { columns: new Map(), relations: new Map(), key: [], foreignKeys: [], uniques: [], indexes: [], checks: [], search: [] }
  return { scope: everything(schema), table: { name: 'functions', ...none } }
}

function columnRules(
  recorded: Recorded,
  table: Table,
  resolveAll: (of: ReadonlyMap<string, Condition>, table: Table) => Named,
): ReadonlyMap<string, Named> {
  return new Map([...(recorded.columns.get(table.name) ?? [])].map(([column, of]) => [column, resolveAll(of, table)]))
}

// ── Questions about the asker ──

/** Whether a test looks at the asker alone. */
function isAboutWho(test: Test): boolean {
  if (test.kind === 'has' || test.kind === 'signedIn') return true
  if (test.kind === 'compare') return test.left.kind === 'who' && test.right.kind === 'fixed'
  if (test.kind === 'each' || test.kind === 'is') return test.left.kind === 'who'
  return false
}

function questionsOf(rules: readonly Named[]): readonly Test[] {
  const found = new Map<string, Test>()
  const gather = (test: Test): void => {
    if (isAboutWho(test)) found.set(keyOf(test), test)
    else mapTests(test, (inner) => (gather(inner), inner))
  }
  for (const named of rules) for (const test of named.values()) gather(test)
  return [...found.values()]
}

const keyOf = (test: Test): string => JSON.stringify(test, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))

function answers(questions: readonly Test[], who: Who): string {
  if (who.kind === 'service' || who.kind === 'system') return who.kind
  const signs = questions.map((test) => sign(evaluate(test, { who })))
  return `${who.id === null ? 'stranger' : 'user'} ${signs.join('')}`
}

const sign = (truth: boolean | null): string => (truth === null ? '?' : truth ? '1' : '0')

/** The rule for one asker: questions about the asker become their answers. */
export function answeredFor(test: Test, who: Who): Test {
  if (isAboutWho(test)) return { kind: 'constant', value: evaluate(test, { who }) }
  return mapTests(test, (inner) => answeredFor(inner, who))
}

/** For a stranger, comparisons with the asker's id hold for no row. (The id's presence is part of the profile.) */
export function withoutId(test: Test): Test {
  if (test.kind === 'compare' && test.op !== 'isdistinct' && [test.left, test.right].some(isId)) return { kind: 'constant', value: null }
  return mapTests(test, withoutId)
}

const isId = (side: TypedOperand): boolean => side.kind === 'who' && side.claim.length === 1 && side.claim[0] === 'id'

/** The same test with its inner tests changed; constants fold away. */
export function mapTests(test: Test, change: (test: Test) => Test): Test {
  switch (test.kind) {
    case 'and':
      return all(test.of.map(change))
    case 'or':
      return any(test.of.map(change))
    case 'not':
      return not(change(test.of))
    case 'related':
      return { ...test, where: change(test.where), guard: change(test.guard) }
    case 'behind':
      return { ...test, guard: change(test.guard), then: change(test.then) }
    default:
      return test
  }
}
