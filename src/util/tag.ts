/** What tells one state of a thing from another: a hash of what it reads as, behind what form it has. */
import { hash } from 'node:crypto'

/** 160 bits, in 27 characters that may stand in a header. */
export const tagOf = (form: string, text: string): string => hash('sha256', `${form}\n${text}`, 'base64url').slice(0, 27)
