/**
 * The table: each item of the reference asked once at least, with the whole answer or the refusal. A row is data; the
 * test that asks is `grammar.test.ts`.
 */
import { aggregateFunctions } from './grammar/aggregate-functions.ts'
import { changes } from './grammar/changes.ts'
import { inserts } from './grammar/inserts.ts'
import { plinthWrites } from './grammar/plinth-writes.ts'
import { plinth } from './grammar/plinth.ts'
import { requests } from './grammar/requests.ts'
import { resourceEmbedding } from './grammar/resource-embedding.ts'
import { tablesViews } from './grammar/tables-views.ts'
import { upserts } from './grammar/upserts.ts'
import { writeForms } from './grammar/write-forms.ts'
import { writePreferences } from './grammar/write-preferences.ts'
import type { Row } from './row.ts'

const reading: readonly Row[] = [...tablesViews, ...resourceEmbedding, ...aggregateFunctions, ...requests, ...plinth]
const writing: readonly Row[] = [...inserts, ...changes, ...upserts, ...writePreferences, ...writeForms, ...plinthWrites]

export const grammar: readonly Row[] = [...reading, ...writing]
