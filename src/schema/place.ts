/**
 * Places in the user's file: where a table, a column or a mistake in a rule stands.
 *
 * 1. Taking a place is cheap; its text is made only when an error is shown.
 * 2. Frames of Plinth itself are passed over, so a place is always the user's own line.
 */
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A place that was taken; `sourceOf` turns it into `store.ts:12:5`. */
export interface Place {
  readonly stack?: string
}

const places = new WeakMap<object, Place>()

/** Keeps the place of something that was loaded, for those who find a mistake in it later. */
export function remember<T extends object>(made: T, place: Place): T {
  places.set(made, place)
  return made
}

export const placeOf = (made: object | undefined): Place | undefined => made && places.get(made)

const DEPTH = 12
const FRAME = /(?:\(|at (?:async )?)((?:file:\/\/|\/|[A-Za-z]:[\\/]).*):(\d+):(\d+)\)?$/

// The folder of the sources, or of the published bundle.
const OWN = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../' : './', import.meta.url))

const isOwn = (file: string): boolean => file.startsWith(OWN) && !file.includes('.test')

/** Remembers where the user's file is now. */
export function here(): Place {
  const before = Error.stackTraceLimit
  Error.stackTraceLimit = DEPTH
  const place: Place = {}
  Error.captureStackTrace(place, here)
  Error.stackTraceLimit = before
  return place
}

/** A place, read: both numbers count from 1. */
export interface Spot {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** `undefined` where no frame is the user's. */
export function spotOf(place: Place | undefined): Spot | undefined {
  for (const line of place?.stack?.split('\n') ?? []) {
    const found = FRAME.exec(line.trim())
    const file = found?.[1] === undefined ? undefined : fileOf(found[1])
    if (found && file !== undefined && !isOwn(file)) return { file, line: Number(found[2]), column: Number(found[3]) }
  }
  return undefined
}

/** A place that was found in a file's text, like one that was taken. */
export const placeAt = ({ file, line, column }: Spot): Place => ({ stack: `at ${file}:${line}:${column}` })

/** `store.ts:12:5`, from the working folder where the file is in it; `undefined` where no frame is the user's. */
export function sourceOf(place: Place | undefined): string | undefined {
  const spot = spotOf(place)
  return spot && `${shortened(spot.file)}:${spot.line}:${spot.column}`
}

/** The path without the version that a reload puts behind it. */
function fileOf(address: string): string {
  const bare = address.replace(/[?#].*$/, '')
  return bare.startsWith('file:') ? fileURLToPath(bare) : bare
}

function shortened(file: string): string {
  const short = relative(process.cwd(), file)
  return short.startsWith('..') ? file : short
}
