import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderWith, notes, plinth } from './command.ts'

const commands = ['init', 'dev', 'start', 'check', 'types', 'import', 'token']

describe('help', () => {
  test('plinth --help names every command, the exit codes and examples, and ends with 0', async () => {
    const { code, out, err } = await plinth(['--help'], { cwd: folderWith() })
    expect(code).toBe(0)
    expect(err).toBe('')
    for (const name of commands) expect(out).toMatch(new RegExp(`^  ${name} .+$`, 'm'))
    expect(out).toContain('Exit codes: 0 done')
    expect(out).toContain('Examples:')
  })

  test.each(commands)('plinth %s --help shows its options and examples', async (name) => {
    const { code, out } = await plinth([name, '--help'], { cwd: folderWith() })
    expect(code).toBe(0)
    expect(out).toContain(`Usage: plinth ${name}`)
    expect(out).toContain('--json')
    expect(out).toMatch(/^Examples?:$/m)
  })

  test('plinth --version prints the version alone', async () => {
    expect((await plinth(['--version'], { cwd: folderWith() })).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('exit codes', () => {
  test('a command that is not there is wrong use, and the nearest is named', async () => {
    const { code, err, out } = await plinth(['strat'], { cwd: folderWith() })
    expect(code).toBe(2)
    expect(err).toContain("unknown command 'strat'")
    expect(err).toContain('start')
    expect(out).toBe('')
  })

  test('an option that is not there, and a missing argument, are wrong use', async () => {
    const cwd = folderWith()
    expect((await plinth(['dev', '--prot'], { cwd })).code).toBe(2)
    expect((await plinth(['import'], { cwd })).code).toBe(2)
    expect((await plinth(['token', '--expires', 'soon'], { cwd })).code).toBe(2)
    expect((await plinth([], { cwd })).code).toBe(2)
  })

  test('no backend in the folder is 1, with the way out', async () => {
    const { code, err } = await plinth(['start'], { cwd: folderWith() })
    expect(code).toBe(1)
    expect(err).toContain('There is no plinth.ts in this folder.')
    expect(err).toContain('plinth init')
  })

  test('a wrong setting is 1, with its name, what was given and what is allowed', async () => {
    const { code, err } = await plinth(['start'], { cwd: folderWith({ 'plinth.ts': notes() }), env: { PORT: 'many' } })
    expect(code).toBe(1)
    expect(err).toContain('PORT: "many" was given.')
    expect(err).toContain('0 to 65535')
  })
})

describe('output', () => {
  test('a setting that is misspelt is not passed over in silence', async () => {
    const where = { cwd: folderWith({ 'plinth.ts': notes() }), env: { PLINTH_MAXROWS: '5' } }
    const { code, err } = await plinth(['check'], where)
    expect(code).toBe(0)
    expect(err).toContain('PLINTH_MAXROWS is no setting and has no effect. Did you mean PLINTH_MAX_ROWS?')
  })

  test('a reader that has seen enough is no failure', () => {
    const main = join(import.meta.dirname, '../../src/cli/main.ts')
    const run = spawnSync('sh', ['-c', `"${process.execPath}" ${main} help | head -n 1`], { encoding: 'utf8', cwd: folderWith() })
    expect(run.stderr).toBe('')
    const child = spawnSync('sh', ['-c', `exec "${process.execPath}" ${main} help >&-`], { encoding: 'utf8', cwd: folderWith() })
    expect(child.stderr).toBe('')
  })

  test('with --json an error is one JSON object on stdout, and nothing else', async () => {
    const wrong = await plinth(['strat', '--json'], { cwd: folderWith() })
    expect(JSON.parse(wrong.out)).toMatchObject({ error: { code: 'wrong_use' } })
    const failed = await plinth(['--json', 'start'], { cwd: folderWith() })
    expect(JSON.parse(failed.out)).toMatchObject({ error: { code: 'failed', message: 'There is no plinth.ts in this folder.' } })
    expect(failed.err).toBe('')
  })

  test('there is no colour where the output is piped', async () => {
    const { err } = await plinth(['start'], { cwd: folderWith({ 'plinth.ts': 'export default {}' }) })
    expect(err).not.toContain('\u001b')
    expect(err).toContain('export default plinth(')
  })

  test('.env in the working folder is read, and the environment wins', async () => {
    const cwd = folderWith({ 'plinth.ts': notes(), '.env': 'PLINTH_MAX_ROWS=nine\n' })
    expect((await plinth(['start'], { cwd })).err).toContain('PLINTH_MAX_ROWS: "nine" was given. It comes from .env.')
    expect((await plinth(['start'], { cwd, env: { PLINTH_MAX_ROWS: 'ten' } })).err).toContain('PLINTH_MAX_ROWS: "ten" was given.')
  })
})
