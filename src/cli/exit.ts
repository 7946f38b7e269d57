/**
 * Exit codes: 0 done (and a server that was asked to stop, by Ctrl-C too), 1 what was asked cannot be done as things
 * are, 2 the command itself is written wrongly, 130 Ctrl-C before the work was done.
 */

export const FAILED = 1
export const MISUSED = 2
export const INTERRUPTED = 130

/** Ends a command with this code when all there was to say has been said. */
export class Exit extends Error {
  readonly exitCode: number
  constructor(exitCode: number) {
    super(`exit ${exitCode}`)
    this.exitCode = exitCode
  }
}

/** Ends a command with a sentence, and with what to do about it. */
export class CommandFailure extends Error {
  readonly fix: string | undefined
  readonly exitCode: number
  constructor(message: string, fix?: string, exitCode: number = FAILED) {
    super(message)
    this.fix = fix
    this.exitCode = exitCode
  }
}

/** For what nobody waits for who asks to stop: Ctrl-C ends it at once, until `end`. */
export function endOnInterrupt(cleanUp: () => void = () => undefined): { end(): void } {
  const interrupted = (): void => {
    cleanUp()
    process.exit(INTERRUPTED)
  }
  process.once('SIGINT', interrupted)
  return { end: () => void process.off('SIGINT', interrupted) }
}
