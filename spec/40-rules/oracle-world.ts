/**
 * A tiny schema with rules of each kind, twice: as a backend file says them, and in plain TypeScript on plain rows.
 * Whoever changes a rule changes it in both.
 */
import { boolean, integer, plinth, ref, role, signedIn, table, text, user } from '../../src/index.ts'

export const backend = plinth({
  tables: {
    teams: table({ id: integer(), name: text(), open: boolean().optional() }),
    players: table({
      id: integer(),
      account_id: user(),
      name: text(),
      private: boolean().optional(),
      pay: integer().hidden(),
      note: text().optional(),
    }),
    memberships: table({ team_id: ref('teams'), player_id: ref('players'), level: integer().optional() }).key('team_id', 'player_id'),
    games: table({
      id: integer(),
      home_id: ref('teams'),
      away_id: ref('teams').optional(),
      city: text().optional(),
      score: integer().optional(),
    }),
    audits: table({ id: integer(), team_id: ref('teams'), words: text() }),
    seasons: table({ id: integer(), owner_id: user(), name: text() }),
    rounds: table({
      id: integer(),
      season_id: ref('seasons').optional(),
      before_id: ref('rounds', { back: 'next' }).optional(),
      points: integer().optional(),
    }),
  },
  access: {
    teams: { read: ({ row, who }) => row.open.is(true).or(row.players.some((player) => player.account_id.is(who.id))) },
    players: {
      read: ({ row, who }) =>
        row.private
          .is(false)
          .or(row.account_id.is(who.id))
          .or(row.teams.every((team) => team.open.is(true)).and(who.has('boss'))),
      columns: {
        pay: { read: role('boss') },
        note: { read: ({ row, who }) => row.account_id.is(who.id).or(row.memberships.none((membership) => membership.level.above(1))) },
      },
    },
    memberships: { read: ({ row, who }) => row.level.above(0).or(row.player.account_id.is(who.id)) },
    games: {
      read: ({ row, who }) =>
        row.city
          .is(who.claim('city'))
          .or(row.home.open.isNot(false).and(row.away.exists().not()))
          .or(row.away.name.in(['a', 'B'])),
      columns: { away_id: { read: ({ row, who }) => row.score.isNull().or(row.city.is(who.claim('city'))) }, score: { read: signedIn } },
    },
    audits: { read: role('boss') },
    seasons: { read: ({ row, who }) => row.owner_id.is(who.id) },
    // It looks back at the row that it is often embedded in.
    rounds: { read: ({ row, who }) => row.season.owner_id.is(who.id), columns: { season_id: { read: ({ row }) => row.points.isNot(3) } } },
  },
})

export type TableName = 'teams' | 'players' | 'memberships' | 'games' | 'audits' | 'seasons' | 'rounds'
export type Cell = string | number | boolean | null
export type Row = Readonly<Record<string, Cell>>
export type Data = Readonly<Record<TableName, readonly Row[]>>
export interface Asker {
  readonly name: string
  readonly id: string | null
  readonly boss: boolean
  readonly city: string | null
}

export const account = (number: number): string => `0197a000-0000-7000-8000-00000000000${number}`

const users: readonly Asker[] = [1, 2, 3].flatMap((number) =>
  [false, true].flatMap((boss) =>
    ['a', 'B', null].map((city): Asker => ({
      name: `${number}${boss ? ' boss' : ''}${city === null ? '' : ` ${city}`}`,
      id: account(number),
      boss,
      city,
    })),
  ),
)
export const askers: readonly Asker[] = [{ name: 'stranger', id: null, boss: false, city: null }, ...users]

/** As the harness wants those who sign in. */
export const people = Object.fromEntries(
  users.map(({ name, id, boss, city }) => [name, { sub: id ?? '', roles: boss ? ['boss'] : [], claims: city === null ? {} : { city } }]),
)

/** The columns that questions are about, and their types. */
export const columns: Readonly<Record<TableName, Readonly<Record<string, 'integer' | 'text' | 'boolean'>>>> = {
  teams: { id: 'integer', name: 'text', open: 'boolean' },
  players: { id: 'integer', name: 'text', private: 'boolean', pay: 'integer', note: 'text' },
  memberships: { team_id: 'integer', player_id: 'integer', level: 'integer' },
  games: { id: 'integer', home_id: 'integer', away_id: 'integer', city: 'text', score: 'integer' },
  audits: { id: 'integer', team_id: 'integer', words: 'text' },
  seasons: { id: 'integer', name: 'text' },
  rounds: { id: 'integer', season_id: 'integer', before_id: 'integer', points: 'integer' },
}

export const keys: Readonly<Record<TableName, readonly string[]>> = {
  teams: ['id'],
  players: ['id'],
  memberships: ['team_id', 'player_id'],
  games: ['id'],
  audits: ['id'],
  seasons: ['id'],
  rounds: ['id'],
}

export interface Link {
  readonly from: TableName
  readonly name: string
  readonly to: TableName
  readonly many: boolean
  readonly column: string
  readonly target: string
  /** Over `memberships`, by these two columns of it. */
  readonly over?: readonly [near: string, far: string]
}

const one = (from: TableName, name: string, to: TableName, column: string): Link => ({ from, name, to, many: false, column, target: 'id' })
const many = (from: TableName, name: string, to: TableName, target: string): Link => ({ from, name, to, many: true, column: 'id', target })

export const links: readonly Link[] = [
  many('teams', 'memberships', 'memberships', 'team_id'),
  many('teams', 'games_by_home', 'games', 'home_id'),
  many('teams', 'games_by_away', 'games', 'away_id'),
  many('teams', 'audits', 'audits', 'team_id'),
  { from: 'teams', name: 'players', to: 'players', many: true, column: 'id', target: 'id', over: ['team_id', 'player_id'] },
  many('players', 'memberships', 'memberships', 'player_id'),
  { from: 'players', name: 'teams', to: 'teams', many: true, column: 'id', target: 'id', over: ['player_id', 'team_id'] },
  one('memberships', 'team', 'teams', 'team_id'),
  one('memberships', 'player', 'players', 'player_id'),
  one('games', 'home', 'teams', 'home_id'),
  one('games', 'away', 'teams', 'away_id'),
  one('audits', 'team', 'teams', 'team_id'),
  many('seasons', 'rounds', 'rounds', 'season_id'),
  one('rounds', 'season', 'seasons', 'season_id'),
  one('rounds', 'before', 'rounds', 'before_id'),
  many('rounds', 'next', 'rounds', 'before_id'),
]

// ── The rules, on plain rows ──

const byId = (rows: readonly Row[], id: Cell | undefined): Row | undefined =>
  id == null ? undefined : rows.find((row) => row['id'] === id)
const same = (one_: Cell | undefined, other: Cell | undefined): boolean => one_ != null && other != null && one_ === other

const rowRules: Readonly<Record<TableName, (row: Row, who: Asker, data: Data) => boolean>> = {
  teams: (team, who, { memberships, players }) =>
    team['open'] === true ||
    memberships.some((link) => link['team_id'] === team['id'] && same(byId(players, link['player_id'])?.['account_id'], who.id)),
  players: (player, who, { memberships, teams }) =>
    player['private'] === false ||
    same(player['account_id'], who.id) ||
    (who.boss &&
      memberships.filter((link) => link['player_id'] === player['id']).every((link) => byId(teams, link['team_id'])?.['open'] === true)),
  memberships: (link, who, { players }) => Number(link['level'] ?? 0) > 0 || same(byId(players, link['player_id'])?.['account_id'], who.id),
  games: (game, who, { teams }) => {
    const open = byId(teams, game['home_id'])?.['open'] ?? null
    const away = byId(teams, game['away_id'])
    return same(game['city'], who.city) || (open === true && away === undefined) || ['a', 'B'].includes(String(away?.['name']))
  },
  audits: (_, who) => who.boss,
  seasons: (season, who) => same(season['owner_id'], who.id),
  rounds: (round, who, { seasons }) => same(byId(seasons, round['season_id'])?.['owner_id'], who.id),
}

const cellRules: Readonly<Record<string, (row: Row, who: Asker, data: Data) => boolean>> = {
  'players.note': (player, who, { memberships }) =>
    same(player['account_id'], who.id) || !memberships.some((link) => link['player_id'] === player['id'] && Number(link['level'] ?? 0) > 1),
  'rounds.season_id': (round) => round['points'] !== null && round['points'] !== 3,
  'games.away_id': (game, who) => game['score'] === null || same(game['city'], who.city),
}

/** Whether somebody can know that there is such a table. */
export const hasTable = (table: TableName, who: Asker): boolean => table !== 'audits' || who.boss

export const hasColumn = (table: TableName, column: string, who: Asker): boolean =>
  `${table}.${column}` === 'players.pay' ? who.boss : `${table}.${column}` === 'games.score' ? who.id !== null : true

export const hasLink = (link: Link, who: Asker): boolean => hasTable(link.to, who)

export const visible = (table: TableName, who: Asker, data: Data): readonly Row[] =>
  data[table].filter((row) => rowRules[table](row, who, data))

export function cell(table: TableName, column: string, row: Row, who: Asker, data: Data): Cell {
  const rule = cellRules[`${table}.${column}`]
  return rule === undefined || rule(row, who, data) ? (row[column] ?? null) : null
}

/** The rows at the other end that somebody sees, by columns that they may read. */
export function linked(link: Link, row: Row, who: Asker, data: Data): readonly Row[] {
  const own = cell(link.from, link.column, row, who, data)
  const ends = visible(link.to, who, data)
  if (link.over === undefined) return ends.filter((end) => same(own, cell(link.to, link.target, end, who, data)))
  const [near, far] = link.over
  const joins = visible('memberships', who, data).filter((join) => same(join[near], own))
  return ends.filter((end) => joins.some((join) => same(join[far], end[link.target])))
}
