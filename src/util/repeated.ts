/** The first word of a list that is there twice. */
export function repeated(words: readonly string[]): string | undefined {
  const seen = new Set<string>()
  return words.find((word) => seen.has(word) || !seen.add(word))
}
