/** The lines around a place in a file, with the place pointed at. */
import { readFileSync } from 'node:fs'

export interface SourcePlace {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Reads `store.ts:12:5`. */
export function placeOf(source: string): SourcePlace | undefined {
  const found = /^(.+?):(\d+)(?::(\d+))?$/.exec(source)
  if (found?.[1] === undefined) return undefined
  return { file: found[1], line: Number(found[2]), column: Number(found[3] ?? 1) }
}

const AROUND = 2

/** Nothing where the file cannot be read any more. */
export function codeFrame({ file, line, column }: SourcePlace): string | undefined {
  const lines = linesOf(file)
  if (lines?.[line - 1] === undefined) return undefined
  const from = Math.max(line - AROUND, 1)
  const shown = lines.slice(from - 1, line + AROUND)
  const width = String(from + shown.length - 1).length
  return shown.flatMap((text, at) => framed(text, from + at, width, from + at === line ? column : undefined)).join('\n')
}

function framed(text: string, number: number, width: number, column: number | undefined): string[] {
  const label = String(number).padStart(width)
  if (column === undefined) return [`    ${label} | ${text}`]
  // Tabs before the place are kept, so that the mark stands under it.
  const indent = text.slice(0, column - 1).replace(/[^\t]/g, ' ')
  return [`  > ${label} | ${text}`, `    ${' '.repeat(width)} | ${indent}^`]
}

function linesOf(file: string): readonly string[] | undefined {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/)
  } catch {
    return undefined
  }
}
