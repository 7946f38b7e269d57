import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { read, repositoryFiles, root } from './source.ts'

const texts = repositoryFiles
  .filter((path) => /\.(ts|mts|mjs|js|json|md|yml|yaml|txt)$|^\.ci\/|^LICENSE$/.test(path) && !path.startsWith('spec/laws/'))
  .map((path) => ({ path, lines: read(path).split('\n') }))
const tests = texts.filter(({ path }) => path.endsWith('.test.ts'))

function linesWith(pattern: RegExp, files = texts): string[] {
  return files.flatMap(({ path, lines }) =>
    lines.flatMap((line, at) => (pattern.test(line) ? [`${path}:${at + 1}: ${line.trim().slice(0, 120)}`] : [])),
  )
}

describe('Repository', () => {
  test('no folder or file has a name that says nothing', () => {
    const empty = /^(helpers?|common|core|misc|manager|utils|shared|lib)$/
    const ours = repositoryFiles.filter((path) => /^(src|spec|scripts|bench|examples)\//.test(path))
    const words = (path: string): string[] => [...dirname(path).split('/'), basename(path).replace(/\..*$/, '')]
    expect(ours.filter((path) => words(path).some((word) => empty.test(word)))).toEqual([])
  })

  test('names of files are words in lower case, joined by hyphens', () => {
    const ours = repositoryFiles.filter((path) => /^(src|spec|scripts|bench)\/.*\.ts$/.test(path))
    expect(ours.filter((path) => !/^[a-z0-9-]+(\.(test|test-d|generated))?\.ts$/.test(basename(path)))).toEqual([])
  })

  test('no file names a place on somebody’s machine', () => {
    expect(linesWith(/(\/home\/|\/Users\/|\/root\/|\/work\/|C:\\Users)/)).toEqual([])
  })

  test('the lock files name no registry', () => {
    const locks = texts.filter(({ path }) => basename(path) === 'package-lock.json')
    expect(locks.length).toBeGreaterThan(0)
    expect(linesWith(/"resolved":|https?:\/\/[^"]*registry/, locks)).toEqual([])
    expect(
      linesWith(
        /registry\.npm|registry *=/,
        texts.filter(({ path }) => path !== 'package-lock.json'),
      ),
    ).toEqual([])
  })

  test('no test is alone, and none is skipped without saying why', () => {
    expect(linesWith(/\b(test|it|describe)\.only\b/, tests)).toEqual([])
    expect(linesWith(/\b(test|it|describe)\.(skip|todo)\(/, tests)).toEqual([])
    expect(linesWith(/\.(skipIf|runIf)\(/, tests).filter((line) => !isExplained(line))).toEqual([])
  })

  test('a chapter of the specification has the number and name it has in the docs', () => {
    const chapters = (folder: string): string[] =>
      entries(folder)
        .map((name) => name.replace(/\.md$/, ''))
        .filter((name) => /^\d\d-/.test(name))
    const inDocs = chapters('docs')
    const differing = inDocs.filter((name) => chapters('spec').some((other) => other.slice(0, 2) === name.slice(0, 2) && other !== name))
    expect(differing).toEqual([])
  })

  test('every file that a page names is there', () => {
    const pages = texts.filter(({ path }) => path.endsWith('.md') && path !== 'CHANGELOG.md')
    const named = pages.flatMap(({ path, lines }) =>
      [...lines.join('\n').matchAll(/`((?:src|spec|scripts|bench|examples|docs)\/[\w./-]+)`/g)].map((match) => ({
        path,
        file: match[1] ?? '',
      })),
    )
    const there = (file: string): boolean => repositoryFiles.some((path) => path === file || path.startsWith(`${file.replace(/\/$/, '')}/`))
    expect(named.filter(({ file }) => !there(file)).map(({ path, file }) => `${path} names ${file}`)).toEqual([])
  })

  test('a relative link in a page leads somewhere', () => {
    const pages = texts.filter(({ path }) => path.endsWith('.md'))
    const links = pages.flatMap(({ path, lines }) =>
      [...lines.join('\n').matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map((match) => ({
        path,
        target: join(dirname(path), match[1] ?? ''),
      })),
    )
    const there = (target: string): boolean =>
      repositoryFiles.some((path) => path === target || path.startsWith(`${target.replace(/\/$/, '')}/`))
    expect(links.filter(({ target }) => !there(target)).map(({ path, target }) => `${path} links to ${target}`)).toEqual([])
  })
})

/** A comment above says why, or the file prints the reason where it skips. */
function isExplained(line: string): boolean {
  const [path = '', number] = line.split(':')
  const file = read(path)
  return /console\.(log|warn)|missing/.test(file) || /^\s*(\/\/|\*|\/\*)/.test(file.split('\n')[Number(number) - 2] ?? '')
}

function entries(folder: string): string[] {
  try {
    return readdirSync(join(root, folder))
  } catch {
    return []
  }
}
