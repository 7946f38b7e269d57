/**
 * The listener: `node:http` on one side, `handle` on the other. It knows no table, no protocol and no identity.
 *
 * 1. Every request is answered exactly once, errors too, with the same headers and one line in the log.
 * 2. A request that needs no waiting is answered in the turn in which it arrived.
 * 3. A stop takes no new connections, lets what is under way finish, and says `Connection: close` on the last answers.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'
import type { Problem } from '../errors.ts'
import { Proxies, rateName } from './address.ts'
import { writeAnswer, type AnswerOptions, type Moment } from './answer.ts'
import { hasBody, readBody } from './body.ts'
import { plainTags, tagCoding, type Coding } from './coding.ts'
import { Connection, parserProblem, refuse } from './connection.ts'
import { Origins, isPreflight, preflightAnswer } from './cors.ts'
import { edgeProblem, mostHeaders, originForm, type EdgeLimits } from './edge.ts'
import { Exchange, plainHeaders, type Answer, type Handle, type Notes } from './exchange.ts'
import { HeadWriter } from './head.ts'
import { healthAnswer, isHealth, type Readiness } from './health.ts'
import { problemAnswer, unforeseen } from './problem.ts'
import { Rates } from './rates.ts'
import { startListening, urlOf } from './start.ts'
import { sentId } from './trace.ts'

export interface ListenOptions {
  readonly port: number
  readonly host: string
  readonly limits: EdgeLimits
  readonly maxConnections: number
  /** Milliseconds a client may take for the headers, for a whole request, and between two requests. */
  readonly headersTimeout: number
  readonly requestTimeout: number
  readonly keepAlive: number
  /** Milliseconds that a stop waits for what is under way. */
  readonly stopTimeout: number
  /** Milliseconds that a stop leaves idle connections open, for a request that is on its way already. */
  readonly drain?: number
  /** Requests a second from one address; 0 for no limit. */
  readonly rateAddress: number
  readonly corsOrigins: readonly string[]
  readonly trustedProxies: readonly string[]
  readonly probe: () => Promise<void>
  readonly requestId: () => string
  /** Called once for each request, on its answer. */
  readonly answered?: (report: Report) => void
  /** Called for what was refused before it was a request. */
  readonly refused?: (problem: Problem) => void
  /** Whether an answer carries `Server-Timing`. */
  readonly timed: (notes: Notes) => boolean
}

export interface Report {
  readonly exchange: Exchange
  readonly status: number
  readonly bytes: number
  readonly ms: number
  /** Set where the failure is ours to tell: the edge's own, or one that nobody foresaw. */
  readonly problem: Problem | undefined
  /** The client did not wait for the answer. */
  readonly gone: boolean
}

export interface Listening {
  readonly url: string
  readonly port: number
  /** Requests under way. */
  running(): number
  /** Ends within `stopTimeout`. Gives how many requests were cut off. */
  stop(): Promise<number>
}

export async function listen(handle: Handle, options: ListenOptions): Promise<Listening> {
  const listener = new Listener(handle, options)
  await startListening(listener.server, options)
  return { ...urlOf(listener.server, options.host), running: () => listener.running(), stop: () => listener.stop() }
}

/** A request on its way through the listener. */
interface Turn {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly connection: Connection
  readonly exchange: Exchange
  /** The coding of the tag that the client shows in a condition. */
  readonly shown: Coding | undefined
  /** Lines for the head of the answer. */
  extra: string
  problem: Problem | undefined
}

class Listener {
  readonly server: Server
  readonly #handle: Handle
  readonly #options: ListenOptions
  readonly #answerOptions: AnswerOptions
  readonly #connections = new Map<Socket, Connection>()
  readonly #proxies: Proxies
  readonly #rates: Rates | undefined
  readonly #readiness: Readiness
  readonly #sweep: NodeJS.Timeout
  #stopped: Promise<number> | undefined

  constructor(handle: Handle, options: ListenOptions) {
    this.#handle = handle
    this.#options = options
    this.#proxies = new Proxies(options.trustedProxies)
    this.#rates = options.rateAddress > 0 ? new Rates('address', options.rateAddress, () => performance.now()) : undefined
    this.#readiness = { probe: options.probe, stopping: () => this.#stopped !== undefined }
    this.#answerOptions = {
      head: new HeadWriter(options.keepAlive),
      origins: new Origins(options.corsOrigins),
      timed: options.timed,
    }
    this.server = this.#createServer()
    this.#sweep = setInterval(() => this.#closeQuiet(), Math.min(1000, options.keepAlive)).unref()
  }

  #createServer(): Server {
    const { limits, headersTimeout, requestTimeout } = this.#options
    const server = createServer({
      // The parser counts the URL in; `edgeProblem` then judges each by its own limit.
      maxHeaderSize: limits.url + limits.headers,
      headersTimeout: Math.min(headersTimeout, requestTimeout),
      requestTimeout,
      // Idle connections are closed by `#closeQuiet`: node:http would set a timer twice for every request (0.6 µs).
      keepAliveTimeout: 0,
      // A request without a Host is refused in our own words.
      requireHostHeader: false,
      connectionsCheckingInterval: Math.min(2000, Math.ceil(headersTimeout / 2)),
    })
    server.maxHeadersCount = mostHeaders + 1
    server.maxConnections = this.#options.maxConnections
    server.on('connection', (socket) => this.#opened(socket))
    server.on('request', (req, res) => this.#take(req, res))
    server.on('checkContinue', (req, res) => this.#take(req, res, true))
    server.on('clientError', (error, socket) => this.#unreadable(error, socket))
    return server
  }

  running(): number {
    let running = 0
    for (const connection of this.#connections.values()) running += connection.running
    return running
  }

  // ── Connections ──

  #opened(socket: Socket): void {
    this.#connections.set(socket, new Connection(socket))
    socket.once('close', () => this.#connections.delete(socket))
  }

  /** Closes what has been quiet for longer than the answers said; a second more, for what is on its way. */
  #closeQuiet(): void {
    const { keepAlive, headersTimeout } = this.#options
    const since = performance.now() - keepAlive - 1000
    for (const connection of this.#connections.values()) {
      // What has come may be the beginning of a request, which has its own time limit, or bytes that never become one.
      const late = connection.idle ? since : since - headersTimeout
      if (connection.running === 0 && connection.quietSince < late) connection.socket.destroySoon()
    }
  }

  #unreadable(error: Error, stream: unknown): void {
    const connection = this.#connections.get(stream as Socket) // this server makes nothing else
    if (connection === undefined || connection.broken) return
    connection.broken = true
    const problem = connection.socket.writable ? parserProblem(error, this.#options.limits) : undefined
    if (problem === undefined) return void connection.socket.destroy()
    if (connection.giveUp) return connection.giveUp(problem)
    this.#options.refused?.(problem)
    // Answers that are still due go first; the broken request after them gets none.
    if (connection.running === 0) refuse(connection.socket, problem, this.#options.requestId())
  }

  // ── Requests ──

  #take(req: IncomingMessage, res: ServerResponse, wantsContinue = false): void {
    const started = performance.now()
    const connection = this.#connections.get(req.socket)
    if (connection === undefined) return void res.destroy()
    connection.running += 1
    const headers = plainTags(plainHeaders(req.headers))
    const id = sentId(headers['x-request-id']) ?? this.#options.requestId()
    const onClose = (listener: () => void): void => void res.once('close', listener)
    const exchange = new Exchange(req.method ?? 'GET', originForm(req.url ?? '/'), { headers, id, started, onClose })
    const turn: Turn = { req, res, connection, exchange, extra: '', problem: undefined, shown: tagCoding(req.headers['if-none-match']) }
    const wrong = edgeProblem(req, this.#options.limits)
    if (wrong !== undefined) return this.#turnAway(turn, wrong)
    if (isHealth(exchange.path)) return this.#await(healthAnswer(exchange, this.#readiness), turn)
    if (this.#rates !== undefined && this.#tooMany(turn, this.#rates)) return
    if (isPreflight(exchange)) return this.#answer(preflightAnswer(exchange), turn)
    if (!hasBody(req)) return this.#ask(turn)
    if (wantsContinue) res.writeContinue()
    this.#read(turn)
  }

  #tooMany(turn: Turn, rates: Rates): boolean {
    const { connection, exchange } = turn
    const address = this.#proxies.client(connection.address, exchange.headers['x-forwarded-for'])
    const bucket = rates.take(rateName(address), exchange.started)
    if (bucket.refused) this.#fail(rates.problem(bucket), turn)
    else turn.extra = rates.lines(bucket)
    return bucket.refused
  }

  #read(turn: Turn): void {
    readBody(turn.req, this.#options.limits.body, turn.connection).then(
      (body) => {
        turn.exchange.body = body
        this.#ask(turn)
      },
      (problem: unknown) => this.#turnAway(turn, unforeseen(problem)),
    )
  }

  #ask(turn: Turn): void {
    let answer: Answer | Promise<Answer>
    try {
      answer = this.#handle(turn.exchange)
    } catch (error) {
      return this.#fail(unforeseen(error), turn)
    }
    this.#await(answer, turn)
  }

  #await(answer: Answer | Promise<Answer>, turn: Turn): void {
    if (!(answer instanceof Promise)) return this.#answer(answer, turn)
    answer.then(
      (ready) => this.#answer(ready, turn),
      (error: unknown) => this.#fail(unforeseen(error), turn),
    )
  }

  #fail(problem: Problem, turn: Turn): void {
    turn.problem = problem
    turn.extra = ''
    this.#answer(problemAnswer(problem, turn.exchange.id), turn)
  }

  /** Refused, and the rest of it is not wanted either: the connection ends. */
  #turnAway(turn: Turn, problem: Problem): void {
    const { req, connection, exchange } = turn
    connection.broken = true
    if (connection.running > 1 || !hasBody(req) || !connection.socket.writable) return this.#fail(problem, turn)
    refuse(connection.socket, problem, exchange.id)
    turn.problem = problem
    this.#done(turn, problem.status, 0)
  }

  #answer(answer: Answer, turn: Turn): void {
    if (turn.res.destroyed) return this.#giveUp(turn, answer)
    const moment: Moment = { last: turn.connection.broken || this.#stopped !== undefined, extra: turn.extra, shown: turn.shown }
    let written: number | Promise<number>
    try {
      written = writeAnswer(turn.res, turn.exchange, answer, this.#answerOptions, moment)
    } catch (error) {
      return this.#unwritable(error, turn)
    }
    if (!(written instanceof Promise)) return this.#done(turn, answer.status, written)
    written.then(
      (bytes) => this.#done(turn, answer.status, bytes),
      (error: unknown) => (isCutOff(error) ? this.#done(turn, answer.status, 0, true) : this.#unwritable(error, turn)),
    )
  }

  /** The client went away before there was an answer. */
  #giveUp(turn: Turn, { status, stream }: Answer): void {
    stream?.cancel().catch(() => undefined)
    this.#done(turn, status, 0, true)
  }

  /** A protocol gave something that cannot be written. It may have been this very failure's answer: never twice. */
  #unwritable(error: unknown, turn: Turn): void {
    if (turn.problem === undefined && !turn.res.headersSent) return this.#fail(unforeseen(error), turn)
    turn.res.destroy()
    turn.problem ??= unforeseen(error)
    this.#done(turn, 500, 0)
  }

  #done(turn: Turn, status: number, bytes: number, gone = false): void {
    const { exchange, problem } = turn
    const now = performance.now()
    turn.connection.answered(now)
    this.#options.answered?.({ exchange, status, bytes, ms: now - exchange.started, problem, gone })
  }

  // ── Stopping ──

  stop(): Promise<number> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #stop(): Promise<number> {
    const closed = new Promise<void>((resolve) => void this.server.once('close', () => resolve()))
    // The plain close: node:http's own would cut idle connections at once, together with requests on their way.
    NetServer.prototype.close.call(this.server)
    await within(this.#options.drain ?? 100, closed)
    for (const connection of this.#connections.values()) if (connection.idle) connection.socket.destroySoon()
    await within(this.#options.stopTimeout, closed)
    const cut = this.running()
    for (const socket of this.#connections.keys()) socket.destroy()
    await closed
    clearInterval(this.#sweep)
    this.server.close(() => {})
    return cut
  }
}

/** The client went away in the middle of an answer. */
const isCutOff = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'

/** Waits for it, but no longer than that. */
async function within(ms: number, done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => void (timer = setTimeout(resolve, ms)))
  await Promise.race([done, late])
  clearTimeout(timer)
}
