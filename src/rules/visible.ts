/**
 * What is there for one asker.
 *
 * 1. A table without a read rule, or whose rule says no by who asks alone, is not there at all.
 * 2. A hidden column is there only by a column rule; any column with a rule only where the rule lets it. A computed column
 *    without one is there only where all that it is computed from is.
 * 3. The secret key and our own hand see everything.
 */
import { FALSE, TRUE, all, isFalse, isTrue, type Test } from '../query/typed.ts'
import type { Who } from '../query/who.ts'
import { columnsOf } from '../schema/formula.ts'
import type { Column, Operation, Table } from '../schema/schema.ts'
import { answeredFor, withoutId, type Rules } from './rules.ts'
import { everything, type Scope } from './scope.ts'

/** Whether no rule stands in this asker's way. */
export const isAbove = (who: Who): boolean => who.kind === 'service' || who.kind === 'system'

export function visibleTo(rules: Rules, who: Who): Scope {
  if (isAbove(who)) return everything(rules.schema)
  const rows = new Map<Table, Test>()
  const scope: Scope = {
    schema: rules.schema,
    rows(table) {
      const known = rows.get(table) ?? allowed(rules, who, table, 'read')
      rows.set(table, known)
      return known
    },
    cell: (table, column) => cellGuard(rules, who, table, column),
  }
  return scope
}

/** The rows an operation may touch; `FALSE` (the very object) where it may touch none, whatever they hold. */
export function allowed(rules: Rules, who: Who, table: Table, operation: Operation): Test {
  if (isAbove(who)) return TRUE
  const rule = rules.rule(table.name, operation)
  return rule === undefined ? FALSE : forWho(rule, who)
}

function forWho(rule: Test, who: Who): Test {
  const answered = answeredFor(rule, who)
  if (isFalse(answered)) return FALSE
  return who.id === null ? withoutId(answered) : answered
}

function cellGuard(rules: Rules, who: Who, table: Table, column: Column): Test | undefined {
  const rule = rules.columnRule(table.name, column.name, 'read')
  if (rule === undefined) return column.hidden ? undefined : sourcesGuard(rules, who, table, column)
  const guard = forWho(rule, who)
  return guard === FALSE ? undefined : isTrue(guard) ? TRUE : guard
}

function sourcesGuard(rules: Rules, who: Who, table: Table, { generated }: Column): Test | undefined {
  if (generated === undefined) return TRUE
  const guards = [...columnsOf(generated)].map((name) => {
    const source = table.columns.get(name)
    return source && cellGuard(rules, who, table, source)
  })
  return guards.every((guard) => guard !== undefined) ? all(guards) : undefined
}

/** Whether a column may be written by this asker: `undefined` is no, otherwise a condition on the row as it will be. */
export function writable(rules: Rules, who: Who, table: Table, column: Column): Test | undefined {
  if (isAbove(who)) return TRUE
  const rule = rules.columnRule(table.name, column.name, 'write')
  if (rule !== undefined) {
    const guard = forWho(rule, who)
    return guard === FALSE ? undefined : guard
  }
  return column.hidden ? undefined : TRUE
}
