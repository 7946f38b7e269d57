import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { Problem } from '../errors.ts'
import type { Level } from '../events.ts'
import { createLog } from './log.ts'
import { logRequest } from './requests.ts'
import { causeShape, pathShape, queryShape } from './shape.ts'

const now = Date.UTC(2026, 10, 21, 12, 30, 5, 7)
function logged(level: Level | 'silent', form: 'json' | 'pretty', colour = false): { lines: string[]; log: ReturnType<typeof createLog> } {
  const lines: string[] = []
  return { lines, log: createLog({ level, form, colour, now: () => now, destination: { write: (line) => lines.push(line) } }) }
}
const request = { id: 'r1', method: 'GET', path: '/rest/v1/products', query: 'select&price', status: 200, ms: 1.25, bytes: 10, who: 'user' }

describe('the log', () => {
  test('is a JSON line for each event, with its fields in the order of the catalogue', () => {
    const { lines, log } = logged('info', 'json')
    log.emit('request', { ...request, code: undefined })
    expect(lines).toEqual([
      '{"level":"info","event":"request","time":"2026-11-21T12:30:05.007Z","id":"r1","method":"GET","path":"/rest/v1/products","query":"select&price","status":200,"ms":1.25,"bytes":10,"who":"user"}\n',
    ])
  })

  test('holds nothing that the catalogue does not name', () => {
    const { lines, log } = logged('debug', 'json')
    const careless = { ...request, authorization: 'Bearer x', body: 'y' }
    log.emit('request', careless)
    expect(lines.join('')).not.toMatch(/Bearer|body/)
  })

  test('is a sentence for people on a terminal, with nothing in it that moves the cursor', () => {
    const { lines, log } = logged('info', 'pretty', true)
    log.emit('request', { ...request, path: '/rest/v1/\u001B[2Ja' })
    log.emit('request_failed', { ...request, status: 500, code: 'XX000', cause: 'TypeError' })
    expect(lines).toEqual([
      '12:30:05 GET /rest/v1/?[2Ja 200 in 1.25 ms\n',
      '\u001B[31m12:30:05 error GET /rest/v1/products 500 in 1.25 ms: TypeError (XX000, request r1)\u001B[0m\n',
    ])
  })

  test('holds the events of its level and above', () => {
    const heard = (level: Level | 'silent'): number => {
      const { lines, log } = logged(level, 'json')
      log.emit('request_user', { id: 'r1', user: 'ann' })
      log.emit('request', request)
      log.emit('issuer_keys_failed', { cause: 'x', kept: 1 })
      log.emit('database_lost', { cause: 'x' })
      return lines.length
    }
    expect([heard('silent'), heard('error'), heard('warn'), heard('info'), heard('debug')]).toEqual([0, 1, 2, 3, 4])
  })

  test('is whole when the process ends right after, and ends quietly when nobody reads it', () => {
    const file = fileURLToPath(new URL('log.ts', import.meta.url))
    const code = `import { createLog } from ${JSON.stringify(file)}
      const log = createLog({ level: 'info', form: 'json', now: Date.now })
      for (let i = 0; i < 5000; i += 1) log.emit('stopped', { cut: i })
      process.exit(3)`
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
    const lines = run.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { cut: number }).cut)
    expect([run.status, lines.length, new Set(lines).size]).toEqual([3, 5000, 5000])
    const cutOff = spawnSync('sh', ['-c', `"${process.execPath}" --input-type=module -e '${code.replaceAll("'", '"')}' | head -n 1`], {
      encoding: 'utf8',
    })
    expect(cutOff.stderr).toBe('')
  })
})

describe('the line of a request', () => {
  const who = { kind: 'user', id: 'ann' }
  const trace = { trace: '4bf92f3577b34da6a3ce929d0e0e4736', span: '00f067aa0ba902b7' }
  const problem = new Problem('PGRST125', 'Nothing is here.')
  const plain = { id: 'r1', method: 'GET', path: '/rest/v1/products', query: 'id=eq.7&select=name' }
  const odd = { id: 'r"1\u0000', method: 'GÉT', path: '/rest/v1/"\\\ud800', query: '"=1&é=2' }

  test.each([
    ['a read', { request: plain, status: 200, bytes: 120, ms: 0.1239, who, problem: undefined, trace: undefined }],
    ['a refusal in a trace', { request: { ...plain, query: '' }, status: 404, bytes: 0, ms: 1234.5678, who: undefined, problem, trace }],
    ['one with odd characters', { request: odd, status: 200, bytes: 1, ms: 0, who, problem: undefined, trace: undefined }],
  ])('of %s is the same however it is put together', (_, answered) => {
    const [quick, plainWay] = [logged('info', 'json'), logged('info', 'json')]
    logRequest(quick.log, { ...answered, gone: false })
    logRequest({ ...plainWay.log, emitText: undefined }, { ...answered, gone: false })
    expect(quick.lines).toEqual(plainWay.lines)
    expect(quick.lines).toHaveLength(1)
  })

  test('is not put together where nobody wants it', () => {
    const { lines, log } = logged('warn', 'json')
    logRequest(log, { request: plain, status: 200, bytes: 1, ms: 1, who, problem: undefined, trace: undefined, gone: false })
    expect(lines).toEqual([])
  })
})

describe('what is written of a request', () => {
  test.each([
    ['/rest/v1/products', '/rest/v1/products'],
    ['/rest/v1/customers/0192-ann', '/rest/v1/customers/*'],
    ['/rest/v1/customers/a/b/c', '/rest/v1/customers/*'],
    ['/rest/v1/rpc/checkout', '/rest/v1/rpc/checkout'],
    ['/rest/v1/rpc/checkout/ann', '/rest/v1/rpc/checkout/*'],
    ['/', '/'],
    [`/${'a'.repeat(400)}`, `/${'a'.repeat(299)}…`],
  ])('is where it went: %s is %s', (path, shape) => expect(pathShape(path)).toBe(shape))

  test.each([
    ['', undefined],
    ['select=name,price&price=gt.5', 'select&price'],
    ['email=eq.ann@shop.test&or=(a.eq.1)', 'email&or'],
    ['ann@shop.test', '*'],
    ['a=1&&b', 'a&*&*'],
  ])('is what kind of question it was: %s is %s', (query, shape) => expect(queryShape(query)).toBe(shape))

  test('is what failed below, without the values that a message may quote', () => {
    class DatabaseError extends Error {
      override name = 'DatabaseError'
      code = '22P02'
    }
    const shape = causeShape(new DatabaseError('bad input for integer: "secret 42" at position 17'))
    expect(shape).toMatch(/^DatabaseError 22P02: bad input for integer: … at position … \| at /)
    expect(causeShape(new TypeError("Cannot read properties of undefined (reading 'x')"))).toContain("reading 'x'")
    expect(causeShape('text')).toBe('string')
    const missing = Object.assign(new Error('column "words" of relation "notes" does not exist'), { code: '42703' })
    expect(causeShape(missing)).toMatch(/^Error 42703: column "words" of relation "notes" does not exist \| at /)
    const sqlite = Object.assign(new Error('no such column: words'), { code: 'ERR_SQLITE_ERROR', errcode: 1 })
    expect(causeShape(sqlite)).toMatch(/^Error ERR_SQLITE_ERROR 1: no such column: words \| at /)
  })
})
