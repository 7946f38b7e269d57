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

const single: ReadonlySet<string> = new Set([
  'host',
  'authorization',
  'apikey',
  'content-length',
  'content-type',
  'transfer-encoding',
  'origin',
])
const singleLengths: ReadonlySet<number> = new Set([...single].map((name) => name.length))
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
  let seen = ''
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? ''
    size += name.length + (raw[i + 1]?.length ?? 0)
    if (!singleLengths.has(name.length)) continue
    const lower = name.toLowerCase()
    if (!single.has(lower)) continue
    if (seen.includes(`${lower},`)) return new Problem('bad_request', `The header ${lower} is there twice.`)
    seen += `${lower},`
  }
  return size > limits.headers ? headersTooLarge(limits.headers) : undefined
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
