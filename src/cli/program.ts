/**
 * Which command is meant. Each is a file under `commands/`; only the one that is asked for is loaded, and it loads
 * what it needs when it runs.
 *
 * To add one: a file there that exports `define`, a line in `commands`, a row in `spec/86-cli`.
 */
import { Command, CommanderError } from 'commander'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readDotEnv } from './dot-env.ts'
import { MISUSED } from './exit.ts'
import { createTerminal, type Terminal } from './terminal.ts'

export interface CommandFile {
  define(program: Command, terminal: Terminal): void
}

const commands: Readonly<Record<string, () => Promise<CommandFile>>> = {
  init: () => import('./commands/init.ts'),
  dev: () => import('./commands/dev.ts'),
  start: () => import('./commands/start.ts'),
  check: () => import('./commands/check.ts'),
  types: () => import('./commands/types.ts'),
  import: () => import('./commands/import.ts'),
  token: () => import('./commands/token.ts'),
}

/** Runs the command line and gives the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const terminal = createTerminal(args.includes('--json'))
  quietWarnings()
  try {
    readDotEnv()
    const program = await programFor(args, terminal)
    await program.parseAsync([...args], { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return misused(error, terminal)
    const { report } = await import('./report.ts')
    return report(error, terminal)
  }
}

async function programFor(args: readonly string[], terminal: Terminal): Promise<Command> {
  const program = new Command('plinth')
    .description('One TypeScript file in, a whole back end out.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option('--json', 'print JSON for programs: one object, or one a line')
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .configureOutput({ writeErr: (text) => terminal.warn(text.trimEnd()) })
    .showHelpAfterError('Try plinth --help.')
    .exitOverride()
    .addHelpText('after', introduction)
  for (const load of meant(args)) (await load()).define(program, terminal)
  program.commands.forEach((command) => command.copyInheritedSettings(program).showHelpAfterError(`Try plinth ${command.name()} --help.`))
  return program
}

const introduction = `
Exit codes: 0 done, 1 it cannot be done as things are, 2 wrong use, 130 stopped by Ctrl-C before it was done.

Examples:
  $ plinth init shop             a new backend in the folder shop
  $ plinth dev                   serve plinth.ts of this folder, again on every save
  $ PORT=4001 plinth start shop  serve the backend in the folder shop`

/** The one that is named; all of them where none is, since then help or an error is about to be printed. */
function meant(args: readonly string[]): readonly (() => Promise<CommandFile>)[] {
  const named = args.find((arg) => !arg.startsWith('-'))
  const one = named !== undefined && Object.hasOwn(commands, named) ? commands[named] : undefined
  return one ? [one] : Object.values(commands)
}

/** From the package's own description, wherever the package is. */
function version(): string {
  const { version: text }: { version: string } = JSON.parse(readFileSync(fileURLToPath(import.meta.resolve('plinth/package.json')), 'utf8'))
  return text
}

function misused(error: CommanderError, terminal: Terminal): number {
  // Help and version that were asked for come this way too.
  if (error.exitCode === 0) return 0
  if (error.code !== 'commander.help') terminal.tell({ error: { code: 'wrong_use', message: error.message.replace(/^error: /, '') } })
  return MISUSED
}

/** Warnings of Node about itself are not the user's business; all others stay. */
function quietWarnings(): void {
  const show = process.listeners('warning')
  process.removeAllListeners('warning')
  process.on('warning', (warning) => {
    const ours = warning.name === 'ExperimentalWarning' || ('code' in warning && warning.code === 'MODULE_TYPELESS_PACKAGE_JSON')
    if (!ours) for (const listener of show) listener.call(process, warning)
  })
}
