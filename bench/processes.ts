/**
 * The processes of a bench: a server a side on the first core, the load on the second, where there are two.
 * Every one of them ends when the bench lets go of its channel, however the bench ends.
 */
import { type ChildProcess, fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Order, Ready, Replies } from './control.ts'
import type { LoadOrder, LoadResult } from './load.ts'

export interface Server extends Ready {
  readonly name: string
  ask<Asked extends Order>(order: Asked): Promise<Replies[Asked]>
  stop(): void
}

/** Servers and load have a core each. */
export const pinned = availableParallelism() >= 2 && spawnSync('taskset', ['--version']).status === 0

export async function startServer(name: string, script: string, words: readonly string[]): Promise<Server> {
  const child = start(script, words, 0)
  const ready = await messageFrom<Ready>(child, name)
  const ask = async <Asked extends Order>(order: Asked): Promise<Replies[Asked]> => {
    child.send(order)
    return (await messageFrom<{ reply: Replies[Asked] }>(child, name)).reply
  }
  return { ...ready, name, ask, stop: () => child.disconnect() }
}

export interface Load {
  run(order: LoadOrder): Promise<LoadResult>
  stop(): void
}

export function startLoad(): Load {
  const child = start('load.ts', [], 1)
  const run = (order: LoadOrder): Promise<LoadResult> => {
    child.send(order)
    return messageFrom<LoadResult>(child, 'load')
  }
  return { run, stop: () => child.disconnect() }
}

function start(script: string, words: readonly string[], core: number): ChildProcess {
  const path = join(import.meta.dirname, script)
  const flags = ['--disable-warning=ExperimentalWarning']
  const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const
  if (!pinned) return fork(path, words, { execArgv: flags, stdio: [...stdio] })
  return fork(path, words, { execPath: 'taskset', execArgv: ['-c', String(core), process.execPath, ...flags], stdio: [...stdio] })
}

async function messageFrom<Message>(child: ChildProcess, name: string): Promise<Message> {
  const gone = new AbortController()
  const exit = once(child, 'exit', { signal: gone.signal }).then(
    () => Promise.reject(new Error(`the process of ${name} ended with code ${child.exitCode}`)),
    () => undefined,
  )
  try {
    const [message] = await Promise.race([once(child, 'message'), exit.then(() => [])])
    // The two ends of the channel are written together.
    return message as Message
  } finally {
    gone.abort()
  }
}
