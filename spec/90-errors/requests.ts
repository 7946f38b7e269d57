/**
 * Errors of what a request asks: code → a request about the tea shop, asked over the network on every database.
 *
 * To add one: a row here.
 */
import type { ErrorCode } from '../../src/errors.ts'
import type { Asker } from '../listening.ts'
import { people } from '../world.ts'

export interface Asked {
  /** What is wrong with it, as a sentence that goes on from "it comes when". */
  readonly when: string
  /** After `/rest/v1/`. */
  readonly path: string
  readonly as?: Asker<keyof typeof people>
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** The same request is sent before it with this body, or at the same moment. */
  readonly before?: unknown
  readonly beside?: boolean
  /** What the document says of it, where other members matter than those that every one has. */
  readonly says?: Readonly<Record<string, unknown>>
  /** It is about what has no HEAD. */
  readonly headDiffers?: boolean
}

const asked = (when: string, path: string, more: Omit<Asked, 'when' | 'path'> = {}): Asked => ({ when, path, ...more })

/** Asked with the secret key, by a method that writes. */
const written = (when: string, method: string, path: string, body: unknown, more: Omit<Asked, 'when' | 'path'> = {}): Asked => ({
  when,
  method,
  path,
  body,
  as: 'service',
  headDiffers: true,
  ...more,
})

export const requests: Partial<Record<ErrorCode, Asked>> = {
  // ── Values ──
  '22P02': asked('a value is not of the column’s type', 'products?id=eq.many', {
    says: { message: 'invalid input syntax for type integer: "many"' },
  }),
  '22003': asked('a number is beyond 64 bits', 'products?id=eq.9223372036854775808'),
  '22007': asked('a date is not written as one', 'products?picked=eq.soon'),
  '22008': asked('a day is not in its month', 'products?picked=eq.2026-02-30'),
  '22021': asked('a value holds NUL', 'products?name=eq.%00', { says: { message: 'The URL holds a NUL character (%00)' } }),
  '22025': asked('a pattern ends in an escape', 'products?name=like.a%5C'),
  '2201B': asked('a regular expression looks ahead', 'products?name=match.(%3F=a)'),

  // ── Names and grammar ──
  '42703': asked('a column is not there', 'products?select=nme', { says: { message: 'column products.nme does not exist' } }),
  '42704': asked('a type is not there', 'products?select=id::money', { says: { message: 'type "money" does not exist' } }),
  '42803': asked('groups are ordered by a column that is not theirs', 'products?select=organic,count()&order=name'),
  '42804': asked('text is asked whether it is true', 'products?name=is.true', {
    says: { message: 'is.true is for boolean columns, not for text ones' },
  }),
  '42846': asked('a type cannot become another', 'products?select=organic::uuid', { says: { message: 'cannot cast boolean to uuid' } }),
  '42883': asked('an operator is not there for the type', 'products?stock=like.1*', {
    says: { message: 'operator like is not there for integer values' },
  }),
  '0A000': asked('a language is asked for in a search', 'products?name=fts(english).tea'),
  '42501': asked('somebody else than the service asks for a plan', 'products', {
    as: 'sue',
    headers: { accept: 'application/vnd.pgrst.plan' },
    says: { message: 'The plan of a query is shown to the secret key only', details: null, hint: null },
  }),

  // ── Writes ──
  '21000': written(
    'a row is merged twice',
    'POST',
    'tags',
    [
      { name: 'new', colour: 'red' },
      { name: 'new', colour: 'black' },
    ],
    {
      headers: { prefer: 'resolution=merge-duplicates' },
    },
  ),
  '42701': written('a nested row says what it hangs on', 'POST', 'customers', {
    id: 90,
    account_id: people.ann.sub,
    name: 'Eve',
    addresses: [{ id: 90, customer_id: 1, street: 'Quay 9', city: 'Oslo' }],
  }),
  '42P10': written('rows are told apart by what is not unique', 'POST', 'tags?on_conflict=colour', [{ name: 'new', colour: 'red' }], {
    headers: { prefer: 'resolution=merge-duplicates' },
    says: { message: 'there is no unique or exclusion constraint matching the ON CONFLICT specification' },
  }),
  PGRST102: written('a body is not JSON', 'POST', 'tags', '{', { says: { message: 'Empty or invalid json' } }),
  PGRST105: written('PUT is not by the key', 'PUT', 'tags?colour=eq.red', { name: 'new', colour: 'red' }),
  PGRST114: written('PUT has a limit', 'PUT', 'tags?name=eq.new&limit=1', { name: 'new', colour: 'red' }),
  PGRST115: written('a body is of another row than the URL', 'PUT', 'tags?name=eq.old', { name: 'new', colour: 'red' }),
  PGRST124: written('more rows would be deleted than were meant', 'DELETE', 'reviews', undefined, {
    headers: { prefer: 'handling=strict, max-affected=1' },
    says: { details: 'The query affects 3 rows' },
  }),
  PGRST204: written(
    'a column is not there to be written',
    'POST',
    'tags',
    { name: 'new', shape: 'round' },
    {
      says: { message: "Could not find the 'shape' column of 'tags'" },
    },
  ),

  // ── PostgREST's own ──
  PGRST100: asked('a filter has no operator', 'products?id=1', {
    says: {
      message: '"failed to parse filter (1)" (line 1, column 1)',
      details: 'unexpected "1" expecting "not" or operator (eq, gt, ...)',
    },
  }),
  PGRST103: asked('a page is less than nothing', 'products?limit=-1', {
    says: { details: 'Limit should be greater than or equal to zero.' },
  }),
  PGRST106: asked('another schema is asked for', 'products', { headers: { 'accept-profile': 'private' } }),
  PGRST107: asked('the answer is wanted in a form that is not there', 'products', { headers: { accept: 'image/png' } }),
  PGRST108: asked('a filter is on what is not embedded', 'products?tags.name=eq.green'),
  PGRST116: asked('one row is wanted where there are several', 'products', {
    headers: { accept: 'application/vnd.pgrst.object+json' },
    says: { details: 'The result contains 5 rows' },
  }),
  PGRST117: asked('a method is not there', 'products/1', {
    method: 'POST',
    says: { message: 'Unsupported HTTP method: POST' },
    headDiffers: true,
  }),
  PGRST118: asked('rows are ordered by a relation to many', 'products?select=tags()&order=tags(name)'),
  PGRST120: asked('an embed is compared with a value', 'products?select=tags()&tags=eq.green'),
  PGRST122: asked('a preference is not known and handling is strict', 'products', {
    headers: { prefer: 'handling=strict, colour=red' },
    says: { details: 'Invalid preferences: colour=red' },
  }),
  PGRST127: asked('an embed has a having of its own', 'products?select=tags(count())&tags.having=count.gt.1'),
  PGRST200: asked('a relation is not there', 'products?select=shops(name)', {
    says: { message: "Could not find a relationship between 'products' and 'shops'" },
  }),
  PGRST201: asked('two relations may be meant', 'orders?select=addresses(city)', {
    as: 'ann',
    says: { hint: 'Say which: addresses!billing, addresses!shipping.' },
  }),
  PGRST202: asked('a function is not there', 'rpc/restock', {
    says: { message: 'Could not find the function restock in the schema cache' },
  }),
  PGRST205: asked('a table may not be read', 'vault', { as: 'ann', says: { message: "Could not find the table 'vault'" } }),

  // ── Ours ──
  not_found: asked('a row may not be read', 'products/6', {
    says: { message: 'There is no such row', details: 'The result contains 0 rows' },
  }),
  idempotency_key_running: written(
    'the same request comes twice at once',
    'POST',
    'tags',
    { name: 'twice', colour: 'red' },
    {
      headers: { 'idempotency-key': 'running' },
      beside: true,
    },
  ),
  idempotency_key_reused: written(
    'a key comes again with another body',
    'POST',
    'tags',
    { name: 'second', colour: 'red' },
    {
      headers: { 'idempotency-key': 'reused' },
      before: { name: 'first', colour: 'red' },
    },
  ),
  weak_idempotency_key: asked('a stranger’s key could be guessed', 'reviews', {
    method: 'POST',
    body: {},
    headers: { 'idempotency-key': '1' },
    headDiffers: true,
  }),
  precondition_failed: asked('a row is not the one that is expected', 'products/1', { headers: { 'if-match': '"another"' } }),
  too_deep: asked('and and or stand in each other too often', `products?and=(${'and('.repeat(10)}id.eq.1${')'.repeat(10)})`, {
    says: { message: 'and and or may be nested 10 deep at most' },
  }),
  too_complex: asked('a request has too many filters', `products?${'id=eq.1&'.repeat(101)}`, {
    says: { message: 'A request may have 100 filters at most' },
  }),
}
