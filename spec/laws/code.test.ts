import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { codeLines, lineOf, sources, visit } from './source.ts'

type Place = readonly [source: ts.SourceFile, node: ts.Node]

const places: Place[] = []
for (const source of sources) visit(source, (node) => places.push([source, node]))
const tell = ([source, node]: Place): string => `${source.fileName}:${lineOf(source, node)}: ${node.getText(source).slice(0, 80)}`

describe('Code', () => {
  test('no type is `any`', () => {
    expect(
      places.filter(([, node]) => node.kind === ts.SyntaxKind.AnyKeyword).map(([source, node]) => tell([source, node.parent])),
    ).toEqual([])
  })

  test('no comment silences the compiler or the linter', () => {
    const silencing = /@ts-(ignore|nocheck)|(oxlint|eslint)-disable(?!.*--)/
    expect(sources.filter((source) => silencing.test(source.text)).map((source) => source.fileName)).toEqual([])
  })

  test('a cast is never of a cast', () => {
    expect(places.filter(([, node]) => ts.isAsExpression(node) && ts.isAsExpression(unwrapped(node.expression))).map(tell)).toEqual([])
  })

  test('a cast says why, on its line or just above', () => {
    expect(places.filter(([source, node]) => isCast(node) && !isExplained(source, node)).map(tell)).toEqual([])
  })

  test('nothing is asserted to be there with `!`', () => {
    expect(places.filter(([, node]) => ts.isNonNullExpression(node)).map(tell)).toEqual([])
  })

  test('a file has at most 300 lines of code', () => {
    const long = sources.map((source) => ({ file: source.fileName, lines: codeLines(source, source) })).filter(({ lines }) => lines > 300)
    expect(long).toEqual([])
  })

  test('a function has at most 80 lines, nine in ten under 30, half at most 10', () => {
    const sizes = places
      .filter(([, node]) => isFunction(node))
      .map(([source, node]) => ({ at: `${source.fileName}:${lineOf(source, node)}`, lines: codeLines(source, node) }))
    expect(sizes.filter(({ lines }) => lines > 80)).toEqual([])
    const sorted = sizes.map(({ lines }) => lines).toSorted((a, b) => a - b)
    expect(sorted[Math.floor(sorted.length * 0.9)] ?? 0).toBeLessThan(30)
    expect(sorted[Math.floor(sorted.length / 2)] ?? 0).toBeLessThanOrEqual(10)
  })

  test('a file says at its head what it is in charge of', () => {
    const silent = sources.filter((source) => !/^(#!.*\n)?\/\*\*/.test(source.text))
    expect(silent.map((source) => source.fileName)).toEqual([])
  })
})

const unwrapped = (node: ts.Expression): ts.Expression => (ts.isParenthesizedExpression(node) ? unwrapped(node.expression) : node)

function isCast(node: ts.Node): boolean {
  return ts.isAsExpression(node) && !(ts.isTypeReferenceNode(node.type) && node.type.getText() === 'const')
}

/** A comment on the line of the cast, the line above it, or above the statement or member that holds it. */
function isExplained(source: ts.SourceFile, node: ts.Node): boolean {
  const lines = source.text.split('\n')
  const at = source.getLineAndCharacterOfPosition(node.getEnd()).line
  const holder = source.getLineAndCharacterOfPosition(holderOf(node).getStart(source)).line
  const isComment = (line: string | undefined): boolean => /^\s*(\/\/|\*\/|\/\*\*?.*\*\/$|\*)/.test(line ?? '')
  return /\s\/[/*] /.test(lines[at] ?? '') || isComment(lines[at - 1]) || isComment(lines[holder - 1])
}

function holderOf(node: ts.Node): ts.Node {
  return ts.isStatement(node) || ts.isClassElement(node) || ts.isObjectLiteralElement(node) ? node : holderOf(node.parent)
}

function isFunction(node: ts.Node): boolean {
  return (ts.isFunctionLike(node) || ts.isArrowFunction(node)) && 'body' in node && node.body !== undefined
}
