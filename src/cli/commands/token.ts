/** `plinth token`: a user token signed with this backend's own key, for trying out rules. */
import { InvalidArgumentError, type Command } from 'commander'
import type { Terminal } from '../terminal.ts'

interface TokenOptions {
  readonly sub?: string
  readonly role?: readonly string[]
  readonly claims?: Readonly<Record<string, unknown>>
  readonly expires: number
}

export function define(program: Command, terminal: Terminal): void {
  program
    .command('token')
    .summary('make a user token for trying out rules')
    .description(
      'Prints a token that the backend takes for a signed-in user. It is signed with the key in the data folder, so it is only good for a server with the same folder.',
    )
    .argument('[file-or-folder]', 'the backend', '.')
    .option('--sub <id>', "the user's id; a new UUID where left out")
    .option('--role <name>', 'a role that the user has; may be given several times', andAlso)
    .option('--claims <json>', 'further claims, as a JSON object', jsonObject)
    .addOption(
      program.createOption('--expires <time>', 'how long it is good for: 90s, 15m, 1h, 30d').argParser(duration).default(3600, '1h'),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ plinth token --role staff\n  $ curl … -H "Authorization: Bearer $(plinth token --sub 01936f00-0000-7000-8000-0000000000aa)"',
    )
    .action(async (path: string, options: TokenOptions) => token(path, options, terminal))
}

async function token(path: string, { sub, role = [], claims, expires }: TokenOptions, terminal: Terminal): Promise<void> {
  const [{ settingsFor }, { loadKeys, signToken }, { randomUUID }] = await Promise.all([
    import('../settings-for.ts'),
    import('../../server.ts'),
    import('node:crypto'),
  ])
  const keys = await loadKeys(await settingsFor(path))
  const id = sub ?? randomUUID()
  const text = await signToken(keys, { sub: id, roles: role, claims, expiresIn: expires, now: Date.now() })
  terminal.tell({ token: text, sub: id, roles: role, expires_in: expires })
  terminal.say(text)
}

/** For an option that may be given several times; one that takes several words would swallow the argument behind it. */
export const andAlso = (word: string, before: readonly string[] = []): readonly string[] => [...before, word]

export function jsonObject(text: string): Record<string, unknown> {
  try {
    const given: unknown = JSON.parse(text)
    // An object is what a record of unknown values is.
    if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given as Record<string, unknown>
  } catch {
    // Said below.
  }
  throw new InvalidArgumentError('It must be a JSON object.')
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

function duration(text: string): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? []
  const seconds = Number(count) * (UNITS[unit ?? ''] ?? NaN)
  if (seconds > 0) return seconds
  throw new InvalidArgumentError('Write a number and a unit: 90s, 15m, 1h, 30d.')
}
