/**
 * Vitest's report with the closing lines of ours: each database with its number of sentences, the gaps that it
 * declares, and alone on the last line `N passed, N failed`.
 *
 * 1. A sentence is known by its file and titles; `spec/harness.ts` writes into a test's meta which database it is on.
 * 2. A database on which a sentence is neither answered nor a declared gap makes the run fail.
 */
import { DefaultReporter, type TestCase, type TestModule, type TestRunEndReason } from 'vitest/node'

/** Why a sentence is not asked on a database that lacks a capability. */
export interface Gap {
  readonly capability: string
  readonly reason: string
}

declare module 'vitest' {
  interface TaskMeta {
    /** The database that the sentence is asked on: `SQLite`, `PostgreSQL`. */
    database?: string
    gap?: Gap
    /** Why the database is not there in this run. */
    missing?: string
  }
}

type Errors = Parameters<DefaultReporter['onTestRunEnd']>[1]
interface Counts {
  passed: number
  failed: number
  skipped: number
}

export class Sentences extends DefaultReporter {
  constructor() {
    super({ summary: false })
  }

  override onTestRunEnd(modules: readonly TestModule[], errors: Errors, reason: TestRunEndReason): void {
    super.onTestRunEnd(modules, errors, reason)
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const shortfalls = tellDatabases(tests, (line) => this.log(line))
    const counts = count(tests)
    counts.failed += errors.length + shortfalls + modules.filter(brokeOutsideTests).length
    if (counts.failed > 0) process.exitCode = 1
    this.log(closingLine(counts))
  }
}

/** A file that could not be read, or whose hooks failed, has failed even where no test of it has. */
function brokeOutsideTests(module: TestModule): boolean {
  return module.errors().length > 0 || [...module.children.allSuites()].some((suite) => suite.errors().length > 0)
}

function count(tests: readonly TestCase[]): Counts {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 }
  for (const test of tests) {
    const { state } = test.result()
    if (state === 'pending') counts.failed++
    else if (!test.meta().gap || state === 'failed') counts[state]++
  }
  return counts
}

export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

// ── By database ──

/** Gives the number of sentences that a database owes. */
function tellDatabases(tests: readonly TestCase[], log: (line: string) => void): number {
  const byDatabase = Map.groupBy(
    tests.filter((test) => test.meta().database !== undefined),
    (test) => test.meta().database ?? '',
  )
  const all = new Set([...byDatabase.values()].flat().filter(wasAsked).map(sentenceOf))
  let owed = 0
  for (const [database, ofIt] of byDatabase) owed += tellDatabase(database, ofIt, all, log)
  return owed
}

function tellDatabase(database: string, tests: readonly TestCase[], all: ReadonlySet<string>, log: (line: string) => void): number {
  const missing = tests.find((test) => test.meta().missing)?.meta().missing
  if (missing !== undefined) {
    log(`${database}: skipped ${tests.length} sentences, because ${missing}`)
    return 0
  }
  const asked = tests.filter(wasAsked)
  const gaps = tests.filter((test) => test.meta().gap)
  log(`${titleOf(database)}: ${asked.length} sentences`)
  for (const line of describeGaps(gaps)) log(line)
  const accounted = new Set([...asked, ...gaps].map(sentenceOf))
  const owed = [...all].filter((sentence) => !accounted.has(sentence))
  for (const sentence of owed) log(`  not asked on ${database}, and no gap says why: ${sentence}`)
  return owed.length
}

function describeGaps(gaps: readonly TestCase[]): string[] {
  const byCapability = Map.groupBy(gaps, (test) => test.meta().gap?.capability ?? '')
  return [...byCapability].map(([capability, of]) => `  gap: ${capability}, ${of.length} sentences: ${of[0]?.meta().gap?.reason}`)
}

const wasAsked = (test: TestCase): boolean => ['passed', 'failed'].includes(test.result().state) && !test.meta().gap

/** Titles without the suite that is named after the database. */
function sentenceOf(test: TestCase): string {
  return `${test.module.relativeModuleId}: ${test.fullName
    .split(' > ')
    .filter((title) => title !== test.meta().database)
    .join(' > ')}`
}

function titleOf(database: string): string {
  if (database === 'SQLite') return `SQLite ${process.versions['sqlite']}`
  return process.env['PLINTH_TEST_POSTGRES_TITLE'] ?? database
}
