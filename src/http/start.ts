/** Taking the port; what stands in the way is said in one sentence, with the way out. */
import type { Server } from 'node:http'
import { LoadFailure } from '../errors.ts'

interface Place {
  readonly port: number
  readonly host: string
}

export function startListening(server: Server, place: Place): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenFailure(error, place)))
    server.listen(place.port, place.host, 511, () => resolve())
  })
}

export function urlOf(server: Server, host: string): { readonly url: string; readonly port: number } {
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return { url: `http://${shown}:${port}`, port }
}

function listenFailure(error: NodeJS.ErrnoException, { port, host }: Place): Error {
  const fail = (place: string, message: string, fix: string): LoadFailure => new LoadFailure([{ place, message, fix }])
  switch (error.code ?? '') {
    case 'EADDRINUSE':
      return fail('PORT', `Port ${port} of ${host} is taken.`, `Stop what listens there, or choose another port, such as PORT=${port + 1}.`)
    case 'EACCES':
      return fail(
        'PORT',
        `Port ${port} is kept for the administrator of this machine.`,
        'Choose one above 1023, such as PORT=4000, and put a proxy in front.',
      )
    case 'EADDRNOTAVAIL':
      return fail(
        'HOST',
        `${host} is no address of this machine.`,
        'Use 127.0.0.1 for this machine alone, or 0.0.0.0 for every address of it.',
      )
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return fail('HOST', `There is no host called ${host}.`, 'Use 127.0.0.1 for this machine alone, or 0.0.0.0 for every address of it.')
    default:
      return fail(
        'PORT',
        `Port ${port} of ${host} cannot be listened on (${error.code ?? error.message}).`,
        'Choose another with PORT and HOST.',
      )
  }
}
