/**
 * Several requests that are one: all of them are answered in one transaction, or none is.
 *
 * 1. Each goes the whole path by itself, with the same asker, and counts as a request.
 * 2. The first that fails ends all of it; what is told is its failure, and which of them it was.
 * 3. Under a key, each is kept by its place: asked again, what was done is answered as far as it may be read today, and
 *    what only reads is read anew.
 */
import { Problem } from './errors.ts'
import type { Part, Request, Response, Together } from './protocols/protocol.ts'
import { keptPart, type Kept } from './query/once.ts'
import type { Transact, Within } from './query/transaction.ts'
import { tryAgain } from './util/again.ts'

/** Where one of them is answered. */
export interface Place {
  readonly within: Within
  readonly kept: Kept | undefined
}

export interface TogetherParts {
  /** Answers one of them; throws where it fails. */
  readonly one: (request: Request, place: Place) => Promise<Response>
  readonly transact: Transact
  /** Milliseconds that all of them may take. */
  readonly timeout: number
}

/** Thrown to undo what was only to be seen. */
class Rehearsed {
  readonly responses: readonly Response[]
  constructor(responses: readonly Response[]) {
    this.responses = responses
  }
}

export async function answerTogether(
  together: Together,
  kept: Kept | undefined,
  { one, transact, timeout }: TogetherParts,
): Promise<Response> {
  const until = performance.now() + timeout
  const all = async (within: Within): Promise<readonly Response[]> => {
    const responses: Response[] = []
    for (const part of together.parts) {
      if (performance.now() > until) throw late()
      const place = { within, kept: kept && keptPart(kept, responses.length) }
      responses.push(await named(part.name, async () => one(await requestOf(part, responses, place), place)))
    }
    if (together.rehearsal) throw new Rehearsed(responses)
    return responses
  }
  try {
    return together.encode(await tryAgain(() => transact(all, { timeout }), isConflict, until))
  } catch (error) {
    if (error instanceof Rehearsed) return together.encode(error.responses)
    throw error
  }
}

/**
 * What it takes from others is kept as well: asked again, it is the same request, though less may be read of the others
 * by then.
 */
async function requestOf(part: Part, responses: readonly Response[], { within, kept }: Place): Promise<Request> {
  if (!part.takes) return part.request('')
  const own = kept && { ...kept, id: `${kept.id}/taken` }
  const known = own && (await within.recall(own))
  if (known !== undefined) return part.request(known)
  const taken = part.taken(responses)
  if (own !== undefined) await within.keep(own, taken)
  return part.request(taken)
}

const isConflict = (error: unknown): boolean => error instanceof Problem && error.code === '40001'

const late = (): Problem =>
  new Problem('57014', 'The batch took too long and was undone', { hint: 'Ask for less at once, or raise PLINTH_FUNCTION_TIMEOUT.' })

/** Says with a failure whose it is. */
async function named<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { kind, message, details, hint, headers, cause } = error
    throw new Problem(kind, message, {
      operation: name,
      cause,
      ...(details !== null && { details }),
      ...(hint !== null && { hint }),
      ...(headers && { headers }),
    })
  }
}
