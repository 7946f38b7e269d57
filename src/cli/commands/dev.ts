/** `plinth dev`: serves the backend, and again on every save. */
import type { Command } from 'commander'
import type { Terminal } from '../terminal.ts'

export function define(program: Command, terminal: Terminal): void {
  program
    .command('dev')
    .summary('serve the backend, and again on every save')
    .description(
      'Serves the backend until it is asked to stop (Ctrl-C or SIGTERM, exit code 0). On every save the file is loaded anew: the database is changed where nothing is lost by it, and an error is shown while the last good version goes on.',
    )
    .argument('[file-or-folder]', 'the backend', '.')
    .option('--reset', 'delete the tables and rows of the database first, after asking, and seed it anew')
    .option('-y, --yes', 'with --reset: do not ask')
    .addHelpText('after', '\nExamples:\n  $ plinth dev\n  $ plinth dev examples/store\n  $ PORT=4001 plinth dev')
    .action(async (path: string, options: { reset?: boolean; yes?: boolean }) => {
      if (options.reset) await (await import('../reset.ts')).reset(path, options.yes ?? false, terminal)
      const { develop } = await import('../develop.ts')
      await develop(path, terminal)
    })
}
