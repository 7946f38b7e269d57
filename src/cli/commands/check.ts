/** `plinth check`: everything that would stop a start, without starting. */
import type { Command } from 'commander'
import type { Terminal } from '../terminal.ts'

export function define(program: Command, terminal: Terminal): void {
  program
    .command('check')
    .summary('say what is wrong with the file, the settings or the database')
    .description(
      'Looks at everything that would stop a start: the file, the settings, and whether the database is as the file says. Changes nothing.',
    )
    .argument('[file-or-folder]', 'the backend', '.')
    .option('--no-database', 'leave the database out')
    .addHelpText('after', '\nExamples:\n  $ plinth check\n  $ plinth check --no-database --json')
    .action(async (path: string, { database }: { database: boolean }) => {
      const { check } = await import('../check.ts')
      await check(path, database, terminal)
    })
}
