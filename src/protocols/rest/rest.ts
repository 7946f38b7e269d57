/**
 * REST as PostgREST speaks it, and the plain resource form of the same: requests into questions, answers into
 * responses.
 *
 * 1. What a request may say is in the files that read a part of it: `select.ts`, `filter.ts`, `order.ts`, `window.ts`,
 *    `preferences.ts`, `media.ts`, and `given.ts` its body. `parts.ts` puts the parts at their levels, `build.ts` makes
 *    the query of them.
 * 2. `shapes.ts` keeps what requests have in common, so that a known one costs little more than its values.
 * 3. Nothing here knows who asks; a path, an OPTIONS and a grammar tell nobody what tables there are.
 */
import { Problem } from '../../errors.ts'
import type { Schema } from '../../schema/schema.ts'
import { isBatch, readBatch } from './batch.ts'
import { writeProblem } from '../problem.ts'
import type { Decoded, Protocol, Request, Response, Together } from '../protocol.ts'
import type { Question } from '../../query/query.ts'
import { PREFIX, addressOf } from './address.ts'
import { writeAnswer, type Format } from './encode.ts'
import { onceOf } from './once.ts'
import type { PartLimits } from './parts.ts'
import { createReader, createWriter } from './shapes.ts'
import { VARY } from './vary.ts'
import { writeWritten } from './encode-write.ts'
import type { WriteForm } from './make-write.ts'
import { isCall, readCall, writeReturned, type CallForm } from './rpc.ts'

export type RestFormat =
  | ({ readonly kind: 'read' } & Format)
  | { readonly kind: 'write'; readonly form: WriteForm }
  | { readonly kind: 'call'; readonly form: CallForm }

/** The most that one request may ask; what goes beyond is `too_complex` or `too_deep`. */
export interface RestLimits extends PartLimits {
  /** Conditions, in all parameters together. */
  readonly maxFilters: number
  /** Elements of one list of values. */
  readonly maxListLength: number
  /** `and` and `or` in each other. */
  readonly maxLogicDepth: number
  readonly maxEmbedDepth: number
  readonly maxEmbeds: number
  /** Outputs, in all embeds together. */
  readonly maxColumns: number
  /** Terms of all `order` parameters together. */
  readonly maxOrder: number
  /** How deep a body may be nested. */
  readonly maxJsonDepth: number
  /** Operations of one batch. */
  readonly maxBatch: number
}

export const restLimits: RestLimits = {
  maxFilters: 100,
  maxListLength: 1000,
  maxLogicDepth: 10,
  maxEmbedDepth: 5,
  maxEmbeds: 50,
  maxColumns: 200,
  maxOrder: 20,
  maxJsonDepth: 100,
  maxBatch: 100,
}

const ALLOW = 'OPTIONS,GET,HEAD,POST,PUT,PATCH,DELETE'
const ALLOW_ROW = 'OPTIONS,GET,HEAD,PUT,PATCH,DELETE'

/** @example createRest(schema, { maxEmbedDepth: 3 }) */
export function createRest(schema: Schema, limits: Partial<RestLimits> = {}): Protocol<RestFormat> {
  const read = createReader(schema, { ...restLimits, ...limits })
  const write = createWriter(schema, { ...restLimits, ...limits })
  const call = (request: Request): Decoded<RestFormat> | Response => {
    const asked = readCall(request, { ...restLimits, ...limits })
    return 'status' in asked ? asked : { question: once(asked.question, request), format: { kind: 'call', form: asked.form } }
  }
  return {
    name: 'rest',
    prefix: PREFIX,
    decode(request): Decoded<RestFormat> | Together | Response {
      const { method } = request
      if (isCall(request.path)) return call(request)
      if (isBatch(request)) return readBatch(request, { ...restLimits, ...limits })
      if (method === 'GET' || method === 'HEAD') {
        const { question, form, offset } = read(request)
        return { question, format: { kind: 'read', form, offset } }
      }
      const isOfRow = addressOf(request.path).key !== undefined
      if (!writing.has(method) || (isOfRow && method === 'POST')) return withoutRows(method, isOfRow ? ALLOW_ROW : ALLOW)
      const { question, form } = write(request)
      return { question: once(question, request), format: { kind: 'write', form } }
    },
    encode(answer, format, request) {
      if (format.kind === 'read') return writeAnswer(answer, format, request)
      return format.kind === 'write' ? writeWritten(answer, format.form, request) : writeReturned(answer, format.form)
    },
    fail: (problem, request) => writeProblem(problem, request, VARY),
  }
}

/** What writes nothing can be done as often as one likes. */
function once(question: Question, request: Request): Question {
  const asked = writing.has(request.method) ? onceOf(request) : undefined
  return asked === undefined ? question : { ...question, once: asked }
}

const writing: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

function withoutRows(method: string, allow: string): Response {
  if (method === 'OPTIONS') return { status: 200, headers: { Allow: allow }, body: undefined }
  throw new Problem('PGRST117', `Unsupported HTTP method: ${method}`, { headers: { Allow: allow } })
}
