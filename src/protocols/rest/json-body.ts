/**
 * Rows as JSON: an object, or an array of objects that all have the same members.
 *
 * 1. The text is walked, not its values: numbers keep every digit, and JSON columns what stands there.
 * 2. A member that is an object or an array and is named like a relation holds rows that are nested in this one.
 * 3. A member that is there twice is refused: nobody could say which was meant.
 */
import { Problem } from '../../errors.ts'
import { findRelation } from '../../schema/relations.ts'
import type { Table } from '../../schema/schema.ts'
import { repeated } from '../../util/repeated.ts'
import { isDeeper } from '../../util/json-depth.ts'
import { elementsOf, membersOf, textOf } from '../../util/json-slices.ts'
import type { Given, GivenNested, GivenOptions } from './given.ts'

export function readJsonRows(text: string, options: GivenOptions): Given {
  if (isDeeper(text, options.maxJsonDepth))
    throw new Problem('too_deep', `JSON may be nested ${options.maxJsonDepth} deep at most`, {
      hint: 'Nest less, or raise PLINTH_MAX_JSON_DEPTH.',
    })
  const items = kindOf(text) === 'array' ? elementsOf(text) : [text.trim()]
  return new Rows(options.schema.tables.get(options.table), options).all(items, options.columns)
}

function kindOf(text: string): 'array' | 'object' {
  const value = parsed(text)
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'object' && value !== null) return 'object'
  throw new Problem('PGRST102', 'A body is an object, or an array of objects', {
    details: `It is ${value === null ? 'null' : `a ${typeof value}`}.`,
    hint: typeof value === 'string' ? 'It is quoted: send the JSON itself, and not a string that holds it.' : undefined,
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Problem('PGRST102', 'Empty or invalid json', { details: cause instanceof Error ? cause.message : undefined })
  }
}

type Member = readonly [name: string, raw: string]

class Rows {
  readonly #table: Table | undefined
  readonly #options: GivenOptions

  constructor(table: Table | undefined, options: GivenOptions) {
    this.#table = table
    this.#options = options
  }

  all(items: readonly string[], wanted: readonly string[] | undefined): Given {
    const rows = items.map(membersIn)
    const names = wanted ?? (rows[0] ?? []).map(([name]) => name)
    if (wanted === undefined) judgeAlike(rows, new Set(names))
    const maps = rows.map((row) => new Map(row))
    const relations = names.filter((name) => this.#isRelation(name, maps))
    const columns = names.filter((name) => !relations.includes(name))
    return {
      columns,
      rows: maps.map((row) => columns.map((name) => this.#value(name, row.get(name)))),
      nested: relations.map((name) => this.#nested(name, maps)),
    }
  }

  /** Named like a relation and like no column, and holding what rows are. */
  #isRelation(name: string, rows: readonly ReadonlyMap<string, string>[]): boolean {
    if (this.#table === undefined || this.#table.columns.has(name)) return false
    return (
      findRelation(this.#options.schema, this.#table.name, name).length > 0 &&
      rows.every((row) => /^[[{]|^null$/.test(row.get(name) ?? 'null'))
    )
  }

  #nested(name: string, rows: readonly ReadonlyMap<string, string>[]): GivenNested {
    const found = rows.flatMap((row, parent) => itemsOf(row.get(name)).map((raw) => ({ raw, parent })))
    const [relation] = findRelation(this.#options.schema, this.#table?.name ?? '', name)
    const below = new Rows(relation && this.#options.schema.tables.get(relation.to), this.#options)
    const given = below.all(
      found.map(({ raw }) => raw),
      undefined,
    )
    return { ...given, relation: name, parents: found.map(({ parent }) => parent) }
  }

  #value(name: string, raw: string | undefined): unknown {
    if (raw === undefined) return undefined
    if (raw === 'null') return null
    if (this.#table?.columns.get(name)?.type.kind === 'json') return raw
    return raw.startsWith('"') ? textOf(raw) : raw
  }
}

function membersIn(raw: string): readonly Member[] {
  if (!raw.startsWith('{')) throw unlike()
  const members = membersOf(raw)
  const twice = repeated(members.map(([name]) => name))
  if (twice !== undefined) throw new Problem('PGRST102', `The member "${twice}" is there twice in one object`)
  return members
}

const unlike = (): Problem =>
  new Problem('PGRST102', 'All object keys must match', {
    hint: 'Give every row the same members, or name them in the parameter columns; then what a row lacks is NULL, or with Prefer: missing=default its default.',
  })

function judgeAlike(rows: readonly (readonly Member[])[], names: ReadonlySet<string>): void {
  for (const row of rows) if (row.length !== names.size || !row.every(([name]) => names.has(name))) throw unlike()
}

/** An object is one row, an array its elements, and null none. */
function itemsOf(raw: string | undefined): readonly string[] {
  if (raw === undefined || raw === 'null') return []
  return raw.startsWith('[') ? elementsOf(raw) : [raw]
}
