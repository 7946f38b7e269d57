/** Results as they arrive: text, but for truth values and the numbers that JavaScript has. */

const text = (value: string): string => value
const truth = (value: string): boolean => value === 't'

function wholeNumber(value: string): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : BigInt(value)
}

/** By PostgreSQL's own number of the type. */
const parsers: Readonly<Record<number, (value: string) => unknown>> = {
  16: truth, // boolean
  20: wholeNumber, // bigint
  21: Number, // smallint
  23: Number, // integer
  26: Number, // oid
  700: Number, // real
  701: Number, // double precision
}

export const types = { getTypeParser: (type: number): ((value: string) => unknown) => parsers[type] ?? text }
