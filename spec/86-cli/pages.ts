/**
 * The pages of the docs as something that can be run: their fenced blocks, each with what it asks for.
 *
 * | fence                 | what it is                                                                              |
 * |-----------------------|-----------------------------------------------------------------------------------------|
 * | `sh`                  | commands, each of which is run; the block right behind it is the answer                 |
 * | `json`, `csv`, `text` | the whole answer; `…` stands for anything within a line                                 |
 * | `http`                | status, headers that are in the answer among others, and after an empty line the body   |
 * | `ts`                  | a module, which is compiled                                                             |
 * | `ts plinth.ts`        | of any kind, with a name: a file that the commands behind it find                       |
 *
 * A module without an import gets everything that `plinth` exports.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../..')

export interface Block {
  readonly kind: string
  /** What stands behind the kind. */
  readonly name: string
  readonly text: string
  /** Of the opening fence, from 1. */
  readonly line: number
  /** The text's place in the page. */
  readonly start: number
}

export interface Page {
  /** From the root, such as `docs/40-rules.md`. */
  readonly path: string
  readonly text: string
  readonly blocks: readonly Block[]
}

/** README.md, everything under docs/, and the pages of the examples. */
export function readPages(): readonly Page[] {
  const found = ['docs', 'examples'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  )
  return ['README.md', 'CONTRIBUTING.md', ...found.filter((path) => path.endsWith('.md') && !path.includes('/data/')).sort()].map(readPage)
}

function readPage(path: string): Page {
  const text = readFileSync(join(root, path), 'utf8')
  return { path, text, blocks: blocksOf(text) }
}

function blocksOf(text: string): readonly Block[] {
  const fence = /^```([a-z]*)[ \t]*(.*)\n((?:(?!```).*\n)*)```[ \t]*$/gm
  return [...text.matchAll(fence)].map(({ 0: whole, 1: kind = '', 2: name = '', 3: inner = '', index }) => ({
    kind,
    name: name.trim(),
    text: inner,
    line: text.slice(0, index).split('\n').length,
    start: index + whole.indexOf('\n') + 1,
  }))
}

const ANSWERS: ReadonlySet<string> = new Set(['json', 'csv', 'text', 'http'])

/** The answer of a block of commands: the next block, where nothing but empty lines and short words stand between. */
export function answerTo(page: Page, block: Block): Block | undefined {
  const next = page.blocks[page.blocks.indexOf(block) + 1]
  return next !== undefined && ANSWERS.has(next.kind) && next.name === '' && between(page, block, next).trim() === '' ? next : undefined
}

function between({ text }: Page, block: Block, next: Block): string {
  return text.slice(block.start + block.text.length, next.start).replaceAll(/^```.*$/gm, '')
}

/** Commands of a block: a line each, with `\` at the end of one that goes on. */
export function commandsOf({ text }: Block): readonly string[] {
  return text
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}

/** The words of a command as a shell takes them: quotes, `$NAME`, and a comment at the end. */
export function wordsOf(command: string, variables: ReadonlyMap<string, string>): readonly string[] {
  const words = command.matchAll(/(?:'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s'"\\])+/g)
  const found = [...words].map(([word]) => word)
  const comment = found.findIndex((word) => word.startsWith('#'))
  return (comment === -1 ? found : found.slice(0, comment)).map((word) => unquoted(word, variables))
}

function unquoted(word: string, variables: ReadonlyMap<string, string>): string {
  return word.replaceAll(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^'"\\]+)/g,
    (_, single?: string, double?: string, escaped?: string, plain?: string) => {
      if (single !== undefined) return single
      if (double !== undefined) return expanded(double.replaceAll(/\\(["\\$`])/g, '$1'), variables)
      return escaped ?? expanded(plain ?? '', variables)
    },
  )
}

function expanded(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$(?:(\w+)|\{(\w+)\})/g, (_, name?: string, braced?: string) => {
    const value = variables.get(name ?? braced ?? '')
    if (value === undefined) throw new Error(`$${name ?? braced} is not set by a block above or by README.md`)
    return value
  })
}
