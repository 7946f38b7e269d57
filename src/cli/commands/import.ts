/** `plinth import`: rows from files into tables. */
import { InvalidArgumentError, type Command } from 'commander'
import type { Format } from '../../transfer/rows.ts'
import type { Terminal } from '../terminal.ts'
import { andAlso, jsonObject } from './token.ts'

export interface ImportArguments {
  readonly backend: string
  readonly format?: Format
  readonly as?: string
  readonly asRole?: readonly string[]
  readonly claims?: Readonly<Record<string, unknown>>
  readonly batch: number
  readonly rejects?: string
}

export function define(program: Command, terminal: Terminal): void {
  program
    .command('import')
    .summary('bring rows into tables from CSV or NDJSON')
    .description(
      'Brings rows into tables. Every constraint is kept: a row that breaks one is reported by its line and stays out, all others go in.',
    )
    .usage('[options] <table> <file | -> | <table=file>… | <folder>')
    .argument('<what...>', 'a table and its file, several table=file, or a folder of <table>.csv and <table>.ndjson')
    .option('-b, --backend <path>', 'the backend file, or its folder', '.')
    .addOption(formatOption(program))
    .option('--as <user-id>', 'insert as this user: the rules apply; without it, as the system')
    .option('--as-role <role>', 'insert as somebody with this role; with --as, as that user; may be given several times', andAlso)
    .option('--claims <json>', "further claims of that user's token, as a JSON object", jsonObject)
    .option('--batch <rows>', 'rows in a transaction', count, 1000)
    .option('--rejects <file>', 'write what did not go in there, one JSON object a line')
    .addHelpText('after', EXPLAINED)
    .action(async (what: readonly string[], options: ImportArguments) => {
      const { importFiles } = await import('../import-files.ts')
      await importFiles(what, options, terminal)
    })
}

const formatOption = (program: Command) =>
  program.createOption('--format <format>', "the files' format; by their names where left out, csv for -").choices(['csv', 'ndjson'])

const EXPLAINED = `
CSV has a header row; an empty field is NULL, a quoted empty one is empty text. NDJSON is one object a line.
Times without a zone are UTC. Several files are read in the order that their references need.

Examples:
  $ plinth import products products.csv
  $ zcat orders.ndjson.gz | plinth import orders - --format ndjson
  $ plinth import ./chinook --rejects rejects.ndjson
  $ plinth import reviews reviews.csv --as 01936f00-0000-7000-8000-0000000000aa`

function count(text: string): number {
  const rows = Number(text)
  if (Number.isInteger(rows) && rows >= 1 && rows <= 100_000) return rows
  throw new InvalidArgumentError('It must be a whole number from 1 to 100000.')
}
