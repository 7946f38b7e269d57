/** What a server of a bench and the bench say to each other, over the channel that Node gives a child process. */
import { type Hot, startProfile } from './profile.ts'

export interface Ready {
  readonly kind: 'ready'
  /** `http://127.0.0.1:4000`. */
  readonly url: string
  /** What is measured, with versions. */
  readonly title: string
  /** What a request to this side must carry; the other sides are sent it too. */
  readonly headers: Readonly<Record<string, string>>
}

/** What the bench asks of a server. */
export type Order = 'used' | 'profile' | 'profiled'

export interface Replies {
  /** Microseconds of processor time so far. */
  readonly used: number
  readonly profile: boolean
  readonly profiled: readonly Hot[]
}

/** Tells the bench that this server is ready, and answers its questions until it lets go. */
export function serveBench(ready: Omit<Ready, 'kind'>): void {
  let stopProfile: (() => Promise<readonly Hot[]>) | undefined
  const answers: { [Asked in Order]: () => Replies[Asked] | Promise<Replies[Asked]> } = {
    used: () => process.cpuUsage().user + process.cpuUsage().system,
    profile: async () => {
      stopProfile = await startProfile()
      return true
    },
    profiled: async () => (await stopProfile?.()) ?? [],
  }
  const reply = async (order: Order): Promise<void> => void process.send?.({ reply: await answers[order]() })
  process.on('message', (order: Order) => void reply(order))
  process.on('disconnect', () => process.exit(0))
  process.send?.({ kind: 'ready', ...ready } satisfies Ready)
}
