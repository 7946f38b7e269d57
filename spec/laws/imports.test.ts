import { describe, expect, test } from 'vitest'
import { allowedFor, directions, isAllowed, leaves, typesOnly, zoneOf } from './directions.ts'
import { type Import, importsOf, read, repositoryFiles, sources } from './source.ts'

const imports = sources.flatMap(importsOf)
const ours = imports.filter((one) => one.to.startsWith('src/'))

describe('Imports', () => {
  test('every folder of src has a line that says what it may import', () => {
    const unknown = sources
      .map((source) => zoneOf(source.fileName))
      .filter((zone) => !leaves.includes(zone) && allowedFor(zone) === undefined)
    expect([...new Set(unknown)], 'add a line to spec/laws/directions.ts and to ARCHITECTURE.md').toEqual([])
  })

  test('a folder imports only from where the architecture allows it', () => {
    expect(ours.filter((one) => !isAllowed(zoneOf(one.from), zoneOf(one.to))).map(explain)).toEqual([])
  })

  test('a folder that may know another one’s types takes nothing else from it', () => {
    const wrong = ours.filter((one) => !one.erased && typesOnly.some(([from, to]) => zoneOf(one.from) === from && zoneOf(one.to) === to))
    expect(wrong.map((one) => `${one.from}:${one.line} imports ${one.to}: use \`import type\``)).toEqual([])
  })

  test('no file of ours is imported that is not there', () => {
    const there = new Set(sources.map((source) => source.fileName))
    expect(ours.filter((one) => !there.has(one.to)).map((one) => `${one.from}:${one.line} imports ${one.to}`)).toEqual([])
  })

  test('ARCHITECTURE.md names every folder that the law knows', () => {
    const page = repositoryFiles.includes('ARCHITECTURE.md') ? read('ARCHITECTURE.md') : ''
    const there = new Set(sources.map((source) => zoneOf(source.fileName)))
    const known = Object.keys(directions).filter((zone) => there.has(zone))
    expect(known.filter((zone) => !page.includes(`\`${zone}`))).toEqual([])
  })

  test('no two files need each other at run time', () => {
    const runtime = ours.filter((one) => !one.erased && !one.lazy)
    expect(cyclesIn(Map.groupBy(runtime, (one) => one.from))).toEqual([])
  })
})

function explain({ from, to, line }: Import): string {
  const allowed = allowedFor(zoneOf(from)) ?? []
  const may = allowed.length === 0 ? 'nothing of ours but util, errors and events' : allowed.join(', ')
  return `${from}:${line} imports ${to}, but ${zoneOf(from)} may import ${may}: take what it needs as a parameter that server.ts hands in, or move the shared part to where both may see it`
}

/** Every cycle that a depth-first walk closes, as `a → b → a`. */
function cyclesIn(graph: ReadonlyMap<string, readonly Import[]>): string[] {
  const done = new Set<string>()
  const cycles: string[] = []
  const walk = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '))
    if (path.includes(file) || done.has(file)) return
    for (const { to } of graph.get(file) ?? []) walk(to, [...path, file])
    done.add(file)
  }
  for (const file of graph.keys()) walk(file, [])
  return cycles
}
