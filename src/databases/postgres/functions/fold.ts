/**
 * `plinth_fold(text)`: the very folding of `util/fold.ts`, in the database.
 *
 * 1. Equal for every code point, whatever version of ICU the server was built with, and also without ICU.
 * 2. It calls nothing but what is built in, so an index on it can be made under any `search_path`.
 * 3. Its results are stored in indexes. When the folding table changes, indexes on it must be made anew.
 *
 * Four ways, the cheapest that is exact for the text at hand: ASCII alone; nothing left to fold; ICU, for text in
 * blocks where every ICU agrees with our table; and our own table, a group of letters at a time.
 */
import { foldPairs } from '../../../util/fold.ts'

/**
 * Where ICU's `lower` is our folding, but for the letters of `REPAIRED`: all capitals in these ranges have had their
 * small letter since Unicode 6.0, and code points not assigned yet can only get letters without case.
 */
const SETTLED: readonly (readonly [number, number])[] = [
  [0x1, 0x344],
  [0x346, 0x377],
  [0x37a, 0x37e],
  [0x384, 0x38a],
  [0x38c, 0x38c],
  [0x38e, 0x3a1],
  [0x3a3, 0x3cf],
  [0x3d2, 0x3d4],
  [0x3d7, 0x3ef],
  [0x3f2, 0x3f4],
  [0x3f6, 0x527],
  [0x531, 0x556],
  [0x559, 0x58a],
  [0x590, 0x10c5],
  [0x10d0, 0x10fa],
  [0x1100, 0x139f],
  [0x1400, 0x1c7f],
  [0x1e00, 0x1e9a],
  [0x1e9c, 0x1eff],
  [0x2000, 0x209c],
  [0x20a0, 0x218f],
  [0x2190, 0x2bff],
  [0x2e00, 0xa63f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe00, 0xfefe],
  [0xff01, 0xffef],
  [0x1f000, 0x1faff],
  [0x20000, 0x323af],
]

// U+0130 would become two letters, so a private character, which no settled text holds, takes its place for a moment.
// A capital sigma becomes one of two small ones, by what follows it; both fold to the same.
const REPAIRED = { from: '\u03c2\u00b5\u017f\ue000', to: '\u03c3\u03bc\u0073\u0130' }

/** `translate` walks its whole list for each character: short lists, each behind a cheap test, are far faster. */
const GROUP = 64

const escaped = (code: number) => `\\U${code.toString(16).padStart(8, '0')}`

/** A bracket's inside for code points in rising order: neighbours as ranges. */
function bracket(codes: readonly number[]): string {
  const ranges: [number, number][] = []
  for (const code of codes) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === code - 1) last[1] = code
    else ranges.push([code, code])
  }
  return spans(ranges)
}

function spans(ranges: readonly (readonly [number, number])[]): string {
  return ranges.map(([from, to]) => (from === to ? escaped(from) : `${escaped(from)}-${escaped(to)}`)).join('')
}

const beyondAscii = foldPairs().filter(([from]) => from > 0x7f)
const letters = (codes: readonly number[]) => String.fromCodePoint(...codes)

function groupSql(at: number): string {
  const group = beyondAscii.slice(at, at + GROUP)
  const from = group.map(([code]) => code)
  const to = group.map(([, code]) => code)
  return `  if folded ~ '[${bracket(from)}]' collate "C" then
    folded := translate(folded, '${letters(from)}', '${letters(to)}');
  end if;`
}

const byIcu = `  if folded !~ '[^${spans(SETTLED)}]' collate "C" then
    return translate(lower(replace(folded, '\u0130', '\ue000') collate "und-x-icu"), '${REPAIRED.from}', '${REPAIRED.to}');
  end if;`

const byTable = Array.from({ length: Math.ceil(beyondAscii.length / GROUP) }, (_, index) => groupSql(index * GROUP)).join('\n')

/** The statement that makes the function, under a name of one's choice and with or without ICU. */
export function foldSql(name: string, icu: boolean): string {
  return `create or replace function ${name}(text) returns text language plpgsql immutable strict parallel safe as $fold$
declare
  folded text := lower($1 collate "C");
begin
  if octet_length(folded) = char_length(folded) or folded !~ '[${bracket(beyondAscii.map(([from]) => from))}]' collate "C" then
    return folded;
  end if;
${icu ? byIcu : ''}
${byTable}
  return folded;
end $fold$`
}

/** Makes the function with ICU where the server has it. */
export const fold = {
  name: 'plinth_fold',
  sql: `do $install$
begin
  if exists (select from pg_catalog.pg_collation where collname = 'und-x-icu') then
    execute $sql$${foldSql('plinth_fold', true)}$sql$;
  else
    execute $sql$${foldSql('plinth_fold', false)}$sql$;
  end if;
end $install$`,
}
