/**
 * Keeps what was made from a text, for the `most` texts used last. For what is made often and costs little memory.
 *
 * `const matcher = kept(200, compile)`: then `matcher(text)` compiles a text once. What throws is not kept.
 */
export function kept<V>(most: number, make: (text: string) => V): (text: string) => V {
  const values = new Map<string, { readonly value: V }>()
  return (text) => {
    const known = values.get(text)
    const entry = known ?? { value: make(text) }
    // A map keeps the order of insertion: put back at the end, the first is the one longest unused.
    if (known !== undefined) values.delete(text)
    else if (values.size >= most) dropFirst(values)
    values.set(text, entry)
    return entry.value
  }
}

function dropFirst(values: Map<string, unknown>): void {
  for (const text of values.keys()) {
    values.delete(text)
    return
  }
}
