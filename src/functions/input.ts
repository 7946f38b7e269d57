/** What a function is given: judged by the schema that the file names for it. */
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { Problem } from '../errors.ts'
import type { FunctionEntry } from '../schema/schema.ts'

type Members = Readonly<Record<string, unknown>>

/** `textual`: it comes from a URL, and its values are texts. */
export async function readInput({ name, input: schema }: FunctionEntry, given: unknown, textual: boolean): Promise<unknown> {
  if (schema === undefined) return withoutInput(name, given)
  const first = await schema['~standard'].validate(given)
  if (first.issues === undefined) return first.value
  const read = textual && isMembers(given) ? meantOtherwise(given, first.issues) : undefined
  if (read === undefined) throw refused(name, first.issues)
  const second = await schema['~standard'].validate(read)
  if (second.issues === undefined) return second.value
  throw refused(name, second.issues)
}

function withoutInput(name: string, given: unknown): undefined {
  if (given === undefined || given === null || (isMembers(given) && Object.keys(given).length === 0)) return undefined
  throw new Problem('22023', `The function ${name} takes no input`, { hint: 'Send no body, or an empty object.' })
}

const isMembers = (given: unknown): given is Members => typeof given === 'object' && given !== null && !Array.isArray(given)

/** Texts that are not good as texts, read as JSON or as a list of PostgreSQL; undefined where none is meant otherwise. */
function meantOtherwise(given: Members, issues: readonly StandardSchemaV1.Issue[]): Members | undefined {
  const doubted = new Set(issues.map(({ path }) => memberOf(path?.[0])))
  const changed = Object.entries(given).flatMap(([name, text]): [string, unknown][] => {
    const value = doubted.has(name) && typeof text === 'string' ? valueOf(text) : undefined
    return value === undefined ? [] : [[name, value]]
  })
  return changed.length === 0 ? undefined : { ...given, ...Object.fromEntries(changed) }
}

const memberOf = (segment: PropertyKey | StandardSchemaV1.PathSegment | undefined): string =>
  String(typeof segment === 'object' ? segment.key : segment)

function valueOf(text: string): unknown {
  try {
    return JSON.parse(/^\{(?!\s*["}])[^]*\}$/.test(text) ? `[${text.slice(1, -1)}]` : text)
  } catch {
    // `{a,b}`, as clients write a list of plain words.
    return /^\{[^"{}]*\}$/.test(text) ? text.slice(1, -1).split(',') : undefined
  }
}

function refused(name: string, issues: readonly StandardSchemaV1.Issue[]): Problem {
  const told = issues.slice(0, 20).map(({ path = [], message }) => {
    const place = path.map(memberOf).join('.')
    return place === '' ? message : `${place}: ${message}`
  })
  const more = issues.length > told.length ? ` … and ${issues.length - told.length} more` : ''
  return new Problem('22023', `The input of the function ${name} is not what it takes`, { details: `${told.join('; ')}${more}` })
}
