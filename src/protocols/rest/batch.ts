/**
 * Several operations in one transaction: `POST /rest/v1/` with `application/vnd.plinth.batch+json`.
 *
 * 1. An operation is a request of this wire, written down. Later ones may name what earlier ones answered: in a body by
 *    `{"$ref": "order/0/id"}`, in a path or query by `${order/0/id}`. It is the text that was answered, every digit of it.
 * 2. `{"$value": …}` is the value itself, where a value has a member that is called so.
 * 3. JSON is walked as text, so that numbers keep their digits.
 */
import { Problem } from '../../errors.ts'
import { isDeeper } from '../../util/json-depth.ts'
import { elementsOf, membersOf, textOf } from '../../util/json-slices.ts'
import { repeated } from '../../util/repeated.ts'
import type { Part, Request, Response, Together } from '../protocol.ts'
import { PREFIX } from './address.ts'
import { contentType, textOf as bodyText } from './given.ts'
import { onceOf } from './once.ts'
import { readPreferences } from './preferences.ts'
import { VARY } from './vary.ts'

const TYPE = 'application/vnd.plinth.batch+json'

export const isBatch = ({ method, path, headers }: Request): boolean =>
  method === 'POST' && (path === PREFIX || path === `${PREFIX}/`) && contentType(headers['content-type']) === TYPE

export interface BatchLimits {
  readonly maxJsonDepth: number
  readonly maxBatch: number
}

export function readBatch(request: Request, { maxJsonDepth, maxBatch }: BatchLimits): Together {
  const text = bodyText(request.body)
  // The batch's own brackets come on top of what a body may have.
  if (isDeeper(text, maxJsonDepth + 3))
    throw new Problem('too_deep', `JSON may be nested ${maxJsonDepth} deep at most`, { hint: 'Nest less, or raise PLINTH_MAX_JSON_DEPTH.' })
  const operations = operationsIn(text)
  if (operations.length > maxBatch)
    throw new Problem('too_complex', `A batch may have ${maxBatch} operations at most`, {
      hint: 'Send several batches, or raise PLINTH_MAX_BATCH.',
    })
  const read = operations.map(readOperation)
  const names = read.map(({ id }, at) => id ?? String(at))
  const twice = repeated(names)
  if (twice !== undefined) throw wrong(`Two operations are called "${twice}"`, 'Give each its own id.')
  const { rehearsal, applied } = readPreferences(request.headers['prefer'])
  return {
    parts: read.map((operation, at) => partOf(operation, names.slice(0, at), request)),
    once: onceOf(request),
    rehearsal,
    encode: (answered) => responseOf(answered, read, applied(['tx', 'handling'])),
  }
}

// ── Reading ──

interface Operation {
  readonly id: string | undefined
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** JSON, as it stands there. */
  readonly body: string | undefined
}

const wrong = (message: string, hint: string): Problem => new Problem('PGRST102', message, { hint })

function operationsIn(text: string): readonly string[] {
  judgeJson(text)
  const form = 'Send {"operations": [{"method": "POST", "path": "orders", "body": {…}}, …]}.'
  if (!text.trimStart().startsWith('{')) throw wrong('A batch is an object', form)
  const members = new Map(membersOf(text))
  const listed = members.get('operations')
  if (members.size !== 1 || listed?.startsWith('[') !== true) throw wrong('A batch has the member operations, a list, and no other', form)
  const operations = elementsOf(listed)
  if (operations.length === 0) throw wrong('A batch without operations does nothing', form)
  return operations
}

function judgeJson(text: string): void {
  try {
    JSON.parse(text)
  } catch (cause) {
    throw new Problem('PGRST102', 'Empty or invalid json', { ...(cause instanceof Error && { details: cause.message }) })
  }
}

const MEMBERS: ReadonlySet<string> = new Set(['id', 'method', 'path', 'headers', 'body'])
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'])
/** What of a request shapes one operation; who asks is the batch's. */
const HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'prefer',
  'range',
  'if-match',
  'if-none-match',
  'accept-profile',
  'content-profile',
])

function readOperation(raw: string, at: number): Operation {
  const place = `Operation ${at}`
  const listed = raw.startsWith('{') ? membersOf(raw) : []
  const strange = listed.find(([name]) => !MEMBERS.has(name))?.[0] ?? repeated(listed.map(([name]) => name))
  if (strange !== undefined || !raw.startsWith('{'))
    throw wrong(
      `${place} ${strange === undefined ? 'is no object' : `has a member "${strange}" that is not known or is there twice`}`,
      OPERATION,
    )
  const members = new Map(listed)
  const text = (name: string): string | undefined => textMember(members.get(name), `${place}, ${name}`)
  const [id, method = 'GET', path = ''] = [text('id'), text('method'), text('path')]
  if (id !== undefined && !/^[A-Za-z_][\w-]*$/.test(id)) throw wrong(`${place} has an id that is no word`, 'Begin it with a letter.')
  if (!METHODS.has(method)) throw wrong(`${place} has a method that is not there: ${method}`, OPERATION)
  if (path === '' || path.startsWith('/') || path.startsWith('?'))
    throw wrong(`${place} has no path of a table or function`, 'Write it as it comes after /rest/v1/: "orders?id=eq.5", "rpc/checkout".')
  return { id, method, path, headers: headersIn(members.get('headers'), place), body: members.get('body') }
}

const OPERATION = 'An operation has method, path, and where they are wanted id, headers and body.'

function textMember(raw: string | undefined, place: string): string | undefined {
  if (raw === undefined) return undefined
  if (raw.startsWith('"')) return textOf(raw)
  throw wrong(`${place} is no text`, OPERATION)
}

function headersIn(raw: string | undefined, place: string): Readonly<Record<string, string>> {
  if (raw === undefined) return {}
  if (!raw.startsWith('{')) throw wrong(`${place}, headers are no object`, OPERATION)
  const headers = membersOf(raw).map(([name, value]) => [name.toLowerCase(), textMember(value, `${place}, ${name}`) ?? ''] as const)
  const other = headers.find(([name]) => !HEADERS.has(name))
  if (other !== undefined)
    throw wrong(`${place} has the header ${other[0]}, which is the batch's to send`, `An operation may have ${[...HEADERS].join(', ')}.`)
  return Object.fromEntries(headers)
}

// ── What was answered before ──

function partOf(operation: Operation, before: readonly string[], batch: Request): Part {
  const { id, method, path, headers, body } = operation
  const refs = refsOf(operation)
  return {
    name: id ?? String(before.length),
    takes: refs.length > 0,
    // Neither JSON nor a name has a line's end in it.
    taken: (answered) => refs.map((ref) => find(ref, before, answered).replaceAll('\n', ' ')).join('\n'),
    request(taken) {
      const found = taken.split('\n')
      const of = (ref: string): string => found[refs.indexOf(ref)] ?? 'null'
      const [where = '', query = ''] = path.replaceAll(IN_PATH, (_, ref: string) => encodeURIComponent(plain(of(ref)))).split(/\?(.*)/s, 2)
      return {
        method,
        path: `${PREFIX}/${where}`,
        query,
        headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
        body: body === undefined ? undefined : Buffer.from(withRefs(body, of)),
        id: batch.id,
        ...(batch.gone && { gone: batch.gone }),
      }
    },
  }
}

const IN_PATH = /\$\{([^{}]*)\}/g

function refsOf({ path, body }: Operation): readonly string[] {
  const refs = new Set([...path.matchAll(IN_PATH)].map(([, ref = '']) => ref))
  const note = (ref: string): string => {
    refs.add(ref)
    return 'null'
  }
  if (body !== undefined) withRefs(body, note)
  return [...refs]
}

/** The JSON that an earlier operation answered at this place. */
function find(ref: string, before: readonly string[], answered: readonly Response[]): string {
  const [name = '', ...steps] = ref.split('/')
  const response = answered[/^\d+$/.test(name) ? Number(name) : before.indexOf(name)]
  if (response === undefined)
    throw wrong(`Nothing that was asked before is called "${name}"`, 'Name an earlier operation by its id, or by its place.')
  const found = steps.reduce<string | undefined>(memberOf, typeof response.body === 'string' ? response.body : undefined)
  if (found !== undefined) return found
  throw wrong(
    `"${ref}" is not in what was answered`,
    'Ask for the rows with Prefer: return=representation, and name a place in them: "order/0/id".',
  )
}

function memberOf(json: string | undefined, step: string): string | undefined {
  if (json?.startsWith('[') === true) return /^\d+$/.test(step) ? elementsOf(json)[Number(step)] : undefined
  return json?.startsWith('{') === true ? new Map(membersOf(json)).get(step) : undefined
}

const plain = (json: string): string => (json.startsWith('"') ? textOf(json) : json)

/** The same JSON with what is referred to in its place. */
function withRefs(json: string, find: (ref: string) => string): string {
  if (!json.includes('"$ref"') && !json.includes('"$value"')) return json
  if (json.startsWith('['))
    return `[${elementsOf(json)
      .map((one) => withRefs(one, find))
      .join(',')}]`
  if (!json.startsWith('{')) return json
  const members = membersOf(json)
  const [only, ...others] = members
  if (only !== undefined && others.length === 0 && only[0] === '$value') return only[1]
  if (only !== undefined && others.length === 0 && only[0] === '$ref' && only[1].startsWith('"')) return find(textOf(only[1]))
  return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${withRefs(value, find)}`).join(',')}}`
}

// ── Answering ──

/** Said of the whole batch, not of each. */
const OF_ALL: ReadonlySet<string> = new Set(['vary', 'cache-control'])

function responseOf(answered: readonly Response[], operations: readonly Operation[], applied: string): Response {
  const results = answered.map((response, at) => resultOf(response, operations[at]?.id))
  const replayed = answered.some(({ headers }) => headers['Idempotent-Replayed'] !== undefined)
  const headers: Record<string, string> = {
    'Content-Type': `${TYPE}; charset=utf-8`,
    Vary: VARY,
    ...(applied !== '' && { 'Preference-Applied': applied }),
    ...(replayed && { 'Idempotent-Replayed': 'true' }),
  }
  return { status: 200, headers, body: `{"results":[${results.join(',')}]}` }
}

function resultOf({ status, headers, body }: Response, id: string | undefined): string {
  const told = Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_ALL.has(name.toLowerCase())))
  const text = typeof body === 'string' ? body : undefined
  const json = text === undefined ? 'null' : /json/.test(headers['Content-Type'] ?? '') ? text : JSON.stringify(text)
  return `{${id === undefined ? '' : `"id":${JSON.stringify(id)},`}"status":${status},"headers":${JSON.stringify(told)},"body":${json}}`
}
