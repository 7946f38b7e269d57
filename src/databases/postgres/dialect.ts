/** PostgreSQL's SQL. The functions named `plinth_…` are in `functions/`. */
import type { Aggregate, Comparison } from '../../query/query.ts'
import type { ValueType } from '../../query/typed.ts'
import type { Type } from '../../schema/schema.ts'
import type { Dialect, SearchSql, Sql } from '../sql/dialect.ts'
import { settings } from '../../settings.ts'
import { BREAK } from '../../query/words/separators.ts'
import { literal, quote, quoteAll, searchColumn, SEARCH_ALL } from '../sql/names.ts'

export const postgresDialect: Dialect = {
  quote,
  literal,
  fold: 'plinth_fold',
  claim: 'SELECT CASE WHEN pg_try_advisory_xact_lock(hashtextextended($1::text, 0)) THEN 1 ELSE 0 END',
  placeholder: (number, type, list) => `$${number}::${typeName(type)}${list ? '[]' : ''}`,
  countPlaceholder: (number) => `$${number}::bigint`,
  json: (value) => (value.nullable ? `coalesce(${presentJson(value)}, 'null')` : presentJson(value)),
  most: settings.maxAnswer.default,
  object: objectText,
  joined: (text) => `string_agg(${text}, ',')`,
  weighed: (text, most) =>
    `CASE WHEN sum(octet_length(${text})) OVER (ROWS UNBOUNDED PRECEDING) > ${most} THEN plinth_too_large() ELSE ${text} END`,
  compare: compareText,
  each: eachText,
  isBoolean: (value, is) => `${value.text} IS ${is.toUpperCase()}`,
  part: partText,
  cast: castText,
  castable,
  uncastable,
  aggregate: aggregateText,
  sortKeys,
  jsonOrder: (left, right) => `plinth_json_order(${left}, ${right})`,
  byCodePoint,
  groupable,
  groupKey: (value) => value.text,
  search: searchText,
  keys: keyRows,
  lock: (table) => ` FOR UPDATE OF ${table}`,
  // A row that ON CONFLICT DO UPDATE changed is locked by this transaction; one that it put in is locked by none.
  isNew: (table) => `${table}.xmax = 0`,
  // References are looked at one after the other, each before the next one takes its rows along.
  late: (constraints) => ({
    before: `SET CONSTRAINTS ${quoteAll(constraints)} DEFERRED`,
    after: `SET CONSTRAINTS ${quoteAll(constraints)} IMMEDIATE`,
  }),
  explain: (text) => `EXPLAIN ${text}`,
  estimate: (text) => `EXPLAIN (FORMAT JSON) ${text}`,
  always: 'TRUE',
  never: 'FALSE',
  unknown: 'NULL::boolean',
}

const names: Record<Exclude<ValueType['kind'], 'array'>, string> = {
  text: 'text',
  integer: 'bigint',
  decimal: 'numeric',
  numeric: 'numeric',
  float: 'double precision',
  boolean: 'boolean',
  timestamp: 'timestamptz',
  date: 'date',
  time: 'time',
  uuid: 'uuid',
  bytes: 'bytea',
  json: 'jsonb',
}

const typeName = (type: ValueType): string => (type.kind === 'array' ? `${names[type.of.kind]}[]` : names[type.kind])

/** A list for each column of the key. */
function keyRows(types: readonly Type[]): ReturnType<Dialect['keys']> {
  const lists = types.map((type, at) => `$${at + 1}::${typeName(type)}[]`)
  const columns = types.map((_, at) => `c${at}`)
  const from = `(SELECT * FROM unnest(${lists.join(', ')}) WITH ORDINALITY AS given(${columns.join(', ')}, at))`
  return { from, placeholders: types.length }
}

// ── JSON ──

function presentJson({ text, type }: Sql): string {
  switch (type.kind) {
    case 'text':
      return `to_json(${text})::text`
    case 'uuid':
    case 'date':
    case 'time':
      return `'"' || ${text} || '"'`
    case 'timestamp':
      return `'"' || ${timestampText(text)} || '"'`
    case 'float':
      return `plinth_float(${text})`
    case 'bytes':
      return `'"' || plinth_base64(${text}) || '"'`
    case 'array':
      return arrayJson(text, type.of)
    default:
      return `${text}::text`
  }
}

/** Sessions run in UTC. */
const timestampText = (text: string): string => `to_char(${text}, 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')`

/** Element types that PostgreSQL prints in arrays as the wire wants them. */
const printed: ReadonlySet<string> = new Set(['text', 'integer', 'decimal', 'boolean', 'uuid', 'date', 'time'])

function arrayJson(text: string, of: ValueType): string {
  if (printed.has(of.kind)) return `to_json(${text})::text`
  const cell = `coalesce(${presentJson({ text: 'e', type: of, nullable: true })}, 'null')`
  return `CASE WHEN ${text} IS NOT NULL THEN (SELECT '[' || coalesce(string_agg(${cell}, ',' ORDER BY n), '') || ']' FROM unnest(${text}) WITH ORDINALITY AS u(e, n)) END`
}

function objectText(cells: Parameters<Dialect['object']>[0]): string {
  if (cells.length === 0) return `'{}'`
  return `${cells.map(({ as, json }, at) => `${literal(`${at === 0 ? '{' : ','}${JSON.stringify(as)}:`)} || ${json}`).join(' || ')} || '}'`
}

// ── Comparisons ──

const signs: Partial<Record<Comparison, string>> = {
  eq: '=',
  neq: '<>',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  isdistinct: 'IS DISTINCT FROM',
  contains: '@>',
  contained: '<@',
  overlaps: '&&',
}
const words: Partial<Record<Comparison, string>> = { like: 'LIKE', ilike: 'LIKE', match: '~', imatch: '~' }

function compareText(op: Comparison, left: Sql, right: Sql): string {
  const isOrdering = op === 'gt' || op === 'gte' || op === 'lt' || op === 'lte'
  if (left.type.kind === 'json' && isOrdering) return `plinth_json_compare(${left.text}, ${right.text}) ${signs[op]} 0`
  const [first, second] = alike(left, right)
  return `${first} ${signs[op] ?? words[op]} ${second}`
}

/** Exact numbers and floats meet as floats; the engine brings all else together itself. */
function alike(left: Sql, right: Sql): readonly [string, string] {
  if (left.type.kind === 'float' && right.type.kind !== 'float') return [left.text, `(${right.text})::float8`]
  if (right.type.kind === 'float' && left.type.kind !== 'float') return [`(${left.text})::float8`, right.text]
  return [left.text, right.text]
}

function eachText(quantifier: 'any' | 'all', op: Comparison, left: Sql, list: string): string {
  if (left.type.kind === 'json' && op !== 'eq') {
    const truths = `SELECT plinth_json_compare(${left.text}, e) ${signs[op]} 0 AS t FROM unnest(${list}) AS u(e)`
    const decided = quantifier === 'any' ? 'WHEN bool_or(t) THEN TRUE' : 'WHEN NOT bool_and(t) THEN FALSE'
    return `(SELECT CASE ${decided} WHEN count(t) < count(*) THEN NULL ELSE ${quantifier === 'any' ? 'FALSE' : 'TRUE'} END FROM (${truths}) AS v)`
  }
  return `${left.text} ${signs[op] ?? words[op]} ${quantifier.toUpperCase()}(${list})`
}

// ── JSON paths and casts ──

/** `->` takes a scalar for a list of one where a position is asked for; `plinth_json_at` does not. */
function partText(value: Sql, path: readonly (string | number)[], text: boolean): Sql {
  if (value.type.kind === 'array') return elementText(value.text, value.type.of, path, text)
  const found = path.reduce<string>(
    (at, step) => (typeof step === 'number' ? `plinth_json_at(${at}, ${step})` : `(${at} -> ${literal(step)})`),
    value.text,
  )
  return { text: text ? byCodePoint(`${found} #>> '{}'`) : found, type: { kind: text ? 'text' : 'json' }, nullable: true }
}

/** An element as the wire has it. Elements have no parts of their own. */
function elementText(list: string, of: ValueType, path: readonly (string | number)[], text: boolean): Sql {
  const [place, ...deeper] = path
  const type: ValueType = { kind: text ? 'text' : 'json' }
  if (typeof place !== 'number' || deeper.length > 0) return { text: text ? 'NULL::text' : 'NULL::jsonb', type, nullable: true }
  const at = place < 0 ? `array_upper(${list}, 1) + ${place + 1}` : `array_lower(${list}, 1) + ${place}`
  const element: Sql = { text: `(${list})[${at}]`, type: of, nullable: true }
  const json = `CASE WHEN ${at} BETWEEN array_lower(${list}, 1) AND array_upper(${list}, 1) THEN coalesce(${presentJson(element)}, 'null')::jsonb END`
  return { text: text ? castText(element, type).text : json, type, nullable: true }
}

function castText(value: Sql, type: ValueType): Sql {
  if (value.type.kind === type.kind) return value
  return { text: castExpression(value, type), type, nullable: true }
}

/** Types whose texts PostgreSQL reads more freely than others do. */
const read: ReadonlySet<ValueType['kind']> = new Set(['integer', 'numeric', 'float', 'timestamp', 'date', 'time'])

function castExpression(value: Sql, type: ValueType): string {
  const from = value.type.kind
  if (type.kind === 'text') return textOf(value)
  if (from === 'text' && read.has(type.kind))
    return `plinth_read(${value.text}, '${type.kind === 'numeric' ? 'decimal' : type.kind}')::${typeName(type)}`
  if (from === 'float' && type.kind === 'numeric') return `${value.text}::text::numeric`
  if (from === 'float' && type.kind === 'integer') return `round(${value.text}::text::numeric)::bigint`
  if (from === 'json') return `plinth_json_scalar(${value.text}, '${type.kind}')::${typeName(type)}`
  if (from === 'integer' && type.kind === 'boolean') return `(${value.text} <> 0)`
  if (from === 'boolean' && type.kind === 'integer') return `${value.text}::int::bigint`
  if (from === 'array') return `(${presentJson(value)})::jsonb`
  return `${value.text}::${typeName(type)}`
}

function castable(value: Sql, type: ValueType): string {
  return `plinth_castable(${value.text}::text, '${value.type.kind}', '${type.kind}')`
}

/** JSON has no least value. */
function uncastable(value: Sql, type: ValueType): Sql {
  const [text, back] = value.type.kind === 'json' ? [`${value.text}::text`, '::jsonb'] : [value.text, '']
  return { ...value, text: `min(CASE WHEN NOT ${castable(value, type)} THEN ${text} END)${back}`, nullable: true }
}

/** The wire's own text of a value, ordered by code point. */
function textOf(value: Sql): string {
  return value.type.kind === 'text' ? value.text : byCodePoint(plainText(value))
}

/** PostgreSQL would order it as the database does. */
function byCodePoint(text: string): string {
  return `((${text}) COLLATE "C")`
}

/** Without the quotes of JSON. */
function plainText(value: Sql): string {
  switch (value.type.kind) {
    case 'timestamp':
      return timestampText(value.text)
    case 'float':
      return `plinth_float(${value.text})`
    case 'bytes':
      return `plinth_base64(${value.text})`
    case 'array':
      return presentJson(value)
    default:
      return `${value.text}::text`
  }
}

// ── Aggregates ──

function aggregateText(aggregate: Aggregate, of: Sql | null, type: ValueType): Sql {
  if (of === null) return { text: 'count(*)', type, nullable: false }
  if (aggregate === 'count') return { text: `count(${of.text})`, type, nullable: false }
  return { text: totals[aggregate](of), type, nullable: true }
}

/** Floats are summed by their shortest decimal forms, exactly, so that the order of the rows does not matter. */
const totals: Record<Exclude<Aggregate, 'count'>, (of: Sql) => string> = {
  sum: (of) => (of.type.kind === 'float' ? `plinth_nearest_float(sum(${of.text}::text::numeric))` : `sum(${of.text})`),
  avg: (of) => {
    if (of.type.kind === 'float')
      return `plinth_nearest_float(sum(${of.text}::text::numeric)::numeric(1000, 400) / nullif(count(${of.text}), 0))`
    const digits = of.type.kind === 'numeric' ? `max(scale(${of.text})) + 6` : String((of.type.kind === 'decimal' ? of.type.scale : 0) + 6)
    return `plinth_avg(sum(${of.text}), count(${of.text}), ${digits})`
  },
  min: (of) => `min(${of.text})`,
  max: (of) => `max(${of.text})`,
}

/** `1.50` and `1.5` are one group, and are told as `1.5`. */
function groupable(value: Sql): Sql {
  if (value.type.kind === 'numeric') return { ...value, text: `trim_scale(${value.text})` }
  return value.type.kind === 'json' ? { ...value, text: `plinth_json_group(${value.text})` } : value
}

// ── Order and search ──

function sortKeys(value: Sql): readonly string[] {
  if (value.type.kind !== 'json') return [value.text]
  return [`plinth_json_rank(${value.text})`, `plinth_json_number(${value.text})`, `plinth_json_string(${value.text}) COLLATE "C"`]
}

/** Columns and names are those of `ddl.ts`. One document of several columns has a break between each two. */
function searchText({ table, alias, columns, words: query, candidates, found }: SearchSql): string {
  const names = columns.map(({ column }) => column.name)
  const isPlain = columns.every(({ plain, column }) => plain && table.search.includes(column.name))
  if (isPlain && (names.length === 1 || names.length === table.search.length)) {
    const vector = names.length === 1 ? searchColumn(names[0] ?? '') : SEARCH_ALL
    // The index has the last word on what its candidates are.
    if (found) return names.length > 1 ? 'TRUE' : `${columns[0]?.value} IS NOT NULL`
    const matches = `${alias}.${quote(vector)} @@ (${query()})::tsquery`
    return candidates || names.length > 1 ? matches : `CASE WHEN ${columns[0]?.value} IS NOT NULL THEN ${matches} END`
  }
  if (candidates) return 'TRUE'
  const document =
    columns.length === 1 ? columns[0]?.value : columns.map(({ value }) => `coalesce(${value}, '')`).join(` || '${BREAK}' || `)
  return `plinth_words(${document}) @@ (${query()})::tsquery`
}
