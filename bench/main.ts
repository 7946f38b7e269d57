/**
 * `npm run bench -- <name> [--json] [--seconds N] [--rounds N] [--connections N] [--profile] [--trial]`:
 * a promise measured side by side with its peers, in one run. Without a name, says which there are. A trial has few
 * rows: it shows that the bench works, and its figures mean nothing.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Bench } from './bench.ts'
import { compareAnswers, type Effort, measure, profile } from './measure.ts'
import { findPeers } from './peers.ts'
import { type Load, type Server, startLoad, startServer } from './processes.ts'
import { summarise, type Summary, tell } from './summary.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean', short: 'h', default: false },
    json: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    trial: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '7' },
    connections: { type: 'string', default: '64' },
  },
})

if (values.trial) process.env['PLINTH_BENCH_TRIAL'] = '1'
// What the rows are is decided as they are first named.
const { benches } = await import('./benches.ts')
const bench = benches.get(positionals[0] ?? '')
if (bench === undefined || values.help) sayWhatThereIs()
else {
  const effort = { connections: positive('connections'), rounds: positive('rounds'), seconds: positive('seconds') }
  const summary = await runBench(bench, effort)
  console.log(values.json ? JSON.stringify(summary) : tell(summary))
}

function sayWhatThereIs(): void {
  const lines = [...benches.values()].map(({ name, promise }) => `  ${name.padEnd(16)} ${promise}`)
  const usage = [
    'Usage: npm run bench -- <name> [--json] [--seconds N] [--rounds N] [--connections N] [--profile] [--trial]',
    ...lines,
  ].join('\n')
  if (values.help) return console.log(usage)
  const [name] = positionals
  console.error(name === undefined ? usage : `There is no bench "${name}".\n${usage}`)
  process.exitCode = 2
}

function positive(name: 'connections' | 'rounds' | 'seconds'): number {
  const number = Number(values[name])
  if (number > 0 && (name === 'seconds' || Number.isInteger(number))) return number
  console.error(`--${name} must be a number above 0, and ${values[name]} is not.`)
  process.exit(2)
}

async function runBench(chosen: Bench, effort: Effort): Promise<Summary> {
  const { peers, notes } = findPeers(chosen.peers)
  const folder = mkdtempSync(join(tmpdir(), 'plinth-bench-'))
  const running: (Server | Load)[] = []
  try {
    const sides: Server[] = []
    for (const { name, script, words } of [{ name: 'ours', script: 'ours.ts', words: [] }, ...peers]) {
      say(`Starting ${name} …`)
      const side = await startServer(name, script, [join(folder, name), ...words])
      sides.push(side)
      running.push(side)
    }
    await compareAnswers(chosen, sides)
    const load = startLoad()
    running.push(load)
    const before = loadavg()
    const summary = summarise(chosen, await measure(chosen, sides, load, effort, say), effort, before, [
      ...notes,
      ...(values.trial ? ['A trial: few rows, and figures that mean nothing.'] : []),
    ])
    if (values.profile && sides[0])
      for (const { share, at } of await profile(chosen, sides[0], load, effort)) say(`${share.toFixed(1).padStart(5)} %  ${at}`)
    return summary
  } finally {
    for (const one of running) one.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Progress is for people, and no part of what `--json` prints. */
function say(line: string): void {
  console.error(line)
}
