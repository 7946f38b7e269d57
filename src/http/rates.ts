/**
 * How many requests a second somebody may send: a bucket each, which fills at `perSecond` and holds twice that.
 *
 * 1. The number of buckets is bounded: full ones are forgotten first (they are as good as new), then the oldest.
 * 2. `take` is the hot path: one look-up, no allocation for a known name.
 */
import { Problem } from '../errors.ts'

export interface Bucket {
  tokens: number
  /** Milliseconds of the monotonic clock when `tokens` was right. */
  at: number
  /** Whether the last request found it empty. */
  refused: boolean
}

const mostBuckets = 50_000
/** Seconds that a full bucket lasts at the allowed rate. */
const window = 2

export class Rates {
  /** What is counted: `address`, `key` or `user`. */
  readonly name: string
  readonly perSecond: number
  /** `RateLimit-Policy`. */
  readonly policy: string
  readonly #policyLine: string
  readonly #now: () => number
  readonly #buckets = new Map<string, Bucket>()

  constructor(name: string, perSecond: number, now: () => number) {
    this.name = name
    this.perSecond = perSecond
    this.policy = `"${name}";q=${perSecond * window};w=${window}`
    this.#policyLine = `RateLimit-Policy: ${this.policy}\r\n`
    this.#now = now
  }

  /** The bucket after a token was taken from it. A refused request takes none, or who keeps trying would never get in. */
  take(who: string, now = this.#now()): Bucket {
    const bucket = this.#buckets.get(who) ?? this.#add(who, now)
    const filled = bucket.tokens + ((now - bucket.at) / 1000) * this.perSecond
    bucket.at = now
    bucket.tokens = Math.min(filled, this.perSecond * window)
    bucket.refused = bucket.tokens < 1
    if (!bucket.refused) bucket.tokens -= 1
    return bucket
  }

  /** `RateLimit`: what is left, and the seconds until the bucket is full. */
  state(bucket: Bucket): string {
    const left = Math.floor(bucket.tokens)
    return `"${this.name}";r=${left};t=${Math.ceil(window - left / this.perSecond)}`
  }

  /** Both as lines for the head of an answer. */
  lines(bucket: Bucket): string {
    return `${this.#policyLine}RateLimit: ${this.state(bucket)}\r\n`
  }

  problem(bucket: Bucket): Problem {
    const seconds = Math.max(1, Math.ceil((1 - bucket.tokens) / this.perSecond))
    const headers = { 'Retry-After': String(seconds), 'RateLimit-Policy': this.policy, RateLimit: this.state(bucket) }
    return new Problem('rate_limited', `More than ${this.perSecond} requests a second came from one ${this.name}.`, { headers })
  }

  #add(who: string, now: number): Bucket {
    if (this.#buckets.size >= mostBuckets) this.#forget(now)
    const bucket = { tokens: this.perSecond * window, at: now, refused: false }
    this.#buckets.set(who, bucket)
    return bucket
  }

  #forget(now: number): void {
    for (const [who, bucket] of this.#buckets) if (now - bucket.at > window * 1000) this.#buckets.delete(who)
    let surplus = this.#buckets.size - Math.floor(mostBuckets / 2)
    for (const who of this.#buckets.keys()) if (surplus-- > 0) this.#buckets.delete(who)
  }
}

interface Asker {
  readonly kind: string
  readonly id: string | null
}

/** Identifies as before, and counts: by user, or by the kind of key where no user asks. */
export function withRates<Headers, Who extends Asker>(
  identify: (headers: Headers) => Who | Promise<Who>,
  limits: { readonly rateUser: number; readonly rateKey: number },
  active: () => boolean,
): (headers: Headers) => Who | Promise<Who> {
  const rates = (name: string, perSecond: number): Rates | undefined =>
    perSecond > 0 ? new Rates(name, perSecond, () => performance.now()) : undefined
  const users = rates('user', limits.rateUser)
  const keys = rates('key', limits.rateKey)
  const count = (who: Who): Who => {
    const by = who.kind === 'user' ? users : keys
    if (by === undefined || !active()) return who
    const bucket = by.take(who.id ?? who.kind)
    if (bucket.refused) throw by.problem(bucket)
    return who
  }
  return (headers) => {
    const who = identify(headers)
    return who instanceof Promise ? who.then(count) : count(who)
  }
}
