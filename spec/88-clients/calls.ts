/**
 * Each method of `@supabase/postgrest-js`, called once at least, with the whole of what comes back.
 *
 * To add one: a row in a file of `calls/`. A method without a row fails the test, and so does a row that does not call
 * its method.
 */
import type { Call } from './call.ts'
import { changing } from './calls/changing.ts'
import { comparing } from './calls/comparing.ts'
import { inserting } from './calls/inserting.ts'
import { refusing } from './calls/refusing.ts'
import { returning } from './calls/returning.ts'
import { searching } from './calls/searching.ts'
import { selecting } from './calls/selecting.ts'
import { shaping } from './calls/shaping.ts'

export const calls: readonly Call[] = [
  ...selecting,
  ...comparing,
  ...searching,
  ...shaping,
  ...inserting,
  ...returning,
  ...changing,
  ...refusing,
]
