/** Paths as people read them: from the working folder, where they are in it. */
import { relative, resolve } from 'node:path'

export function shortPath(path: string): string {
  const short = relative(process.cwd(), resolve(path))
  if (short === '') return 'this folder'
  return short.startsWith('..') ? resolve(path) : short
}
