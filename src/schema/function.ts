/**
 * Functions as the file writes them. Like a rule, a function of the file is only gathered here; `load` reads it, and
 * `functions/` runs it.
 */
import type { AllowPart, Callable, Entry, Env, InFile, InputPart, RunPart, TransactionEnv } from './function-types.ts'
import { here, type Place } from './place.ts'
import type { Tables } from './table.ts'
import { Problem, entryOf } from '../errors.ts'

/** What was written, as it was: `load` judges it. */
export interface FunctionNotes {
  readonly what: Entry['what']
  readonly spec: unknown
  readonly place: Place
}

const notes = new WeakMap<object, FunctionNotes>()

/** What `fn` and its kind were given; undefined for anything else. */
export const notesOf = (made: unknown): FunctionNotes | undefined => (typeof made === 'function' ? notes.get(made) : undefined)

function noted(what: Entry['what'], spec: unknown): () => never {
  const made = (): never => {
    throw new Error('a function of the file is called by its name on the wire, or by client.rpc')
  }
  notes.set(made, { what, spec, place: here() })
  return made
}

/**
 * A function in one transaction, all or nothing, as if no other ran beside it; run again where another one got in its
 * way. It makes no calls to outside, because they would be repeated and held up everybody: see `action`. With
 * `reads: true` it writes nothing, and is also called by GET.
 * @example
 * checkout: fn({
 *   input: z.object({ product_id: z.uuid() }),
 *   allow: signedIn,
 *   async run({ input, db }) {
 *     const taken = await db.updateTable('products').set((eb) => ({ stock: eb('stock', '-', 1) })).where('id', '=', input.product_id).where('stock', '>', 0).executeTakeFirst()
 *     if (taken.numUpdatedRows === 0n) fail('out_of_stock', 'There is none left.', { status: 409 })
 *   },
 * })
 */
export const fn = <T extends Tables, Out, Sent = never, Got = undefined>(
  spec: InputPart<Sent, Got> & AllowPart & { readonly reads?: boolean } & RunPart<TransactionEnv<T>, Got, Out>,
): InFile<T, Callable<Sent, Out>> => noted('fn', spec)

/**
 * A function without a transaction of its own: it may call outside and take its time. What it asks by `client` is each a
 * transaction; what must hold together it calls as a `fn`: `client.rpc('checkout', …)`.
 * @example quote: action({ allow: signedIn, async run() { return (await fetch('https://rates.example/eur')).json() } })
 */
export const action = <T extends Tables, Out, Sent = never, Got = undefined>(
  spec: InputPart<Sent, Got> & AllowPart & RunPart<Env<T>, Got, Out>,
): InFile<T, Callable<Sent, Out>> => noted('action', spec)

/**
 * A handler of plain HTTP at `/functions/v1/<name>`, and below it: a `Request` in, a `Response` out.
 * @example hello: endpoint({ allow: anyone, run: ({ request }) => new Response(`Hello, ${new URL(request.url).searchParams.get('name')}`) })
 */
export const endpoint = <T extends Tables>(
  spec: AllowPart & { readonly run: (call: Env<T> & { readonly request: Request }) => Response | Promise<Response> },
): InFile<T, Entry & { readonly what: 'endpoint' }> => noted('endpoint', spec)

export interface FailOptions {
  /** 400 to 599; 400 where left out, or the status that the code has already. */
  readonly status?: number
  readonly details?: string
  /** What the reader can do. */
  readonly hint?: string
}

const CODE = /^[A-Za-z0-9_]{1,64}$/

/**
 * Ends a function with an error that its caller is told, with this code; in a `fn` nothing of it is kept.
 * @example if (stock < 1) fail('out_of_stock', 'There is none left.', { status: 409, hint: 'Take another one.' })
 */
export function fail(code: string, message: string, { status, details, hint }: FailOptions = {}): never {
  const known = entryOf(code)
  const given = status ?? known?.status ?? 400
  if (!CODE.test(code)) throw new TypeError(`fail() takes a code of letters, digits and _, and got ${JSON.stringify(code)}`)
  if (!Number.isInteger(given) || given < 400 || given > 599) throw new TypeError(`fail() takes a status from 400 to 599, and got ${given}`)
  const kind = { code, status: given, title: known?.title ?? 'The function refused' }
  throw new Problem(kind, message, { ...(details !== undefined && { details }), ...(hint !== undefined && { hint }) })
}
