/** `plinth types`: the types of the tables as a file, for clients that cannot import the backend. */
import type { Command } from 'commander'
import { CommandFailure } from '../exit.ts'
import { shortPath } from '../paths.ts'
import type { Terminal } from '../terminal.ts'

export function define(program: Command, terminal: Terminal): void {
  program
    .command('types')
    .summary('write the types of the tables for clients')
    .description(
      'Writes what createClient<Database>() of @supabase/supabase-js takes: each table with its rows and relations.\nA client in the same repository needs no file: DatabaseOf<typeof backend> is the same type.',
    )
    .argument('[file-or-folder]', 'the backend', '.')
    .option('-o, --out <file>', 'where to; - prints it', 'database.types.ts')
    .addHelpText('after', '\nExamples:\n  $ plinth types\n  $ plinth types --out ../web/src/database.types.ts\n  $ plinth types --out -')
    .action(async (path: string, { out }: { out: string }) => types(path, out, terminal))
}

async function types(path: string, out: string, terminal: Terminal): Promise<void> {
  const [{ createLoader, findBackendFile }, { load }, { databaseTypes }, { existsSync, writeFileSync }, { dirname }] = await Promise.all([
    import('../load-file.ts'),
    import('../../schema/load.ts'),
    import('../database-types.ts'),
    import('node:fs'),
    import('node:path'),
  ])
  const schema = load(await createLoader(findBackendFile(path)).load())
  const text = databaseTypes(schema)
  if (out === '-') return void process.stdout.write(terminal.json ? `${JSON.stringify({ types: text })}\n` : text)
  const folder = dirname(out)
  if (!existsSync(folder))
    throw new CommandFailure(`The folder ${shortPath(folder)} is not there.`, 'Make it first, or name another with --out.')
  writeFileSync(out, text)
  terminal.tell({ file: out, tables: [...schema.tables.keys()] })
  terminal.say(`Wrote the types of ${schema.tables.size} tables to ${shortPath(out)}.`)
}
