/**
 * The load: a process of its own that asks one server over raw keep-alive sockets, one request at a time on each, as
 * fast as answers come. It reads just enough of an answer to know its status and its end.
 */
import { randomUUIDv7 } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'

export interface LoadOrder {
  readonly host: string
  readonly port: number
  readonly headers: Readonly<Record<string, string>>
  readonly asked: readonly { readonly path: string; readonly body: string | undefined }[]
  readonly connections: number
  readonly seconds: number
}

export interface LoadResult {
  readonly requests: number
  readonly bytes: number
  readonly seconds: number
  /** The head of the first answer that was not a success. */
  readonly failure?: string
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.on('message', (order: LoadOrder) => {
    run(order).then(
      (result) => process.send?.(result),
      (error: Error) => process.send?.({ requests: 0, bytes: 0, seconds: 0, failure: error.message } satisfies LoadResult),
    )
  })
  process.on('disconnect', () => process.exit(0))
}

interface Tally {
  requests: number
  bytes: number
  failure: string | undefined
  over: boolean
}

async function run(order: LoadOrder): Promise<LoadResult> {
  const requests = order.asked.map(({ path, body }) => requestMaker(path, body, order))
  const tally: Tally = { requests: 0, bytes: 0, failure: undefined, over: false }
  const start = performance.now()
  setTimeout(() => (tally.over = true), order.seconds * 1000)
  const apart = Math.ceil(requests.length / order.connections)
  await Promise.all(Array.from({ length: order.connections }, (_, number) => converse(order, requests, number * apart, tally)))
  const seconds = (performance.now() - start) / 1000
  return { requests: tally.requests, bytes: tally.bytes, seconds, ...(tally.failure !== undefined && { failure: tally.failure }) }
}

/** Gives the bytes of a request; with a body, those of one that was never sent before. */
function requestMaker(path: string, body: string | undefined, { host, port, headers }: LoadOrder): () => Buffer {
  const own =
    body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.replaceAll('%id%', randomUUIDv7()).length }
  const all = { host: `${host}:${port}`, accept: 'application/json', ...headers, ...own }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  const head = `${body === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
  const whole = Buffer.from(head)
  return body === undefined ? () => whole : () => Buffer.from(head + body.replaceAll('%id%', randomUUIDv7()))
}

/** Asks on one connection until the time is over or something fails. */
function converse({ host, port }: LoadOrder, requests: readonly (() => Buffer)[], first: number, tally: Tally): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ host, port, noDelay: true })
    let next = first
    const ask = (): void => {
      if (tally.over || tally.failure !== undefined) socket.end(resolve)
      else socket.write(requests[next++ % requests.length]?.() ?? '')
    }
    const read = answerReader((bytes, failure) => {
      tally.requests++
      tally.bytes += bytes
      tally.failure ??= failure
      ask()
    })
    socket.on('connect', ask)
    socket.on('data', read)
    socket.on('error', reject)
    socket.on('close', () => (tally.over ? resolve() : reject(new Error(tally.failure ?? 'the server closed a connection'))))
  })
}

/** Gives a function that takes what arrives, and calls `done` at the end of each answer. */
function answerReader(done: (bytes: number, failure: string | undefined) => void): (chunk: Buffer) => void {
  let head: Buffer = Buffer.alloc(0)
  let left = 0
  let length = 0
  let failure: string | undefined
  return (chunk) => {
    if (left === 0) {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk])
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return
      const text = head.toString('latin1', 0, end)
      failure = text.startsWith('HTTP/1.1 20') ? undefined : text
      length = lengthIn(text)
      left = length - (head.length - end - 4)
      head = Buffer.alloc(0)
    } else left -= chunk.length
    if (left === 0) done(length, failure)
  }
}

function lengthIn(head: string): number {
  const match = /\r\ncontent-length: *(\d+)/i.exec(head)
  if (match === null) throw new Error(`an answer does not say its length:\n${head}`)
  return Number(match[1])
}
