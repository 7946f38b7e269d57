/**
 * The table: each item of the reference asked once at least, with the whole answer or the refusal. A row is data; the
 * test that asks is `grammar.test.ts`.
 */
import { aggregateFunctions } from './grammar/aggregate-functions.ts'
import { plinth } from './grammar/plinth.ts'
import { requests } from './grammar/requests.ts'
import { resourceEmbedding } from './grammar/resource-embedding.ts'
import { tablesViews } from './grammar/tables-views.ts'
import type { Row } from './row.ts'

export const grammar: readonly Row[] = [...tablesViews, ...resourceEmbedding, ...aggregateFunctions, ...requests, ...plinth]
