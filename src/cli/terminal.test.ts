import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { createTerminal } from './terminal.ts'

function atTerminal() {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: true, columns: 80 })
  // All that is asked of a terminal here.
  const both = stream as NodeJS.WriteStream & PassThrough
  return { terminal: createTerminal(false, { out: both, err: both }), said: (): string => String(both.read() ?? '') }
}
const clear = '\r\u001b[2K'
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 60))

test('a line takes the bar away first, and no bar comes after the end', async () => {
  const { terminal, said } = atTerminal()
  const bar = terminal.progress()
  await soon()
  bar.show('half', 0.5, {})
  expect(said()).toMatch(/█ *.*half$/)
  terminal.warn('Look!')
  expect(said()).toBe(`${clear}Look!\n`)
  await soon()
  bar.show('more', undefined, {})
  terminal.close()
  expect(said()).toBe(`more${clear}`)
  await soon()
  bar.show('again', undefined, {})
  expect(said()).toBe('')
})
