/** Passes bytes on as they are, and stops at the first that is no UTF-8: a wrong encoding must not become wrong text. */
import { Problem } from '../errors.ts'
import type { Source } from './rows.ts'

export async function* utf8(source: Source): Source {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let seen = 0
  for await (const chunk of source) {
    check(() => decoder.decode(chunk, { stream: true }), seen, chunk.length)
    seen += chunk.length
    yield chunk
  }
  check(() => decoder.decode(), seen, 0)
}

function check(decode: () => string, from: number, length: number): void {
  try {
    decode()
  } catch {
    throw new Problem('22021', `The file is not UTF-8: a byte between ${from + 1} and ${from + Math.max(length, 1)} fits no character.`, {
      hint: 'Convert it first, for example with iconv -f latin1 -t utf-8.',
    })
  }
}
