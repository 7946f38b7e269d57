/** Variables that look like settings and are none: most likely misspelt, and without effect. */
import { nearest } from '../schema/names.ts'
import { settings } from '../settings.ts'
import { isFromDotEnv } from './dot-env.ts'
import type { Terminal } from './terminal.ts'

const known: readonly string[] = Object.values(settings).map(({ env }) => env)

export function warnOfMisspelt(terminal: Terminal): void {
  for (const name of Object.keys(process.env).filter((one) => one.startsWith('PLINTH_') && !known.includes(one))) {
    const meant = meantBy(name)
    // Others may have variables of their own that begin like this.
    if (meant === undefined && !isFromDotEnv(name)) continue
    const message = `${name}${isFromDotEnv(name) ? ' in .env' : ''} is no setting and has no effect.`
    const hint = meant === undefined ? 'See docs/settings.md.' : `Did you mean ${meant}?`
    terminal.warn(`${terminal.style('yellow', '!')} ${message} ${hint}`)
    terminal.tell({ event: 'warning', message, hint })
  }
}

/** Without the beginning that they all share, which would make strangers look alike; the underscores are forgotten most. */
function meantBy(name: string): string | undefined {
  const bare = (one: string): string => one.replace(/^PLINTH_/, '').replaceAll('_', '')
  const meant = nearest(bare(name), known.map(bare))
  return known.find((one) => bare(one) === meant)
}
