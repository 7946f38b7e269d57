/** What an answer depends on besides its URL; caches must know it. */
export const VARY = 'Accept, Prefer, Range, Authorization, apikey'
