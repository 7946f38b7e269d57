import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { catalogue } from '../../src/errors.ts'
import { settings } from '../../src/settings.ts'

const page = readFileSync(new URL('../../docs/91-limits.md', import.meta.url), 'utf8')
const lines = page
  .split('\n')
  .filter((line) => /^\| .*`PLINTH_/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
const sentences = readdirSync(import.meta.dirname)
  .map((name) => readFileSync(new URL(name, import.meta.url), 'utf8'))
  .join('\n')

/** Settings that bound what somebody may ask, by their names in the environment, with their defaults. */
const bounds = Object.entries(settings).flatMap(([name, setting]) =>
  /^(max|rate|keepAlive)|Timeout$/.test(name) ? [[setting.env, setting.default] as const] : [],
)

const units: Readonly<Record<string, number>> = { s: 1000, kB: 1024, MB: 1024 * 1024 }

/** `16 kB`, `10 s`, `10,000`. */
function amount(text: string): number {
  const [number = '', unit = ''] = text.split(' ')
  return Number(number.replaceAll(',', '')) * (units[unit] ?? 1)
}

describe('The page of limits', () => {
  test('has each of them with its default, and no other', () => {
    const told = lines.flatMap(([, , defaults = '', names = '']) => {
      const amounts = defaults.split(', ').map(amount)
      return names.split(', ').map((name, at) => [name.replaceAll('`', ''), amounts[at]] as const)
    })
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(bounds))
  })

  test('says for each what comes of going beyond, by a code of the catalogue with its status', () => {
    for (const [, , , names, beyond = ''] of lines) {
      const [, status, code = ''] = /^(\d{3}) `(\w+)`$/.exec(beyond) ?? []
      if (status === undefined) expect(beyond, names).toMatch(/^(closed|cut off|the rest is left out)/)
      else expect([code, Object.entries(catalogue).find(([name]) => name === code)?.[1].status]).toEqual([code, Number(status)])
    }
  })

  test('has sentences for each', () => {
    // A stop is the process's: src/http/listen.test.ts cuts off what takes longer.
    const elsewhere = ['PLINTH_STOP_TIMEOUT']
    expect(
      bounds
        .map(([env]) => env)
        .filter((env) => !sentences.includes(`${env}: `) && !sentences.includes(`raise ${env}.`) && !elsewhere.includes(env)),
    ).toEqual([])
  })
})
