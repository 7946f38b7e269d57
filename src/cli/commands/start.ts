/** `plinth start`: serves the backend as it is. */
import type { Command } from 'commander'
import { endOnInterrupt } from '../exit.ts'
import type { Terminal } from '../terminal.ts'

export function define(program: Command, terminal: Terminal): void {
  program
    .command('start')
    .summary('serve the backend')
    .description(
      'Serves the backend until it is asked to stop (Ctrl-C or SIGTERM, exit code 0). An empty database is made and seeded; one that is not as the file says is refused with the reason.',
    )
    .argument('[file-or-folder]', 'the backend', '.')
    .option('--apply', 'change a database that differs, where nothing is lost by it')
    .addHelpText('after', '\nExamples:\n  $ plinth start\n  $ PORT=8080 HOST=0.0.0.0 DATABASE_URL=postgres://app@db/shop plinth start')
    .action(async (path: string, { apply = false }: { apply?: boolean }) => start(path, apply, terminal))
}

async function start(path: string, apply: boolean, terminal: Terminal): Promise<void> {
  const [{ createLoader, findBackendFile }, { askedToStop, commandOf, startServing, stopServing }, { showBanner }] = await Promise.all([
    import('../load-file.ts'),
    import('../serve.ts'),
    import('../banner.ts'),
  ])
  const seeding = endOnInterrupt(() => terminal.close())
  const file = findBackendFile(path)
  const options = { file, command: commandOf('start', path), allow: apply ? 'lossless' : 'create', development: false } as const
  const serving = await startServing(await createLoader(file).load(), options, terminal)
  seeding.end()
  const stop = askedToStop()
  // Into a pipe goes what is kept: the log of a service.
  const secret = process.stdout.isTTY
  showBanner(serving, { file, closing: 'Ctrl-C stops it.', milliseconds: Math.round(performance.now()), secret }, terminal)
  await stop
  await stopServing(serving.running, terminal)
}
