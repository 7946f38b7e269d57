/** What is served and where: the first thing somebody sees, and the first request to try. */
import { existsSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Schema } from '../schema/schema.ts'
import { shortPath } from './paths.ts'
import type { Serving } from './serve.ts'
import type { Terminal } from './terminal.ts'

export interface BannerOptions {
  readonly file: string
  readonly closing: string
  readonly milliseconds: number
  /** Whether the secret key may be shown: what is kept or passed on must not hold it. */
  readonly secret: boolean
}

export function showBanner(
  { running, settings, url }: Serving,
  { file, closing, milliseconds, secret: mayShow }: BannerOptions,
  terminal: Terminal,
): void {
  const { say, style } = terminal
  const tables = [...running.schema.tables.keys()]
  const { publishable, secret } = running.keys
  const shown = mayShow && !settings.production
  terminal.tell({
    event: 'listening',
    url,
    file,
    tables,
    database: running.database,
    keys: { publishable, ...(shown && { secret }) },
    milliseconds,
  })
  const row = (name: string, text: string): void => say(`  ${style('dim', name.padEnd(16))} ${text}`)
  say()
  say(`  ${style('bold', shortPath(file))} is served at ${style('cyan', url)}  ${style('dim', `(${milliseconds} ms)`)}`)
  say()
  row('Tables', listed(tables))
  row('Database', running.database)
  row('Publishable key', `${publishable}  ${style('dim', 'for browsers and apps: the rules apply')}`)
  row(
    'Secret key',
    shown
      ? `${secret}  ${style('dim', 'for servers only: past every rule')}`
      : style('dim', `not shown here: it is in ${shortPath(settings.data)}, or as given`),
  )
  say()
  const request = firstRequest(running.schema, url, publishable)
  if (request !== undefined) row('Try', request)
  row('Ask as a user', style('dim', 'npx plinth token --help'))
  const docs = docsPath()
  if (docs !== undefined) row('Docs', docs)
  say()
  say(`  ${closing}`)
  say()
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 12).join(', ')
  return names.length > 12 ? `${shown} and ${names.length - 12} more (${names.length})` : `${shown} (${names.length})`
}

/** The pages, or at least the first one, where this Plinth lies in the working folder: its repository, or a project's package. */
function docsPath(): string | undefined {
  const home = dirname(fileURLToPath(import.meta.resolve('plinth/package.json')))
  const found = ['docs/README.md', 'README.md'].map((path) => join(home, path)).find((path) => existsSync(path))
  const short = found && shortPath(found)
  return short !== undefined && !isAbsolute(short) ? short : undefined
}

/** Of a table that strangers may read; where there is none, the first request needs a token. */
function firstRequest(schema: Schema, url: string, key: string): string | undefined {
  const open = [...schema.tables.keys()].find((name) => {
    const rule = schema.access.get(name)?.rules.get('read')
    return typeof rule === 'object' && rule.verdict === 'anyone'
  })
  return open === undefined ? undefined : `curl '${url}/rest/v1/${encodeURIComponent(open)}?limit=3' -H 'apikey: ${key}'`
}
