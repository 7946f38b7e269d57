/** An open connection: whose it is, and whether something is under way on it. */
import type { Socket } from 'node:net'
import { Problem } from '../errors.ts'
import { plainAddress } from './address.ts'
import { headersTooLarge, urlTooLong, type EdgeLimits } from './edge.ts'
import { problemText, problemType } from './problem.ts'

export class Connection {
  readonly socket: Socket
  readonly address: string
  /** Requests that were taken and not answered yet. */
  running = 0
  /** The last request was not readable: nothing more is taken, and it ends with the answers still due. */
  broken = false
  /** Set while a body is read: what to do when the rest of it cannot be. */
  giveUp: ((problem: Problem) => void) | undefined = undefined
  /** Milliseconds of the monotonic clock when the last answer was given. */
  quietSince = Number.POSITIVE_INFINITY
  /** Bytes that had been read then. */
  #answeredAt = 0

  constructor(socket: Socket) {
    this.socket = socket
    this.address = plainAddress(socket.remoteAddress ?? '')
  }

  answered(now: number): void {
    this.running -= 1
    this.quietSince = now
    this.#answeredAt = this.socket.bytesRead
    if (this.broken && this.running === 0) this.socket.end()
  }

  /** Nothing is under way, not even the first bytes of a request. */
  get idle(): boolean {
    return this.running === 0 && this.socket.bytesRead === this.#answeredAt
  }
}

/** What to say to a client whose request the parser gave up on; undefined where nobody is there to hear it. */
export function parserProblem(error: Error & { code?: string; rawPacket?: Buffer }, limits: EdgeLimits): Problem | undefined {
  const code = error.code ?? ''
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new Problem('timeout', 'The request did not arrive in time.')
  if (code === 'HPE_HEADER_OVERFLOW') return isUrl(error.rawPacket, limits.url) ? urlTooLong(limits.url) : headersTooLarge(limits.headers)
  if (code.startsWith('HPE_')) return new Problem('bad_request', 'The request is not well-formed HTTP/1.1.')
  return undefined
}

/** Whether what is too long is the first line, which is the URL. */
function isUrl(packet: Buffer | undefined, most: number): boolean {
  return packet !== undefined && /^[A-Z]+ /.test(packet.subarray(0, 16).toString('latin1')) && !packet.subarray(0, most).includes('\r\n')
}

const statusNames: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  413: 'Content Too Large',
  414: 'URI Too Long',
  431: 'Request Header Fields Too Large',
}
/** How much of what a refused client still sends is read and thrown away, and for how long. */
const lingering = { bytes: 4 * 1024 * 1024, ms: 2000 }

/**
 * Answers on the bare socket and ends. What still arrives is thrown away for a moment, because closing on unread
 * bytes makes the client's system drop the answer before the client has read it.
 */
export function refuse(socket: Socket, problem: Problem, id: string): void {
  const body = problemText(problem, id)
  const head = [
    `HTTP/1.1 ${problem.status} ${statusNames[problem.status] ?? 'Refused'}`,
    `Date: ${new Date().toUTCString()}`,
    `Content-Type: ${problemType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    'Referrer-Policy: no-referrer',
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
    'Cross-Origin-Resource-Policy: same-origin',
    'Access-Control-Allow-Origin: *',
    'Cache-Control: no-store',
    `X-Request-Id: ${id}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  linger(socket)
}

function linger(socket: Socket): void {
  const start = socket.bytesRead
  const timer = setTimeout(() => socket.destroy(), lingering.ms)
  timer.unref()
  socket.on('data', () => {
    if (socket.bytesRead - start > lingering.bytes) socket.destroy()
  })
  socket.once('close', () => clearTimeout(timer))
  socket.resume()
}
