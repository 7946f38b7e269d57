/**
 * Relations: their names, both ways and over join tables, and which of them a name on the wire means.
 *
 * 1. `shape.ts` works the same names out for the compiler; whoever changes a rule changes it in both.
 * 2. A relation's name is one name in its table, among columns too.
 */
import type { Draft, Drafts } from './draft.ts'
import type { ForeignKey, Relation, Schema, Table } from './schema.ts'
import type { Place } from './place.ts'
import type { Troubles } from './trouble.ts'

/** A reference or link with its name, before it is seen from both ends. */
interface Edge {
  readonly from: string
  readonly name: string
  readonly key: ForeignKey
  readonly optional: boolean
  /** No two rows of `from` lead to the same row. */
  readonly only: boolean
  readonly back: string | undefined
  /** `tables.orders.customer_id`, for complaints. */
  readonly at: string
  readonly place: Place
}

/** A way from one table to another over a join table. */
interface Way {
  readonly near: Edge
  readonly far: Edge
}

type Relations = Map<string, Relation>

/** All relations of all tables, by table and name. */
export function makeRelations(
  drafts: Drafts,
  foreignKeys: ReadonlyMap<string, readonly ForeignKey[]>,
  troubles: Troubles,
): ReadonlyMap<string, ReadonlyMap<string, Relation>> {
  const edges = [...drafts.values()].flatMap((draft) => edgesOf(draft, foreignKeys.get(draft.name) ?? [], troubles))
  const tables = new Map<string, Relations>([...drafts.keys()].map((name) => [name, new Map()]))
  const add = (relation: Relation, edge: Edge, fix: string): void => addTo(drafts, tables, relation, edge, fix, troubles)
  for (const edge of edges) add(forward(edge), edge, `Rename the column, or name the relation with { as: '…' }.`)
  for (const edge of edges)
    add(backward(edge, backName(edge, edges)), edge, `Name the relation as "${edge.key.table}" sees it with { back: '…' }.`)
  const ways = [...drafts.values()].flatMap((draft) => waysOver(draft, edges))
  const taken = new Map(
    [...tables].map(([name, relations]) => [name, new Set([...relations.keys(), ...(drafts.get(name)?.columns.keys() ?? [])])]),
  )
  for (const way of ways) add(across(way, wayName(way, ways, taken)), way.near, 'Rename what has this name already.')
  return tables
}

function edgesOf(draft: Draft, keys: readonly ForeignKey[], troubles: Troubles): Edge[] {
  const links = [...draft.links]
  return keys.flatMap((key): Edge[] => {
    const column = key.columns.length === 1 ? draft.columns.get(key.columns[0] ?? '') : undefined
    const ref = column?.type.kind === 'ref' ? column.type : undefined
    const link = links.find((one) => one.to === key.table && one.columns.join('\n') === key.columns.join('\n'))
    const name = ref ? (ref.as ?? shortName(draft, key.columns[0] ?? '', ref.to, troubles)) : link?.name
    if (link && !ref) links.splice(links.indexOf(link), 1)
    if (name === undefined) return []
    const at = ref ? `tables.${draft.name}.${key.columns[0]}` : `tables.${draft.name}.link(${name})`
    const optional = key.columns.some((one) => draft.columns.get(one)?.optional === true)
    return [
      {
        from: draft.name,
        name,
        key,
        optional,
        only: isOnly(draft, key.columns),
        back: ref?.back,
        at,
        place: column?.place ?? link?.place ?? draft.place,
      },
    ]
  })
}

/** `customer` of `customer_id`. */
function shortName(draft: Draft, column: string, to: string, troubles: Troubles): string | undefined {
  if (column.length > 3 && column.endsWith('_id')) return column.slice(0, -3)
  troubles.add(
    `tables.${draft.name}.${column}`,
    'It is a reference, and its name does not end in _id, so that the relation has no name.',
    `Rename it, or say ref('${to}', { as: '…' }).`,
    draft.columns.get(column)?.place,
  )
  return undefined
}

/** Whether the columns hold a key or something unique of their table. */
function isOnly(draft: Draft, columns: readonly string[]): boolean {
  const single = columns.filter((name) => draft.columns.get(name)?.unique === true).map((name) => [name])
  return [draft.key.columns, ...draft.uniques.map((list) => list.columns), ...single].some(
    (list) => list.length > 0 && list.every((name) => columns.includes(name)),
  )
}

function addTo(
  drafts: Drafts,
  tables: ReadonlyMap<string, Relations>,
  relation: Relation,
  edge: Edge,
  fix: string,
  troubles: Troubles,
): void {
  const relations = tables.get(relation.from)
  const other = relations?.get(relation.name)
  if (drafts.get(relation.from)?.columns.has(relation.name)) {
    troubles.add(edge.at, `It makes a relation "${relation.name}" on "${relation.from}", which has a column of this name.`, fix, edge.place)
  } else if (other) {
    troubles.add(
      edge.at,
      `It makes a relation "${relation.name}" on "${relation.from}", which has one of this name already, to "${other.to}" by ${other.constraint}.`,
      fix,
      edge.place,
    )
  } else relations?.set(relation.name, Object.freeze(relation))
}

// ── The three directions ──

function forward({ name, from, key, optional }: Edge): Relation {
  const hints = [name, key.table, key.name, ...(key.columns.length === 1 ? key.columns : [])]
  return {
    name,
    from,
    to: key.table,
    many: false,
    optional,
    columns: key.columns,
    target: key.target,
    constraint: key.name,
    hints: distinct(hints),
  }
}

function backward(edge: Edge, name: string): Relation {
  const { from, key, only } = edge
  const hints = [name, from, key.name, edge.name, ...(key.columns.length === 1 ? key.columns : [])]
  return {
    name,
    from: key.table,
    to: from,
    many: !only,
    optional: only,
    columns: key.target,
    target: key.columns,
    constraint: key.name,
    hints: distinct(hints),
  }
}

function backName(edge: Edge, edges: readonly Edge[]): string {
  const siblings = edges.filter((other) => other.from === edge.from && other.key.table === edge.key.table)
  return edge.back ?? (siblings.length > 1 ? `${edge.from}_by_${edge.name}` : edge.from)
}

function across({ near, far }: Way, name: string): Relation {
  const through = Object.freeze({ table: near.from, near: near.key.columns, far: far.key.columns })
  const hints = [name, far.key.table, near.from, near.key.name, far.key.name]
  return {
    name,
    from: near.key.table,
    to: far.key.table,
    many: true,
    optional: false,
    columns: near.key.target,
    target: far.key.target,
    through,
    constraint: `${near.key.name} ${far.key.name}`,
    hints: distinct(hints),
  }
}

const distinct = (names: readonly string[]): readonly string[] => Object.freeze([...new Set(names)])

// ── Many to many ──

/** Both ways over the table, for each key or unique of it that is two references. */
function waysOver(draft: Draft, edges: readonly Edge[]): Way[] {
  const own = edges.filter((edge) => edge.from === draft.name && edge.key.columns.length === 1)
  const pairs = [draft.key.columns, ...draft.uniques.map((list) => list.columns)].filter((list) => list.length === 2)
  const ways = pairs.flatMap(([a, b]) => {
    const [left, right] = [own.find((edge) => edge.key.columns[0] === a), own.find((edge) => edge.key.columns[0] === b)]
    return left && right
      ? [
          { near: left, far: right },
          { near: right, far: left },
        ]
      : []
  })
  return ways.filter((way, at) => ways.findIndex((other) => other.near === way.near && other.far === way.far) === at)
}

function wayName(way: Way, ways: readonly Way[], taken: ReadonlyMap<string, ReadonlySet<string>>): string {
  const from = way.near.key.table
  const to = way.far.key.table
  const leading = ways.filter((other) => other.near.key.table === from && other.far.key.table === to)
  if (leading.filter((other) => other.near.from === way.near.from).length > 1) return `${way.far.name}_through_${way.near.from}`
  return leading.length > 1 || taken.get(from)?.has(to) ? `${to}_through_${way.near.from}` : to
}

// ── Looking up ──

/**
 * The relations that a name on the wire means, from this table: the relation's own name alone where it is one, else the
 * other table, the reference's column or the foreign key's name. A hint leaves the one that it is the name of, or
 * else those that have it: of a reference to its own table, both ends have the same column and foreign key.
 * @example findRelation(schema, 'orders', 'addresses', 'billing_id') // [the relation `billing`]
 */
export function findRelation(schema: Schema, table: string, name: string, hint?: string): Relation[] {
  const from = schema.tables.get(table)
  const meant = (relation: Relation): boolean => hint === undefined || relation.hints.includes(hint)
  const exact = from?.relations.get(name)
  if (exact && meant(exact)) return [exact]
  const found = [...(from?.relations.values() ?? [])].filter((relation) => isNamed(from, relation, name))
  const own = found.filter((relation) => relation.name === hint)
  return own.length > 0 ? own : found.filter(meant)
}

function isNamed(from: Table | undefined, relation: Relation, name: string): boolean {
  return (
    name === relation.to ||
    name === relation.constraint ||
    (relation.columns.length === 1 && name === relation.columns[0] && isForward(from, relation))
  )
}

/** Whether the reference is this table's own, and not one of the rows at the other end. */
export function isForward(from: Table | undefined, relation: Relation): boolean {
  return from?.foreignKeys.some((key) => key.name === relation.constraint && key.columns === relation.columns) ?? false
}
