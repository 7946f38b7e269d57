/**
 * The members of a JSON object, each with its value as the text that stands there, so that no digit is lost.
 * The text is checked as a whole by `JSON.parse` first; what follows may then trust it.
 */
import { Problem } from '../errors.ts'

export function members(text: string): [name: string, raw: string][] {
  const given = parsed(text)
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new Problem('PGRST102', 'The line is not a JSON object.')
  const found: [string, string][] = []
  for (let at = past(text, '{', 0); text[at] === '"';) {
    const colon = afterString(text, at)
    const name = String(JSON.parse(text.slice(at, colon)))
    const from = past(text, ':', colon)
    const to = afterValue(text, from)
    found.push([name, text.slice(from, to)])
    at = past(text, ',', to)
  }
  return found
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Problem('PGRST102', 'The line is not valid JSON.', { details: error instanceof Error ? error.message : undefined })
  }
}

/** Behind `mark` and the blanks around it; where something else stands (the closing brace), there. */
function past(text: string, mark: string, from: number): number {
  let at = blanks(text, from)
  if (text[at] === mark) at = blanks(text, at + 1)
  return at
}

function blanks(text: string, from: number): number {
  let at = from
  while (text.charCodeAt(at) <= 32) at++
  return at
}

function afterString(text: string, from: number): number {
  for (let at = from + 1; ; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '"') return at + 1
  }
}

function afterValue(text: string, from: number): number {
  const first = text[from]
  if (first === '"') return afterString(text, from)
  return first === '{' || first === '[' ? afterNest(text, from) : afterWord(text, from)
}

function afterNest(text: string, from: number): number {
  let depth = 0
  for (let at = from; ; at++) {
    const mark = text[at]
    if (mark === '"') at = afterString(text, at) - 1
    else if (mark === '{' || mark === '[') depth++
    else if ((mark === '}' || mark === ']') && --depth === 0) return at + 1
  }
}

function afterWord(text: string, from: number): number {
  let at = from
  while (at < text.length && !',} \t\r\n'.includes(text.charAt(at))) at++
  return at
}
