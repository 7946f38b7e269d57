/** The writer thread: one connection, and the jobs that come from the main thread. Started by `writer.ts`. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import type { Schema } from '../../../schema/schema.ts'
import { connectWriter } from '../connect.ts'
import { createDeadline } from '../deadline.ts'
import { createStatements } from '../statements.ts'
import { explainViolation } from '../violations.ts'
import { Group } from './group.ts'
import type { Job, WriterOptions } from './messages.ts'

const port = parentPort
if (port === null) throw new Error('this file is a thread of the server')

const { path, statementTimeout, lockTimeout, statements: kept, longest }: WriterOptions = workerData
const deadline = createDeadline(statementTimeout)
const database = connectWriter(path, deadline, longest)
let schema: Schema | undefined
const statements = createStatements(database, {
  kept,
  starting: deadline.start,
  explain: (error, text, values) => {
    // What is looked up for the explanation has a time of its own.
    deadline.start()
    return explainViolation(error, database, schema, text, values)
  },
})
const group = new Group({
  database,
  statements,
  lockTimeout,
  more: () => receiveMessageOnPort(port)?.message,
  give: (done) => port.postMessage(done),
  learn: (facts) => {
    schema = facts
  },
  close: () => {
    statements.clear()
    database.close()
  },
})
port.on('message', (jobs: readonly Job[]) => group.take(jobs))
