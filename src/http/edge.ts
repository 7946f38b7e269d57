/**
 * Strictness at the edge: what a request must be before anybody looks at what it asks. Node's parser already refuses
 * broken framing (both lengths, two lengths, bare line feeds); here is what it lets through.
 *
 * 1. One `Host`, at most one of each header that decides who asks or how long the body is.
 * 2. Sizes are checked before a single byte of the body is read.
 */
import type { IncomingMessage } from 'node:http'
import { Problem } from '../errors.ts'

export interface EdgeLimits {
  /** Characters of the URL. */
  readonly url: number
  /** Bytes of all headers, names and values. */
  readonly headers: number
  /** Bytes of the body. */
  readonly body: number
}

/** More headers than this are no honest client's. */
export const mostHeaders = 100

const single = ['host', 'authorization', 'apikey', 'content-length', 'content-type', 'transfer-encoding', 'origin']
/** Their places in `single` by the length of the name, so that other headers are passed over at once. */
const singlesByLength: readonly (readonly number[] | undefined)[] = Array.from({ length: 32 }, (_, length) => {
  const places = [...single.keys()].filter((at) => single[at]?.length === length)
  return places.length === 0 ? undefined : places
})
const hostName = /^([A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$/
const oddUrl = /[^\x21-\x7e]|#/

/** Why the request is not taken, or undefined. */
export function edgeProblem(req: IncomingMessage, limits: EdgeLimits): Problem | undefined {
  const url = req.url ?? ''
  if (url.length > limits.url) return urlTooLong(limits.url)
  if (oddUrl.test(url)) return new Problem('bad_request', 'The URL holds a character that must be percent-encoded.')
  return headersProblem(req, limits) ?? hostProblem(req, url) ?? bodyProblem(req, limits)
}

export const urlTooLong = (most: number): Problem =>
  new Problem('url_too_long', `The URL is longer than ${most} characters.`, { hint: 'Ask for less at once, or raise PLINTH_MAX_URL.' })

export const headersTooLarge = (most: number): Problem =>
  new Problem('headers_too_large', `The headers are larger than ${most} bytes, or more than ${mostHeaders}.`, {
    hint: 'Send fewer and shorter headers, or raise PLINTH_MAX_HEADERS.',
  })

export const bodyTooLarge = (most: number): Problem =>
  new Problem('body_too_large', `The body is larger than ${most} bytes.`, { hint: 'Send it in parts, or raise PLINTH_MAX_BODY.' })

function headersProblem(req: IncomingMessage, limits: EdgeLimits): Problem | undefined {
  const raw = req.rawHeaders
  if (raw.length > 2 * mostHeaders) return headersTooLarge(limits.headers)
  let size = 0
  let seen = 0
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? ''
    size += name.length + (raw[i + 1]?.length ?? 0)
    const at = singleAt(name)
    if (at === -1) continue
    if ((seen & (1 << at)) !== 0) return new Problem('bad_request', `The header ${single[at]} is there twice.`)
    seen |= 1 << at
  }
  return size > limits.headers ? headersTooLarge(limits.headers) : undefined
}

/** The place of a name in `single`, in whatever case it is written. */
function singleAt(name: string): number {
  const places = singlesByLength[name.length]
  if (places === undefined) return -1
  for (const at of places) if (name === single[at] || name.toLowerCase() === single[at]) return at
  return -1
}

function hostProblem(req: IncomingMessage, url: string): Problem | undefined {
  const host = req.headers.host
  if (host === undefined) return req.httpVersionMinor === 0 ? undefined : new Problem('bad_request', 'The Host header is missing.')
  if (!hostName.test(host)) return new Problem('bad_request', 'The Host header is no host name.')
  if (url.startsWith('/') || (url === '*' && req.method === 'OPTIONS')) return undefined
  const named = /^https?:\/\/([^/?]*)/i.exec(url)?.[1]
  if (named === undefined) return new Problem('bad_request', 'The URL does not begin with a slash.')
  return named.toLowerCase() === host.toLowerCase()
    ? undefined
    : new Problem('bad_request', 'The URL names another host than the Host header.')
}

function bodyProblem(req: IncomingMessage, limits: EdgeLimits): Problem | undefined {
  const { headers } = req
  const coding = headers['transfer-encoding']
  if (coding !== undefined && (coding.toLowerCase() !== 'chunked' || req.httpVersionMinor === 0)) {
    return new Problem('bad_request', 'The only Transfer-Encoding that is understood is chunked.')
  }
  const packed = headers['content-encoding']
  if (packed !== undefined && packed !== 'identity') {
    return new Problem('unsupported_media_type', 'A body with a Content-Encoding cannot be read.', { hint: 'Send the body as it is.' })
  }
  return Number(headers['content-length'] ?? 0) > limits.body ? bodyTooLarge(limits.body) : undefined
}

/** The path and query of a URL in the absolute form that proxies send. */
export function originForm(url: string): string {
  if (url.startsWith('/')) return url
  const rest = url.replace(/^https?:\/\/[^/?]*/i, '')
  return rest.startsWith('/') ? rest : `/${rest === '*' ? '' : rest}`
}
