/**
 * `npm run pack`: builds what is published into `dist/` and packs it; the last line is the tarball's path. With
 * `-- --out <folder>`, both go there.
 *
 * 1. `dist/` is the package: a bundle with its types, a package.json of its own, licence, notices and a list of what
 *    is inside (CycloneDX).
 * 2. What is bundled is named in the notices; what is not is a dependency or an optional peer of the published package.
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { parseArgs } from 'node:util'
import { build, type Rolldown } from 'tsdown'

interface PackageFile {
  readonly name: string
  readonly version: string
  readonly description?: string
  readonly license?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

const root = join(import.meta.dirname, '..')
const { out = root } = parseArgs({ options: { out: { type: 'string' } } }).values
const dist = resolve(out, 'dist')

/** Entry → source. Each is a subpath of the package, a command or a thread. */
const entries = { index: 'src/index.ts', 'cli/main': 'src/cli/main.ts', 'writer-thread': 'src/databases/sqlite/writer/thread.ts' }

/** Loaded from the user's installation: too large to bundle, or one that must be shared. */
const kept = ['jiti', 'pg', 'kysely', '@supabase/postgrest-js', '@standard-schema/spec']

const whole = readPackage(root)
rmSync(dist, { recursive: true, force: true })
mkdirSync(dist, { recursive: true })
const bundled = await bundle()
writePackageFile()
for (const file of ['README.md', 'LICENSE', 'CHANGELOG.md'])
  if (existsSync(join(root, file))) copyFileSync(join(root, file), join(dist, file))
writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), notices(bundled))
writeFileSync(join(dist, 'sbom.cdx.json'), `${JSON.stringify(billOfMaterials(bundled), null, 2)}\n`)
console.log(pack())

// ── The bundle ──

/** Gives the folders of the packages that went into it. */
async function bundle(): Promise<readonly string[]> {
  const folders = new Set<string>()
  const seen: Rolldown.Plugin = {
    name: 'note-packages',
    generateBundle(_, output) {
      for (const chunk of Object.values(output)) if (chunk.type === 'chunk') for (const id of chunk.moduleIds) noteFolder(folders, id)
    },
  }
  await build({
    cwd: root,
    config: false,
    entry: entries,
    outDir: dist,
    format: 'esm',
    platform: 'node',
    target: 'node24.15',
    dts: true,
    fixedExtension: false,
    hash: false,
    clean: false,
    logLevel: 'warn',
    deps: { neverBundle: kept, alwaysBundle: (id) => !id.startsWith('node:') && !kept.includes(id), onlyBundle: false },
    plugins: [seen],
  })
  return [...folders].toSorted()
}

function noteFolder(folders: Set<string>, id: string): void {
  const parts = id.split(`${sep}node_modules${sep}`)
  const inside = parts.at(-1)?.split(sep) ?? []
  if (parts.length < 2) return
  const name = inside[0]?.startsWith('@') ? join(inside[0], inside[1] ?? '') : (inside[0] ?? '')
  folders.add([...parts.slice(0, -1), name].join(`${sep}node_modules${sep}`))
}

// ── package.json ──

function writePackageFile(): void {
  const { name, version, description, license, type, peerDependencies, peerDependenciesMeta, keywords, repository, homepage } = whole
  const dependencies = Object.fromEntries(Object.entries(whole.dependencies ?? {}).filter(([dependency]) => kept.includes(dependency)))
  const published = {
    name,
    version,
    description,
    license,
    type,
    keywords,
    repository,
    homepage,
    engines: { node: '>=24.15' },
    bin: { plinth: './cli/main.js' },
    exports: { '.': { types: './index.d.ts', default: './index.js' }, './package.json': './package.json' },
    dependencies,
    peerDependencies,
    peerDependenciesMeta,
  }
  writeFileSync(join(dist, 'package.json'), `${JSON.stringify(published, null, 2)}\n`)
}

// ── What is inside ──

function notices(folders: readonly string[]): string {
  const about = 'The bundle of Plinth holds these packages, each under the licence that follows its name.\n'
  return [about, ...folders.map(notice)].join(`\n${'─'.repeat(80)}\n\n`)
}

function notice(folder: string): string {
  const { name, version, license } = readPackage(folder)
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.|$)/i.test(entry))
  const text = file === undefined ? `Licence: ${license}` : readFileSync(join(folder, file), 'utf8').trim()
  return `${name} ${version} (${license})\n\n${text}\n`
}

function billOfMaterials(folders: readonly string[]): object {
  const component = (folder: string): object => {
    const { name, version, license } = readPackage(folder)
    return {
      type: 'library',
      name,
      version,
      purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
      licenses: [{ license: { id: license } }],
    }
  }
  const metadata = { component: { type: 'library', name: whole.name, version: whole.version } }
  return { bomFormat: 'CycloneDX', specVersion: '1.5', version: 1, metadata, components: folders.map(component) }
}

function readPackage(folder: string): PackageFile {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

function pack(): string {
  const told = execFileSync('npm', ['pack', '--json', '--pack-destination', resolve(out)], {
    cwd: dist,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const found = /"filename": *"([^"]+)"/.exec(told)?.[1]
  if (found === undefined) throw new Error(`npm pack said no file name:\n${told}`)
  return resolve(out, found)
}
