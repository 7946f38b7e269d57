/** The `order` parameter: `placed_at.desc.nullslast,customer(name)`. */
import { readName, readNamed, type Named } from './names.ts'
import { Scanner } from './scanner.ts'

export interface OrderTerm {
  /** The embed whose column it is, for `customer(name)`. */
  readonly embed?: string
  readonly column: Named
  readonly descending: boolean
  readonly nulls?: 'first' | 'last'
}

export function parseOrder(text: string): readonly OrderTerm[] {
  const scan = new Scanner(text, `order (${text})`)
  const terms = [readTerm(scan)]
  while (scan.skip(',')) terms.push(readTerm(scan))
  return terms
}

function readTerm(scan: Scanner): OrderTerm {
  const target = readTarget(scan)
  const direction = readWord(scan, ['asc', 'desc'], '"asc", "desc", "nullsfirst" or "nullslast"')
  const nulls = readWord(scan, ['nullsfirst', 'nullslast'], '"nullsfirst" or "nullslast"')
  scan.blanks()
  if (!scan.done && scan.peek() !== ',') scan.fail(nulls === undefined ? 'delimiter (.), "," or end of input' : '"," or end of input')
  return { ...target, descending: direction === 'desc', ...(nulls !== undefined && { nulls: nulls === 'nullsfirst' ? 'first' : 'last' }) }
}

function readTarget(scan: Scanner): Pick<OrderTerm, 'embed' | 'column'> {
  scan.blanks()
  const start = scan.at
  const embed = readName(scan)
  if (scan.skip('(')) {
    const column = readNamed(scan)
    scan.need(')')
    return { embed, column }
  }
  scan.at = start
  return { column: readNamed(scan) }
}

/** One of `words` after a dot. A word of the next place is left alone; any other is refused. */
function readWord(scan: Scanner, words: readonly string[], expecting: string): string | undefined {
  if (scan.peek() !== '.') return undefined
  const found = words.find((word) => scan.startsWith(`.${word}`))
  if (found !== undefined) scan.skip(`.${found}`)
  else if (words.includes('nullsfirst') || !scan.startsWith('.nulls')) {
    scan.at++
    scan.fail(expecting)
  }
  return found
}
