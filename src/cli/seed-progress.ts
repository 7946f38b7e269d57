/** Seeding, with what is shown meanwhile: rows and seconds. */
import type { Backend } from '../schema/backend.ts'
import { runSeed, type SeedProgress } from '../transfer/seed.ts'
import type { Running } from './serve.ts'
import type { Terminal } from './terminal.ts'

export async function seedWithProgress(backend: Backend, running: Running, terminal: Terminal): Promise<void> {
  if (backend.seed === undefined) return
  const progress = terminal.progress()
  const began = performance.now()
  const seconds = (): string => ((performance.now() - began) / 1000).toFixed(1)
  try {
    const rows = await runSeed({
      seed: backend.seed,
      schema: running.schema,
      ask: running.ask,
      store: running.seedStore,
      fresh: running.created,
      onProgress: (step) =>
        progress.show(`Seeding: ${number(step.total)} rows, ${seconds()} s, ${doing(step)}`, undefined, {
          doing: 'seed',
          ...step.doing,
          total: step.total,
        }),
    })
    progress.end()
    if (rows === undefined) return
    terminal.say(`Seeded ${number(rows)} rows in ${seconds()} s.`)
    terminal.tell({ event: 'seeded', rows, seconds: Number(seconds()) })
  } catch (error) {
    progress.end()
    throw error
  }
}

const number = (count: number): string => count.toLocaleString('en-US')
const doing = ({ doing: step }: SeedProgress): string => ('table' in step ? `now ${step.table} (${number(step.rows)})` : step.sentence)
