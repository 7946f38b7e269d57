/** The repository as the laws see it: its own files, and those of `src` parsed. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'

export const root = join(import.meta.dirname, '..', '..')

/** Every file that is in the repository or about to be, by its path from the root. */
export const repositoryFiles: readonly string[] = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .stdout.split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)))
  .toSorted()

export const read = (path: string): string => readFileSync(join(root, path), 'utf8')

/** The product's own source, without its tests. */
export const sources: readonly ts.SourceFile[] = repositoryFiles
  .filter((path) => path.startsWith('src/') && path.endsWith('.ts') && !/\.test(-d)?\.ts$/.test(path))
  .map((path) => ts.createSourceFile(path, read(path), ts.ScriptTarget.ESNext, true))

export interface Import {
  readonly from: string
  /** The path from the root for our own files, else the package's name. */
  readonly to: string
  readonly line: number
  /** Nothing of it is left at run time. */
  readonly erased: boolean
  /** `import()`: loaded when it is reached. */
  readonly lazy: boolean
}

export function importsOf(source: ts.SourceFile): Import[] {
  const found: Import[] = []
  visit(source, (node) => {
    const target = targetOf(node)
    if (target === undefined) return
    found.push({
      from: source.fileName,
      to: resolve(source.fileName, target),
      line: lineOf(source, node),
      erased: isErased(node),
      lazy: ts.isCallExpression(node),
    })
  })
  return found
}

function targetOf(node: ts.Node): string | undefined {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) return textOf(node.moduleSpecifier)
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return textOf(node.arguments[0])
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return textOf(node.argument.literal)
  return undefined
}

const textOf = (node: ts.Node | undefined): string | undefined => (node && ts.isStringLiteralLike(node) ? node.text : undefined)

function isErased(node: ts.Node): boolean {
  if (ts.isImportTypeNode(node)) return true
  if (ts.isImportDeclaration(node)) return node.importClause?.isTypeOnly ?? false
  return ts.isExportDeclaration(node) && node.isTypeOnly
}

const resolve = (from: string, to: string): string => (to.startsWith('.') ? join(dirname(from), to) : to)

export function visit(node: ts.Node, seen: (node: ts.Node) => void): void {
  seen(node)
  ts.forEachChild(node, (child) => visit(child, seen))
}

export const lineOf = (source: ts.SourceFile, node: ts.Node): number => source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1

/** The lines that hold code: neither blank nor comment alone. */
export function codeLines(source: ts.SourceFile, node: ts.Node): number {
  const lines = new Set<number>()
  markLines(source, node, lines)
  return lines.size
}

function markLines(source: ts.SourceFile, node: ts.Node, lines: Set<number>): void {
  const children = node.getChildren(source).filter((child) => !ts.isJSDoc(child))
  if (children.length > 0) for (const child of children) markLines(source, child, lines)
  else if (node.getWidth(source) > 0) {
    const last = source.getLineAndCharacterOfPosition(node.getEnd()).line
    for (let line = lineOf(source, node) - 1; line <= last; line++) lines.add(line)
  }
}
