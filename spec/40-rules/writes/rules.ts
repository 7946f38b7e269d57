/** Random rules as data: how they are said in a backend file, and what they mean on plain rows. */
import fc from 'fast-check'
import { anyone, role, signedIn, type Condition } from '../../../src/index.ts'

export type TableName = 'teams' | 'items' | 'links'
export type Cell = string | number | boolean | null
export type Row = Readonly<Record<string, Cell>>
export type Data = Readonly<Record<TableName, readonly Row[]>>

export interface Asker {
  readonly name: string
  readonly id: string | null
  readonly boss: boolean
  readonly city: string | null
  /** The secret key, which no rule holds for. */
  readonly above: boolean
}

export type Rule =
  | { readonly kind: 'own' | 'open' | 'boss' | 'city' }
  | { readonly kind: 'level'; readonly above: number }
  | { readonly kind: 'to'; readonly relation: string; readonly rule: Rule }
  | { readonly kind: 'some' | 'none'; readonly relation: string; readonly rule: Rule }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Rule[] }
  | { readonly kind: 'not'; readonly of: Rule }

export type Access = Rule | { readonly kind: 'anyone' } | { readonly kind: 'signedIn' } | { readonly kind: 'role' }

// ── Relations ──

interface Link {
  readonly to: TableName
  readonly column: string
  readonly target: string
}

export const toOne: Readonly<Record<TableName, Readonly<Record<string, Link>>>> = {
  teams: {},
  items: { team: { to: 'teams', column: 'team_id', target: 'id' }, parent: { to: 'items', column: 'parent_id', target: 'id' } },
  links: { item: { to: 'items', column: 'item_id', target: 'id' }, team: { to: 'teams', column: 'team_id', target: 'id' } },
}
export const toMany: Readonly<Record<TableName, Readonly<Record<string, Link>>>> = {
  teams: { items: { to: 'items', column: 'id', target: 'team_id' }, links: { to: 'links', column: 'id', target: 'team_id' } },
  items: { parts: { to: 'items', column: 'id', target: 'parent_id' }, links: { to: 'links', column: 'id', target: 'item_id' } },
  links: {},
}

// ── Random ──

const leaves: Readonly<Record<TableName, readonly Rule[]>> = {
  teams: [{ kind: 'own' }, { kind: 'open' }, { kind: 'level', above: 1 }, { kind: 'boss' }],
  items: [{ kind: 'own' }, { kind: 'open' }, { kind: 'level', above: 2 }, { kind: 'city' }, { kind: 'boss' }],
  links: [
    { kind: 'level', above: 1 },
    { kind: 'level', above: 0 },
  ],
}

export function ruleOf(table: TableName, depth: number): fc.Arbitrary<Rule> {
  const leaf = fc.constantFrom(...leaves[table])
  if (depth === 0) return leaf
  const related = (links: Readonly<Record<string, Link>>, kinds: readonly ('to' | 'some' | 'none')[]): fc.Arbitrary<Rule>[] =>
    Object.entries(links).map(([relation, { to }]) =>
      fc.record({ kind: fc.constantFrom(...kinds), relation: fc.constant(relation), rule: ruleOf(to, depth - 1) }),
    )
  const joined = fc.record({
    kind: fc.constantFrom('and' as const, 'or' as const, 'or' as const),
    of: fc.tuple(ruleOf(table, depth - 1), ruleOf(table, depth - 1)),
  })
  const turned = fc.record({ kind: fc.constant('not' as const), of: leaf })
  return fc.oneof(leaf, joined, joined, turned, ...related(toOne[table], ['to']), ...related(toMany[table], ['some', 'none']))
}

export const accessOf = (table: TableName): fc.Arbitrary<Access> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<Access>({ kind: 'anyone' }, { kind: 'signedIn' }, { kind: 'signedIn' }, { kind: 'role' }) },
    { weight: 5, arbitrary: ruleOf(table, 2) },
  )

// ── As a backend file says them ──

interface Expr {
  is(value: unknown): Condition
  above(value: number): Condition
}
/** What a rule is given, as far as these rules use it. */
interface Asked {
  readonly row: unknown
  readonly who: { readonly id: unknown; has(role: string): Condition; claim(name: string): unknown }
}

/** A member of a stand-in: every name is there that the tables have. */
const member = (row: unknown, name: string): unknown => (row as Readonly<Record<string, unknown>>)[name]
type Many = Readonly<Record<'some' | 'none', (test: (one: unknown) => Condition) => Condition>>

export function said(access: Access): unknown {
  if (access.kind === 'anyone') return anyone
  if (access.kind === 'signedIn') return signedIn
  if (access.kind === 'role') return role('boss')
  return (asked: Asked) => conditionOf(access, asked)
}

function conditionOf(rule: Rule, { row, who }: Asked): Condition {
  const cell = (name: string): Expr => member(row, name) as Expr // these names are columns
  switch (rule.kind) {
    case 'own':
      return cell('owner_id').is(who.id)
    case 'open':
      return cell('open').is(true)
    case 'boss':
      return who.has('boss')
    case 'city':
      return cell('label').is(who.claim('city'))
    case 'level':
      return cell('level').above(rule.above)
    case 'to':
      return conditionOf(rule.rule, { row: member(row, rule.relation), who })
    case 'some':
    case 'none': {
      const many = member(row, rule.relation) as Many // and this one leads to many
      return many[rule.kind]((one) => conditionOf(rule.rule, { row: one, who }))
    }
    case 'and':
    case 'or':
      return rule.of.map((one) => conditionOf(one, { row, who })).reduce((all, one) => all[rule.kind](one))
    case 'not':
      return conditionOf(rule.of, { row, who }).not()
  }
}

// ── What they mean ──

type Truth = boolean | null

/** Whether a rule lets this row through. */
export function allows(access: Access | undefined, table: TableName, row: Row, who: Asker, data: Data): boolean {
  if (who.above) return true
  if (access === undefined) return false
  if (access.kind === 'anyone') return true
  if (access.kind === 'signedIn') return who.id !== null
  if (access.kind === 'role') return who.boss
  return truthOf(access, table, row, who, data) === true
}

function truthOf(rule: Rule, table: TableName, row: Row | undefined, who: Asker, data: Data): Truth {
  switch (rule.kind) {
    case 'own':
      return equal(row?.['owner_id'], who.id)
    case 'open':
      return equal(row?.['open'], true)
    case 'boss':
      return who.boss
    case 'city':
      return equal(row?.['label'], who.city)
    case 'level':
      return row?.['level'] == null ? null : Number(row['level']) > rule.above
    case 'to': {
      const link = toOne[table][rule.relation]
      return link === undefined ? null : truthOf(rule.rule, link.to, row && endsOf(link, row, data)[0], who, data)
    }
    case 'some':
    case 'none': {
      const link = toMany[table][rule.relation]
      // Of a row that is not there, nothing is said.
      if (row === undefined || link === undefined) return null
      const ends = endsOf(link, row, data)
      return ends.some((end) => truthOf(rule.rule, link.to, end, who, data) === true) === (rule.kind === 'some')
    }
    case 'and':
    case 'or':
      return joined(
        rule.kind,
        rule.of.map((one) => truthOf(one, table, row, who, data)),
      )
    case 'not': {
      const truth = truthOf(rule.of, table, row, who, data)
      return truth === null ? null : !truth
    }
  }
}

const equal = (one: Cell | undefined, other: Cell): Truth => (one == null || other === null ? null : one === other)

function joined(kind: 'and' | 'or', truths: readonly Truth[]): Truth {
  const decisive = kind === 'or'
  return truths.includes(decisive) ? decisive : truths.includes(null) ? null : !decisive
}

const endsOf = ({ to, column, target }: Link, row: Row, data: Data): readonly Row[] =>
  data[to].filter((end) => row[column] != null && end[target] === row[column])

/** What a rule says by who asks alone, whatever the rows are; undefined where that depends on them. */
export function saysByWho(access: Access | undefined, who: Asker): boolean | undefined {
  if (who.above) return true
  if (access === undefined) return false
  switch (access.kind) {
    case 'anyone':
      return true
    case 'signedIn':
      return who.id !== null
    case 'role':
    case 'boss':
      return who.boss
    case 'and':
    case 'or': {
      const says = access.of.map((one) => saysByWho(one, who))
      const decisive = access.kind === 'or'
      return says.includes(decisive) ? decisive : says.includes(undefined) ? undefined : !decisive
    }
    case 'not': {
      const says = saysByWho(access.of, who)
      return says === undefined ? undefined : !says
    }
    // What is said of a related row without looking at it needs no such row.
    case 'to':
      return saysByWho(access.rule, who)
    default:
      return undefined
  }
}

/** Whether a rule asks who it is that asks; then a stranger may be told at once that it lets them do nothing. */
export function asksForId(access: Access | undefined): boolean {
  if (access === undefined) return false
  if (access.kind === 'and' || access.kind === 'or') return access.of.some(asksForId)
  if (access.kind === 'not') return asksForId(access.of)
  if (access.kind === 'to') return asksForId(access.rule)
  return access.kind === 'own'
}
