#!/usr/bin/env node
/**
 * The `plinth` command. Does as little as can be before it knows which command is meant: what is not imported is not
 * waited for. Nothing may be imported at the top that an old Node could not read.
 */
import * as nodeModule from 'node:module'
import { isTooOld, runUnderNewer } from './node-version.ts'

if (isTooOld(process.versions.node)) {
  runUnderNewer()
} else {
  nodeModule.enableCompileCache()
  // A reader that has seen enough (`plinth help | head -3`) is no failure; what is left to say is said to nobody.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error) => {
      if (!('code' in error && error.code === 'EPIPE')) throw error
    })
  const { run } = await import('./program.ts')
  process.exitCode = await run(process.argv.slice(2))
  // Whatever is still open then (a pool, a watcher) must not keep a finished command alive.
  setTimeout(() => process.exit(), 500).unref()
}
