/** `plinth dev --reset`: deletes what is in a development database, after saying what that is. */
import { createInterface } from 'node:readline/promises'
import { resetDatabase } from '../server.ts'
import { CommandFailure } from './exit.ts'
import { createLoader, findBackendFile } from './load-file.ts'
import { settingsOf } from './settings-for.ts'
import type { Terminal } from './terminal.ts'

type Tables = Parameters<Parameters<typeof resetDatabase>[2]>[0]

export async function reset(path: string, yes: boolean, terminal: Terminal): Promise<void> {
  const file = findBackendFile(path)
  const backend = await createLoader(file).load()
  const settings = settingsOf(backend, file)
  if (settings.production)
    throw new CommandFailure('--reset deletes every row, and NODE_ENV is production.', 'It is for development alone.')
  await resetDatabase(backend, settings, async (tables) => {
    terminal.say(`This deletes from the database: ${listed(tables)}.`)
    terminal.tell({ event: 'reset', tables })
    if (yes || (await agreed(terminal))) return
    throw new CommandFailure('Nothing was deleted.')
  })
}

const listed = (tables: Tables): string =>
  tables.map(({ table, rows }) => `${table} (${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'})`).join(', ')

async function agreed({ json }: Terminal): Promise<boolean> {
  if (json || !process.stdin.isTTY) throw new CommandFailure('Nobody can be asked here, and nothing was deleted.', 'Say --reset --yes.')
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await lines.question('Delete it? [y/N] ')).trim())
  } finally {
    lines.close()
  }
}
