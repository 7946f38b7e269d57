/**
 * The world of what is written about writing: a workshop with projects, their members and tasks. Every sentence finds
 * it as it is here.
 *
 * Ann owns project 1, in which Bob may write and Cat may read; Dan is a member of nothing. Ada is an administrator.
 * Project 9 is Dan's, and nobody else's to see: what holds CANARY has leaked.
 */
import {
  anyone,
  array,
  boolean,
  bytes,
  decimal,
  integer,
  json,
  oneOf,
  plinth,
  ref,
  role,
  signedIn,
  table,
  text,
  timestamp,
  timestamps,
  user,
} from '../../src/index.ts'
import { everyDatabaseOf, type Answered, type Asked, type Here } from '../harness.ts'

const id = (last: string): string => `0197a000-0000-7000-8000-0000000000${last}`
export const people = {
  ann: { sub: id('0a') },
  bob: { sub: id('0b') },
  cat: { sub: id('0c') },
  dan: { sub: id('0d') },
  ada: { sub: id('0f'), roles: ['admin'] },
}

export const workshop = plinth({
  tables: {
    people: table({ id: integer(), account_id: user().unique(), name: text() }),
    projects: table({
      id: integer(),
      owner_id: ref('people'),
      code: text().unique().pattern('^[A-Z]+-[0-9]+$'),
      title: text().min(1).max(40),
      state: oneOf('draft', 'open', 'done').default('draft'),
      budget: decimal(10, 2).min(0).default('0.00'),
      margin: decimal(12, 2).generated('budget + budget'),
      pin: text().hidden().optional(),
      parent_id: ref('projects', { back: 'parts' }).optional(),
      template_id: ref('projects', { back: 'copies' }).optional(),
      ...timestamps(),
    }).check('done_is_funded', ({ row }) => row.state.isNot('done').or(row.budget.above('0'))),
    members: table({
      project_id: ref('projects', { onDelete: 'cascade' }),
      person_id: ref('people'),
      may: oneOf('read', 'write').default('read'),
    }).key('project_id', 'person_id'),
    tasks: table({
      project_id: ref('projects'),
      assignee_id: ref('people', { onDelete: 'set null' }).optional(),
      title: text(),
      done: boolean().default(false),
      points: integer().optional(),
      due_at: timestamp().optional(),
      details: json().optional(),
      tags: array(text()).optional(),
      icon: bytes().optional(),
    }).unique('project_id', 'title'),
    /** Anybody may leave a message; nobody reads them but the service. */
    messages: table({
      words: text(),
      seen: boolean().default(false),
      answers_id: ref('messages', { back: 'answers', as: 'question', onDelete: 'cascade' }).optional(),
    }),
    /** Read by all who are signed in, written by nobody. */
    notices: table({ id: integer(), words: text() }),
  },
  access: {
    people: { read: signedIn },
    projects: {
      read: ({ row, who }) =>
        row.owner.account_id
          .is(who.id)
          .or(row.members.some((member) => member.person.account_id.is(who.id)))
          .or(who.has('admin')),
      insert: ({ row, who }) => row.owner.account_id.is(who.id).or(who.has('admin')),
      update: ({ row, who }) =>
        row.owner.account_id
          .is(who.id)
          .or(row.members.some((member) => member.person.account_id.is(who.id).and(member.may.is('write'))))
          .or(who.has('admin')),
      delete: ({ row, who }) => row.owner.account_id.is(who.id).or(who.has('admin')),
      columns: {
        budget: { write: ({ row, who }) => row.state.is('draft').or(who.has('admin')) },
        pin: { write: ({ row, who }) => row.owner.account_id.is(who.id) },
        template_id: { write: role('admin') },
      },
    },
    members: {
      read: ({ row, who }) => row.project.owner.account_id.is(who.id).or(row.person.account_id.is(who.id)),
      write: ({ row, who }) => row.project.owner.account_id.is(who.id),
    },
    tasks: {
      read: ({ row, who }) =>
        row.project.owner.account_id.is(who.id).or(row.project.members.some((member) => member.person.account_id.is(who.id))),
      write: ({ row, who }) =>
        row.project.owner.account_id
          .is(who.id)
          .or(row.project.members.some((member) => member.person.account_id.is(who.id).and(member.may.is('write')))),
    },
    messages: { insert: anyone },
    notices: { read: signedIn, columns: { words: { write: role('admin') } } },
  },
})

const rows = {
  people: [
    { id: 1, account_id: people.ann.sub, name: 'Ann' },
    { id: 2, account_id: people.bob.sub, name: 'Bob' },
    { id: 3, account_id: people.cat.sub, name: 'Cat' },
    { id: 4, account_id: people.dan.sub, name: 'Dan' },
  ],
  projects: [
    { id: 1, owner_id: 1, code: 'SHED-1', title: 'Garden shed', state: 'open', budget: '1200.00' },
    { id: 2, owner_id: 1, code: 'BOAT-1', title: 'Boat', budget: '90.50', parent_id: 1 },
    { id: 9, owner_id: 4, code: 'CANARY-1', title: 'CANARY', budget: '9.99', pin: 'CANARY' },
  ],
  members: [
    { project_id: 1, person_id: 2, may: 'write' },
    { project_id: 1, person_id: 3, may: 'read' },
  ],
  tasks: [
    { id: id('a1'), project_id: 1, title: 'Floor', points: 3, assignee_id: 2 },
    { id: id('a2'), project_id: 1, title: 'Roof', points: 8 },
    { id: id('a9'), project_id: 9, title: 'CANARY' },
  ],
  notices: [{ id: 1, words: 'Closed on Sundays' }],
}
export const task = id
const tables = ['messages', 'notices', 'tasks', 'members', 'projects', 'people']

export type Person = keyof typeof people
type Somebody = Person | 'service' | 'stranger'

/** What a sentence is given: the world as it was, and short ways to ask. */
export interface Written extends Here<Person> {
  readonly send: (
    as: Somebody,
    method: string,
    path: string,
    body?: unknown,
    prefer?: string,
    headers?: Asked<Person>['headers'],
  ) => Promise<Answered>
  /** What is there, past all rules. */
  readonly held: (path: string) => Promise<unknown>
}

const register = everyDatabaseOf({ backend: workshop, people })

/** Registers a sentence on each database. */
export function everyDatabase(title: string, body: (here: Written) => Promise<void>): void {
  register(title, async (here) => {
    for (const table of tables) await here.sql(`DELETE FROM "${table}"`)
    for (const [table, some] of Object.entries(rows)) await here.insert(table, some)
    await body({ ...here, send: sender(here), held: async (path) => (await here.ask(`/rest/v1/${path}`, { as: 'service' })).body })
  })
}

function sender({ ask }: Here<Person>): Written['send'] {
  return async (as, method, path, body, prefer, headers) => {
    const answered = await ask(`/rest/v1/${path}`, {
      ...(as !== 'stranger' && { as }),
      method,
      ...(body !== undefined && { body }),
      headers: { ...(prefer !== undefined && { prefer }), ...headers },
    })
    const leaked = as !== 'dan' && as !== 'ada' && as !== 'service' && /CANARY/.test(answered.text + JSON.stringify(answered.headers))
    if (leaked) throw new Error(`the answer holds what ${as} may not read: ${answered.text}`)
    return answered
  }
}
