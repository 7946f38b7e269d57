/** One question of the table, and the whole answer. */
export interface Row {
  /** What of the reference it shows; see `items.ts`. */
  readonly item: string
  readonly request: Asked
  readonly answer?: Answer
  readonly refused?: Refusal
}

export interface Asked {
  /** After `/rest/v1`. Percent signs stand for themselves; other characters are escaped where a URL needs it. */
  readonly path: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** The secret key; a stranger where left out. */
  readonly as?: 'service'
}

export interface Answer {
  /** 200 where left out. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string | RegExp>>
  /** JSON is compared by value, other text as it is, or by a pattern. */
  readonly body: unknown
  /** The text, where digits matter. */
  readonly text?: string
}

export interface Refusal {
  readonly status: number
  readonly code: string
  readonly headers?: Readonly<Record<string, string | RegExp>>
  readonly message?: string
  readonly details?: string
}

type Headers = Readonly<Record<string, string>>

/** A row that is answered with 200. */
export const answered = (item: string, path: string, body: unknown, headers?: Headers): Row => ({
  item,
  request: headers ? { path, headers } : { path },
  answer: { body },
})

/** A row that is answered with objects that have only an `id`. */
export const ids = (item: string, path: string, ...found: readonly number[]): Row =>
  answered(
    item,
    `${path}${path.includes('?') ? '&' : '?'}select=id`,
    found.map((id) => ({ id })),
  )

export const refused = (item: string, path: string, status: number, code: string, headers?: Headers): Row => ({
  item,
  request: headers ? { path, headers } : { path },
  refused: { status, code },
})

// ── Writes ──

/** What a write asks besides its body. */
export interface Writing {
  readonly prefer?: string
  readonly headers?: Headers
}

/** Rehearsed, so that each row finds the world as it is, and asked with the secret key. */
const writing = (path: string, method: string, body: unknown, { prefer, headers }: Writing): Asked => ({
  path,
  method,
  headers: { prefer: prefer === undefined ? 'tx=rollback' : `${prefer}, tx=rollback`, ...headers },
  as: 'service',
  ...(body !== undefined && { body }),
})

export const written = (item: string, method: string, path: string, body: unknown, answer: Answer, asked: Writing = {}): Row => ({
  item,
  request: writing(path, method, body, asked),
  answer,
})

export const unwritten = (item: string, method: string, path: string, body: unknown, refused: Refusal, asked: Writing = {}): Row => ({
  item,
  request: writing(path, method, body, asked),
  refused,
})
