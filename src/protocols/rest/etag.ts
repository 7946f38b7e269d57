/**
 * Strong tags of representations, and the conditions of a request on them (RFC 9110).
 *
 * 1. A tag is made of the very bytes and their media type. `http/` makes another of it where it compresses.
 * 2. One row is always tagged: it costs a third of a microsecond. A list is tagged for a client that asks with
 *    `If-None-Match`, whatever tag it names at first, because eight kilobytes cost five microseconds.
 */
import { hash } from 'node:crypto'

export function tagOf(body: string, type: string): string {
  return `"${hash('sha256', `${type}\n${body}`, 'base64url').slice(0, 27)}"`
}

/** `If-None-Match`: the client has this representation already. Compared weakly. */
export function isKnown(header: string | undefined, tag: string): boolean {
  return header !== undefined && (header.trim() === '*' || tagsOf(header).some((one) => one.replace(/^W\//, '') === tag))
}

/** `If-Match`: the client wants this very representation, or none. Compared strongly. */
export function isWanted(header: string | undefined, tag: string): boolean {
  return header === undefined || header.trim() === '*' || tagsOf(header).includes(tag)
}

const tagsOf = (header: string): readonly string[] => header.match(/(?:W\/)?"[^"]*"/g) ?? []
