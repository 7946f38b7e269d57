/** `plinth init [folder]`: a new backend that runs at once. */
import type { Command } from 'commander'
import { CommandFailure } from '../exit.ts'
import { shortPath } from '../paths.ts'
import type { Terminal } from '../terminal.ts'

export function define(program: Command, terminal: Terminal): void {
  program
    .command('init')
    .summary('make a new backend')
    .description('Makes a new backend in an empty folder: two tables, rules and a few rows, to be changed into your own.')
    .argument('[folder]', 'where to; made if it is not there', '.')
    .addHelpText('after', '\nExamples:\n  $ plinth init shop\n  $ cd shop && npx plinth dev')
    .action(async (folder: string, _: object, command: Command) => init(folder, command.parent?.version() ?? '', terminal))
}

async function init(folder: string, version: string, terminal: Terminal): Promise<void> {
  const [{ mkdirSync, writeFileSync }, { basename, join, resolve }, { newBackend }, { installedFor }] = await Promise.all([
    import('node:fs'),
    import('node:path'),
    import('../new-backend.ts'),
    import('../installed.ts'),
  ])
  const full = resolve(folder)
  await refuseOccupied(full)
  const { dependency, isThere, hasNodeTypes } = installedFor(full, version)
  const files = newBackend({ name: packageName(basename(full)), dependency, isThere, hasNodeTypes })
  mkdirSync(full, { recursive: true })
  // `wx`: never over a file, even one that has come since the look.
  for (const [path, text] of Object.entries(files)) writeFileSync(join(full, path), text, { flag: 'wx' })
  terminal.tell({ folder: full, files: Object.keys(files) })
  tellPeople(full, Object.keys(files), isThere, terminal)
}

async function refuseOccupied(folder: string): Promise<void> {
  const { readdirSync, statSync } = await import('node:fs')
  const found = statSync(folder, { throwIfNoEntry: false })
  if (found === undefined) return
  if (!found.isDirectory()) throw new CommandFailure(`${shortPath(folder)} is a file.`, 'Name a folder that is empty or not there yet.')
  const names = readdirSync(folder).filter((name) => name !== '.git')
  if (names.length === 0) return
  const shown = names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ')
  throw new CommandFailure(`${shortPath(folder)} is not empty: ${shown} in the way.`, 'Name another folder, such as plinth init backend.')
}

const packageName = (folder: string): string =>
  folder
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|-+$/g, '') || 'backend'

function tellPeople(folder: string, files: readonly string[], isThere: boolean, { say, style }: Terminal): void {
  const short = shortPath(folder)
  say(`A new backend is in ${style('bold', short)}: ${files.join(', ')}`)
  say()
  const enter = short === 'this folder' ? [] : [`cd ${/^[\w./-]+$/.test(short) ? short : `'${short}'`}`]
  const run = isThere ? ['npx plinth dev'] : ['npm install', 'npm run dev']
  for (const line of [...enter, ...run]) say(`  ${style('cyan', line)}`)
}
