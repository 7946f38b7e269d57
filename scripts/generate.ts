/** `npm run generate`: writes into docs/ what is made from catalogues in the source. Tests fail where a page is behind. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { settingsTable } from '../src/settings.ts'

const pages = [{ page: 'docs/settings.md', mark: 'settings', text: settingsTable() }] as const

for (const { page, mark, text } of pages) {
  const path = join(import.meta.dirname, '..', page)
  const [begin, end] = [`<!-- ${mark} -->\n`, `<!-- /${mark} -->`]
  const [before, , after] = readFileSync(path, 'utf8').split(new RegExp(`(?<=${begin})([^]*?)(?=${end})`))
  if (before === undefined || after === undefined) throw new Error(`${page} has no place between ${begin.trim()} and ${end}`)
  writeFileSync(path, before + text + after)
  console.log(`Wrote ${page}.`)
}
