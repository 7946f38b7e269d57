/**
 * What a bench is: a promise, and the same question put to our server and to its peers.
 *
 * To add one: a file beside this one that exports a `Bench`, a line in `benches.ts`, the routes in `peers/`.
 */

/** One request, as each side wants it asked. */
export interface Question {
  readonly ours: string
  readonly peers: string
  /** Sent by POST; `%id%` is a UUID that no other request has. */
  readonly body?: string
}

export type PeerName = 'hand-written' | 'node-http' | 'one-each' | 'normal'

export interface Bench {
  readonly name: string
  /** What is promised, in a sentence. */
  readonly promise: string
  readonly peers: readonly PeerName[]
  /** How bodies must agree before anything is timed: byte for byte, or as the JSON values they are. */
  readonly equal: 'bytes' | 'json'
  /** Headers that our side wants besides the asker's credentials; every side is sent them. */
  readonly headers?: Readonly<Record<string, string>>
  /** The questions that the connections go round, in a fixed order. */
  readonly questions: readonly Question[]
  /** Reads back what a question has written, so that the sides can be compared. */
  readonly written?: (id: string) => Question
}
