/**
 * Reads a request that asks for rows. What two requests have in common besides their values is their *shape*: it is
 * made once and kept, and its query is then the very same object, by which plans are found.
 *
 * 1. A shape's key is all that the making of it looks at: method, path, the query string without its held values, and
 *    the headers that count. A shape never looks at a held value; the fills do, for each request.
 * 2. Failures are not kept. Keys are bounded in length and shapes in number: two generations, of which the elder goes.
 */
import type { Question } from '../../query/query.ts'
import type { Schema } from '../../schema/schema.ts'
import type { Request } from '../protocol.ts'
import { addressOf } from './address.ts'
import { makeShape, type Form, type Shape } from './make-shape.ts'
import { keyOf, split } from './parameters.ts'
import type { PartLimits } from './parts.ts'
import type { Held } from './slots.ts'
import { readItemRange, type ItemRange } from './window.ts'

export interface Asked {
  readonly question: Question
  readonly form: Form
  /** The place of the first row among all that match. */
  readonly offset: number
}

const LONGEST_KEY = 2000
const MOST_SHAPES = 1000

/** `keep` is for tests: without it, each request is read from scratch, with all its values as texts of the shape. */
export function createReader(schema: Schema, limits: PartLimits, keep = true): (request: Request) => Asked {
  const shapes = new Shapes()
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

/** The shapes used of late. A look-up of a young one moves nothing. */
class Shapes {
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
