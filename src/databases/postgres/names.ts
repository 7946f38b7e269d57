/** Names of prepared statements, so that PostgreSQL parses and plans each text once for each connection. */
import { hash } from 'node:crypto'

export interface StatementNames {
  of(text: string): string
  /** Goes up when there were too many; connections from before are closed when they are next free. */
  generation(): number
}

export function createNames(most: number): StatementNames {
  const names = new Map<string, string>()
  let generation = 0
  return {
    of(text) {
      const known = names.get(text)
      if (known !== undefined) return known
      if (names.size >= most) {
        names.clear()
        generation++
      }
      const name = `plinth_${hash('sha256', text).slice(0, 24)}`
      names.set(text, name)
      return name
    },
    generation: () => generation,
  }
}
