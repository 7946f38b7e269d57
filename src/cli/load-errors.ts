/**
 * Why a user's file does not load, as load errors: where, what, and the way out. Node says it in several forms; each
 * is read here.
 *
 * To read another form: a function that gives a `LoadError` or nothing, a line in `readers`.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LoadFailure, type LoadError } from '../errors.ts'
import { didYouMean } from '../schema/names.ts'
import type { SourcePlace } from './code-frame.ts'
import { shortPath } from './paths.ts'

type ErrorReader = (error: Error, files: ReadonlySet<string>) => LoadError | undefined | Promise<LoadError | undefined>

const readers: readonly ErrorReader[] = [missingModule, placedByNode, placedByJiti, unplacedSyntax, thrown]

/** Never fails: what cannot be placed is said of the file as a whole. */
export async function asLoadFailure(error: unknown, file: string, files: ReadonlySet<string>): Promise<LoadFailure> {
  if (error instanceof LoadFailure) return error
  const given = error instanceof Error ? error : new Error(String(error))
  for (const read of readers) {
    const found = await read(given, files)
    if (found) return new LoadFailure([found])
  }
  return new LoadFailure([
    { place: basename(file), message: sentence(given), fix: 'Correct it and save.', source: `${shortPath(file)}:1:1` },
  ])
}

const sourceOf = ({ file, line, column }: SourcePlace): string => `${shortPath(file)}:${line}:${column}`
const loadError = (at: SourcePlace, message: string, fix: string): LoadError => ({
  place: basename(at.file),
  message,
  fix,
  source: sourceOf(at),
})

function sentence(error: Error): string {
  const text = error.message.split('\n')[0]?.trim() ?? ''
  return `${error.name}: ${text}${/[.!?]$/.test(text) ? '' : '.'}`
}

// ── An import that leads nowhere ──

function missingModule(error: Error, files: ReadonlySet<string>): LoadError | undefined {
  const found = /^Cannot find (module|package) '(.+?)' imported from (.+)$/.exec(error.message)
  const [, kind, wanted = '', from = ''] = found ?? []
  if (kind === undefined) return undefined
  const importer = pathOf(from)
  // The backend file itself is imported by us, and our own lines are no place to look at.
  if (!files.has(importer)) return gone(pathOf(wanted))
  return kind === 'package' ? missingPackage(wanted, importer) : missingFile(pathOf(wanted), importer)
}

const gone = (path: string): LoadError => ({
  place: basename(path),
  message: `There is no file ${shortPath(path)} any more.`,
  fix: 'Put it back, or start again with the path of another.',
})

function missingPackage(name: string, importer: string): LoadError {
  const at = findImport(importer, (specifier) => specifier === name || specifier.startsWith(`${name}/`))
  return loadError(at, `The package "${name}" is not installed.`, `Run npm install ${name}, or correct the name.`)
}

function missingFile(path: string, importer: string): LoadError {
  const at = findImport(importer, (specifier) => specifier.startsWith('.') && resolve(dirname(importer), specifier) === path)
  return loadError(at, `There is no file ${shortPath(path)}.`, didYouMean(basename(path), namesIn(dirname(path))))
}

function findImport(file: string, isMeant: (specifier: string) => boolean): SourcePlace {
  const lines = textOf(file).split('\n')
  for (const [at, text] of lines.entries()) {
    for (const found of text.matchAll(/(['"])([^'"]+)\1/g)) {
      if (isMeant(found[2] ?? '')) return { file, line: at + 1, column: found.index + 2 }
    }
  }
  return { file, line: 1, column: 1 }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith('.'))
  } catch {
    return []
  }
}

// ── What Node places in front of the stack: the file and line, the text, and marks below it ──

function placedByNode(error: Error): LoadError | undefined {
  const [first = '', ...rest] = error.stack?.split('\n') ?? []
  const found = /^((?:file:|\/|[A-Za-z]:\\).*?):(\d+)$/.exec(first)
  if (found?.[1] === undefined) return undefined
  const marks = rest.find((line) => /^\s*\^+\s*$/.test(line))
  const at = { file: pathOf(found[1]), line: Number(found[2]), column: (marks?.indexOf('^') ?? 0) + 1 }
  return loadError(at, sentence(error), 'Correct it and save.')
}

// ── What jiti says: a sentence and, below it, the place with columns that begin at 0 ──

function placedByJiti(error: Error): LoadError | undefined {
  const found = /^ParseError: (.*?)\s*\n\s*(.+):(\d+):(\d+)$/.exec(error.message)
  if (found?.[2] === undefined) return undefined
  const at = { file: found[2], line: Number(found[3]), column: Number(found[4]) + 1 }
  return loadError(at, `SyntaxError: ${found[1]}.`, 'Correct it and save.')
}

// ── A syntax error that Node gives no place: the second parser knows it ──

async function unplacedSyntax(error: Error, files: ReadonlySet<string>): Promise<LoadError | undefined> {
  if (error.name !== 'SyntaxError') return undefined
  const { createJiti } = await import('jiti')
  const jiti = createJiti(import.meta.url, { fsCache: false })
  for (const file of files) {
    const place = parseError(jiti.transform({ source: textOf(file), filename: file, ts: true, async: true }))
    if (place) return loadError({ file, ...place }, sentence(error), 'Correct it and save.')
  }
  return undefined
}

/** jiti puts what stops it in front of what it gives. Its columns begin at 0. */
function parseError(output: string): { line: number; column: number } | undefined {
  const found = /^exports\.__JITI_ERROR__ = .*?"line":(\d+),"column":(\d+)/.exec(output)
  return found ? { line: Number(found[1]), column: Number(found[2]) + 1 } : undefined
}

// ── Something that the file itself does when it runs ──

function thrown(error: Error, files: ReadonlySet<string>): LoadError | undefined {
  for (const line of error.stack?.split('\n') ?? []) {
    const found = /(?:\(|at (?:async )?)((?:file:\/\/|\/|[A-Za-z]:\\).*?):(\d+):(\d+)\)?$/.exec(line)
    const file = found?.[1] === undefined ? undefined : pathOf(found[1])
    if (file !== undefined && files.has(file))
      return loadError({ file, line: Number(found?.[2]), column: Number(found?.[3]) }, sentence(error), 'Correct it and save.')
  }
  return undefined
}

function pathOf(address: string): string {
  const bare = address.replace(/[?#].*$/, '')
  return bare.startsWith('file:') ? fileURLToPath(bare) : bare
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
