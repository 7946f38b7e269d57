/**
 * Content negotiation: what an answer is written as.
 *
 * 1. The `Accept` header's best entry that can be given wins: by quality, then by how specific it is, then by place.
 * 2. To add a form: a row in `forms`, a writer in `encode.ts`, a row in `spec/70-rest/grammar.ts`.
 */
import { Problem } from '../../errors.ts'

export interface Media {
  readonly form: 'array' | 'object' | 'csv' | 'plan'
  /** Members that are null are left out. */
  readonly stripped: boolean
  /** A plan as JSON. */
  readonly json: boolean
  readonly type: string
}

const charset = '; charset=utf-8'
const JSON_ARRAY: Media = { form: 'array', stripped: false, json: true, type: `application/json${charset}` }
const CSV: Media = { form: 'csv', stripped: false, json: false, type: `text/csv${charset}` }

type Params = ReadonlyMap<string, string>

const forms: ReadonlyMap<string, (params: Params) => Media> = new Map(
  Object.entries({
    'application/json': () => JSON_ARRAY,
    'application/*': () => JSON_ARRAY,
    '*/*': () => JSON_ARRAY,
    'text/csv': () => CSV,
    'text/*': () => CSV,
    'application/vnd.pgrst.array+json': arrayMedia,
    'application/vnd.pgrst.array': arrayMedia,
    'application/vnd.pgrst.object+json': objectMedia,
    'application/vnd.pgrst.object': objectMedia,
    'application/vnd.pgrst.plan+json': (params) => planMedia('json', params),
    'application/vnd.pgrst.plan+text': (params) => planMedia('text', params),
    'application/vnd.pgrst.plan': (params) => planMedia('text', params),
  }),
)

const isStripped = (params: Params): boolean => params.get('nulls') === 'stripped'

function arrayMedia(params: Params): Media {
  return isStripped(params)
    ? { form: 'array', stripped: true, json: true, type: `application/vnd.pgrst.array+json;nulls=stripped${charset}` }
    : JSON_ARRAY
}

function objectMedia(params: Params): Media {
  const stripped = isStripped(params)
  return { form: 'object', stripped, json: true, type: `application/vnd.pgrst.object+json${stripped ? ';nulls=stripped' : ''}${charset}` }
}

/** A plan is the same for every form of its rows; options such as `analyze` are not there and not in the answer's type. */
function planMedia(format: 'json' | 'text', params: Params): Media {
  const rows = params.get('for') ?? 'application/json'
  return { form: 'plan', stripped: false, json: format === 'json', type: `application/vnd.pgrst.plan+${format}; for="${rows}"${charset}` }
}

/** What one row may be written as: each has a tag of its own. */
export const rowTypes: readonly string[] = [
  JSON_ARRAY.type,
  CSV.type,
  ...[new Map(), new Map([['nulls', 'stripped']])].map((params) => objectMedia(params).type),
]

/** The media of a list, or of one row: there the object is what `application/json` means. */
export function negotiate(accept: string | undefined, single: boolean): Media {
  const media = accept === undefined || accept === '' ? JSON_ARRAY : bestOf(accept, single)
  return single && media.form === 'array' ? { ...media, form: 'object' } : media
}

function bestOf(accept: string, single: boolean): Media {
  const entries = splitOutside(accept, ',').filter(isSaid).map(readEntry)
  const wanted = entries.filter((entry) => entry.quality > 0).sort((a, b) => b.quality - a.quality || b.specific - a.specific)
  for (const { type, params } of wanted) {
    const media = forms.get(type)?.(params)
    if (media !== undefined && !(single && media.form === 'array' && media.stripped)) return media
  }
  throw new Problem('PGRST107', `None of these media types are available: ${entries.map(({ text }) => text).join(', ')}`)
}

/** Nothing between two commas is no entry (RFC 9110). */
const isSaid = (entry: string): boolean => entry !== ''

interface Entry {
  readonly text: string
  readonly type: string
  readonly params: Params
  readonly quality: number
  readonly specific: number
}

function readEntry(entry: string): Entry {
  const [type = '', ...rest] = splitOutside(entry, ';').map((part) => part.trim())
  const params = new Map(rest.map((part) => readParam(part)))
  const quality = Number(params.get('q') ?? 1)
  const text = [type, ...rest.filter((part) => !/^q\s*=/i.test(part))].join(';')
  const specific = params.size - (params.has('q') ? 1 : 0) - (type.match(/\*/g)?.length ?? 0)
  return { text, type: type.toLowerCase(), params, quality: Number.isNaN(quality) ? 1 : quality, specific }
}

function readParam(part: string): [string, string] {
  const equals = part.indexOf('=')
  const name = part
    .slice(0, equals === -1 ? undefined : equals)
    .trim()
    .toLowerCase()
  const value = equals === -1 ? '' : part.slice(equals + 1).trim()
  return [name, value.startsWith('"') ? value.slice(1, -1) : value]
}

/** Splits at a character that does not stand in quotes. */
function splitOutside(text: string, at: string): string[] {
  if (!text.includes('"')) return text.split(at)
  const parts: string[] = ['']
  let quoted = false
  for (const character of text) {
    if (character === '"') quoted = !quoted
    if (character === at && !quoted) parts.push('')
    else parts[parts.length - 1] += character
  }
  return parts
}
