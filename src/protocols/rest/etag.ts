/**
 * Entity tags, and the conditions of a request on them (RFC 9110).
 *
 * 1. A tag is of what the asker gets: the form, and the rows as the database wrote them. `http/` makes another of it
 *    where it compresses.
 * 2. One row is always tagged: it costs a third of a microsecond. A list is tagged for a client that asks with
 *    `If-None-Match`, whatever tag it names at first, because eight kilobytes cost five microseconds.
 * 3. A write judges the tag where it writes: the query says how it is made (`Precondition`).
 */
import { tagOf } from '../../util/tag.ts'

/** The tag of these rows in this form, as headers have it. */
export const quotedTag = (type: string, json: string): string => `"${tagOf(type, json)}"`

/** `If-None-Match`: the client has this representation already. Compared weakly. */
export function isKnown(header: string | undefined, tag: string): boolean {
  return header !== undefined && (isAny(header) || tagsOf(header).some((one) => one.replace(/^W\//, '') === tag))
}

/** `If-Match`: the client wants this very representation, or none. Compared strongly. */
export function isWanted(header: string | undefined, tag: string): boolean {
  return header === undefined || isAny(header) || tagsOf(header).includes(tag)
}

/** The tags of a condition without their quotes, `*` for any; weak ones are left out where they do not count. */
export function conditionTags(header: string, weakly: boolean): readonly string[] | '*' {
  if (isAny(header)) return '*'
  return tagsOf(header).flatMap((tag) => (tag.startsWith('W/') ? (weakly ? [tag.slice(3, -1)] : []) : [tag.slice(1, -1)]))
}

const isAny = (header: string): boolean => header.trim() === '*'
const tagsOf = (header: string): readonly string[] => header.match(/(?:W\/)?"[^"]*"/g) ?? []
