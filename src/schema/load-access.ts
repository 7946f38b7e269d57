/** Access: each rule is there under its operation, and each name in it is a table's or a column's. `rules/record.ts` runs them. */
import type { Backend } from './backend.ts'
import { isRecord } from './load-file.ts'
import { didYouMean } from './names.ts'
import { remember } from './place.ts'
import type { Column, Operation, RuleSource, TableAccess } from './schema.ts'
import type { Tell } from './trouble.ts'

type Columns = ReadonlyMap<string, Column>
type Keys = ReadonlyMap<string, readonly string[]>
type Path = readonly string[]

const CHANGES = ['insert', 'update', 'delete'] as const
const OPERATIONS = ['read', 'write', ...CHANGES, 'columns'] as const
const OF_COLUMNS = ['read', 'write'] as const

export function loadAccess(
  backend: Backend,
  tables: ReadonlyMap<string, Columns>,
  keys: Keys,
  broken: ReadonlySet<string>,
  tell: Tell,
): ReadonlyMap<string, TableAccess> {
  const access = new Map<string, TableAccess>()
  if (isVerdict(backend.access)) tell(['access'], 'This is no set of rules.', 'Write access: { notes: { read: anyone } }.')
  for (const [table, given] of Object.entries(isSet(backend.access) ? backend.access : {})) {
    if (broken.has(table)) continue
    const path = ['access', table]
    const columns = tables.get(table)
    if (columns === undefined) tell(path, `There is no table "${table}".`, didYouMean(table, tables.keys()))
    else if (!isSet(given)) tell(path, 'This is no set of rules.', 'Write { read: …, write: … }.')
    else {
      const own = remember(tableAccess(path, given, columns, tell), backend.place)
      judgeKey(path, own, keys.get(table) ?? [], tell)
      access.set(table, own)
    }
  }
  return access
}

const isSet = (value: unknown): value is Readonly<Record<string, unknown>> => isRecord(value) && !isVerdict(value)

function tableAccess(path: Path, given: Readonly<Record<string, unknown>>, columns: Columns, tell: Tell): TableAccess {
  judgeNames(path, given, OPERATIONS, 'operation', tell)
  const written = ruleIn(path, given, 'write', tell)
  const rules = new Map<Operation, RuleSource>()
  const read = ruleIn(path, given, 'read', tell)
  if (read) rules.set('read', read)
  for (const change of CHANGES) {
    // The operation's own rule says more than `write` does.
    const rule = ruleIn(path, given, change, tell) ?? written
    if (rule) rules.set(change, rule)
  }
  return Object.freeze({ rules, columns: columnAccess([...path, 'columns'], given['columns'], columns, tell) })
}

/** The key names a row, orders every list and is in the tokens of pages: whoever sees the row learns it. */
function judgeKey(path: Path, { columns }: TableAccess, key: readonly string[], tell: Tell): void {
  for (const name of key.filter((one) => columns.get(one)?.has('read')))
    tell(
      [...path, 'columns', name, 'read'],
      'It is part of the key, which everyone who may read the row can tell.',
      'Take the rule away, or choose another key.',
    )
}

function columnAccess(path: Path, given: unknown, columns: Columns, tell: Tell): TableAccess['columns'] {
  const access = new Map<string, ReadonlyMap<'read' | 'write', RuleSource>>()
  if (given !== undefined && !isSet(given)) tell(path, 'This is no set of columns.', 'Write columns: { name: { read: … } }.')
  for (const [name, rules] of Object.entries(isSet(given) ? given : {})) {
    const column = columns.get(name)
    if (column === undefined) tell([...path, name], `There is no column "${name}".`, didYouMean(name, columns.keys()))
    else if (!isSet(rules)) tell([...path, name], 'This is no set of rules.', 'Write { read: …, write: … }.')
    else access.set(name, columnRules([...path, name], rules, column, tell))
  }
  return access
}

function columnRules(
  path: Path,
  given: Readonly<Record<string, unknown>>,
  column: Column,
  tell: Tell,
): ReadonlyMap<'read' | 'write', RuleSource> {
  judgeNames(path, given, OF_COLUMNS, 'operation of a column', tell)
  const rules = new Map<'read' | 'write', RuleSource>()
  for (const operation of OF_COLUMNS) {
    const rule = ruleIn(path, given, operation, tell)
    if (rule) rules.set(operation, rule)
  }
  if (rules.has('write') && column.generated)
    tell([...path, 'write'], 'The column is computed, so that nobody writes it.', 'Take the rule away.')
  return rules
}

function judgeNames(path: Path, given: Readonly<Record<string, unknown>>, known: readonly string[], what: string, tell: Tell): void {
  for (const name of Object.keys(given))
    if (!known.includes(name)) tell([...path, name], `"${name}" is no ${what}.`, didYouMean(name, known))
}

/** The rule under a name; `undefined` where there is none, or once the complaint is made. */
function ruleIn(path: Path, given: Readonly<Record<string, unknown>>, name: string, tell: Tell): RuleSource | undefined {
  const rule = given[name]
  if (rule === undefined || isRule(rule)) return rule
  tell([...path, name], 'This is no rule.', "Say anyone, signedIn, role('…'), or ({ row, who }) => a condition.")
  return undefined
}

export const isRule = (value: unknown): value is RuleSource => typeof value === 'function' || isVerdict(value)

function isVerdict(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('verdict' in value)) return false
  if (value.verdict === 'role') return 'role' in value && typeof value.role === 'string' && value.role !== ''
  return value.verdict === 'anyone' || value.verdict === 'signedIn'
}
