/**
 * SQLite's SQL. Decimals are whole numbers of their last digit, exact numbers of any scale are text, booleans 0 and 1,
 * moments and arrays text (see `codec.ts`); the functions named `plinth_…` are in `functions.ts`.
 */
import type { Aggregate, Comparison } from '../../query/query.ts'
import type { ValueType } from '../../query/typed.ts'
import type { Type } from '../../schema/schema.ts'
import type { Dialect, SearchSql, Sql } from '../sql/dialect.ts'
import { settings } from '../../settings.ts'
import { literal, quote, searchRows, searchTable } from '../sql/names.ts'

export const sqliteDialect: Dialect = {
  quote,
  literal,
  fold: 'plinth_fold',
  placeholder: (number) => `?${number}`,
  // A bare placeholder after LIMIT makes SQLite prepare the statement anew at each run, to look at the number: a fifth of
  // a list of 50.
  countPlaceholder: (number) => `(?${number} + 0)`,
  json: jsonText,
  most: settings.maxAnswer.default,
  object: objectText,
  joined: (text) => `group_concat(${text}, ',')`,
  sortsInMemory: true,
  compare: compareText,
  each: eachText,
  isBoolean: (value, is) => `${value.text} IS ${is === 'true' ? 1 : 0}`,
  part: partText,
  cast: castText,
  castable,
  uncastable: (value, type) => ({ ...value, text: `min(CASE WHEN NOT ${castable(value, type)} THEN ${value.text} END)`, nullable: true }),
  aggregate: aggregateText,
  sortKeys,
  jsonOrder: (left, right) => `plinth_json_order(${left}, ${right})`,
  byCodePoint: (text) => text,
  groupable,
  groupKey: (value) => (value.type.kind === 'json' ? `plinth_json_identity(${value.text})` : value.text),
  search: searchText,
  watch: (number) => `plinth_tick(${number})`,
  keys: keyRows,
  lock: () => '',
  explain: (text) => `EXPLAIN QUERY PLAN ${text}`,
  always: '1',
  never: '0',
  unknown: 'NULL',
}

/** One JSON list: of keys, or of lists of their parts. */
function keyRows(types: readonly Type[]): ReturnType<Dialect['keys']> {
  const value = (at: number): string => (types.length === 1 ? 'value' : `value ->> ${at}`)
  const part = (type: Type, at: number): string => (type.kind === 'bytes' ? `unhex(${value(at)})` : value(at))
  const columns = types.map((type, at) => `${part(type, at)} AS c${at}`)
  return { from: `(SELECT ${columns.join(', ')}, key AS at FROM json_each(?1))`, placeholders: 1 }
}

// ── JSON ──

function jsonText(value: Sql): string {
  const text = presentJson(value)
  return value.nullable ? `ifnull(${text}, 'null')` : text
}

/** JSON text of a value that is there; NULL of one that is not. */
function presentJson(value: Sql): string {
  const { text, type } = value
  switch (type.kind) {
    case 'text':
      return value.nullable ? `CASE WHEN ${text} IS NOT NULL THEN json_quote(${text}) END` : `json_quote(${text})`
    case 'uuid':
    case 'timestamp':
    case 'date':
    case 'time':
      return `'"' || ${text} || '"'`
    case 'decimal':
      return decimalDigits(value, type.scale)
    case 'float':
      return `plinth_float(${text})`
    case 'boolean':
      return `CASE ${text} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END`
    case 'bytes':
      return `'"' || plinth_base64(${text}) || '"'`
    case 'integer':
    case 'numeric':
    case 'json':
    case 'array':
      return text
  }
}

/** `1990` of scale 2 is `19.90`. */
function decimalDigits({ text, unsigned }: Sql, scale: number): string {
  if (scale === 0) return `(${text} || '')`
  const unit = `1${'0'.repeat(scale)}`
  const digits = (whole: string): string =>
    `(${whole} / ${unit}) || '.' || substr('${'0'.repeat(scale - 1)}' || (${whole} % ${unit}), -${scale})`
  return unsigned === true ? `(${digits(text)})` : `(CASE WHEN ${text} < 0 THEN '-' ELSE '' END || ${digits(`abs(${text})`)})`
}

/** Types whose stored form `json_object` prints as the wire wants it. */
const native: ReadonlySet<ValueType['kind']> = new Set(['text', 'integer', 'uuid', 'timestamp', 'date', 'time'])

/** `json_object` is the quickest where every cell is native to it; otherwise the text is put together. */
function objectText(cells: Parameters<Dialect['object']>[0]): string {
  if (cells.length === 0) return `'{}'`
  if (cells.length <= 400 && cells.every(({ value }) => value !== undefined && native.has(value.type.kind))) {
    return `json_object(${cells.map(({ as, value }) => `${literal(as)}, ${value?.text ?? 'NULL'}`).join(', ')})`
  }
  const pieces = cells.flatMap(({ as, json, value }, at): Piece[] => [
    { is: `${at === 0 ? '{' : ','}${JSON.stringify(as)}:` },
    ...piecesOf(json, value),
  ])
  return joined([...pieces, { is: '}' }])
}

/** A part of a text: one that is known, or an expression, of which NULL is the empty text. */
type Piece = { readonly is: string } | { readonly sql: string }

/** The JSON text of a cell in pieces, so that its object is put together in one go. */
function piecesOf(json: string, value: Sql | undefined): readonly Piece[] {
  if (value === undefined || value.nullable) return [{ sql: json }]
  const { text, type } = value
  if (type.kind === 'decimal' && type.scale > 0) return decimalPieces(value, type.scale)
  return quotedAsIs.has(type.kind) ? [{ is: '"' }, { sql: text }, { is: '"' }] : [{ sql: json }]
}

const quotedAsIs: ReadonlySet<ValueType['kind']> = new Set(['uuid', 'timestamp', 'date', 'time'])

/** The sign of a number between -1 and 0 is not that of its whole part. */
function decimalPieces({ text, unsigned }: Sql, scale: number): readonly Piece[] {
  const zeros = '0'.repeat(scale)
  const whole = [{ sql: `${text} / 1${zeros}` }, { is: '.' }]
  if (unsigned === true) return [...whole, { sql: `substr('${zeros}' || ${text}, -${scale})` }]
  return [
    { sql: `CASE WHEN ${text} < 0 AND ${text} > -1${zeros} THEN '-' END` },
    ...whole,
    { sql: `substr('${zeros}' || abs(${text}), -${scale})` },
  ]
}

/** One `concat` for all of it: a chain of `||` copies what it has at every link (18 % of a list of 50). */
function joined(pieces: readonly Piece[]): string {
  const texts: string[] = []
  let known = ''
  for (const piece of pieces) {
    if ('is' in piece) {
      known += piece.is
      continue
    }
    if (known !== '') texts.push(literal(known))
    texts.push(piece.sql)
    known = ''
  }
  if (known !== '') texts.push(literal(known))
  const groups = Array.from({ length: Math.ceil(texts.length / MOST_ARGUMENTS) }, (_, at) =>
    texts.slice(at * MOST_ARGUMENTS, (at + 1) * MOST_ARGUMENTS),
  )
  return groups.map((group) => `concat(${group.join(', ')})`).join(' || ')
}

/** SQLite allows a thousand, and did 127 before. */
const MOST_ARGUMENTS = 100

// ── Comparisons ──

const signs: Partial<Record<Comparison, string>> = { eq: '=', neq: '<>', gt: '>', gte: '>=', lt: '<', lte: '<=', isdistinct: 'IS NOT' }

function compareText(op: Comparison, left: Sql, right: Sql): string {
  const sign = signs[op]
  if (sign !== undefined) return signed(sign, op, left, right)
  switch (op) {
    case 'like':
    case 'ilike':
      return `${left.text} LIKE ${right.text} ESCAPE '\\'`
    case 'match':
    case 'imatch':
      return `plinth_match(${left.text}, ${right.text}, '${op === 'imatch' ? 'i' : ''}')`
    case 'contains':
      return `plinth_contains_${left.type.kind}(${left.text}, ${right.text})`
    case 'contained':
      return `plinth_contains_${left.type.kind}(${right.text}, ${left.text})`
    default:
      return `plinth_overlaps(${left.text}, ${right.text})`
  }
}

function signed(sign: string, op: Comparison, left: Sql, right: Sql): string {
  if (left.type.kind === 'json') {
    const equal = `plinth_json_equal(${left.text}, ${right.text})`
    if (op === 'eq' || op === 'neq') return op === 'eq' ? equal : `NOT ${equal}`
    if (op === 'isdistinct') return `ifnull(NOT ${equal}, ${left.text} IS NOT NULL OR ${right.text} IS NOT NULL)`
    return `plinth_json_compare(${left.text}, ${right.text}) ${sign} 0`
  }
  const [first, second] = alike(left, right)
  return `${first} ${sign} ${second}`
}

const isNumber = (type: ValueType): boolean =>
  type.kind === 'integer' || type.kind === 'decimal' || type.kind === 'numeric' || type.kind === 'float'

/** Two numbers of different forms are brought to one. Equal forms, and all else, are compared as they are. */
function alike(left: Sql, right: Sql): readonly [string, string] {
  if (!isNumber(left.type) || !isNumber(right.type) || isSameForm(left.type, right.type)) {
    return left.type.kind === 'numeric' ? [numberKey(left), numberKey(right)] : [left.text, right.text]
  }
  if (left.type.kind === 'float' || right.type.kind === 'float') return [asFloat(left), asFloat(right)]
  return [numberKey(left), numberKey(right)]
}

function isSameForm(left: ValueType, right: ValueType): boolean {
  return left.kind === right.kind && (left.kind !== 'decimal' || right.kind !== 'decimal' || left.scale === right.scale)
}

/** Text that sorts as the number does. */
const numberKey = (value: Sql): string => `plinth_number_key(${castText(value, { kind: 'numeric' }).text})`

const asFloat = (value: Sql): string => castText(value, { kind: 'float' }).text

/** `1.50` and `1.5` are one group, and are told as `1.5`. */
function groupable(value: Sql): Sql {
  if (value.type.kind === 'numeric') return { ...value, text: `plinth_trim(${value.text})` }
  return value.type.kind === 'json' ? { ...value, text: `plinth_json_group(${value.text})` } : value
}

function eachText(quantifier: 'any' | 'all', op: Comparison, left: Sql, list: string): string {
  if (left.type.kind === 'json') return eachJson(quantifier, op, left, list)
  if (quantifier === 'any' && op === 'eq' && left.type.kind !== 'numeric' && left.type.kind !== 'bytes') {
    return `${left.text} IN (SELECT value FROM json_each(${list}))`
  }
  const member: Sql = { text: left.type.kind === 'bytes' ? 'unhex(value)' : 'value', type: left.type, nullable: false }
  const test = compareText(op, left, member)
  const found =
    quantifier === 'any'
      ? `EXISTS (SELECT 1 FROM json_each(${list}) WHERE ${test})`
      : `NOT EXISTS (SELECT 1 FROM json_each(${list}) WHERE NOT (${test}))`
  return `CASE WHEN ${left.text} IS NOT NULL OR json_array_length(${list}) = 0 THEN ${found} END`
}

/** Two JSON values may have no order, so that a comparison is neither true nor false. */
function eachJson(quantifier: 'any' | 'all', op: Comparison, left: Sql, list: string): string {
  const truths = `SELECT ${compareText(op, left, { text: 'value', type: left.type, nullable: false })} AS t FROM json_each(${list})`
  const decided = quantifier === 'any' ? 'WHEN max(t) THEN 1' : 'WHEN NOT min(t) THEN 0'
  return `(SELECT CASE ${decided} WHEN count(t) < count(*) THEN NULL ELSE ${quantifier === 'any' ? 0 : 1} END FROM (${truths}))`
}

// ── JSON paths and casts ──

/** Numbers, arrays and objects are spelled as on the other databases. */
function partText(value: Sql, path: readonly (string | number)[], text: boolean): Sql {
  const steps = path.map((step) => (typeof step === 'number' ? (step < 0 ? `[#${step}]` : `[${step}]`) : `.${JSON.stringify(step)}`))
  const at = literal(`$${steps.join('')}`)
  if (!text) return { text: `(${value.text} -> ${at})`, type: { kind: 'json' }, nullable: true }
  // Elements of an array are spelled already; `|| ''` makes plain text of what SQLite would still take for JSON.
  const other = value.type.kind === 'array' ? `(${value.text} -> ${at}) || ''` : `plinth_json_text(${value.text} -> ${at})`
  const found = `CASE json_type(${value.text}, ${at}) WHEN 'null' THEN NULL WHEN 'text' THEN ${value.text} ->> ${at} ELSE ${other} END`
  return { text: found, type: { kind: 'text' }, nullable: true }
}

function castText(value: Sql, type: ValueType): Sql {
  if (value.type.kind === type.kind && isSameForm(value.type, type)) return value
  return { text: castExpression(value, type), type, nullable: value.nullable }
}

function castExpression(value: Sql, type: ValueType): string {
  const from = value.type.kind
  if (type.kind === 'text') return textOf(value)
  if (type.kind === 'numeric' && (from === 'integer' || from === 'decimal'))
    return from === 'integer' ? `CAST(${value.text} AS TEXT)` : decimalDigits(value, scaleOf(value.type))
  if (type.kind === 'float' && from === 'integer') return `CAST(${value.text} AS REAL)`
  if (type.kind === 'date' && from === 'timestamp') return `substr(${value.text}, 1, 10)`
  if (from === 'array' && type.kind === 'json') return value.text
  return `plinth_cast(${castArguments(value, type)})`
}

function castable(value: Sql, type: ValueType): string {
  return `plinth_castable(${castArguments(value, type)})`
}

const castArguments = (value: Sql, type: ValueType): string =>
  `${value.type.kind === 'decimal' ? decimalDigits(value, scaleOf(value.type)) : value.text}, '${value.type.kind}', '${type.kind}'`

const scaleOf = (type: ValueType): number => (type.kind === 'decimal' ? type.scale : 0)

/** The wire's own text of a value, without the quotes of JSON. */
function textOf(value: Sql): string {
  switch (value.type.kind) {
    case 'bytes':
      return `plinth_base64(${value.text})`
    case 'integer':
      return `CAST(${value.text} AS TEXT)`
    case 'decimal':
    case 'float':
    case 'boolean':
      return presentJson(value)
    case 'json':
      return `plinth_json_text(${value.text})`
    default:
      return value.text
  }
}

// ── Aggregates ──

function aggregateText(aggregate: Aggregate, of: Sql | null, type: ValueType): Sql {
  if (of === null) return { text: 'count(*)', type, nullable: false }
  if (aggregate === 'count') return { text: `count(${of.text})`, type, nullable: false }
  return { text: totals[aggregate](of), type, nullable: true }
}

const totals: Record<Exclude<Aggregate, 'count'>, (of: Sql) => string> = {
  sum: (of) => (isWhole(of) ? `plinth_sum(${halves(of)}, ${scaleOf(of.type)})` : `plinth_sum_${of.type.kind}(${of.text})`),
  avg: (of) =>
    isWhole(of) ? `plinth_avg(${halves(of)}, count(${of.text}), ${scaleOf(of.type)})` : `plinth_avg_${of.type.kind}(${of.text})`,
  min: (of) => (of.type.kind === 'numeric' ? `plinth_min_numeric(${of.text})` : `min(${of.text})`),
  max: (of) => (of.type.kind === 'numeric' ? `plinth_max_numeric(${of.text})` : `max(${of.text})`),
}

const isWhole = (of: Sql): boolean => of.type.kind === 'integer' || of.type.kind === 'decimal'

/** A sum of 64-bit numbers can pass 64 bits; the sums of their halves cannot. */
const halves = ({ text }: Sql): string => `sum(${text} >> 32), sum(${text} & 4294967295)`

// ── Order and search ──

function sortKeys(value: Sql): readonly string[] {
  if (value.type.kind === 'numeric') return [numberKey(value)]
  return value.type.kind === 'json' ? [`plinth_json_key(${value.text})`] : [value.text]
}

/** Tables and names are those of `ddl.ts`. */
function searchText({ table, alias, columns, words, candidates, found }: SearchSql): string {
  const indexed = columns.every(({ column }) => table.search.includes(column.name))
  if (candidates) return indexed ? candidateRows(table.name, table.key, alias, words()) : '1'
  const isWhole = columns.length === table.search.length && columns.every(({ plain }) => plain)
  const decide = found && indexed && isWhole ? 'plinth_confirm' : 'plinth_search'
  const decided = `${decide}(${words()}, ${columns.map(({ value }) => value).join(', ')})`
  return columns.length === 1 ? `CASE WHEN ${columns[0]?.value} IS NOT NULL THEN ${decided} END` : decided
}

function candidateRows(table: string, key: readonly string[], alias: string, words: string): string {
  const index = quote(searchTable(table))
  const rows = quote(searchRows(table))
  const columns = key.map((name) => `${alias}.${quote(name)}`)
  const found = key.map((name) => `k.${quote(name)}`).join(', ')
  const left = columns.length === 1 ? columns[0] : `(${columns.join(', ')})`
  return `${left} IN (SELECT ${found} FROM ${index} AS f JOIN ${rows} AS k ON k.row = f.rowid WHERE f.${index} MATCH ifnull(${words}, '""') UNION ALL SELECT ${found} FROM ${rows} AS k WHERE ${words} IS NULL)`
}
