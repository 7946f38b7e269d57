/** The whole body of a request, within the limit: a byte more, and reading stops. */
import type { IncomingMessage } from 'node:http'
import { Problem } from '../errors.ts'
import type { Connection } from './connection.ts'
import { bodyTooLarge } from './edge.ts'

export function hasBody(req: IncomingMessage): boolean {
  const length = req.headers['content-length']
  return (length !== undefined && length !== '0') || req.headers['transfer-encoding'] !== undefined
}

export function readBody(req: IncomingMessage, most: number, connection: Connection): Promise<Uint8Array> {
  const body = new Promise<Uint8Array>((resolve, reject) => {
    connection.giveUp = reject
    const chunks: Uint8Array[] = []
    let size = 0
    req.on('data', (chunk: Uint8Array) => {
      size += chunk.length
      if (size <= most) return void chunks.push(chunk)
      chunks.length = 0
      req.pause()
      reject(bodyTooLarge(most))
    })
    req.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
    req.on('error', (cause) => reject(new Problem('bad_request', 'The body did not arrive whole.', { cause })))
  })
  return body.finally(() => (connection.giveUp = undefined))
}
