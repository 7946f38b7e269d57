/**
 * What README.md and the pages under docs/ say is so: every command is run, every answer is compared whole, and every
 * module is compiled. The store is the one that `npm start` serves, filled as it fills itself.
 *
 * `PLINTH_WRITE_DOCS=1 npm test -- spec/86-cli/docs` writes the answers that came into the pages: read what changed.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { record } from '../../src/rules/record.ts'
import { isBackend } from '../../src/schema/backend.ts'
import { load } from '../../src/schema/load.ts'
import { databases, type FreshDatabase } from '../databases.ts'
import { compared, rewritten, type Got } from './answers.ts'
import { answerTo, commandsOf, readPages, root, type Block, type Page } from './pages.ts'
import { ADDRESS, serving, Session, stopped, type Place, type SessionOptions, type Terminal } from './session.ts'

/** Blocks that are not run here, by the page and how the block begins, and where they are. */
const blocksElsewhere: readonly (readonly [page: string, begins: string, where: string])[] = [
  ['docs/70-rest.md', '', 'spec/70-rest/docs.test.ts asks them of the films of PostgREST’s documentation'],
  ['docs/logs.md', '{"level"', 'a line of the log: src/events.test.ts'],
  ['docs/90-errors.md', '{\n  "type"', 'the form of every failure: spec/90-errors/provoke.test.ts'],
]

/** Commands that are not run here, and where they are. */
const commandsElsewhere: readonly (readonly [command: RegExp, where: string])[] = [
  [/^npm test\b/, 'it runs this'],
  [/^npm run (lint|bench|format|types)\b/, '.ci/run'],
  [/^DATABASE_URL=postgres:.* npm start$/, 'spec/ asks its sentences on PostgreSQL'],
  [/^npm run -s plinth -- (import|start|token) .*examples\/chinook/, 'spec/23-relations/chinook.test.ts'],
  [/^(npm run pack$|mkdir |npm install )/, 'spec/process/package.test.ts begins a backend with the packed package'],
]

const pages = readPages()
const writing = Boolean(process.env['PLINTH_WRITE_DOCS'])
const folder = mkdtempSync(join(tmpdir(), 'plinth-docs-'))
const place: Place = { cwd: root, env: { PLINTH_DATA: join(folder, 'data'), DATABASE_URL: `sqlite:${join(folder, 'store.db')}` } }
let store: Terminal | undefined

beforeAll(async () => {
  mkdirSync(join(folder, 'pages/node_modules'), { recursive: true })
  for (const name of ['@supabase', '@types']) symlinkSync(join(root, 'node_modules', name), join(folder, 'pages/node_modules', name))
  symlinkSync(root, join(folder, 'pages/node_modules/plinth'))
  for (const page of pages) writeModules(page)
  store = await serving(['dev', 'examples/store'], place)
}, 180_000)

afterAll(async () => {
  if (store) await stopped(store)
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})

const theStore = (): Terminal => store ?? expect.fail('the store is not served')

describe('The store of npm start', () => {
  test('fills itself in under a minute, with as many rows as it says', async () => {
    const seconds = Number(/Seeded [\d,]+ rows in ([\d.]+) s/.exec(theStore().said)?.[1])
    expect(seconds).toBeLessThan(60)
    const counts: Record<string, number> = {}
    for (const table of ['products', 'customers', 'orders', 'lines']) counts[table] = await countOf(table)
    expect(counts).toEqual({ products: 10_000, customers: 20_000, orders: 100_000, lines: 300_000 })
  })

  test('is there within a second when it is started again, with its rows', async () => {
    const { said } = theStore()
    await stopped(theStore())
    const began = performance.now()
    store = { ...(await serving(['dev', 'examples/store'], place)), said }
    expect(await countOf('orders')).toBe(100_000)
    expect(performance.now() - began).toBeLessThan(1000)
  })
})

async function countOf(table: string): Promise<number> {
  const { url, keys } = theStore()
  const rows: unknown = await (await fetch(`${url}/rest/v1/${table}?select=count()`, { headers: { apikey: keys.secret } })).json()
  return Number(JSON.stringify(rows).replaceAll(/\D/g, ''))
}

// ── Commands and answers ──

const asked = pages.filter(({ blocks }) => blocks.length > 0)

describe('Commands and answers', () => {
  for (const page of asked) {
    test(`${page.path} says what is so`, async () => {
      const changes: Changes = []
      await followPage(page, { store: theStore(), storePlace: place }, changes)
      if (changes.length > 0) writePage(page, changes)
    }, 120_000)
  }

  test('what init prints can be typed as it stands', async () => {
    const [page] = pages
    if (page === undefined) return expect.fail('there is no page')
    const session = new Session({ store: theStore(), storePlace: place, folder: folderOf(page), variables: new Map() })
    try {
      const printed = (await session.run('npx plinth init printed')).text.split('\n').filter((line) => line.startsWith('  '))
      let got: Got = { text: '' }
      for (const command of printed) got = await session.run(command.trim())
      expect(got.text).toContain('is served at')
    } finally {
      await session.close()
    }
  })

  test('no block of a page is passed over', () => {
    const answers = new Set(pages.flatMap((page) => page.blocks.filter(({ kind }) => kind === 'sh').map((block) => answerTo(page, block))))
    const isKnown = (page: Page, block: Block): boolean =>
      ['sh', 'ts'].includes(block.kind) || block.name !== '' || answers.has(block) || isElsewhere(page, block)
    const lost = pages.flatMap((page) => page.blocks.filter((block) => !isKnown(page, block)).map((block) => at(page, block)))
    expect(lost, 'a block that is neither command, answer nor module').toEqual([])
  })
})

const postgres = databases.find(({ name }) => name === 'PostgreSQL')
if (postgres?.missing !== undefined) console.warn(`The requests of the docs are not asked on PostgreSQL, because ${postgres.missing}`)

describe.skipIf(postgres?.missing !== undefined || writing)('The same store on PostgreSQL', () => {
  let fresh: FreshDatabase | undefined
  let other: SessionOptions['store'] | undefined
  const otherPlace = (): Place => ({ cwd: root, env: { PLINTH_DATA: fresh?.folder ?? '', DATABASE_URL: fresh?.url ?? '' } })

  beforeAll(async () => {
    fresh = await postgres?.create()
    other = await serving(['dev', 'examples/store'], otherPlace())
  }, 180_000)
  afterAll(async () => {
    if (other) await stopped(other)
    await fresh?.drop()
  })

  test('gives every answer that the pages show, to the byte', async () => {
    if (other === undefined) return expect.fail('the store is not served')
    for (const page of asked) await followPage(page, { store: other, storePlace: otherPlace(), requestsAlone: true }, [])
  }, 120_000)
})

type Changes = (readonly [Block, string])[]
/** With `requestsAlone`, what is not a request of the store is left out, and a page is left where it begins a backend of its own. */
type Reader = Pick<SessionOptions, 'store' | 'storePlace'> & { readonly requestsAlone?: boolean }

async function followPage(page: Page, reader: Reader, changes: Changes): Promise<void> {
  const session = new Session({ ...reader, folder: folderOf(page), variables: await readersVariables(reader) })
  try {
    for (const block of page.blocks) {
      if (reader.requestsAlone && /^npx plinth (dev|start)/m.test(block.text)) return
      if (!reader.requestsAlone || block.text.includes('curl ')) await follow(session, page, block, changes)
    }
  } finally {
    await session.close()
  }
}

async function follow(session: Session, page: Page, block: Block, changes: Changes): Promise<void> {
  if (block.name !== '') writeFileSync(join(folderOf(page), block.name), fileText(block).replaceAll(ADDRESS, theStore().url))
  if (block.kind !== 'sh' || isElsewhere(page, block)) return
  const got = await runAll(session, page, block)
  const answer = answerTo(page, block)
  if (answer === undefined) return expect(block.text.includes('curl '), `${at(page, block)}: a request without its answer`).toBe(false)
  if (writing) return void changes.push([answer, rewritten(answer.kind, answer.text, got)])
  const { wanted, got: came } = compared(answer.kind, answer.text, got)
  expect(came, at(page, answer)).toBe(wanted)
}

/** Gives what the last command told. */
async function runAll(session: Session, page: Page, block: Block): Promise<Got> {
  let got: Got = { text: '' }
  for (const command of commandsOf(block)) {
    if (commandsElsewhere.some(([known]) => known.test(command))) continue
    got = await session.run(command).catch((error: Error) => expect.fail(`${at(page, block)}: ${error.message}`))
  }
  return got
}

/** The variables that README.md sets, which every page may use. */
async function readersVariables(reader: Reader): Promise<ReadonlyMap<string, string>> {
  const session = new Session({ ...reader, folder, variables: new Map() })
  const commands = pages[0]?.blocks.filter(({ kind }) => kind === 'sh').flatMap(commandsOf) ?? []
  const known =
    variables.get(reader.store) ??
    Promise.all(commands.filter((command) => /^(export )?[A-Z]\w*=/.test(command)).map((command) => session.run(command))).then(
      () => session.variables,
    )
  variables.set(reader.store, known)
  return known
}

const variables = new WeakMap<object, Promise<ReadonlyMap<string, string>>>()

const isElsewhere = (page: Page, block: Block): boolean =>
  blocksElsewhere.some(([path, begins]) => page.path === path && block.text.startsWith(begins))

const at = ({ path }: Page, { line }: Block): string => `${path}:${line}`

function writePage({ path, text }: Page, changes: Readonly<Changes>): void {
  let written = text
  for (const [block, fresh] of changes.toReversed())
    written = written.slice(0, block.start) + fresh + written.slice(block.start + block.text.length)
  if (written !== text) writeFileSync(join(root, path), written)
}

// ── Modules ──

const modulesOf = (page: Page): readonly Block[] => page.blocks.filter(({ kind }) => kind === 'ts')
const folderOf = ({ path }: Page): string => join(folder, 'pages', path.replaceAll(/[^\w]+/g, '-'))
const fileOf = (page: Page, block: Block): string => join(folderOf(page), `line-${block.line}.ts`)

/** Each under its line, and those with a name under it too, for modules that import them. */
function writeModules(page: Page): void {
  mkdirSync(folderOf(page), { recursive: true })
  symlinkSync(join(root, 'examples'), join(folderOf(page), 'examples'))
  writeFileSync(join(folderOf(page), 'package.json'), '{ "type": "module" }')
  for (const block of modulesOf(page)) {
    writeFileSync(fileOf(page, block), moduleText(block))
    if (block.name !== '') writeFileSync(join(folderOf(page), block.name), moduleText(block))
  }
}

const fileText = (block: Block): string => (block.kind === 'ts' ? moduleText(block) : block.text)
const moduleText = ({ text }: Block): string => (/^import /m.test(text) ? text : `import { ${exported} } from 'plinth'\n${text}`)

/** What a backend file may import and use at run time. */
const exported = [...readFileSync(join(root, 'src/index.ts'), 'utf8').matchAll(/^export \{([^}]*)\}/gm)]
  .flatMap(([, names = '']) => names.split(',').map((name) => name.trim()))
  .filter((name) => name !== '' && !name.startsWith('type '))
  .join(', ')

describe('Modules', () => {
  test('all compile against the package', () => {
    const options = {
      target: 'es2024',
      module: 'nodenext',
      strict: true,
      noEmit: true,
      allowImportingTsExtensions: true,
      skipLibCheck: true,
      types: ['node'],
    }
    const files = pages.flatMap((page) => modulesOf(page).map((block) => fileOf(page, block)))
    writeFileSync(join(folder, 'pages/tsconfig.json'), JSON.stringify({ compilerOptions: options, files }))
    const compiler = createRequire(import.meta.url).resolve('typescript/lib/tsc.js')
    expect(told(() => execFileSync(process.execPath, [compiler, '-p', join(folder, 'pages')], { encoding: 'utf8' }))).toBe('')
  }, 60_000)

  test('every backend loads, and all its rules can be recorded', async () => {
    for (const page of pages) {
      for (const block of modulesOf(page).filter(({ text }) => text.includes('export default plinth('))) {
        const module: { readonly default?: unknown } = await import(pathToFileURL(fileOf(page, block)).href)
        expect(isBackend(module.default), at(page, block)).toBe(true)
        if (isBackend(module.default)) record(load(module.default))
      }
    }
  })
})

/** What a command printed, also where it failed. */
function told(run: () => string): string {
  try {
    return run()
  } catch (error) {
    return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error)
  }
}
