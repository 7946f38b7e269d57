/**
 * For the tests beside this file: a schema of a few films, made by hand, and requests read against it.
 */
import { Problem } from '../../errors.ts'
import type { Read } from '../../query/query.ts'
import type { Column, Relation, Schema, Table } from '../../schema/schema.ts'
import { createRest, type RestLimits } from './rest.ts'
import type { Request } from '../protocol.ts'

const column = (name: string): Column => ({ name, type: { kind: 'text' }, optional: false, hidden: false, unique: false, touched: false })

function relation(from: string, name: string, to: string, many = false): Relation {
  return {
    name,
    from,
    to,
    many,
    optional: true,
    columns: [`${name}_id`],
    target: ['id'],
    constraint: `${from}_${name}_fkey`,
    hints: [name, to, `${from}_${name}_fkey`],
  }
}

function table(name: string, columns: string[], key: string[], relations: Relation[]): Table {
  const empty = { foreignKeys: [], uniques: [], indexes: [], checks: [], search: [] }
  return {
    name,
    columns: new Map(columns.map((one) => [one, column(one)])),
    key,
    relations: new Map(relations.map((one) => [one.name, one])),
    ...empty,
  }
}

export const schema: Schema = {
  tables: new Map(
    [
      table(
        'films',
        ['id', 'title', 'year'],
        ['id'],
        [relation('films', 'director', 'directors'), relation('films', 'roles', 'roles', true)],
      ),
      table('directors', ['id', 'name', 'count'], ['id'], []),
      table('roles', ['film_id', 'actor_id', 'character'], ['film_id', 'actor_id'], [relation('roles', 'actor', 'actors')]),
      table('actors', ['id', 'name', 'search'], ['id'], []),
    ].map((one) => [one.name, one]),
  ),
  access: new Map(),
  functions: new Map(),
}

export const request = (url: string, headers: Record<string, string> = {}, method = 'GET'): Request => {
  const [path = '', query = ''] = url.split(/\?(.*)/s, 2)
  return { method, path: `/rest/v1${path}`, query, headers, body: undefined, id: 'test' }
}

export function decoded(
  url: string,
  headers: Record<string, string> = {},
  method = 'GET',
  limits: Partial<RestLimits> = {},
): { query: Read; values: readonly unknown[] } {
  const found = createRest(schema, limits).decode(request(url, headers, method))
  if (!('question' in found) || found.question.query.kind !== 'read') throw new Error('not a read')
  return { query: found.question.query, values: found.question.values }
}

export function refusal(
  url: string,
  headers: Record<string, string> = {},
  method = 'GET',
  limits: Partial<RestLimits> = {},
): Pick<Problem, 'code' | 'message' | 'details' | 'hint'> {
  try {
    createRest(schema, limits).decode(request(url, headers, method))
  } catch (error) {
    if (error instanceof Problem) return { code: error.code, message: error.message, details: error.details, hint: error.hint }
    throw error
  }
  throw new Error(`${url} was not refused`)
}

export const field = (name: string): object => ({ kind: 'field', path: [], name })
export const value = (at: number): object => ({ kind: 'value', at })
