/**
 * The functions that Plinth puts into a PostgreSQL database: what semantics promise and the server does not do by
 * itself. In the order in which they can be made; each statement can be run again.
 *
 * 1. Immutable ones may stand in indexes and generated columns: their results must never change for the same input.
 * 2. None depends on `search_path`, on a collation's version or on a session's settings, but for the one that `float.ts` names.
 *
 * To add one: a file in `functions/` named after it, and a line here.
 */
import { base64 } from './functions/base64.ts'
import { castable } from './functions/castable.ts'
import { float, wholeFloat } from './functions/float.ts'
import { fold } from './functions/fold.ts'
import { json } from './functions/json.ts'
import { reading } from './functions/read.ts'
import { tooLarge } from './functions/too-large.ts'
import { words } from './functions/words.ts'

export interface DatabaseFunction {
  readonly name: string
  /** One statement that makes it, or makes it anew. */
  readonly sql: string
}

export const functions: readonly DatabaseFunction[] = [fold, words, wholeFloat, float, base64, ...json, ...reading, castable, tooLarge]
