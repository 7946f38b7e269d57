/** What a function gives, as JSON text: made before the transaction commits, so that nothing is kept which cannot be told. */

const rawJson = (JSON as typeof JSON & { rawJSON(text: string): unknown }).rawJSON // Node 24 has it; TypeScript's types do not

/** Undefined where it gave nothing. Whole numbers of any size keep their digits, bytes are base64. */
export function toJson(name: string, given: unknown): string | undefined {
  if (given === undefined) return undefined
  const text = written(name, given)
  if (text === undefined) throw new TypeError(`The function ${name} gave a ${typeof given}, which JSON cannot say.`)
  return text
}

function written(name: string, given: unknown): string | undefined {
  try {
    return JSON.stringify(given, sayable)
  } catch (cause) {
    throw new TypeError(`The function ${name} gave something that JSON cannot say.`, { cause })
  }
}

function sayable(this: Readonly<Record<string, unknown>>, name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return rawJson(String(value))
  // A Buffer has been asked for its own JSON by now.
  const given = this[name]
  return given instanceof Uint8Array ? Buffer.from(given.buffer, given.byteOffset, given.byteLength).toString('base64') : value
}
