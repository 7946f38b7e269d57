/**
 * Reads requests. What two requests have in common besides their values is their *shape*: it is
 * made once and kept, and its query is then the very same object, by which plans are found.
 *
 * 1. A shape's key is all that the making of it looks at: method, path, the query string without its held values, and
 *    the headers that count. A shape never looks at a held value; the fills do, for each request.
 * 2. Failures are not kept. Keys are bounded in length and shapes in number: two generations, of which the elder goes.
 */
import type { Question } from '../../query/query.ts'
import type { Schema } from '../../schema/schema.ts'
import type { Request } from '../protocol.ts'
import { addressOf, decodePath, type Address } from './address.ts'
import { namesOf, readGiven, type Given, type GivenOptions } from './given.ts'
import { makeShape, type Form, type Shape } from './make-shape.ts'
import { makeWrite, type WriteForm, type WriteShape } from './make-write.ts'
import { readNames } from './names.ts'
import { keyOf, split } from './parameters.ts'
import type { PartLimits } from './parts.ts'
import type { Held } from './slots.ts'
import { WHOLE, readItemRange, type ItemRange } from './window.ts'

export interface Asked {
  readonly question: Question
  readonly form: Form
  /** The place of the first row among all that match. */
  readonly offset: number
}

export interface AskedWrite {
  readonly question: Question
  readonly form: WriteForm
}

const LONGEST_KEY = 2000
const MOST_SHAPES = 1000

/** `keep` is for tests: without it, each request is read from scratch, with all its values as texts of the shape. */
export function createReader(schema: Schema, limits: PartLimits, keep = true): (request: Request) => Asked {
  const shapes = new Shapes<Shape>()
  return (request) => {
    const { method, headers } = request
    const address = addressOf(request.path)
    const range = method === 'GET' && address.key === undefined ? readItemRange(headers['range']) : undefined
    const kind = range === undefined ? '' : range.last === undefined ? 'open' : 'closed'
    const { key, texts } = keep ? keyOf(request.query) : { key: '', texts: [] }
    const path = `${method} ${address.table}/${address.key?.length ?? ''}`
    const whole = `${path}?${key}\n${headers['accept'] ?? ''}\n${headers['prefer'] ?? ''}\n${kind}\n${headers['accept-profile'] ?? ''}`
    const known = keep ? shapes.get(whole) : undefined
    const shape =
      known ??
      makeShape(
        schema,
        { address, method, headers, query: request.query, range: kind, held: texts.length },
        split(request.query, keep),
        limits,
      )
    const asked = ask(shape, address.key === undefined ? texts : [...texts, ...address.key], range)
    if (known === undefined && keep && whole.length <= LONGEST_KEY) shapes.set(whole, shape)
    return asked
  }
}

function ask({ query, fills, page, form }: Shape, texts: readonly string[], range: ItemRange | undefined): Asked {
  const held: Held = { texts, window: page(texts, range) }
  const values: unknown[] = []
  for (const fill of fills) values.push(fill(held))
  return { question: { query, values }, form, offset: held.window.offset }
}

/** The same for requests that write: their shapes also depend on the names in the body. */
export function createWriter(
  schema: Schema,
  limits: PartLimits & { readonly maxJsonDepth: number },
  keep = true,
): (request: Request) => AskedWrite {
  const shapes = new Shapes<WriteShape>()
  return (request) => {
    const { method, headers, query } = request
    const address = addressOf(request.path)
    const given = method === 'DELETE' ? NOTHING : readGiven(request, givenOptions(schema, address, query, limits))
    const { key, texts } = keep ? keyOf(query) : { key: '', texts: [] }
    const conditions = { match: headers['if-match'] !== undefined, none: headers['if-none-match'] !== undefined }
    const whole = [
      `${method} ${address.table}/${address.key?.length ?? ''}?${key}`,
      headers['accept'],
      headers['prefer'],
      headers['content-profile'],
      `${conditions.match} ${conditions.none}`,
      namesOf(given),
    ].join('\n')
    const known = keep ? shapes.get(whole) : undefined
    const frame = { address, method, headers, query, range: '', held: texts.length, given, conditions } as const
    const shape = known ?? makeWrite(schema, frame, split(query, keep), limits)
    const held: Held = {
      texts: address.key === undefined ? texts : [...texts, ...address.key],
      window: WHOLE,
      given,
      match: headers['if-match'],
      none: headers['if-none-match'],
    }
    if (known === undefined && keep && whole.length <= LONGEST_KEY) shapes.set(whole, shape)
    return { question: { query: shape.query, values: shape.fills.map((fill) => fill(held)) }, form: shape.form }
  }
}

const NOTHING: Given = { columns: [], rows: [], nested: [] }

function givenOptions(
  schema: Schema,
  { table }: Address,
  query: string,
  { maxJsonDepth }: { readonly maxJsonDepth: number },
): GivenOptions {
  const asked = query.includes('columns=') ? split(query, false).find(({ name }) => name === 'columns') : undefined
  return { schema, table: decodePath(table), columns: asked && readNames('columns', asked), maxJsonDepth }
}

/** The shapes used of late. A look-up of a young one moves nothing. */
class Shapes<Shape> {
  private young = new Map<string, Shape>()
  private old = new Map<string, Shape>()

  get(key: string): Shape | undefined {
    const young = this.young.get(key)
    if (young !== undefined) return young
    const old = this.old.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  set(key: string, shape: Shape): void {
    if (this.young.size >= MOST_SHAPES) {
      this.old = this.young
      this.young = new Map()
    }
    this.young.set(key, shape)
  }
}
