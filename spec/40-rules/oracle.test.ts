/**
 * A model oracle: random rows, random askers, random questions. What a question gives is worked out a second time in
 * plain TypeScript, with nothing of the product in it, and must be the same: rows, order, counts and refusals.
 */
import fc from 'fast-check'
import { expect } from 'vitest'
import { everyDatabaseOf, type Here } from '../harness.ts'
import { asUrl, told } from '../shop.ts'
import {
  account,
  askers,
  backend,
  cell,
  columns,
  hasColumn,
  hasLink,
  hasTable,
  keys,
  linked,
  links,
  people,
  visible,
  type Asker,
  type Cell,
  type Data,
  type Link,
  type Row,
  type TableName,
} from './oracle-world.ts'

const WORLDS = 15
const QUESTIONS = 100
const seed = 20261121

/** In an order in which they can be filled. */
const tables: readonly TableName[] = ['teams', 'players', 'memberships', 'games', 'audits', 'seasons', 'rounds']

// ── Questions ──

type Condition =
  | { readonly kind: 'leaf'; readonly column: string; readonly not: boolean; readonly op: string; readonly value: readonly Cell[] }
  | { readonly kind: 'and' | 'or'; readonly not: boolean; readonly of: readonly Condition[] }

interface Sort {
  readonly embed?: string
  readonly column: string
  readonly descending: boolean
  readonly nulls?: 'nullsfirst' | 'nullslast'
}

interface Embed {
  readonly link: Link
  readonly called: string
  readonly spread: boolean
  readonly inner: boolean
  readonly has?: 'is.null' | 'not.is.null'
  readonly level: Level
}

interface Level {
  readonly table: TableName
  readonly columns: readonly string[]
  readonly embeds: readonly Embed[]
  readonly where: readonly Condition[]
  readonly order: readonly Sort[]
  readonly limit?: number
  readonly offset?: number
}

interface Question {
  readonly level: Level
  readonly asker: Asker
  readonly total?: string | null
}

const texts = ['a', 'B', '', 'é', 'ab']
const values = { integer: fc.integer({ min: 0, max: 5 }), text: fc.constantFrom(...texts), boolean: fc.boolean() }
const operators = {
  integer: ['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'isdistinct', 'in', 'is.null'],
  text: ['eq', 'neq', 'gt', 'lte', 'like', 'ilike', 'isdistinct', 'in', 'is.null'],
  boolean: ['eq', 'neq', 'is.true', 'is.false', 'is.null', 'isdistinct'],
} as const

const columnOf = (table: TableName): fc.Arbitrary<string> => fc.constantFrom(...Object.keys(columns[table]))

const leafOf = (table: TableName): fc.Arbitrary<Condition> =>
  columnOf(table).chain((column) => {
    const type = columns[table][column] ?? 'text'
    return fc.record({
      kind: fc.constant('leaf' as const),
      column: fc.constant(column),
      not: fc.boolean(),
      op: fc.constantFrom(...operators[type]),
      value: fc.array<Cell>(values[type], { minLength: 1, maxLength: 3 }),
    })
  })

const conditionOf = (table: TableName): fc.Arbitrary<Condition> =>
  fc.oneof(
    { weight: 3, arbitrary: leafOf(table) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        not: fc.boolean(),
        of: fc.array(leafOf(table), { minLength: 2, maxLength: 3 }),
      }),
    },
  )

function levelOf(table: TableName, depth: number): fc.Arbitrary<Level> {
  const own = links.filter((link) => link.from === table)
  const embeds =
    depth === 0
      ? fc.constant([])
      : fc.uniqueArray(
          fc.constantFrom(...own).chain((link) => embedOf(link, depth)),
          { maxLength: 2, selector: ({ link }) => link.name },
        )
  return embeds.chain((given) =>
    fc.record({
      table: fc.constant(table),
      columns: fc.uniqueArray(columnOf(table), { minLength: 1, maxLength: 3 }),
      embeds: fc.constant(given.map((embed, at) => ({ ...embed, called: embed.spread ? embed.link.name : `e${at}` }))),
      where: fc.array(conditionOf(table), { maxLength: 2 }),
      order: fc.uniqueArray(sortOf(table, given), { maxLength: 2, selector: ({ embed, column }) => `${embed}.${column}` }),
    }),
  )
}

function embedOf(link: Link, depth: number): fc.Arbitrary<Omit<Embed, 'called'>> {
  const spread = link.many ? fc.constant(false) : fc.boolean()
  return spread.chain((spread) =>
    fc.record(
      {
        link: fc.constant(link),
        spread: fc.constant(spread),
        inner: fc.boolean(),
        has: fc.constantFrom('is.null' as const, 'not.is.null' as const),
        level: spread
          ? levelOf(link.to, 0).map((level) => ({ ...level, order: [] }))
          : levelOf(link.to, depth - 1).chain((level) => (link.many ? paged(level) : fc.constant(level))),
      },
      { requiredKeys: ['link', 'spread', 'inner', 'level'] },
    ),
  )
}

const sortOf = (table: TableName, embeds: readonly Pick<Embed, 'link' | 'spread'>[]): fc.Arbitrary<Sort> => {
  const own = columnOf(table).map((column) => ({ column }))
  const related = embeds.flatMap(({ link, spread }, at) =>
    link.many ? [] : [columnOf(link.to).map((column) => ({ column, embed: spread ? link.name : `e${at}` }))],
  )
  return fc
    .tuple(
      fc.oneof(own, ...related),
      fc.boolean(),
      fc.option(fc.constantFrom('nullsfirst' as const, 'nullslast' as const), { nil: undefined }),
    )
    .map(([by, descending, nulls]) => ({ ...by, descending, ...(nulls && { nulls }) }))
}

const paged = (level: Level): fc.Arbitrary<Level> =>
  fc
    .record({ limit: fc.integer({ min: 0, max: 3 }), offset: fc.integer({ min: 0, max: 2 }) }, { requiredKeys: [] })
    .map((page) => ({ ...level, ...page }))

const question: fc.Arbitrary<Question> = fc
  .tuple(fc.constantFrom(...tables), fc.constantFrom(...askers), fc.boolean())
  .chain(([table, asker, grouped]) =>
    grouped
      ? fc
          .tuple(
            levelOf(table, 0),
            fc.option(fc.constantFrom(...Object.keys(columns[table]).filter((name) => columns[table][name] === 'integer'))),
          )
          .map(([level, total]) => ({ level: { ...level, order: [] }, asker, total }))
      : levelOf(table, 2)
          .chain(paged)
          .map((level) => ({ level, asker })),
  )

// ── As a URL ──

function selected({ columns: own, embeds }: Level, prefix = ''): string {
  const inner = embeds.map(({ link, called, spread, inner: must, level }) => {
    const name = spread ? `...${link.name}` : `${called}:${link.name}`
    return `${name}${must ? '!inner' : ''}(${selected(level, spread ? `${link.name}_` : '')})`
  })
  return [...own.map((column) => (prefix === '' ? column : `${prefix}${column}:${column}`)), ...inner].join(',')
}

const quoted = (value: Cell): string => (typeof value === 'string' ? `"${value}"` : String(value))

function operation(condition: Extract<Condition, { kind: 'leaf' }>, nested: boolean): string {
  const { op, value, not } = condition
  const [first = null] = value
  const right =
    op === 'in'
      ? `in.(${value.map(quoted).join(',')})`
      : op === 'like' || op === 'ilike'
        ? `${op}.${nested ? `"${first}*"` : `${first}*`}`
        : op.startsWith('is.')
          ? op
          : `${op}.${nested ? quoted(first) : first}`
  return `${not ? 'not.' : ''}${right}`
}

const tree = (condition: Condition): string =>
  condition.kind === 'leaf'
    ? `${condition.column}.${operation(condition, true)}`
    : `${condition.not ? 'not.' : ''}${condition.kind}(${condition.of.map(tree).join(',')})`

function parameters(level: Level, path: string): readonly string[] {
  const where = level.where.map((one) =>
    one.kind === 'leaf'
      ? `${path}${one.column}=${operation(one, false)}`
      : `${path}${one.not ? 'not.' : ''}${one.kind}=(${one.of.map(tree).join(',')})`,
  )
  const order = level.order.map(
    ({ embed, column, descending, nulls }) =>
      `${embed === undefined ? column : `${embed}(${column})`}${descending ? '.desc' : ''}${nulls ? `.${nulls}` : ''}`,
  )
  const page = [
    level.limit === undefined ? [] : `${path}limit=${level.limit}`,
    level.offset === undefined ? [] : `${path}offset=${level.offset}`,
  ].flat()
  const inner = level.embeds.flatMap(({ called, has, level: next }) => [
    ...(has ? [`${path}${called}=${has}`] : []),
    ...parameters(next, `${path}${called}.`),
  ])
  return [...where, ...(order.length > 0 ? [`${path}order=${order.join(',')}`] : []), ...page, ...inner]
}

function urlOf({ level, total }: Question): string {
  const select =
    total === undefined ? selected(level) : [...level.columns, 'n:count()', ...(total === null ? [] : [`total:${total}.sum()`])].join(',')
  return `${level.table}?${[`select=${select}`, ...parameters(level, '')].join('&')}`
}

// ── The answer, worked out ──

type Truth = boolean | null
interface Eye {
  readonly who: Asker
  readonly data: Data
}

const negated = (truth: Truth, not: boolean): Truth => (truth === null || !not ? truth : !truth)

function holds(condition: Condition, table: TableName, row: Row, eye: Eye): Truth {
  if (condition.kind === 'leaf')
    return negated(compare(condition.op, cell(table, condition.column, row, eye.who, eye.data), condition.value), condition.not)
  const truths = condition.of.map((one) => holds(one, table, row, eye))
  const decisive = condition.kind === 'or'
  return negated(truths.includes(decisive) ? decisive : truths.includes(null) ? null : !decisive, condition.not)
}

function compare(op: string, left: Cell, [right = null, ...more]: readonly Cell[]): Truth {
  if (op === 'is.null') return left === null
  if (op.startsWith('is.')) return left === (op === 'is.true')
  if (op === 'isdistinct') return left !== right
  if (left === null || right === null) return null
  if (op === 'in') return [right, ...more].includes(left)
  if (op === 'like') return String(left).startsWith(String(right))
  if (op === 'ilike') return String(left).toLowerCase().startsWith(String(right).toLowerCase())
  return { eq: left === right, neq: left !== right, gt: left > right, gte: left >= right, lt: left < right, lte: left <= right }[op] ?? null
}

const present = (embed: Embed, row: Row, eye: Eye): readonly Row[] =>
  linked(embed.link, row, eye.who, eye.data).filter((one) => passes(embed.level, one, eye))

function passes(level: Level, row: Row, eye: Eye): boolean {
  const needed = level.embeds.every((embed) => {
    const some = present(embed, row, eye).length > 0
    return (!embed.inner || some) && (embed.has === undefined || (embed.has === 'not.is.null') === some)
  })
  return needed && level.where.every((one) => holds(one, level.table, row, eye) === true)
}

/** The row's sort value, of its own or of the related row that it embeds. */
function sortValue({ embed, column }: Sort, level: Level, row: Row, eye: Eye): Cell {
  if (embed === undefined) return cell(level.table, column, row, eye.who, eye.data)
  const by = level.embeds.find(({ called }) => called === embed)
  const [end] = by ? present(by, row, eye) : []
  return by && end ? cell(by.link.to, column, end, eye.who, eye.data) : null
}

function byOrder(level: Level, eye: Eye): (one: Row, other: Row) => number {
  const ties = keys[level.table].map((column): Sort => ({ column, descending: false }))
  return (one, other) => {
    for (const sort of [...level.order, ...ties]) {
      const [a, b] = [sortValue(sort, level, one, eye), sortValue(sort, level, other, eye)]
      if (a === b) continue
      const first = (sort.nulls ?? (sort.descending ? 'nullsfirst' : 'nullslast')) === 'nullsfirst' ? -1 : 1
      if (a === null || b === null) return a === null ? first : -first
      return a < b === sort.descending ? 1 : -1
    }
    return 0
  }
}

function answerOf(level: Level, rows: readonly Row[], eye: Eye): readonly object[] {
  const found = rows.filter((row) => passes(level, row, eye)).toSorted(byOrder(level, eye))
  const offset = level.offset ?? 0
  return found.slice(offset, level.limit === undefined ? undefined : offset + level.limit).map((row) => outputOf(level, row, eye, ''))
}

function outputOf(level: Level, row: Row, eye: Eye, prefix: string): object {
  const own = level.columns.map((column) => [`${prefix}${column}`, cell(level.table, column, row, eye.who, eye.data)] as const)
  const inner = level.embeds.flatMap((embed): readonly (readonly [string, unknown])[] => {
    const ends = linked(embed.link, row, eye.who, eye.data)
    if (embed.link.many) return [[embed.called, answerOf(embed.level, ends, eye)]]
    const end = ends.find((one) => passes(embed.level, one, eye))
    if (!embed.spread) return [[embed.called, end ? outputOf(embed.level, end, eye, '') : null]]
    const lifted = `${embed.link.name}_`
    return end ? Object.entries(outputOf(embed.level, end, eye, lifted)) : embed.level.columns.map((column) => [`${lifted}${column}`, null])
  })
  return Object.fromEntries([...own, ...inner])
}

/** Groups in the order of their values, NULL last. */
function groupsOf(level: Level, total: string | null, rows: readonly Row[], eye: Eye): readonly object[] {
  const found = rows.filter((row) => passes(level, row, eye))
  const shown = (row: Row, column: string): Cell => cell(level.table, column, row, eye.who, eye.data)
  const groups = [...Map.groupBy(found, (row) => JSON.stringify(level.columns.map((column) => shown(row, column)))).values()]
  const sorted = groups.toSorted(([one = {}], [other = {}]) =>
    byOrder({ ...level, order: level.columns.map((column) => ({ column, descending: false })) }, eye)(one, other),
  )
  return sorted.map((of) => {
    const numbers = total === null ? [] : of.map((row) => shown(row, total)).filter((value) => value !== null)
    const sum = numbers.length === 0 ? null : numbers.reduce<number>((at, value) => at + Number(value), 0)
    return {
      ...Object.fromEntries(level.columns.map((column) => [column, shown(of[0] ?? {}, column)])),
      n: of.length,
      ...(total === null ? {} : { total: sum }),
    }
  })
}

/** The codes with which a question may be refused: one for each thing in it that is not there for the asker. */
function refusals(level: Level, who: Asker): readonly string[] {
  const leaves = (condition: Condition): readonly string[] =>
    condition.kind === 'leaf' ? [condition.column] : condition.of.flatMap(leaves)
  const tableOf = (embed: string | undefined): TableName => level.embeds.find(({ called }) => called === embed)?.link.to ?? level.table
  const own = [...level.columns, ...level.where.flatMap(leaves)].filter((column) => !hasColumn(level.table, column, who))
  const sorted = level.order.filter(({ embed, column }) => !hasColumn(tableOf(embed), column, who))
  const inner = level.embeds.flatMap(({ link, level: next }) => (hasLink(link, who) ? refusals(next, who) : ['PGRST200']))
  return [...[...own, ...sorted].map(() => '42703'), ...inner]
}

// ── Worlds ──

const maybe = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(one, { freq: 3, nil: null })
const word = fc.constantFrom(...texts)
const small = fc.integer({ min: 0, max: 4 })
const range = (length: number): readonly number[] => Array.from({ length }, (_, at) => at + 1)
const rowsOf = (length: number, row: (id: number) => fc.Arbitrary<Row>): fc.Arbitrary<readonly Row[]> => fc.tuple(...range(length).map(row))
const pairs = [1, 2, 3, 4].flatMap((team_id) => [1, 2, 3, 4, 5].map((player_id) => ({ team_id, player_id })))

const data: fc.Arbitrary<Data> = fc.record({
  teams: rowsOf(4, (id) => fc.record({ id: fc.constant(id), name: word, open: maybe(fc.boolean()) })),
  players: rowsOf(5, (id) =>
    fc.record({
      id: fc.constant(id),
      account_id: fc.integer({ min: 1, max: 4 }).map(account),
      name: word,
      private: maybe(fc.boolean()),
      pay: small,
      note: maybe(word),
    }),
  ),
  memberships: fc
    .subarray(pairs, { maxLength: 9 })
    .chain((chosen) => fc.tuple(...chosen.map((pair) => maybe(fc.integer({ min: 0, max: 3 })).map((level): Row => ({ ...pair, level }))))),
  games: rowsOf(7, (id) =>
    fc.record({
      id: fc.constant(id),
      home_id: fc.integer({ min: 1, max: 4 }),
      away_id: maybe(fc.integer({ min: 1, max: 4 })),
      city: maybe(fc.constantFrom('a', 'B')),
      score: maybe(small),
    }),
  ),
  audits: rowsOf(3, (id) => fc.record({ id: fc.constant(id), team_id: fc.integer({ min: 1, max: 4 }), words: word })),
  seasons: rowsOf(3, (id) => fc.record({ id: fc.constant(id), owner_id: fc.integer({ min: 1, max: 3 }).map(account), name: word })),
  rounds: rowsOf(6, (id) =>
    fc.record({
      id: fc.constant(id),
      season_id: maybe(fc.integer({ min: 1, max: 3 })),
      before_id: id === 1 ? fc.constant(null) : maybe(fc.integer({ min: 1, max: id - 1 })),
      points: maybe(small),
    }),
  ),
})

const everyDatabase = everyDatabaseOf({ backend, people })

async function fill(here: Pick<Here<string>, 'sql' | 'insert'>, world: Data): Promise<void> {
  for (const table of tables.toReversed()) await here.sql(`DELETE FROM ${table}`)
  for (const table of tables) if (world[table].length > 0) await here.insert(table, world[table])
}

async function expectAnswer({ ask }: Pick<Here<string>, 'ask'>, { level, asker, total }: Question, world: Data): Promise<void> {
  const url = urlOf({ level, asker, ...(total !== undefined && { total }) })
  const counted = level.offset === undefined
  const answer = await ask(asUrl(url), {
    ...(asker.id !== null && { as: asker.name }),
    ...(counted && { headers: { prefer: 'count=exact' } }),
  })
  const says = `${asker.name} asks ${url}`
  const refused = hasTable(level.table, asker)
    ? [...refusals(level, asker), ...(typeof total === 'string' && !hasColumn(level.table, total, asker) ? ['42703'] : [])]
    : ['PGRST205']
  if (refused.length > 0) {
    expect(refused, says).toContain(told(answer))
    return
  }
  const eye = { who: asker, data: world }
  const rows = visible(level.table, asker, world)
  const wanted = total === undefined ? answerOf(level, rows, eye) : groupsOf(level, total, rows, eye)
  expect(told(answer), says).toEqual(wanted)
  const whole = total === undefined ? rows.filter((row) => passes(level, row, eye)).length : wanted.length
  if (counted) expect(answer.headers['content-range']?.split('/')[1], says).toBe(String(whole))
}

everyDatabase('every question of everyone has the answer that plain code works out', async (here) => {
  const worlds = fc.sample(data, { seed, numRuns: WORLDS })
  for (const [at, world] of worlds.entries()) {
    await fill(here, world)
    await fc.assert(
      fc.asyncProperty(question, async (one) => expectAnswer(here, one, world)),
      { seed: seed + at, numRuns: QUESTIONS },
    )
  }
})
