/**
 * Where log lines go: gathered, and written to a descriptor in the background.
 *
 * 1. Nobody waits: not for a slow disk, not for a terminal that was stopped, not for a pipe that nobody reads.
 * 2. What waits to be written is bounded; beyond that lines are dropped, and how many is said once there is room again.
 * 3. On exit the rest is written at once. A reader that went away ends the writing, not the process.
 *
 * Our own few lines: a line costs 1.0 µs of CPU from request to descriptor, with pino 5 µs, and nothing to load.
 */
import { write, writeSync } from 'node:fs'

export interface LogDestination {
  write(line: string): unknown
  /** Writes out all there is, before the process ends. */
  flushSync?(): void
}

/** A write wakes a background thread, which costs as much as 50 lines do. */
const atOnce = 256 * 1024
const usual = 2 * atOnce
const mostWaiting = 8 * 1024 * 1024
/** Bytes of UTF-8 that a character of a string becomes at most. */
const widest = 3
/** Kept free for the line that says how many were dropped. */
const room = 100
const every = 250
const again = 20

export class Out implements LogDestination {
  readonly #descriptor: number
  /** Lines that wait, as bytes: kept as text they would live long enough for the collector to move them, at 0.2 µs each. */
  #waiting = Buffer.allocUnsafeSlow(usual)
  #length = 0
  /** A buffer that can be filled again. */
  #spare: Buffer<ArrayBuffer> | undefined
  /** A buffer is being written. */
  #writing = false
  #dropped = 0
  #closed = false

  constructor(descriptor: number) {
    this.#descriptor = descriptor
    setInterval(() => this.#start(), every).unref()
    process.once('exit', () => this.flushSync())
  }

  write(line: string): void {
    if (this.#closed) return
    const needed = this.#length + line.length * widest + room
    if (needed > this.#waiting.length && !this.#grow(needed)) return void (this.#dropped += 1)
    this.#length += this.#waiting.write(line, this.#length)
    if (this.#length > atOnce) this.#start()
  }

  #grow(needed: number): boolean {
    if (needed > mostWaiting) return false
    const larger = Buffer.allocUnsafeSlow(Math.min(2 * needed, mostWaiting))
    this.#waiting.copy(larger, 0, 0, this.#length)
    this.#waiting = larger
    return true
  }

  flushSync(): void {
    // What is on its way in the background gets there too: the process ends after its background threads.
    const bytes = this.#take()
    let at = 0
    try {
      while (!this.#closed && at < bytes.length) at += writeSync(this.#descriptor, bytes, at)
    } catch {
      // A full pipe or no reader: the process must end all the same.
    }
  }

  #start(): void {
    if (this.#writing || this.#closed || this.#length === 0) return
    const bytes = this.#take()
    this.#writing = true
    this.#write(bytes, bytes)
  }

  #take(): Buffer<ArrayBuffer> {
    const note = this.#dropped > 0 ? `{"level":"warn","event":"log_dropped","lines":${this.#dropped}}\n` : ''
    const end = this.#length + this.#waiting.write(note, this.#length)
    const bytes = this.#waiting.subarray(0, end)
    this.#waiting = this.#spare ?? Buffer.allocUnsafeSlow(usual)
    this.#spare = undefined
    this.#length = 0
    this.#dropped = 0
    return bytes
  }

  #write(left: Buffer, bytes: Buffer<ArrayBuffer>): void {
    write(this.#descriptor, left, (error, written) => this.#written(left, bytes, error, written))
  }

  #written(left: Buffer, bytes: Buffer<ArrayBuffer>, error: NodeJS.ErrnoException | null, written: number): void {
    if (error && error.code !== 'EAGAIN') return this.#give(error)
    if (error) return void setTimeout(() => this.#write(left, bytes), again).unref()
    const rest = left.subarray(written)
    if (rest.length > 0) return this.#write(rest, bytes)
    this.#writing = false
    // One that had to grow is not kept.
    if (bytes.buffer.byteLength === usual) this.#spare = Buffer.from(bytes.buffer)
    if (this.#length > atOnce) this.#start()
  }

  /** EPIPE for good; a full disk may pass, and what could not be written is lost. */
  #give(error: NodeJS.ErrnoException): void {
    this.#writing = false
    this.#closed = error.code === 'EPIPE' || error.code === 'EBADF'
  }
}
