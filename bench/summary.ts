/** What comes out of a bench: medians, ratios over 1 where ours is better, and how far the rounds were apart. */
import { cpus, loadavg, totalmem, release } from 'node:os'
import type { Bench } from './bench.ts'
import type { Effort, Round, Rounds } from './measure.ts'
import { pinned, type Server } from './processes.ts'

type Pair<Value> = { readonly throughput: Value; readonly cpu: Value }
type ByPeer<Value> = Readonly<Record<string, Value>>

interface Side extends Pair<number> {
  readonly title: string
}

export interface Summary {
  readonly name: string
  readonly machine: Machine
  readonly ours: Side
  readonly peers: ByPeer<Side>
  /** Medians of the ratios of each round. */
  readonly ratios: ByPeer<Pair<number>>
  /** The least and the greatest ratio of a round. */
  readonly spread: ByPeer<Pair<readonly [number, number]>>
  readonly effort: Effort
  readonly notes: readonly string[]
}

interface Machine {
  readonly date: string
  readonly processor: string
  readonly cores: number
  readonly memory: string
  readonly system: string
  readonly node: string
  /** Server and load on a core each. */
  readonly pinned: boolean
  readonly loadBefore: readonly number[]
  readonly loadAfter: readonly number[]
}

export function summarise(bench: Bench, rounds: Rounds, effort: Effort, loadBefore: readonly number[], notes: readonly string[]): Summary {
  const [[ours, ourRounds] = fail(), ...peers] = rounds
  const ratios = peers.map(([peer, theirs]) => [peer.name, ratiosOf(ourRounds, theirs)] as const)
  return {
    name: bench.name,
    machine: describeMachine(loadBefore),
    ours: describeSide(ours, ourRounds),
    peers: Object.fromEntries(peers.map(([peer, theirs]) => [peer.name, describeSide(peer, theirs)])),
    ratios: Object.fromEntries(ratios.map(([name, of]) => [name, each(of, (values) => rounded(median(values), 3))])),
    spread: Object.fromEntries(
      ratios.map(([name, of]) => [name, each(of, (values) => [rounded(Math.min(...values), 3), rounded(Math.max(...values), 3)] as const)]),
    ),
    effort,
    notes,
  }
}

function fail(): never {
  throw new Error('a bench needs at least one side')
}

/** Throughput is better the higher it is, processor time the lower. */
function ratiosOf(ours: readonly Round[], theirs: readonly Round[]): Pair<number[]> {
  const pairs = ours.flatMap((our, at) => (theirs[at] ? [[our, theirs[at]] as const] : []))
  return {
    throughput: pairs.map(([our, their]) => our.throughput / their.throughput),
    cpu: pairs.map(([our, their]) => their.cpu / our.cpu),
  }
}

const each = <From, To>({ throughput, cpu }: Pair<From>, to: (from: From) => To): Pair<To> => ({ throughput: to(throughput), cpu: to(cpu) })

function describeSide({ title }: Server, rounds: readonly Round[]): Side {
  return {
    title,
    throughput: Math.round(median(rounds.map((round) => round.throughput))),
    cpu: rounded(median(rounds.map((round) => round.cpu)), 1),
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits))

function describeMachine(loadBefore: readonly number[]): Machine {
  return {
    date: new Date().toISOString(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${process.platform} ${release()} ${process.arch}`,
    node: process.version,
    pinned,
    loadBefore: loadBefore.map((load) => rounded(load, 2)),
    loadAfter: loadavg().map((load) => rounded(load, 2)),
  }
}

// ── For people ──

export function tell({ name, machine, ours, peers, ratios, spread, effort, notes }: Summary): string {
  const rows = Object.entries(peers).map(([peer, side]) => {
    const [ratio, range] = [ratios[peer], spread[peer]]
    return `  ${peer.padEnd(14)} ${figures(side)}   ours: throughput ${ratio?.throughput} (${range?.throughput.join('–')}), CPU ${ratio?.cpu} (${range?.cpu.join('–')})   ${side.title}`
  })
  return [
    `${name}: ${effort.rounds} rounds of ${effort.seconds} s, ${effort.connections} connections; over 1 ours is better`,
    `  ${'ours'.padEnd(14)} ${figures(ours)}   ${ours.title}`,
    ...rows,
    `  ${machine.processor}, ${machine.cores} cores${machine.pinned ? ' (server and load on one each)' : ' (not pinned)'}, ${machine.memory}, ${machine.system}, Node ${machine.node}, ${machine.date}`,
    `  load average ${machine.loadBefore.join(' ')} before, ${machine.loadAfter.join(' ')} after`,
    ...notes.map((note) => `  ${note}`),
  ].join('\n')
}

const figures = ({ throughput, cpu }: Pair<number>): string => `${String(throughput).padStart(7)}/s ${cpu.toFixed(1).padStart(8)} µs CPU`
