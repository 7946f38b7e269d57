/**
 * Plinth's own tables beside those of the file, declared in the same words. No rule lets anybody to them and no protocol
 * knows them: only our own hand reads and writes them.
 *
 * To add one, or a column: here. Every database is brought to it on its next start, by the same steps as to the file.
 */
import { plinth } from './backend.ts'
import { text, timestamp } from './column.ts'
import { loadOwn } from './load.ts'
import type { Schema } from './schema.ts'
import { table } from './table.ts'

const own = plinth({
  tables: {
    /** The first answer to a request that came with a key of its own, for when it comes again. */
    plinth_answers: table({
      /** A hash of who asked, of the key, and of all of the request but its body. */
      id: text(),
      /** A hash of the body. */
      body: text(),
      /** What was answered, as JSON. */
      answer: text(),
      made_at: timestamp(),
    })
      .key('id')
      .index('made_at'),
  },
})

export const ownSchema: Schema = loadOwn(own)
