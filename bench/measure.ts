/**
 * The measurement: in each round every side is asked the same questions for the same time, one after the other
 * (A B C, A B C …), and is compared with ours of that very round. What counts is the median of those ratios.
 */
import { randomUUIDv7 } from 'node:crypto'
import type { Bench, Question } from './bench.ts'
import type { LoadOrder } from './load.ts'
import type { Load, Server } from './processes.ts'
import type { Hot } from './profile.ts'

export interface Effort {
  readonly connections: number
  readonly rounds: number
  readonly seconds: number
}

/** One side in one round. */
export interface Round {
  /** Requests a second. */
  readonly throughput: number
  /** Microseconds of the server's processor time a request. */
  readonly cpu: number
}

export type Rounds = ReadonlyMap<Server, readonly Round[]>

export async function measure(
  bench: Bench,
  sides: readonly Server[],
  load: Load,
  effort: Effort,
  told: (line: string) => void,
): Promise<Rounds> {
  const headers = headersFor(bench, sides)
  for (const side of sides) await measureOnce(bench, side, headers, load, effort)
  const rounds = new Map<Server, Round[]>(sides.map((side) => [side, []]))
  for (let round = 1; round <= effort.rounds; round++) {
    for (const side of sides) rounds.get(side)?.push(await measureOnce(bench, side, headers, load, effort))
    told(
      `round ${round} of ${effort.rounds}: ${sides.map((side) => `${side.name} ${Math.round(rounds.get(side)?.at(-1)?.throughput ?? 0)}/s`).join(', ')}`,
    )
  }
  return rounds
}

async function measureOnce(bench: Bench, side: Server, headers: Headers, load: Load, { connections, seconds }: Effort): Promise<Round> {
  const { hostname, port } = new URL(side.url)
  const order: LoadOrder = {
    host: hostname,
    port: Number(port),
    headers,
    asked: bench.questions.map((question) => ({ path: pathFor(side, question), body: question.body })),
    connections,
    seconds,
  }
  const before = await side.ask('used')
  const result = await load.run(order)
  const used = (await side.ask('used')) - before
  if (result.failure !== undefined) throw new Error(`${side.name} failed under load:\n${result.failure}`)
  return { throughput: result.requests / result.seconds, cpu: used / result.requests }
}

type Headers = Readonly<Record<string, string>>

/** Every side is sent the very same headers, the asker's credentials too: receiving them is part of the work. */
function headersFor(bench: Bench, sides: readonly Server[]): Headers {
  return Object.assign({ accept: 'application/json', ...bench.headers }, ...sides.map((side) => side.headers))
}

const pathFor = (side: Server, question: Question): string => (side.name === 'ours' ? question.ours : question.peers)

/** Where our own time goes, in a round that is not counted. */
export async function profile(bench: Bench, side: Server, load: Load, effort: Effort): Promise<readonly Hot[]> {
  await side.ask('profile')
  await measureOnce(bench, side, headersFor(bench, [side]), load, effort)
  return side.ask('profiled')
}

// ── The same answers first ──

/** Throws where a side answers a question otherwise than ours. */
export async function compareAnswers(bench: Bench, sides: readonly Server[]): Promise<void> {
  const every = Math.max(1, Math.floor(bench.questions.length / 25))
  for (const question of bench.questions.filter((_, at) => at % every === 0)) await compareAnswer(bench, sides, question)
}

async function compareAnswer(bench: Bench, sides: readonly Server[], question: Question): Promise<void> {
  const id = randomUUIDv7()
  await sameAnswers(bench, sides, question, id)
  if (question.body !== undefined && bench.written) await sameAnswers(bench, sides, bench.written(id), id)
}

async function sameAnswers(bench: Bench, sides: readonly Server[], question: Question, id: string): Promise<void> {
  const answers = await Promise.all(sides.map((side) => answerOf(bench, side, headersFor(bench, sides), question, id)))
  const differing = sides.find((_, at) => answers[at] !== answers[0])
  if (differing === undefined) return
  const told = sides.map((side, at) => `${side.name}: ${answers[at]?.slice(0, 1000)}`).join('\n')
  throw new Error(`${differing.name} answers otherwise than ${sides[0]?.name}:\n${question.ours}\n${told}`)
}

async function answerOf(bench: Bench, side: Server, headers: Headers, question: Question, id: string): Promise<string> {
  const { body } = question
  const written =
    body === undefined
      ? { headers }
      : { method: 'POST', body: body.replaceAll('%id%', id), headers: { ...headers, 'content-type': 'application/json' } }
  const response = await fetch(`${side.url}${pathFor(side, question)}`, written)
  const text = await response.text()
  if (!response.ok) throw new Error(`${side.name} answers ${response.status} to ${pathFor(side, question)}: ${text}`)
  return `${response.status} ${bench.equal === 'bytes' || text === '' ? text : canonical(JSON.parse(text))}`
}

/** The same text for the same value, whatever the order of members. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
