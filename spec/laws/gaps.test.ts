import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { postgresCapabilities } from '../../src/databases/postgres/open.ts'
import { sqliteCapabilities } from '../../src/databases/sqlite/open.ts'
import type { Capabilities } from '../../src/plan/capabilities.ts'
import { type DatabaseName, gaps } from '../gaps.ts'
import { read, root } from './source.ts'

const capabilities: Readonly<Record<DatabaseName, Capabilities>> = { SQLite: sqliteCapabilities, PostgreSQL: postgresCapabilities }
const page = join('docs', '75-databases.md')

describe('Gaps', () => {
  test('what a database says it lacks is a declared gap', () => {
    for (const [name, of] of Object.entries(capabilities)) {
      const lacking = Object.entries(of).filter(([, value]) => value === false)
      // Every database of the table is one of the names.
      expect(Object.keys(gaps[name as DatabaseName])).toEqual(expect.arrayContaining(lacking.map(([capability]) => capability)))
    }
  })

  test('each declared gap and its reason is in the docs', () => {
    const text = existsSync(join(root, page)) ? read(page).replaceAll(/\s+/g, ' ') : ''
    const reasons = Object.values(gaps).flatMap((of) => Object.values(of))
    expect(
      reasons.filter((reason) => !text.includes(reason)),
      `add them to ${page}`,
    ).toEqual([])
  })
})
