/** Where a server's processor time goes: the functions with the most time of their own, while load is on it. */
import { Session } from 'node:inspector/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Hot {
  /** Share of all samples, in percent. */
  readonly share: number
  readonly at: string
}

/** Starts to look; gives the way to stop, which tells what was seen. */
export async function startProfile(): Promise<() => Promise<readonly Hot[]>> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: 200 })
  await session.post('Profiler.start')
  return async () => {
    const { profile } = await session.post('Profiler.stop')
    session.disconnect()
    return hottest(profile)
  }
}

interface Profile {
  readonly nodes: readonly {
    readonly hitCount?: number | undefined
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }[]
}

function hottest({ nodes }: Profile): readonly Hot[] {
  const hits = new Map<string, number>()
  for (const { callFrame, hitCount = 0 } of nodes) {
    const at = placeOf(callFrame)
    hits.set(at, (hits.get(at) ?? 0) + hitCount)
  }
  const all = [...hits.values()].reduce((sum, count) => sum + count, 0)
  const shares = [...hits].map(([at, count]) => ({ share: Number(((100 * count) / all).toFixed(1)), at }))
  return shares.toSorted((a, b) => b.share - a.share).slice(0, 40)
}

function placeOf({ functionName, url, lineNumber }: Profile['nodes'][number]['callFrame']): string {
  const file = url.startsWith('file:') ? relative(process.cwd(), fileURLToPath(url)) : url
  return `${functionName || '(anonymous)'}${file === '' ? '' : ` ${file}:${lineNumber + 1}`}`
}
