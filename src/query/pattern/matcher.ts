/**
 * `match` and `imatch` in this process, in time that grows with the text and never explodes: RE2 instead of the
 * language's own regular expressions. The last patterns stay compiled.
 */
import { RE2JS } from 're2js'
import { fold } from '../../util/fold.ts'
import { kept } from '../../util/kept.ts'
import { parsePattern } from './parse.ts'
import { toRe2 } from './write.ts'

type Matcher = (value: string) => boolean

function compile(text: string, insensitive: boolean): Matcher {
  const compiled = RE2JS.compile(toRe2(parsePattern(text), insensitive))
  return insensitive ? (value) => compiled.test(fold(value)) : (value) => compiled.test(value)
}

const sensitive = kept(200, (text) => compile(text, false))
const insensitively = kept(200, (text) => compile(text, true))

/** `matcher('^a.c', true)('ÀBC')` is false: folding takes away case, not accents. Throws `2201B` as `parsePattern`. */
export function matcher(text: string, insensitive: boolean): Matcher {
  return insensitive ? insensitively(text) : sensitive(text)
}
